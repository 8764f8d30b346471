import { fastAfterRest, shownOf, ticked, type Findings, type Flag, type Symptom } from "./findings.ts";
import type { Rules } from "./ranges.ts";
import { exceeds, isUnder, reaches } from "./shown.ts";

/** [instruments 6.3, R2] */
export const heatSymptoms: readonly Symptom[] = ["confusion", "collapse", "convulsion", "no-sweat", "vomiting"];

/**
 * Heat illness (R1 to R4). R3 is how they are made: each asks only whether something speaks for it, so nothing that is
 * added takes a flag away. An infrared thermometer sees the skin, and cool skin clears nobody.
 */
export function heatFlags(rules: Rules, findings: Findings): readonly Flag[] {
  return [
    ...(needsHelpNow(rules["heat-r2"], findings) ? [r2(rules)] : []),
    ...(mustCool(rules["heat-r1"], findings) ? [r1(rules)] : []),
    ...(isHot(rules["heat-r4"], findings) ? [r4(rules)] : []),
  ];
}

const warmer = (findings: Findings, limit: number): boolean =>
  shownOf(findings, "temperature").some((shown) => reaches(shown, limit));

function needsHelpNow({ temperature, systolic, pulse }: Rules["heat-r2"], findings: Findings): boolean {
  const weak = shownOf(findings, "systolic").some((shown) => isUnder(shown, systolic));
  const fast = shownOf(findings, "pulse").some((shown) => exceeds(shown, pulse));
  return warmer(findings, temperature) || (weak && fast) || ticked(findings, heatSymptoms);
}

function mustCool({ temperature, pulse, restMinutes }: Rules["heat-r1"], findings: Findings): boolean {
  if (findings.hotWork === false) return false;
  return warmer(findings, temperature) || fastAfterRest(findings, pulse, restMinutes);
}

const isHot = ({ wbgt, air }: Rules["heat-r4"], findings: Findings): boolean =>
  (findings.wbgt ?? Number.NEGATIVE_INFINITY) >= wbgt || (findings.air ?? Number.NEGATIVE_INFINITY) >= air;

const r1 = (rules: Rules): Flag => ({
  rule: "heat-r1",
  level: "red",
  steps: [
    { do: "stop-work" },
    { do: "cool-now" },
    { do: "drink" },
    { do: "tell-supervisor" },
    { do: "measure-again", minutes: rules["heat-r1"].repeatMinutes },
  ],
  ambulance: "if-faint",
  needsClinician: rules["heat-r1"].needsClinician,
});

const r2 = (rules: Rules): Flag => ({
  rule: "heat-r2",
  level: "emergency",
  steps: [{ do: "call-120" }, { do: "cool-now" }, { do: "call-staff" }],
  ambulance: "now",
  needsClinician: rules["heat-r2"].needsClinician,
});

const r4 = (rules: Rules): Flag => ({
  rule: "heat-r4",
  level: "advice",
  steps: [{ do: "water-and-salt" }],
  ambulance: "no",
  needsClinician: rules["heat-r4"].needsClinician,
});
