import fc from "fast-check";
import { expect, test } from "vitest";
import type { Figure } from "../../../../controller/domain/health/figure.ts";
import type { Findings, Symptom, Taken } from "../../../../controller/domain/health/findings.ts";
import { flagsOf } from "../../../../controller/domain/health/flags.ts";
import { outspoken } from "../../../../controller/domain/health/outspoken.ts";
import { rules } from "./chinese-ranges.ts";
import { shown } from "./readings.ts";

const took = (figure: Figure, value: number): Taken => ({ shown: shown(figure, value) });
const told = (taken: readonly Taken[], more: Partial<Findings> = {}): readonly string[] =>
  outspoken(flagsOf(rules, { taken, symptoms: [], hotWork: false, ...more })).map(({ rule }) => rule);
const pressure = (systolic: number, diastolic: number): readonly Taken[] => [
  took("systolic", systolic),
  took("diastolic", diastolic),
];
const twice = <T>(all: readonly T[]): readonly T[] => [...all, ...all];

test("whoever is to call 120 for a pressure is not told to rest and measure again", () => {
  expect(told(twice(pressure(190, 120)), { symptoms: ["severe-headache"] })).toEqual(["pressure-emergency"]);
});

test("a doctor today is not a doctor some day", () => {
  expect(told(twice(pressure(190, 120)))).toEqual(["pressure-very-high"]);
});

test("one very high reading is measured again, and the mean's doctor stays", () => {
  expect(told([...pressure(182, 96), ...pressure(168, 94)])).toEqual(["pressure-very-high", "pressure-high"]);
});

test("little oxygen twice asks for help, and for no warm finger", () => {
  expect(told(twice([took("spo2", 84)]))).toEqual(["spo2-low"]);
});

test("who may have a heat stroke is given nothing to drink", () => {
  expect(told([took("temperature", 38.6)], { symptoms: ["collapse"], hotWork: true, wbgt: 30 })).toEqual(["heat-r2"]);
  expect(told([took("temperature", 38.6)], { hotWork: true, wbgt: 30 })).toEqual(["heat-r1"]);
  expect(told([took("temperature", 38.6)])).toEqual(["temperature-high"]);
});

test("nothing is silent but beside something worse, and what is worst is always told", () => {
  const anyTaken = fc
    .tuple(fc.constantFrom<Figure>("systolic", "diastolic", "temperature", "pulse", "spo2", "glucose"), fc.nat(2000))
    .map(([figure, tenths]) => took(figure, tenths / 10));
  const symptoms = fc.subarray<Symptom>(["collapse", "chest-pain", "vomiting", "thirst", "dizzy"]);
  const findings = fc.record({ taken: fc.array(anyTaken, { maxLength: 8 }), symptoms, hotWork: fc.boolean() });
  fc.assert(
    fc.property(findings, (all) => {
      const flags = flagsOf(rules, all);
      const said = outspoken(flags);
      expect(said[0]).toEqual(flags[0]);
      expect(said.filter(({ level }) => level === "emergency")).toEqual(
        flags.filter(({ level }) => level === "emergency"),
      );
      for (const one of flags.filter((flag) => !said.includes(flag)))
        expect(flags.indexOf(one)).toBeGreaterThan(flags.indexOf(said[0] ?? one));
    }),
  );
});
