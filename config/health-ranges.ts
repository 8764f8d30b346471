import { readFile } from "node:fs/promises";
import * as v from "valibot";
import type { Result } from "../devices/kit/result.ts";
import { healthMistakes } from "./health-crosscheck.ts";
import type { Mistake } from "./mistake.ts";
import { readTable } from "./table.ts";

// Every message is "expected …": what was found is added where the file is examined.

const picked = <const T extends readonly string[]>(names: T) =>
  v.picklist(names, `expected one of ${names.map((name) => `"${name}"`).join(", ")}`);
const text = (what: string) => v.pipe(v.string(`expected ${what}`), v.nonEmpty(`expected ${what}`));
const threshold = v.pipe(v.number("expected a number from 0"), v.minValue(0, "expected a number from 0"));
const whole = v.pipe(
  v.number("expected a whole number from 1 to 60"),
  v.integer("expected a whole number from 1 to 60"),
  v.minValue(1, "expected a whole number from 1 to 60"),
  v.maxValue(60, "expected a whole number from 1 to 60"),
);
const yesNo = v.boolean("expected true or false");
const key = text('the key of a source, such as "S40"');

const figure = picked([
  "systolic",
  "diastolic",
  "pulse",
  "spo2",
  "temperature",
  "bmi",
  "waist",
  "waist-to-hip",
  "glucose",
  "urate",
  "cholesterol",
  "ldl",
  "hdl",
  "non-hdl",
  "triglyceride",
  "haemoglobin",
  "haematocrit",
  "ketone",
  "lactate",
]);
const classId = picked([
  "very-low",
  "low",
  "ideal",
  "suitable",
  "normal",
  "within",
  "high-normal",
  "borderline",
  "raised",
  "high",
  "grade1",
  "grade2",
  "grade3",
  "unclear",
]);

const band = v.strictObject(
  {
    class: classId,
    is: picked(["below", "within", "above", "unclear"]),
    from: v.exactOptional(threshold),
    above: v.exactOptional(threshold),
    source: v.exactOptional(key),
    needsClinician: v.exactOptional(yesNo),
  },
  'expected a band: { "class": …, "is": …, "from": … }',
);
const standing = { source: key, needsClinician: yesNo };
const range = v.strictObject(
  {
    figure,
    sex: v.exactOptional(picked(["female", "male"])),
    meal: v.exactOptional(picked(["fasting", "after-meal", "unknown"])),
    ...standing,
    bands: v.pipe(v.array(band, "expected a list of bands"), v.minLength(2, "expected at least two bands")),
  },
  'expected a range: { "figure": …, "source": …, "needsClinician": …, "bands": […] }',
);

const rule = <T extends v.ObjectEntries>(thresholds: T) =>
  v.strictObject({ ...thresholds, ...standing }, "expected a rule with its thresholds, source and needsClinician");
const pressure = { systolic: threshold, diastolic: threshold };
const rules = v.strictObject(
  {
    "emergency-symptom": rule({}),
    "pressure-emergency": rule(pressure),
    "pressure-very-high": rule({ ...pressure, readings: whole, restMinutes: whole }),
    "pressure-high": rule(pressure),
    "pressure-low": rule(pressure),
    "pressure-apart": rule({ by: threshold }),
    "glucose-low": rule({ below: threshold, repeatMinutes: whole }),
    "glucose-high": rule({ from: threshold, fromWithSymptoms: threshold }),
    "urate-high": rule({ above: threshold }),
    "triglyceride-high": rule({ from: threshold }),
    "haemoglobin-low": rule({ below: threshold }),
    "pulse-slow": rule({ below: threshold }),
    "pulse-fast": rule({ above: threshold, restMinutes: whole }),
    "spo2-low": rule({ below: threshold, readings: whole }),
    "spo2-recheck": rule({ below: threshold }),
    "temperature-high": rule({ from: threshold }),
    "heat-r1": rule({ temperature: threshold, pulse: threshold, restMinutes: whole, repeatMinutes: whole }),
    "heat-r2": rule({ temperature: threshold, systolic: threshold, pulse: threshold }),
    "heat-r4": rule({ wbgt: threshold, air: threshold }),
    "heat-early": rule({}),
    "heat-work": rule({}),
  },
  "expected all rules, each by its name",
);

export const healthRangesSchema = v.strictObject(
  {
    v: v.literal(1, "expected 1"),
    sources: v.record(
      v.string(),
      v.strictObject(
        { title: text("the title of a source"), date: text("the date of its edition") },
        "expected a source",
      ),
      "expected the sources, each by its key",
    ),
    ranges: v.array(range, "expected a list of ranges"),
    rules,
  },
  "expected the health ranges",
);
export type HealthRangesFile = v.InferOutput<typeof healthRangesSchema>;

const table = { file: "config/health-ranges.json", schema: healthRangesSchema, slips: healthMistakes };

/** Reads the Chinese adult ranges and the thresholds of the rules; every mistake is a sentence with its place. */
export async function loadHealthRanges(
  place: URL = new URL("./health-ranges.json", import.meta.url),
): Promise<Result<HealthRangesFile, readonly Mistake[]>> {
  return readHealthRanges(await readFile(place, "utf8"));
}

export const readHealthRanges = (json: string): Result<HealthRangesFile, readonly Mistake[]> => readTable(table, json);
