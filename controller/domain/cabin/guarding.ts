import { delays } from "../../delays.ts";
import type { Flag } from "../health/findings.ts";
import { flagsOf } from "../health/flags.ts";
import { andThen, type Setting, type Stepped } from "../state.ts";
import { hereOf, learning, staying, turning, type Here } from "./here.ts";
import { findingsOf } from "./taking.ts";
import type { Page } from "./visit.ts";

// After whatever happened in the cabin: an emergency takes the whole glass at once, and values and complaints come before
// nobody's eyes but those of the person whose they are.

/** Emergencies that nobody has understood yet. */
export function emergencies({ cabin, visit }: Here): readonly Flag[] {
  const flags = flagsOf(cabin.ranges.rules, findingsOf({ cabin }, visit));
  return flags.filter(({ level, rule }) => level === "emergency" && !visit.understood.includes(rule));
}

/** Pages with values, or with what the person said of itself. */
const isPrivate = ({ is }: Page): boolean =>
  is === "told" || is === "results" || is === "qr" || is === "pass" || is === "symptoms";

/** A minute without a key: somebody else may sit there now. */
const unsure = ({ visit, state, at }: Here): boolean =>
  visit.unsure === true || state.now.mono >= at + delays.visitForgotten;

/** `before`: what was to be seen already is not new. */
export function guarded(setting: Setting, before: Page | undefined, step: Stepped): Stepped {
  return andThen(step, (state) => {
    const here = hereOf(setting, state);
    if (here === undefined) return { state, effects: [] };
    const { page } = here.visit;
    if (page.is === "bye" || page.is === "consent" || page.is === "alert") return staying(here);
    const hides = isPrivate(page) && !(before !== undefined && isPrivate(before)) && unsure(here);
    const next: Page = hides ? { is: "still-you", next: page } : page;
    // What to do now is said to whoever sits there.
    if (emergencies(here).length > 0) return turning(here, { is: "alert", next });
    return hides ? turning(here, next) : staying(here);
  });
}

/** The help is on its way, or was heard of. */
export function understanding(here: Here, next: Page): Stepped {
  const heard = emergencies(here).map(({ rule }) => rule);
  return turning(learning(here, { understood: [...here.visit.understood, ...heard] }), next);
}

/** It is still the same person. */
export function confirming(here: Here, next: Page): Stepped {
  const { unsure: _, ...visit } = here.visit;
  return turning({ ...here, visit }, next);
}
