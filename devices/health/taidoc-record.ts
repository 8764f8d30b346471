import { fault } from "../kit/fault.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { Item, Note, Reading, Unit } from "./capability.ts";

// What the records of TaiDoc instruments mean [S19, S20, S21; instruments 2.3.1].

interface Strip {
  readonly item: Item;
  readonly unit: Unit;
  /** The number in the record is so many times the value. */
  readonly times: number;
}

/**
 * Strips by the type in bits 5 to 2 of the last byte. The meter always sends mg/dL, whatever its screen shows [S19].
 * Lactate too is in mg/dL; a ketone comes in thirtieths of a mmol/L and is shown with one decimal.
 */
const strips: ReadonlyMap<number, Strip> = new Map<number, Strip>([
  [0, { item: "glucose", unit: "mg/dL", times: 1 }],
  [6, { item: "haematocrit", unit: "%", times: 1 }],
  [7, { item: "ketone", unit: "mmol/L", times: 30 }],
  [8, { item: "urate", unit: "mg/dL", times: 10 }],
  [9, { item: "cholesterol", unit: "mg/dL", times: 1 }],
  [11, { item: "haemoglobin", unit: "g/dL", times: 10 }],
  [12, { item: "lactate", unit: "mg/dL", times: 1 }],
  [13, { item: "triglyceride", unit: "mg/dL", times: 1 }],
]);

export const stripItems: readonly Item[] = Array.from(strips.values(), ({ item }) => item);

const beforeMeal = 1;
const afterMeal = 2;
const controlSolution = 3;
/** Beyond these a glucose meter shows HI or LO [S20]. */
const highest = 600;
const lowest = 20;
const none = 0xffff;

/** What a record gives; undefined for what is no person's, such as a control solution. */
export type Meaning = Result<readonly Reading[]> | undefined;

const word = (low = 0, high = 0) => low + 256 * high;
const bigEndian = (bytes: Uint8Array, at: number) => word(bytes[at + 1], bytes[at]);
const tenths = (value: number) => Math.round(value * 10) / 10;
const refused = (why: string) => err(fault("refused", why));
const reading = (item: Item, value: number, unit: Unit, notes: readonly Note[] = []): Reading => ({
  item,
  value,
  unit,
  notes,
});

/** @param offered the strips that the station has. */
export function bloodOf([low, high, , flags = 0]: Uint8Array, offered: readonly Item[]): Meaning {
  const meal = flags >> 6;
  if (meal === controlSolution) return undefined;
  const type = (flags >> 2) & 0x0f;
  // A type is one of the table or none: 6 and 7 have bits in common.
  const strip = strips.get(type);
  if (strip === undefined)
    return err(
      fault("misconfigured", `the meter keeps a result of type ${type}, which is in no book: it is not shown`),
    );
  const { item, unit, times } = strip;
  if (!offered.includes(item))
    return err(fault("misconfigured", `the meter measured ${item}: add it to "strips" in the station file`));

  const raw = word(low, high);
  const notes: readonly Note[] = meal === beforeMeal ? ["before-meal"] : meal === afterMeal ? ["after-meal"] : [];
  if (item === "glucose" && raw > highest) return ok([{ item, value: highest, unit, comparator: ">", notes }]);
  if (item === "glucose" && raw < lowest) return ok([{ item, value: lowest, unit, comparator: "<", notes }]);
  if (raw === none || raw === 0) return refused("the meter stored no value: measure again with a new strip");
  return ok([reading(item, times === 1 ? raw : tenths(raw / times), unit, notes)]);
}

/** A pulse of 3 or less is the number of an error [S21]. */
const lastError = 3;

export function pressureOf([systolic = 0, high = 0, diastolic = 0, pulse = 0]: Uint8Array): Meaning {
  if (systolic === 0 || pulse <= lastError)
    return refused(`the monitor reports error ${pulse}: rest, sit still and measure again`);
  // No pressure has more than nine bits. What else that byte may hold no source says.
  if (high > 1) return err(fault("garbled", "the monitor's record has a form that is in no book: it is not shown"));
  return ok([
    reading("systolic", word(systolic, high), "mm[Hg]"),
    reading("diastolic", diastolic, "mm[Hg]"),
    reading("pulse", pulse, "/min"),
  ]);
}

/** From here on a number is in hundredths of a degree, below in tenths [instruments 2.3.1]. The other word is the room's. */
const hundredths = 1000;

export function temperatureOf([low, high]: Uint8Array): Meaning {
  const raw = word(low, high);
  if (raw === none || raw === 0) return refused("the thermometer stored no value: measure again");
  return ok([reading("temperature", raw >= hundredths ? raw / 100 : raw / 10, "Cel")]);
}

/** Bytes of a scale's message before its data: head, command, length. The places in [S21] count from the head. */
const before = 3;
const shortRecord = 32 - 5;
const longRecord = 40 - 5;

/** The zeros of what was not measured are no values [instruments 1]. */
const measured = (item: Item, raw: number, times: number, unit: Unit): readonly Reading[] =>
  raw === 0 ? [] : [reading(item, raw / times, unit)];

/** Whose height and age a scale has was typed into it some time: they are not told. */
export function weightOf(data: Uint8Array): Meaning {
  const at = (place: number) => bigEndian(data, place - before);
  if (data.length < shortRecord) return refused("the scale's answer is too short to hold a weight");
  const weight = measured("weight", at(16), 10, "kg");
  if (weight.length === 0) return refused("the scale stored no weight: step on it again");
  return ok(weight);
}

/** Weight, and what the scale reckons of the body for the person whose number was chosen on it. */
export function bodyOf(data: Uint8Array): Meaning {
  const weight = weightOf(data);
  if (weight === undefined || !weight.ok || data.length < longRecord) return weight;
  const byte = (place: number) => data[place - before] ?? 0;
  const at = (place: number) => bigEndian(data, place - before);
  return ok([
    ...weight.value,
    ...measured("bmi", at(20), 10, "kg/m2"),
    ...measured("basal-metabolism", at(22), 1, "kcal/d"),
    ...measured("body-fat", at(24), 10, "%"),
    ...measured("muscle-mass", at(26), 10, "kg"),
    ...measured("bone-mass", byte(28), 10, "kg"),
    ...measured("body-water", at(29), 10, "%"),
    ...measured("visceral-fat", byte(32), 10, "1"),
  ]);
}
