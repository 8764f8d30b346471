import fc from "fast-check";
import { expect, test } from "vitest";
import { admitted } from "../../../../controller/domain/health/admit.ts";
import { figures } from "../../../../controller/domain/health/figure.ts";
import type { Item, Reading, Unit } from "../../../../devices/health/capability.ts";
import { admissionOf, anyReading, reading } from "./readings.ts";

const answer = (item: Item, value: number, unit: Unit, more: Partial<Reading> = {}): string => {
  const admission = admissionOf(reading(item, value, unit, more));
  return admission.is === "shown" ? "shown" : admission.why;
};

test.each<[Item, Unit, number, number, number]>([
  ["pulse", "/min", 1, 40, 180],
  ["spo2", "%", 1, 50, 100],
  ["temperature", "Cel", 0.1, 30, 45],
  ["weight", "kg", 0.1, 2, 300],
  ["height", "cm", 0.1, 50, 230],
  ["glucose", "mmol/L", 0.1, 0.6, 33.3],
  ["urate", "umol/L", 1, 50, 1600],
  ["cholesterol", "mmol/L", 0.01, 1, 13],
])("%s (%s) is believed from edge to edge, and not one digit beyond", (item, unit, digit, low, high) => {
  expect(answer(item, low, unit)).toBe("shown");
  expect(answer(item, high, unit)).toBe("shown");
  expect(answer(item, low - digit, unit)).toBe("too-low");
  expect(answer(item, high + digit, unit)).toBe("too-high");
});

test.each([
  [60, 30, ["shown", "shown"]],
  [260, 215, ["shown", "shown"]],
  [261, 150, ["too-high", "incomplete"]],
  [59, 40, ["too-low", "incomplete"]],
  [120, 29, ["incomplete", "too-low"]],
  [230, 216, ["incomplete", "too-high"]],
  [100, 100, ["contradictory", "contradictory"]],
  [90, 120, ["contradictory", "contradictory"]],
  [101, 100, ["shown", "shown"]],
])("a blood pressure of %i over %i stands or falls as a whole", (systolic, diastolic, answers) => {
  const both = admitted([reading("systolic", systolic, "mm[Hg]"), reading("diastolic", diastolic, "mm[Hg]")]);
  expect(both.map((one) => (one.is === "shown" ? "shown" : one.why))).toEqual(answers);
});

test("half a blood pressure is none", () => {
  expect(answer("systolic", 120, "mm[Hg]")).toBe("incomplete");
  expect(answer("mean-arterial", 90, "mm[Hg]")).toBe("incomplete");
});

test("a mean pressure that is not between the two puts all three in doubt, and the pulse stays", () => {
  const all = admitted([
    reading("systolic", 120, "mm[Hg]"),
    reading("mean-arterial", 130, "mm[Hg]"),
    reading("diastolic", 80, "mm[Hg]"),
    reading("pulse", 70, "/min"),
  ]);
  expect(all.map((one) => one.is)).toEqual(["doubtful", "doubtful", "doubtful", "shown"]);
});

test("HI and LO of a glucose meter are answers, beyond the width that is believed", () => {
  expect(admissionOf(reading("glucose", 601, "mg/dL", { comparator: ">" }))).toMatchObject({
    is: "shown",
    shown: { value: 33.4, comparator: ">" },
  });
  expect(answer("glucose", 10, "mg/dL", { comparator: "<" })).toBe("shown");
  expect(answer("glucose", 20, "mg/dL", { comparator: "<" })).toBe("shown");
});

test("a bound on the wrong side says nothing and is not shown", () => {
  expect(answer("glucose", 0.1, "mmol/L", { comparator: ">" })).toBe("too-low");
  expect(answer("glucose", 50, "mmol/L", { comparator: "<" })).toBe("too-high");
});

test("a doubt carries no number that a screen could show", () => {
  expect(admissionOf(reading("pulse", 190, "/min"))).toEqual({ is: "doubtful", figure: "pulse", why: "too-high" });
});

test("no reading is dropped in silence, and none is shown that is not believed", () => {
  fc.assert(
    fc.property(fc.array(anyReading, { maxLength: 12 }), (readings) => {
      const all = admitted(readings);
      expect(all.map((one) => (one.is === "shown" ? one.shown.figure : one.figure))).toEqual(
        readings.map(({ item }) => item),
      );
      for (const one of all) {
        if (one.is !== "shown" || one.shown.comparator !== undefined) continue;
        const { low, high } = figures[one.shown.figure].plausible;
        expect(one.shown.value).toBeGreaterThanOrEqual(low);
        expect(one.shown.value).toBeLessThanOrEqual(high);
      }
    }),
  );
});
