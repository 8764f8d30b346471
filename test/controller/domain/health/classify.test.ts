import fc from "fast-check";
import { expect, test } from "vitest";
import {
  bandsOf,
  classify,
  classifyPressure,
  mealOf,
  type Classification,
} from "../../../../controller/domain/health/classify.ts";
import { bmiOf } from "../../../../controller/domain/health/derive.ts";
import { displayOrder, figures, type Figure } from "../../../../controller/domain/health/figure.ts";
import type { Circumstances } from "../../../../controller/domain/health/ranges.ts";
import type { Shown } from "../../../../controller/domain/health/shown.ts";
import { ranges } from "./chinese-ranges.ts";
import { reading, shown } from "./readings.ts";
import { converted } from "../../../../controller/domain/health/convert.ts";

const named = (one: Classification): string => (one.is === "classed" ? one.class : one.why);
const classOf = (one: Shown, who?: Circumstances): string => named(classify(ranges, one, who));
const pressure = (systolic: number, diastolic: number): string =>
  named(classifyPressure(ranges, { systolic, diastolic }));

test("the vectors of the ranges have their classes", () => {
  // sel-bmi, sel-bp1, sel-bp2, sel-bp4, sel-bp5, sel-ua: SYN
  expect(classOf(bmiOf(shown("height", 168), shown("weight", 62.3)) ?? shown("bmi", 0))).toBe("normal");
  expect(pressure(138, 88)).toBe("high-normal");
  expect(pressure(150, 95)).toBe("grade1");
  expect(pressure(182, 131)).toBe("grade3");
  expect(pressure(119, 79)).toBe("normal");
  expect(classOf(converted(reading("urate", 6.4, "mg/dL")))).toBe("within");
});

test.each<[Figure, Circumstances, readonly (number | string)[]]>([
  ["systolic", {}, [89, "low", 90, "normal", 119, "normal", 120, "high-normal", 139, "high-normal", 140, "grade1"]],
  ["systolic", {}, [159, "grade1", 160, "grade2", 179, "grade2", 180, "grade3"]],
  ["diastolic", {}, [59, "low", 60, "normal", 79, "normal", 80, "high-normal", 89, "high-normal", 90, "grade1"]],
  ["diastolic", {}, [99, "grade1", 100, "grade2", 109, "grade2", 110, "grade3"]],
  ["pulse", {}, [59, "low", 60, "within", 100, "within", 101, "high"]],
  ["spo2", {}, [89, "very-low", 90, "low", 94, "low", 95, "within", 100, "within"]],
  ["temperature", {}, [35, "within", 37.2, "within", 37.3, "raised", 37.9, "raised", 38, "high"]],
  ["bmi", {}, [18.4, "low", 18.5, "normal", 23.9, "normal", 24, "raised", 27.9, "raised", 28, "high"]],
  ["waist", { sex: "male" }, [84.9, "within", 85, "raised", 89.9, "raised", 90, "high"]],
  ["waist", { sex: "female" }, [79.9, "within", 80, "raised", 84.9, "raised", 85, "high"]],
  ["glucose", { meal: "fasting" }, [3.8, "low", 3.9, "normal", 6, "normal", 6.1, "raised", 6.9, "raised", 7, "high"]],
  ["glucose", { meal: "after-meal" }, [3.8, "low", 3.9, "normal", 7.7, "normal", 7.8, "raised", 11.1, "high"]],
  ["glucose", {}, [3.8, "low", 3.9, "normal", 6, "normal", 6.1, "unclear", 11, "unclear", 11.1, "high"]],
  ["urate", {}, [420, "within", 421, "high"]],
  ["cholesterol", {}, [5.19, "suitable", 5.2, "borderline", 6.19, "borderline", 6.2, "high"]],
  ["ldl", {}, [2.59, "ideal", 2.6, "suitable", 3.39, "suitable", 3.4, "borderline", 4.09, "borderline", 4.1, "high"]],
  ["hdl", {}, [0.99, "low", 1, "within"]],
  ["non-hdl", {}, [4.09, "suitable", 4.1, "borderline", 4.89, "borderline", 4.9, "high"]],
  ["triglyceride", {}, [1.69, "suitable", 1.7, "borderline", 2.29, "borderline", 2.3, "high"]],
  ["haemoglobin", { sex: "male" }, [119, "low", 120, "within"]],
  ["haemoglobin", { sex: "female" }, [109, "low", 110, "within"]],
])("%s %o: every class begins and ends at its edge", (figure, who, steps) => {
  for (let i = 0; i < steps.length; i += 2)
    expect(`${steps[i]} ${classOf(shown(figure, Number(steps[i])), who)}`).toBe(`${steps[i]} ${steps[i + 1]}`);
});

test.each([
  [119, 80, "high-normal"],
  [120, 79, "high-normal"],
  [145, 70, "grade1"],
  [118, 112, "grade3"],
  [170, 92, "grade2"],
  [85, 70, "low"],
  [100, 55, "low"],
  [85, 55, "low"],
  [145, 55, "grade1"],
  [85, 82, "high-normal"],
])("%i/%i is %s: the higher half decides, and low only counts beside a half that is not raised", (s, d, expected) => {
  expect(pressure(s, d)).toBe(expected);
});

