import fc from "fast-check";
import { expect, test } from "vitest";
import {
  bmiOf,
  meanPressure,
  needsThird,
  nonHdl,
  pressuresOf,
  waistToHip,
} from "../../../../controller/domain/health/derive.ts";
import { shown } from "./readings.ts";

test("62.3 kg and 168 cm are a body mass index of 22.1", () => {
  // sel-bmi, SYN [S42]
  expect(bmiOf(shown("height", 168), shown("weight", 62.3))).toMatchObject({
    figure: "bmi",
    value: 22.1,
    unit: "kg/m2",
  });
});

test("a waist of 88 cm and a hip of 96 cm are 0.92", () => {
  expect(waistToHip(shown("waist", 88), shown("hip", 96))?.value).toBe(0.92);
});

test("cholesterol less HDL is reckoned without a binary remainder", () => {
  expect(nonHdl(shown("cholesterol", 5.02), shown("hdl", 1.31))?.value).toBe(3.71);
});

test("what was reckoned from a typed number says so", () => {
  const waist = shown("waist", 88, { notes: ["entered"] });
  expect(waistToHip(waist, shown("hip", 96, { notes: ["entered"] }))?.notes).toEqual(["entered"]);
});

test("nothing is reckoned from a bound, and nothing that no adult can have", () => {
  expect(nonHdl(shown("cholesterol", 10.3, { comparator: ">" }), shown("hdl", 1.3))).toBeUndefined();
  expect(bmiOf(shown("height", 230), shown("weight", 2))).toBeUndefined();
  expect(nonHdl(shown("cholesterol", 2), shown("hdl", 2))).toBeUndefined();
});

test("two readings have a mean, halves upwards", () => {
  const readings = [
    { systolic: 139, diastolic: 84 },
    { systolic: 140, diastolic: 85 },
  ];
  expect(meanPressure(readings)).toEqual({ systolic: 140, diastolic: 85 });
  expect(meanPressure([])).toBeUndefined();
});

test.each([
  [130, 80, 140, 90, false],
  [130, 80, 141, 80, true],
  [130, 80, 119, 80, true],
  [130, 80, 130, 91, true],
  [130, 80, 130, 69, true],
])("%i/%i and %i/%i: a third reading is wanted only beyond 10 mmHg", (s1, d1, s2, d2, third) => {
  const two = [
    { systolic: s1, diastolic: d1 },
    { systolic: s2, diastolic: d2 },
  ];
  expect(needsThird(two, 10)).toBe(third);
  expect(needsThird(two.slice(1), 10)).toBe(false);
  expect(needsThird([...two, { systolic: 120, diastolic: 80 }], 10)).toBe(false);
});

test("the mean lies between the lowest and the highest reading, and three count alike", () => {
  const pressure = fc.record({
    systolic: fc.integer({ min: 60, max: 260 }),
    diastolic: fc.integer({ min: 30, max: 215 }),
  });
  fc.assert(
    fc.property(fc.array(pressure, { minLength: 1, maxLength: 3 }), (readings) => {
      const mean = meanPressure(readings);
      const sum = readings.reduce((total, { systolic }) => total + systolic, 0);
      expect(mean?.systolic).toBe(Math.floor(sum / readings.length + 0.5));
      expect(mean).toEqual(meanPressure([...readings].reverse()));
    }),
  );
});

test("the halves of several blood pressures find each other in order", () => {
  const all = [
    shown("systolic", 138),
    shown("pulse", 70),
    shown("diastolic", 88),
    shown("systolic", 132),
    shown("diastolic", 84),
  ];
  expect(pressuresOf(all)).toEqual([
    { systolic: 138, diastolic: 88 },
    { systolic: 132, diastolic: 84 },
  ]);
});
