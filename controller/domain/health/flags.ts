import { meanPressure, needsThird, pressuresOf, type Pressure } from "./derive.ts";
import { shownOf, ticked, type Findings, type Flag, type Level, type Step, type Symptom } from "./findings.ts";
import { heatFlags } from "./heat.ts";
import { hotWorkFlags } from "./hot-work.ts";
import type { RuleId, Rules } from "./ranges.ts";
import { exceeds, isUnder, reaches, type Shown } from "./shown.ts";

/** With a very high pressure these make an emergency [S41]. */
export const pressureSymptoms: readonly Symptom[] = [
  "severe-headache",
  "vomiting",
  "speech-trouble",
  "limb-weakness",
  "chest-pain",
  "back-pain",
  "breathless",
  "confusion",
];
/** These call for help whatever was measured, or not measured. */
export const emergencySymptoms: readonly Symptom[] = ["chest-pain", "speech-trouble", "limb-weakness"];
const lowPressureSymptoms: readonly Symptom[] = ["dizzy", "collapse", "confusion", "vomiting", "breathless"];
const glucoseSymptoms: readonly Symptom[] = ["thirst", "frequent-urination", "vomiting", "breathless", "confusion"];

const severity: readonly Level[] = ["emergency", "red", "amber", "advice"];

/** A rule that looks at the findings and speaks, or is silent. */
type Watch = (rules: Rules, findings: Findings) => Flag | undefined;

const flag = (
  rules: Rules,
  rule: RuleId,
  level: Level,
  steps: readonly Step[],
  ambulance: Flag["ambulance"] = "no",
): Flag => ({ rule, level, steps, ambulance, needsClinician: rules[rule].needsClinician });

/** What all rules say to these findings, the worst first. Nothing here is told to anybody but the person. */
export function flagsOf(rules: Rules, findings: Findings): readonly Flag[] {
  const spoken = watches.map((watch) => watch(rules, findings)).filter((one) => one !== undefined);
  return [...spoken, ...heatFlags(rules, findings), ...hotWorkFlags(rules, findings)].toSorted(
    (a, b) => severity.indexOf(a.level) - severity.indexOf(b.level),
  );
}

const symptom: Watch = (rules, findings) =>
  ticked(findings, emergencySymptoms)
    ? flag(rules, "emergency-symptom", "emergency", [{ do: "call-120" }, { do: "call-staff" }], "now")
    : undefined;

const pressures = (findings: Findings): readonly Pressure[] => pressuresOf(findings.taken.map(({ shown }) => shown));

/** Those of the newest go: their mean is told as the blood pressure. */
function newestPressures({ taken }: Findings): readonly Pressure[] {
  const round = taken.findLast(({ shown }) => shown.figure === "systolic")?.round;
  return pressuresOf(taken.filter((one) => one.round === round).map(({ shown }) => shown));
}
const meanTold = (findings: Findings): Pressure | undefined => meanPressure(newestPressures(findings));

const isAtLeast = (limit: Pressure) => (one: Pressure) =>
  one.systolic >= limit.systolic || one.diastolic >= limit.diastolic;

/** One reading alone is repeated before it alarms, and one of two is not forgotten because the other was lower. */
const veryHigh: Watch = (rules, findings) => {
  const { readings, restMinutes, ...limit } = rules["pressure-very-high"];
  const reached = pressures(findings).filter(isAtLeast(limit)).length;
  if (reached === 0) return undefined;
  const repeat: readonly Step[] = [{ do: "rest", minutes: restMinutes }, { do: "measure-again" }];
  return reached >= readings
    ? flag(rules, "pressure-very-high", "red", [...repeat, { do: "see-doctor-today" }], "if-symptoms")
    : flag(rules, "pressure-very-high", "amber", repeat, "if-symptoms");
};

const pressureEmergency: Watch = (rules, findings) =>
  pressures(findings).some(isAtLeast(rules["pressure-emergency"])) && ticked(findings, pressureSymptoms)
    ? flag(rules, "pressure-emergency", "emergency", [{ do: "call-120" }, { do: "call-staff" }], "now")
    : undefined;

const high: Watch = (rules, findings) => {
  const mean = meanTold(findings);
  if (mean === undefined || !isAtLeast(rules["pressure-high"])(mean)) return undefined;
  return flag(rules, "pressure-high", "amber", [{ do: "see-doctor" }]);
};

const low: Watch = (rules, findings) => {
  const mean = meanTold(findings);
  const { systolic, diastolic } = rules["pressure-low"];
  if (mean === undefined || !ticked(findings, lowPressureSymptoms)) return undefined;
  return mean.systolic < systolic || mean.diastolic < diastolic
    ? flag(rules, "pressure-low", "amber", [{ do: "rest" }, { do: "drink" }, { do: "call-staff" }], "if-symptoms")
    : undefined;
};

