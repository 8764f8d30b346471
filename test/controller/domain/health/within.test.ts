import fc from "fast-check";
import { expect, test } from "vitest";
import { bandsOf, classify } from "../../../../controller/domain/health/classify.ts";
import { displayOrder, figures } from "../../../../controller/domain/health/figure.ts";
import type { Meal, Sex } from "../../../../controller/domain/health/ranges.ts";
import { within } from "../../../../controller/domain/health/within.ts";
import { ranges } from "./chinese-ranges.ts";
import { shown } from "./readings.ts";

const who = fc.record({
  sex: fc.constantFrom<Sex>("female", "male"),
  meal: fc.constantFrom<Meal>("fasting", "after-meal", "unknown"),
});
const figure = fc.constantFrom(...displayOrder.filter((one) => ranges.ranges.some((range) => range.figure === one)));

test("a number is within the reference that is printed beside it, and only then called so", () => {
  fc.assert(
    fc.property(figure, who, fc.nat(), fc.boolean(), (one, person, at, isAtEdge) => {
      const bands = bandsOf(ranges, one, person);
      const { low = "-1", high = "1e9" } = within(bands) ?? {};
      const { plausible, decimals } = figures[one];
      const edges = bands.flatMap(({ high: edge }) => edge ?? []);
      const about = isAtEdge ? (edges[at % edges.length] ?? 0) : plausible.low + (at % 1000) / 10;
      const value = Number((about + ((at % 3) - 1) / 10 ** decimals).toFixed(decimals));
      const classed = classify(ranges, shown(one, value), person);
      const isWithin = classed.is === "classed" && classed.place === "within";
      expect(value >= Number(low) && value <= Number(high)).toBe(isWithin);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ["systolic", { low: "90", high: "119" }],
  ["diastolic", { low: "60", high: "79" }],
  ["pulse", { low: "60", high: "100" }],
  ["bmi", { low: "18.5", high: "23.9" }],
  ["glucose", { low: "3.9", high: "6.0" }],
  ["urate", { high: "420" }],
  ["waist", { high: "84.9" }],
  ["cholesterol", { high: "5.19" }],
  ["hdl", { low: "1.00" }],
] as const)("%s is printed as its last number reads: %o", (one, range) => {
  expect(within(bandsOf(ranges, one, { sex: "male", meal: "fasting" }))).toEqual(range);
});
