import fc from "fast-check";
import { expect, test } from "vitest";
import type { Findings, Flag, Symptom, Taken } from "../../../../controller/domain/health/findings.ts";
import { flagsOf } from "../../../../controller/domain/health/flags.ts";
import { earlySigns } from "../../../../controller/domain/health/hot-work.ts";
import { outspoken } from "../../../../controller/domain/health/outspoken.ts";
import { rules } from "./chinese-ranges.ts";
import { shown } from "./readings.ts";

const told = (more: Partial<Findings>): readonly Flag[] =>
  outspoken(flagsOf(rules, { taken: [], symptoms: [], hotWork: true, ...more }));
const named = (more: Partial<Findings>): readonly string[] => told(more).map(({ rule }) => rule);
const skin = (value: number): Taken => ({ shown: shown("temperature", value) });

test("who comes from work in the heat is asked to rest in the shade and drink, with and without a thermometer", () => {
  expect(told({})).toMatchObject([{ rule: "heat-work", level: "advice", ambulance: "no" }]);
  expect(named({ taken: [skin(36.4)] })).toEqual(["heat-work"]);
  expect(named({ hotWork: false })).toEqual([]);
});

test.each(earlySigns)("%s after work in the heat stops the work, however cool the forehead", (sign) => {
  const [flag] = told({ symptoms: [sign], taken: [skin(36.2)] });
  expect(flag).toMatchObject({ rule: "heat-early", level: "amber", ambulance: "if-faint", needsClinician: true });
  expect(flag?.steps.map((step) => step.do)).toEqual(["stop-work", "cool-now", "drink", "tell-supervisor"]);
  expect(named({ symptoms: [sign], hotWork: false })).toEqual([]);
});

test("nobody who did not speak of heat is told of it", () => {
  expect(outspoken(flagsOf(rules, { taken: [], symptoms: ["dizzy", "thirst"] }))).toEqual([]);
});

test("beside what is worse the milder word is not said", () => {
  expect(named({ symptoms: ["dizzy"] })).toEqual(["heat-early"]);
  expect(named({ symptoms: ["dizzy"], taken: [skin(38.4)] })).toEqual(["heat-r1"]);
  expect(named({ symptoms: ["dizzy", "collapse"], taken: [skin(38.4)] })).toEqual(["heat-r2"]);
  expect(named({ wbgt: 30 })).toEqual(["heat-r4"]);
});

test("no skin temperature takes an early sign back", () => {
  const signs = fc.subarray<Symptom>([...earlySigns], { minLength: 1 });
  fc.assert(
    fc.property(signs, fc.array(fc.integer({ min: 300, max: 379 }), { maxLength: 4 }), (symptoms, tenths) => {
      expect(named({ symptoms, taken: tenths.map((one) => skin(one / 10)) })).toEqual(["heat-early"]);
    }),
  );
});
