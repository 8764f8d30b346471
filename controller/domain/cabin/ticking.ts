import type { Item } from "../../../devices/health/capability.ts";
import { figures } from "../health/figure.ts";
import type { Event, Stepped } from "../state.ts";
import { learning, staying, turning, type Here } from "./here.ts";
import { ticksALeaf } from "./leaf.ts";
import {
  codeOf,
  isPassCode,
  passDigits,
  passLeaf,
  passTries,
  ticksOf,
  typedItem,
  type CheckUpList,
  type FoundPass,
} from "./pass.ts";
import { askingPass, leafOf } from "./takeaway.ts";
import type { Page, Visit } from "./visit.ts";

// The check-up pass: found by its code, and ticked by what was measured here or is said to have been done elsewhere.

type PassCode = Extract<Page, { is: "pass-code" }>;
type PassPage = Extract<Page, { is: "pass" }>;
type Found = Extract<FoundPass, { is: "found" }>;

/** What this visit ticks. */
const measuredItems = ({ taken }: Visit): readonly Item[] =>
  taken.map(({ shown }) => shown.figure).filter((figure): figure is Item => figure in figures);

/** What can be measured or entered at this station. */
const possible = ({ cabin }: Here): readonly Item[] => [
  ...cabin.entered,
  ...cabin.instruments.flatMap(({ items }) => items),
];

const back: Page = { is: "results", leaf: 1 };

export function typingPass(here: Here, page: PassCode, key: string): Stepped {
  const { cabin, visit } = here;
  const { sex } = visit.person;
  const list = cabin.pass;
  if (key === "results") return turning(here, back);
  if (list === undefined || sex === undefined) return turning(here, back);
  const ticks = ticksOf(list, sex, measuredItems(visit));
  const { typed } = page;
  const shows = (text: string): Stepped => turning(here, { is: "pass-code", typed: text });
  if (key === "new-pass") return askingPass(here, { is: "pass-code", typed: "" }, { sex, ticks });
  if (key === "back") return shows(typed.slice(0, -1));
  if (/^\d$/.test(key)) return typed.length < passDigits ? shows(typed + key) : staying(here);
  if (key !== "next" || typed.length < passDigits) return staying(here);
  // A slip of the finger costs no try.
  if (!isPassCode(typed)) return turning(here, { is: "pass-code", typed: "", said: "unknown" });
  if ((visit.pass?.tries ?? 0) >= passTries) return turning(here, { is: "pass-code", typed: "", said: "failed" });
  return askingPass(here, page, { code: typed, sex, ticks });
}

/** The kept passes have answered. */
export function passAnswered(here: Here, { number, pass: answer }: Extract<Event, { kind: "pass" }>): Stepped {
  const { pass, page } = here.visit;
  if (pass === undefined || pass.number !== number) return staying(here);
  const { number: _, ...known } = pass;
  const isThere = page.is === "pass-code" || page.is === "pass";
  if (answer.is === "found") {
    const now = learning(here, { pass: { ...known, found: answer } });
    return isThere ? turning(now, { is: "pass", leaf: page.is === "pass" ? page.leaf : 1, typed: "" }) : staying(now);
  }
  const tries = known.tries + (answer.is === "unknown" ? 1 : 0);
  const now = learning(here, { pass: { ...known, tries } });
  return isThere ? turning(now, { is: "pass-code", typed: "", said: answer.is }) : staying(now);
}

const leafShown = (here: Here, list: CheckUpList, found: Found, leaf: number) =>
  passLeaf(list, found, { may: possible(here), leaf, size: ticksALeaf });

/** What the page of a pass shows; undefined where none was found. */
export function shownPass(here: Here, { leaf }: PassPage): ReturnType<typeof passLeaf> | undefined {
  const found = here.visit.pass?.found;
  return here.cabin.pass === undefined || found === undefined
    ? undefined
    : leafShown(here, here.cabin.pass, found, leaf);
}

/** "120", as an item is called on the list. */
const itemDigits = 3;

export function ticking(here: Here, page: PassPage, key: string): Stepped {
  const { cabin, visit } = here;
  const found = visit.pass?.found;
  const list = cabin.pass;
  if (key === "results" || found === undefined || list === undefined) return turning(here, back);
  const { typed } = page;
  const leaf = leafOf(key, leafShown(here, list, found, 1).leaves);
  if (leaf !== undefined) return turning(here, { is: "pass", leaf, typed });
  const shows = (text: string): Stepped => turning(here, { is: "pass", leaf: page.leaf, typed: text });
  if (key === "back") return shows(typed.slice(0, -1));
  if (/^\d$/.test(key)) return typed.length < itemDigits ? shows(typed + key) : staying(here);
  if (key !== "next" || typed === "") return staying(here);
  const item = typedItem(list, found.sex, typed);
  if (item === undefined) return turning(here, { is: "pass", leaf: page.leaf, typed: "", wrong: true });
  return askingPass(here, { ...page, typed: "" }, { code: found.code, sex: found.sex, ticks: [codeOf(item)] });
}
