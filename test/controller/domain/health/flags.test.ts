import { expect, test } from "vitest";
import type { Findings, Flag, Symptom, Taken } from "../../../../controller/domain/health/findings.ts";
import { emergencySymptoms, flagsOf, pressureSymptoms } from "../../../../controller/domain/health/flags.ts";
import type { Figure } from "../../../../controller/domain/health/figure.ts";
import type { RuleId } from "../../../../controller/domain/health/ranges.ts";
import type { Shown } from "../../../../controller/domain/health/shown.ts";
import { rules } from "./chinese-ranges.ts";
import { shown } from "./readings.ts";

const took = (figure: Figure, value: number, more: Partial<Shown> = {}): Taken => ({
  shown: shown(figure, value, more),
});
const pressures = (...all: readonly (readonly [number, number])[]): readonly Taken[] =>
  all.flatMap(([systolic, diastolic]) => [took("systolic", systolic), took("diastolic", diastolic)]);

const speak = (taken: readonly Taken[], more: Partial<Findings> = {}): readonly Flag[] =>
  flagsOf(rules, { taken, symptoms: [], hotWork: false, ...more });
const levelOf = (rule: RuleId, taken: readonly Taken[], more: Partial<Findings> = {}): string =>
  speak(taken, more).find((flag) => flag.rule === rule)?.level ?? "silent";
const deeds = (flags: readonly Flag[], rule: RuleId): readonly string[] =>
  flags.find((flag) => flag.rule === rule)?.steps.map((step) => step.do) ?? [];

test("nothing is said of a healthy rider", () => {
  const taken = [
    ...pressures([118, 76], [121, 78]),
    took("pulse", 68),
    took("spo2", 98),
    took("temperature", 36.6),
    took("glucose", 5.4),
    took("urate", 360),
    took("haemoglobin", 148),
  ];
  expect(speak(taken)).toEqual([]);
});

test("182/131 twice is red, and 120 is shown for symptoms", () => {
  // sel-bp4, SYN
  const [flag] = speak(pressures([182, 131], [182, 131]));
  expect(flag).toMatchObject({
    rule: "pressure-very-high",
    level: "red",
    ambulance: "if-symptoms",
    needsClinician: true,
  });
  expect(flag?.steps).toEqual([{ do: "rest", minutes: 15 }, { do: "measure-again" }, { do: "see-doctor-today" }]);
});

test.each([
  [[[180, 80]], "amber"],
  [[[130, 110]], "amber"],
  [[[179, 109]], "silent"],
  [
    [
      [180, 80],
      [180, 80],
    ],
    "red",
  ],
  [
    [
      [180, 80],
      [130, 110],
    ],
    "red",
  ],
  [
    [
      [180, 80],
      [179, 109],
    ],
    "amber",
  ],
  [
    [
      [180, 80],
      [150, 90],
      [185, 95],
    ],
    "red",
  ],
] as const)("a very high pressure is repeated before it is red: %j %s", (all, level) => {
  expect(levelOf("pressure-very-high", pressures(...all))).toBe(level);
});

test.each(pressureSymptoms)("180/110 with %s is an emergency at once", (symptom) => {
  const more = { symptoms: [symptom] };
  expect(levelOf("pressure-emergency", pressures([180, 109]), more)).toBe("emergency");
  expect(levelOf("pressure-emergency", pressures([179, 110]), more)).toBe("emergency");
  expect(levelOf("pressure-emergency", pressures([179, 109]), more)).toBe("silent");
  expect(speak(pressures([190, 120]), more)[0]?.ambulance).toBe("now");
});

test.each(emergencySymptoms)("%s shows 120 also where nothing was measured", (symptom) => {
  expect(speak([], { symptoms: [symptom] })[0]).toMatchObject({ rule: "emergency-symptom", ambulance: "now" });
});

