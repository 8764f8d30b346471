import fc from "fast-check";
import { expect, test } from "vitest";
import type { Findings, Symptom, Taken } from "../../../../controller/domain/health/findings.ts";
import { heatFlags, heatSymptoms } from "../../../../controller/domain/health/heat.ts";
import type { Figure } from "../../../../controller/domain/health/figure.ts";
import { rules } from "./chinese-ranges.ts";
import { shown } from "./readings.ts";

const took = (figure: Figure, value: number, restedMinutes?: number): Taken => ({
  shown: shown(figure, value),
  ...(restedMinutes === undefined ? {} : { restedMinutes }),
});
const speak = (taken: readonly Taken[], more: Partial<Findings> = {}): readonly string[] =>
  heatFlags(rules, { taken, symptoms: [], hotWork: true, ...more }).map(({ rule }) => rule);

test.each<[string, readonly Taken[], readonly string[]]>([
  ["37.9 °C", [took("temperature", 37.9)], []],
  ["38.0 °C", [took("temperature", 38)], ["heat-r1"]],
  ["38.9 °C", [took("temperature", 38.9)], ["heat-r1"]],
  ["39.0 °C", [took("temperature", 39)], ["heat-r2", "heat-r1"]],
  ["pulse 121 after five minutes", [took("pulse", 121, 5)], ["heat-r1"]],
  ["pulse 120 after five minutes", [took("pulse", 120, 5)], []],
  ["pulse 121 after four minutes", [took("pulse", 121, 4)], []],
  ["pulse 121, rest unknown", [took("pulse", 121)], []],
  ["89 over, pulse 121", [took("systolic", 89), took("diastolic", 50), took("pulse", 121)], ["heat-r2"]],
  ["90 over, pulse 121", [took("systolic", 90), took("diastolic", 50), took("pulse", 121)], []],
  ["89 over, pulse 120", [took("systolic", 89), took("diastolic", 50), took("pulse", 120)], []],
])("%s", (_, taken, expected) => {
  expect(speak(taken)).toEqual(expected);
});

test.each(heatSymptoms)("%s alone calls for help now", (symptom) => {
  const [flag] = heatFlags(rules, { taken: [], symptoms: [symptom] });
  expect(flag).toMatchObject({ rule: "heat-r2", level: "emergency", ambulance: "now", needsClinician: true });
  expect(flag?.steps.map((step) => step.do)).toEqual(["call-120", "cool-now", "call-staff"]);
});

test("R1 tells to stop, cool, drink, tell the supervisor and measure again in 15 minutes", () => {
  const [flag] = heatFlags(rules, { taken: [took("temperature", 38.2)], symptoms: [] });
  expect(flag?.steps).toEqual([
    { do: "stop-work" },
    { do: "cool-now" },
    { do: "drink" },
    { do: "tell-supervisor" },
    { do: "measure-again", minutes: 15 },
  ]);
});

test("who did not say where they come from may come from the heat; who says no is not sent from work", () => {
  const warm = [took("temperature", 38.2)];
  expect(heatFlags(rules, { taken: warm, symptoms: [] }).map(({ rule }) => rule)).toEqual(["heat-r1"]);
  expect(speak(warm, { hotWork: false })).toEqual([]);
  expect(speak([took("temperature", 39)], { hotWork: false })).toEqual(["heat-r2"]);
});

test.each([
  [{ wbgt: 24.9 }, []],
  [{ wbgt: 25 }, ["heat-r4"]],
  [{ air: 34.9 }, []],
  [{ air: 35 }, ["heat-r4"]],
])("the station's own thermometer gives advice only: %o", (more, expected) => {
  expect(speak([], more)).toEqual(expected);
  expect(heatFlags(rules, { taken: [], symptoms: [], ...more }).every(({ level }) => level === "advice")).toBe(true);
});

const symptoms = fc.subarray<Symptom>(["confusion", "collapse", "no-sweat", "vomiting", "thirst", "dizzy"]);
const anyTaken: fc.Arbitrary<Taken> = fc
  .tuple(
    fc.constantFrom<Figure>("temperature", "pulse", "systolic", "diastolic", "spo2"),
    fc.integer({ min: 300, max: 2000 }),
    fc.nat(10),
  )
  .map(([figure, tenths, rested]) =>
    took(figure, figure === "temperature" ? 30 + (tenths % 150) / 10 : tenths / 10, rested),
  );
const anyFindings = fc.record({
  taken: fc.array(anyTaken, { maxLength: 6 }),
  symptoms,
  hotWork: fc.boolean(),
});

test("R3: no infrared reading clears a heat rule, however cool the skin and whenever it comes", () => {
  const temperature = fc.integer({ min: 300, max: 450 }).map((tenths) => took("temperature", tenths / 10));
  let kept = 0;
  fc.assert(
    fc.property(anyFindings, temperature, fc.nat(6), (findings, skin, place) => {
      const before = heatFlags(rules, findings).map(({ rule }) => rule);
      const after = heatFlags(rules, { ...findings, taken: findings.taken.toSpliced(place, 0, skin) });
      expect(after.map(({ rule }) => rule)).toEqual(expect.arrayContaining(before));
      kept += before.length;
    }),
  );
  expect(kept).toBeGreaterThan(0);
});

test("a ticked symptom is an emergency beside any number of usual figures", () => {
  fc.assert(
    fc.property(anyFindings, fc.constantFrom(...heatSymptoms), (findings, symptom) => {
      const [first] = heatFlags(rules, { ...findings, symptoms: [...findings.symptoms, symptom] });
      expect(first?.rule).toBe("heat-r2");
    }),
  );
});
