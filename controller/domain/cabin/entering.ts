import { figures } from "../health/figure.ts";
import type { Stepped } from "../state.ts";
import { learning, roundOf, staying, turning, type Here } from "./here.ts";
import { going } from "./leading.ts";
import { taking } from "./taking.ts";
import type { Page } from "./visit.ts";

type Enter = Extract<Page, { is: "enter" }>;

/** "123.45": nothing that is typed here is longer. */
const longest = 6;

/** What the person, or an attendant, types in. */
export function entering(here: Here, page: Enter, key: string): Stepped {
  const { item, typed } = page;
  const shows = (text: string): Stepped => turning(here, { is: "enter", item, typed: text });
  if (key === "back") return shows(typed.slice(0, -1));
  if (key === "skip") return going(past(here, item));
  if (key === "next") return typed === "" ? staying(here) : typedIn(here, page);
  const text = key === "dot" ? `${typed}.` : /^\d$/.test(key) ? typed + key : typed;
  return text !== typed && text.length <= longest && /^\d+(\.\d{0,2})?$/.test(text) ? shows(text) : staying(here);
}

function past(here: Here, item: Enter["item"]): Here {
  const round = roundOf(here);
  return learning(here, { round: { ...round, past: [...round.past, item] } });
}

function typedIn(here: Here, { item, typed }: Enter): Stepped {
  const value = Number(typed);
  const visit = taking(here, [{ item, value, unit: figures[item].unit, notes: ["entered"] }], "keys");
  // A slip of the finger is no doubtful measurement: it is typed again.
  if (visit.taken.length === here.visit.taken.length)
    return turning(here, { is: "enter", item, typed: "", wrong: true });
  return going(past({ ...here, visit }, item));
}