test.each([
  [[[160, 80]], "amber"],
  [[[159, 99]], "silent"],
  [[[130, 100]], "amber"],
  [
    [
      [161, 80],
      [158, 80],
    ],
    "amber",
  ],
  [
    [
      [161, 80],
      [157, 80],
    ],
    "silent",
  ],
] as const)("the mean decides what is high: %j %s", (all, level) => {
  expect(levelOf("pressure-high", pressures(...all))).toBe(level);
});

const inRound = (round: number, ...all: readonly (readonly [number, number])[]): readonly Taken[] =>
  pressures(...all).map((one) => ({ ...one, round }));

test("the mean is that of the newest go: calm numbers of an earlier one make no high pressure usual", () => {
  const calm = inRound(1, [124, 78], [126, 80]);
  const tense = inRound(2, [172, 100], [176, 102]);
  expect(levelOf("pressure-high", [...calm, ...tense])).toBe("amber");
  expect(levelOf("pressure-high", [...tense, ...calm.map((one) => ({ ...one, round: 3 }))])).toBe("silent");
});

test("a low pressure of the newest go counts beside an earlier one that was not", () => {
  const taken = [...inRound(1, [118, 76]), ...inRound(2, [84, 55])];
  expect(levelOf("pressure-low", taken, { symptoms: ["dizzy"] })).toBe("amber");
});

test.each([
  [[[130, 80]], "silent"],
  [
    [
      [130, 80],
      [140, 80],
    ],
    "silent",
  ],
  [
    [
      [130, 80],
      [141, 80],
    ],
    "advice",
  ],
  [
    [
      [130, 80],
      [130, 91],
    ],
    "advice",
  ],
  [
    [
      [130, 80],
      [141, 80],
      [133, 80],
    ],
    "silent",
  ],
] as const)("two readings further apart than the table allows are made once more: %j %s", (all, level) => {
  expect(levelOf("pressure-apart", pressures(...all))).toBe(level);
});

test.each<[number, number, readonly Symptom[], string]>([
  [89, 70, ["dizzy"], "amber"],
  [100, 59, ["dizzy"], "amber"],
  [90, 60, ["dizzy"], "silent"],
  [89, 59, [], "silent"],
  [89, 59, ["thirst"], "silent"],
])("%i/%i with %j: low counts with a symptom (%s)", (systolic, diastolic, symptoms, level) => {
  expect(levelOf("pressure-low", pressures([systolic, diastolic]), { symptoms })).toBe(level);
});

test.each<[RuleId, Figure, number, string, number, string]>([
  ["glucose-low", "glucose", 3.8, "red", 3.9, "silent"],
  ["glucose-high", "glucose", 16.7, "red", 16.6, "silent"],
  ["urate-high", "urate", 601, "amber", 600, "silent"],
  ["triglyceride-high", "triglyceride", 5.6, "amber", 5.59, "silent"],
  ["haemoglobin-low", "haemoglobin", 79, "red", 80, "silent"],
  ["pulse-slow", "pulse", 49, "amber", 50, "silent"],
  ["pulse-fast", "pulse", 121, "amber", 120, "silent"],
  ["spo2-recheck", "spo2", 94, "amber", 95, "silent"],
  ["temperature-high", "temperature", 38, "amber", 37.9, "silent"],
])("%s: %s %d is %s and %d is %s", (rule, figure, there, level, beside, silent) => {
  expect(levelOf(rule, [took(figure, there)])).toBe(level);
  expect(levelOf(rule, [took(figure, beside)])).toBe(silent);
});

test("with symptoms a lower glucose is red, and exactly from there", () => {
  const more = { symptoms: ["thirst"] as const };
  expect(levelOf("glucose-high", [took("glucose", 13.9)], more)).toBe("red");
  expect(levelOf("glucose-high", [took("glucose", 13.8)], more)).toBe("silent");
  expect(levelOf("glucose-high", [took("glucose", 13.9)])).toBe("silent");
});