test("where the sexes differ and nobody told theirs, only what holds for both is said", () => {
  expect(classOf(shown("haemoglobin", 130))).toBe("within");
  expect(classOf(shown("haemoglobin", 115))).toBe("needs-sex");
  expect(classOf(shown("haemoglobin", 100))).toBe("low");
  expect(classOf(shown("waist", 79))).toBe("within");
  expect(classOf(shown("waist", 87))).toBe("needs-sex");
  expect(classOf(shown("waist", 95))).toBe("high");
});

test("what has no Chinese table has no class and no bands", () => {
  for (const figure of ["body-fat", "visceral-fat", "body-water", "grip-left", "lactate"] as const) {
    expect(classOf(shown(figure, 20))).toBe("no-range");
    expect(bandsOf(ranges, figure)).toEqual([]);
  }
});

test.each<[string, number, ">" | "<", string]>([
  ["HI", 33.3, ">", "high"],
  ["HI at the edge", 11.1, ">", "high"],
  ["a bound across an edge", 10, ">", "bound"],
  ["LO", 1.1, "<", "low"],
  ["LO at the edge", 3.9, "<", "low"],
  ["a bound across an edge", 5, "<", "bound"],
])("%s: %d with %s is classed only where all it may stand for is one class", (_, value, comparator, expected) => {
  expect(classOf(shown("glucose", value, { comparator }))).toBe(expected);
});

test("a bound at an edge that does not belong to the higher class", () => {
  expect(classOf(shown("urate", 420, { comparator: ">" }))).toBe("high");
  expect(classOf(shown("urate", 420, { comparator: "<" }))).toBe("within");
  expect(classOf(shown("urate", 419, { comparator: ">" }))).toBe("bound");
});

test("a station high up has its own oxygen limits, and they are unsigned", () => {
  const who: Circumstances = { spo2: { within: 88, urgent: 80 } };
  expect([79, 80, 87, 88].map((value) => classOf(shown("spo2", value), who))).toEqual([
    "very-low",
    "low",
    "low",
    "within",
  ]);
  expect(bandsOf(ranges, "spo2", who).map(({ low }) => low)).toEqual([undefined, 80, 88]);
  expect(bandsOf(ranges, "spo2", who).every(({ needsClinician }) => needsClinician)).toBe(true);
});

test("high up, where blood has more of it, haemoglobin that is enough in the plains is not called enough", () => {
  const who: Circumstances = { sex: "male", spo2: { within: 88, urgent: 80 } };
  expect(classify(ranges, shown("haemoglobin", 119), who)).toMatchObject({ class: "low", place: "below" });
  for (const value of [120, 150, 210])
    expect(classify(ranges, shown("haemoglobin", value), who)).toEqual({
      is: "classed",
      class: "high-up",
      place: "unclear",
      needsClinician: true,
    });
  expect(bandsOf(ranges, "haemoglobin", who).map(({ place }) => place)).toEqual(["below", "unclear"]);
  expect(classify(ranges, shown("haemoglobin", 150), { sex: "male" })).toMatchObject({ place: "within" });
});

test("before a meal is not yet fasting", () => {
  expect(mealOf(["before-meal"])).toBe("unknown");
  expect(mealOf(["fasting"])).toBe("fasting");
  expect(mealOf(["after-meal", "weak-signal"])).toBe("after-meal");
  expect(mealOf([])).toBe("unknown");
});

test("bands are drawn without gap, and the one that holds the number is its class", () => {
  const circumstances = fc.record({
    sex: fc.constantFrom("female" as const, "male" as const),
    meal: fc.constantFrom("fasting" as const, "after-meal" as const, "unknown" as const),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...displayOrder),
      circumstances,
      fc.double({ min: 0, max: 1, noNaN: true }),
      (figure, who, at) => {
        const bands = bandsOf(ranges, figure, who);
        const { plausible, decimals } = figures[figure];
        const value = Number((plausible.low + at * (plausible.high - plausible.low)).toFixed(decimals));
        const classification = classify(ranges, shown(figure, value), who);
        expect(classification.is === "classed").toBe(bands.length > 0);
        bands.slice(1).forEach((band, i) => expect(band.low).toBe(bands[i]?.high));
        const inside = bands.filter(({ low = -1, high = 1e9 }) => value >= low && value <= high);
        if (classification.is === "classed") expect(inside.map((band) => band.class)).toContain(classification.class);
      },
    ),
  );
});

test("no class is the name of an illness", () => {
  const illness = /hyper|hypo|diabet|anaem|anem|obes|fever|gout|apnoea|disease|crisis/;
  const classes = ranges.ranges.flatMap(({ bands }) => bands.map((band) => band.class));
  expect(classes.length).toBeGreaterThan(50);
  expect(classes.filter((one) => illness.test(one))).toEqual([]);
});

test("an edge of ours waits for a clinician, one of a guideline does not", () => {
  expect(classify(ranges, shown("spo2", 93))).toMatchObject({ class: "low", needsClinician: true });
  expect(classifyPressure(ranges, { systolic: 85, diastolic: 55 })).toMatchObject({ needsClinician: true });
  expect(classify(ranges, shown("bmi", 24))).toMatchObject({ place: "above", needsClinician: false });
});
