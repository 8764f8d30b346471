import { ticked, type Findings, type Flag, type Symptom } from "./findings.ts";
import type { Rules } from "./ranges.ts";

/**
 * After work in the heat these may be its first signs, with a temperature that is usual or a little raised [S47]. Alone
 * they are everybody's.
 */
export const earlySigns: readonly Symptom[] = ["dizzy", "severe-headache", "thirst"];

/** What can be said to somebody who comes from work in the heat, where no thermometer says how hot it is. */
export function hotWorkFlags(rules: Rules, findings: Findings): readonly Flag[] {
  if (findings.hotWork !== true) return [];
  return [...(ticked(findings, earlySigns) ? [early(rules)] : []), work(rules)];
}

const early = (rules: Rules): Flag => ({
  rule: "heat-early",
  level: "amber",
  steps: [{ do: "stop-work" }, { do: "cool-now" }, { do: "drink" }, { do: "tell-supervisor" }],
  ambulance: "if-faint",
  needsClinician: rules["heat-early"].needsClinician,
});

/** Without salt: who drinks may have a high pressure. */
const work = (rules: Rules): Flag => ({
  rule: "heat-work",
  level: "advice",
  steps: [{ do: "rest" }, { do: "drink" }],
  ambulance: "no",
  needsClinician: rules["heat-work"].needsClinician,
});