test("HI and LO of a glucose meter raise their flags", () => {
  expect(levelOf("glucose-high", [took("glucose", 33.3, { comparator: ">" })])).toBe("red");
  expect(deeds(speak([took("glucose", 1.1, { comparator: "<" })]), "glucose-low")).toEqual([
    "eat-sugar",
    "call-staff",
    "measure-again",
  ]);
});

test.each([
  ["glucose-low", [took("glucose", 3.1)], "if-faint"],
  ["glucose-high", [took("glucose", 21)], "if-faint"],
  ["temperature-high", [took("temperature", 38.2)], "if-faint"],
  ["pulse-slow", [took("pulse", 45)], "if-symptoms"],
  ["pressure-very-high", pressures([190, 115]), "if-symptoms"],
] as const)("%s names the signs that it may come to: %j %s", (rule, taken, ambulance) => {
  expect(speak(taken).find((flag) => flag.rule === rule)?.ambulance).toBe(ambulance);
});

test("oxygen below 90 twice calls for help, once only for a warm finger", () => {
  expect(levelOf("spo2-low", [took("spo2", 89)])).toBe("silent");
  expect(levelOf("spo2-low", [took("spo2", 89), took("spo2", 90)])).toBe("silent");
  const twice = speak([took("spo2", 89), took("spo2", 88)]);
  expect(twice[0]).toMatchObject({ rule: "spo2-low", level: "emergency", ambulance: "now" });
  expect(deeds(speak([took("spo2", 89)]), "spo2-recheck")).toEqual(["warm-finger", "measure-again"]);
});

test("a station high up has its own oxygen rules", () => {
  const more = { spo2: { within: 88, urgent: 80 } };
  expect(speak([took("spo2", 88), took("spo2", 88)], more)).toEqual([]);
  expect(levelOf("spo2-recheck", [took("spo2", 87)], more)).toBe("amber");
  expect(levelOf("spo2-low", [took("spo2", 80), took("spo2", 80)], more)).toBe("silent");
  expect(levelOf("spo2-low", [took("spo2", 79), took("spo2", 79)], more)).toBe("emergency");
});

test("a fast pulse from the stairs is asked to rest; after five minutes it is red", () => {
  const fast = (restedMinutes?: number): readonly Taken[] => [
    { shown: shown("pulse", 121), ...(restedMinutes === undefined ? {} : { restedMinutes }) },
  ];
  expect(deeds(speak(fast()), "pulse-fast")).toEqual(["rest", "measure-again"]);
  expect(levelOf("pulse-fast", fast(4))).toBe("amber");
  expect(levelOf("pulse-fast", fast(5))).toBe("red");
  expect(levelOf("pulse-fast", [...fast(0), took("pulse", 90)])).toBe("silent");
});

test("the worst comes first", () => {
  const flags = speak([...pressures([165, 95]), took("spo2", 85), took("spo2", 84), took("glucose", 3)]);
  expect(flags.map(({ level }) => level)).toEqual(["emergency", "red", "amber", "amber"]);
});

test("every flag waits for a clinician until the file says that one has signed", () => {
  const taken = [took("spo2", 94)];
  expect(speak(taken)[0]?.needsClinician).toBe(true);
  const signed = { ...rules, "spo2-recheck": { ...rules["spo2-recheck"], needsClinician: false } };
  expect(flagsOf(signed, { taken, symptoms: [] })[0]?.needsClinician).toBe(false);
});

test("what is to be done is to be done, not what somebody has", () => {
  const all = [
    ...pressures([185, 115], [190, 120]),
    took("spo2", 80),
    took("spo2", 80),
    took("glucose", 30),
    took("pulse", 130),
    took("temperature", 40),
  ];
  const text = JSON.stringify(speak(all, { symptoms: ["chest-pain", "confusion"], wbgt: 30 }));
  expect(text).not.toMatch(/\d{2,}\.\d|hyper|stroke|diabet|infarct/);
});