/** Somebody did not wait for the third reading. */
const apart: Watch = (rules, findings) =>
  needsThird(newestPressures(findings), rules["pressure-apart"].by)
    ? flag(rules, "pressure-apart", "advice", [{ do: "rest" }, { do: "measure-again" }])
    : undefined;

/** The newest of a figure. */
const newest = (findings: Findings, figure: Shown["figure"]): Shown | undefined => shownOf(findings, figure).at(-1);

const glucoseLow: Watch = (rules, findings) => {
  const { below, repeatMinutes } = rules["glucose-low"];
  const glucose = newest(findings, "glucose");
  if (glucose === undefined || !isUnder(glucose, below)) return undefined;
  const steps: readonly Step[] = [
    { do: "eat-sugar" },
    { do: "call-staff" },
    { do: "measure-again", minutes: repeatMinutes },
  ];
  return flag(rules, "glucose-low", "red", steps, "if-faint");
};

const glucoseHigh: Watch = (rules, findings) => {
  const { from, fromWithSymptoms } = rules["glucose-high"];
  const glucose = newest(findings, "glucose");
  if (glucose === undefined) return undefined;
  const limit = ticked(findings, glucoseSymptoms) ? Math.min(from, fromWithSymptoms) : from;
  return reaches(glucose, limit)
    ? flag(rules, "glucose-high", "red", [{ do: "call-staff" }, { do: "see-doctor-today" }], "if-faint")
    : undefined;
};

const urateHigh: Watch = (rules, findings) => {
  const urate = newest(findings, "urate");
  return urate !== undefined && exceeds(urate, rules["urate-high"].above)
    ? flag(rules, "urate-high", "amber", [{ do: "see-doctor" }])
    : undefined;
};

const triglycerideHigh: Watch = (rules, findings) => {
  const triglyceride = newest(findings, "triglyceride");
  return triglyceride !== undefined && reaches(triglyceride, rules["triglyceride-high"].from)
    ? flag(rules, "triglyceride-high", "amber", [{ do: "see-doctor" }], "if-symptoms")
    : undefined;
};

const haemoglobinLow: Watch = (rules, findings) => {
  const haemoglobin = newest(findings, "haemoglobin");
  return haemoglobin !== undefined && isUnder(haemoglobin, rules["haemoglobin-low"].below)
    ? flag(rules, "haemoglobin-low", "red", [{ do: "see-doctor-today" }], "if-symptoms")
    : undefined;
};

const pulseSlow: Watch = (rules, findings) => {
  const pulse = newest(findings, "pulse");
  return pulse !== undefined && isUnder(pulse, rules["pulse-slow"].below)
    ? flag(rules, "pulse-slow", "amber", [{ do: "measure-again" }, { do: "see-doctor-today" }], "if-symptoms")
    : undefined;
};

/** A pulse from the stairs is no finding: first the rest, then the doctor. */
const pulseFast: Watch = (rules, findings) => {
  const { above, restMinutes } = rules["pulse-fast"];
  const last = findings.taken.findLast(({ shown }) => shown.figure === "pulse");
  if (last === undefined || !exceeds(last.shown, above)) return undefined;
  const rested = (last.restedMinutes ?? 0) >= restMinutes;
  const steps: readonly Step[] = rested
    ? [{ do: "call-staff" }, { do: "see-doctor-today" }]
    : [{ do: "rest", minutes: restMinutes }, { do: "measure-again" }];
  return flag(rules, "pulse-fast", rested ? "red" : "amber", steps, "if-symptoms");
};

const spo2Low: Watch = (rules, findings) => {
  const { readings, below } = rules["spo2-low"];
  const limit = findings.spo2?.urgent ?? below;
  const found = shownOf(findings, "spo2").filter((shown) => isUnder(shown, limit)).length;
  return found >= readings
    ? flag(rules, "spo2-low", "emergency", [{ do: "call-staff" }, { do: "call-120" }], "now")
    : undefined;
};

const spo2Recheck: Watch = (rules, findings) => {
  const spo2 = newest(findings, "spo2");
  const limit = findings.spo2?.within ?? rules["spo2-recheck"].below;
  return spo2 !== undefined && isUnder(spo2, limit)
    ? flag(rules, "spo2-recheck", "amber", [{ do: "warm-finger" }, { do: "measure-again" }], "if-symptoms")
    : undefined;
};

const temperatureHigh: Watch = (rules, findings) =>
  shownOf(findings, "temperature").some((shown) => reaches(shown, rules["temperature-high"].from))
    ? flag(rules, "temperature-high", "amber", [{ do: "rest" }, { do: "cool-now" }, { do: "drink" }], "if-faint")
    : undefined;

const watches: readonly Watch[] = [
  symptom,
  pressureEmergency,
  veryHigh,
  high,
  low,
  apart,
  glucoseLow,
  glucoseHigh,
  urateHigh,
  triglycerideHigh,
  haemoglobinLow,
  pulseSlow,
  pulseFast,
  spo2Low,
  spo2Recheck,
  temperatureHigh,
];
