import type { Fault } from "../../../devices/kit/fault.ts";
import type { Effect, Event, Stepped } from "../state.ts";
import { learning, staying, turning, type Here } from "./here.ts";
import { leavesOf, rowsALeaf, rowsOf } from "./leaf.ts";
import { isAnything } from "./leading.ts";
import { resultsOf } from "./told.ts";
import type { Page, Visit } from "./visit.ts";

// What a person takes home: the slip, the code for the own telephone, and, only where it is asked for, the sealed letter.

/** The first printer that answers. */
export const printerOf = ({ cabin, state }: Here): string | undefined =>
  cabin.printers.find((id) => state.presence.get(id) === "working");

/** Whoever refused that anything is kept cannot have it sent, nor a pass. */
export const maySend = ({ cabin, visit }: Here): boolean =>
  cabin.recipient !== undefined && visit.consent === "given" && isAnything({ visit });
export const mayPass = ({ cabin, visit }: Here): boolean => cabin.pass !== undefined && visit.consent === "given";

/** A number for what is asked now. */
const numbered = (here: Here): readonly [Here, number: number] => {
  const number = here.state.begun + 1;
  return [{ ...here, state: { ...here.state, begun: number } }, number];
};

/** "leaf:3", as far as there are so many. */
export function leafOf(key: string, leaves: number): number | undefined {
  const leaf = /^leaf:(\d{1,3})$/.exec(key)?.[1];
  return leaf === undefined ? undefined : Math.min(Math.max(Number(leaf), 1), leaves);
}

export function readingResults(here: Here, key: string): Stepped {
  const results = () => resultsOf(here, here.visit);
  switch (key) {
    case "steps":
      return turning(here, { is: "steps" });
    case "qr":
      return turning(here, { is: "qr" });
    case "print":
      return printing(here);
    case "send":
      return maySend(here) && (here.visit.sent === undefined || here.visit.sent.is === "failed")
        ? turning(here, { is: "send" })
        : staying(here);
    case "pass":
      return mayPass(here) ? passing(here) : staying(here);
    default: {
      const leaf = leafOf(key, leavesOf(rowsOf(results()).length, rowsALeaf));
      return leaf === undefined ? staying(here) : turning(here, { is: "results", leaf });
    }
  }
}

function printing(before: Here): Stepped {
  const device = printerOf(before);
  if (device === undefined || before.visit.slip?.is === "printing") return staying(before);
  const [here, number] = numbered(before);
  const { language } = here.state;
  return staying(learning(here, { slip: { number, is: "printing" } }), {
    kind: "print",
    number,
    device,
    results: resultsOf(here, here.visit),
    language,
  });
}

export function printed(here: Here, { number, result }: Extract<Event, { kind: "printed" }>): Stepped {
  const { slip } = here.visit;
  if (slip?.number !== number || slip.is !== "printing") return staying(here);
  return staying(learning(here, { slip: { number, is: result.ok ? "printed" : paper(result.error) } }));
}

const paper = ({ kind }: Fault): "no-paper" | "failed" => (kind === "empty" ? "no-paper" : "failed");

/** A consent of its own. */
export function consentingToSend(before: Here, key: string): Stepped {
  const results: Page = { is: "results", leaf: 1 };
  if (key === "refuse") return turning(before, results);
  if (key !== "agree" || !maySend(before)) return staying(before);
  const [here, number] = numbered(before);
  // The clinic has no use for the pass.
  const { pass: _, ...sent } = resultsOf(here, here.visit);
  const now = learning(here, { sent: { number, is: "sealing" } });
  return turning(now, results, { kind: "seal", number, results: sent });
}

export function sealed(here: Here, { number, result }: Extract<Event, { kind: "sealed" }>): Stepped {
  const { sent } = here.visit;
  if (sent?.number !== number || sent.is !== "sealing") return staying(here);
  return staying(learning(here, { sent: { number, is: result.ok ? "kept" : "failed" } }));
}

/** The list differs by sex. A pass that was found already is shown again. */
function passing(here: Here): Stepped {
  if (here.visit.pass?.found !== undefined) return turning(here, { is: "pass", leaf: 1, typed: "" });
  if (here.visit.person.sex === undefined) return turning(here, { is: "sex", pass: true });
  return turning(here, { is: "pass-code", typed: "" });
}

/** Asks the kept passes. While an answer is on its way nothing more is asked. */
export function askingPass(
  before: Here,
  page: Page,
  question: Pick<Extract<Effect, { kind: "pass" }>, "code" | "sex" | "ticks">,
): Stepped {
  const { pass = { tries: 0 } } = before.visit;
  if (pass.number !== undefined) return staying(before);
  const [here, number] = numbered(before);
  const asked: Visit["pass"] = { ...pass, number };
  return turning(learning(here, { pass: asked }), page, { kind: "pass", number, ...question });
}
