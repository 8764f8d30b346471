import { asTruth, measuredBy, type Scope } from "../kit/acting.ts";
import { millis, seconds, type Millis } from "../kit/clock.ts";
import type { Kind } from "./taidoc-options.ts";
import { command } from "./taidoc-wire.ts";

// What each simulated TaiDoc instrument measures, and how its records hold it [instruments 2.3.1].

export interface Made {
  /** Data of the record, or what an oximeter sees. */
  readonly value: readonly number[];
  readonly truth: string;
}

export interface Machine {
  /** "4277" */
  readonly model: string;
  /** From the person's first touch to the result. */
  readonly takes: Millis;
  /** An oximeter: the finger stays so long, and nothing is kept. */
  readonly stays?: Millis;
  /** A scale: the question for a record. */
  readonly question?: number;
  /** @param text as the knob `measure` has it. @param nth of the people, by which bits that mean something else vary. */
  person(text: string, nth: number): Made;
  /** What lies in its memory from somebody else: the first at the beginning, the second later. */
  readonly others: readonly [readonly number[], readonly number[]];
  /** What it keeps where it came to no result, by the code. */
  noResult(code: number): readonly number[];
}

const word = (value: number): readonly [number, number] => [value & 0xff, value >> 8];
const bigEndian = (value: number): readonly [number, number] => [value >> 8, value & 0xff];

interface Strip {
  readonly type: number;
  readonly times: number;
  readonly scope: Scope;
}
const strips: Readonly<Record<string, Strip>> = {
  glucose: { type: 0, times: 1, scope: { from: 20, to: 600, step: 1, usual: 101, beyond: true } },
  haematocrit: { type: 6, times: 1, scope: { from: 15, to: 65, step: 1, usual: 43 } },
  ketone: { type: 7, times: 30, scope: { from: 0.1, to: 8, step: 0.1, usual: 0.6 } },
  urate: { type: 8, times: 10, scope: { from: 3, to: 20, step: 0.1, usual: 6.4 } },
  cholesterol: { type: 9, times: 1, scope: { from: 100, to: 400, step: 1, usual: 194 } },
  haemoglobin: { type: 11, times: 10, scope: { from: 5, to: 25, step: 0.1, usual: 14.2 } },
  lactate: { type: 12, times: 1, scope: { from: 3, to: 180, step: 1, usual: 18 } },
  triglyceride: { type: 13, times: 1, scope: { from: 50, to: 600, step: 1, usual: 120 } },
};
const highRaw = 601;
const lowRaw = 12;

/** @param meal 0 general, 1 before, 2 after it, 3 a control solution. */
const stripRecord = (raw: number, type: number, meal: number) => [...word(raw), 0, (meal << 6) | (type << 2)];

/** Glucose of a control solution, which is no person's. */
export const controlRecord: readonly number[] = stripRecord(118, 0, 3);

function blood(text: string, nth: number): Made {
  const [item = ""] = text.split("=");
  const strip = strips[item];
  if (strip === undefined)
    throw new Error(`there is no strip for "${item}"; there are ${Object.keys(strips).join(", ")}`);
  const measured = measuredBy(text, { [item]: strip.scope });
  const value = measured[item] ?? NaN;
  const raw = value === Infinity ? highRaw : value === -Infinity ? lowRaw : Math.round(value * strip.times);
  return { value: stripRecord(raw, strip.type, nth % 3), truth: asTruth(measured) };
}

const pressures = {
  systolic: { from: 40, to: 280, step: 1, usual: 124 },
  diastolic: { from: 30, to: 215, step: 1, usual: 79 },
  pulse: { from: 40, to: 199, step: 1, usual: 71 },
};
const pressureRecord = (m: Readonly<Record<keyof typeof pressures, number>>) => [
  ...word(m.systolic),
  m.diastolic,
  m.pulse,
];

const temperatures = { temperature: { from: 32, to: 43, step: 0.1, usual: 36.5 } };
/** The room's in the other word. */
const temperatureRecord = (celsius: number) => [...word(Math.round(celsius * 10)), ...word(251)];

const oxygens = {
  spo2: { from: 70, to: 100, step: 1, usual: 98 },
  pulse: { from: 30, to: 250, step: 1, usual: 72 },
};

const weights = { weight: { from: 2, to: 250, step: 0.1, usual: 70.4 } };
const bodies = {
  ...weights,
  bmi: { from: 10, to: 60, step: 0.1, usual: 23.4 },
  "basal-metabolism": { from: 500, to: 4000, step: 1, usual: 1510 },
  "body-fat": { from: 3, to: 60, step: 0.1, usual: 19.8 },
  "muscle-mass": { from: 10, to: 120, step: 0.1, usual: 52.3 },
  "bone-mass": { from: 0.5, to: 8, step: 0.1, usual: 3 },
  "body-water": { from: 20, to: 80, step: 0.1, usual: 56.1 },
  "visceral-fat": { from: 1, to: 20, step: 0.1, usual: 8 },
};
type Body = Readonly<Record<keyof typeof bodies, number>>;

/** Places count from the head of the message, three bytes before its data; those between are its own business. */
function scaleRecord(length: number, nth: number, places: readonly (readonly [number, number])[]): readonly number[] {
  const message = new Uint8Array(length - 2);
  message.set([24, 7, 15, 9, 41, nth, 1, 0, 168], 3);
  for (const [place, byte] of places) message[place] = byte;
  return Array.from(message.subarray(3));
}
const at = (place: number, raw: number): readonly (readonly [number, number])[] =>
  bigEndian(Math.round(raw)).map((byte, i) => [place + i, byte] as const);
const weightRecord = (weight: number, nth: number) => scaleRecord(32, nth, at(16, weight * 10));
const bodyRecord = (m: Body, nth: number) =>
  scaleRecord(40, nth, [
    ...at(16, m.weight * 10),
    ...at(20, m.bmi * 10),
    ...at(22, m["basal-metabolism"]),
    ...at(24, m["body-fat"] * 10),
    ...at(26, m["muscle-mass"] * 10),
    [28, Math.round(m["bone-mass"] * 10)],
    ...at(29, m["body-water"] * 10),
    [32, Math.round(m["visceral-fat"] * 10)],
    ...at(34, 2100),
    [36, 31],
  ]);
const somebody: Body = {
  weight: 91.2,
  bmi: 30.1,
  "basal-metabolism": 1890,
  "body-fat": 29.9,
  "muscle-mass": 60.2,
  "bone-mass": 3.4,
  "body-water": 48.7,
  "visceral-fat": 14,
};

export const machines: Readonly<Record<Kind, Machine>> = {
  strips: {
    model: "4277",
    takes: seconds(5),
    person: blood,
    others: [stripRecord(301, 0, 0), stripRecord(288, 0, 2)],
    noResult: () => stripRecord(0xffff, 8, 0),
  },
  pressure: {
    model: "3128",
    takes: seconds(32),
    person(text) {
      const measured = measuredBy(text, pressures);
      return { value: pressureRecord(measured), truth: asTruth(measured) };
    },
    others: [
      pressureRecord({ systolic: 188, diastolic: 113, pulse: 99 }),
      pressureRecord({ systolic: 171, diastolic: 104, pulse: 93 }),
    ],
    noResult: (code) => [0, 0, 0, code],
  },
  thermometer: {
    model: "1241",
    takes: millis(3500),
    person(text) {
      const measured = measuredBy(text, temperatures);
      return { value: temperatureRecord(measured.temperature), truth: asTruth(measured) };
    },
    others: [temperatureRecord(39.4), temperatureRecord(38.8)],
    noResult: () => [0xff, 0xff, 0, 0],
  },
  oximeter: {
    model: "8255",
    takes: millis(3200),
    stays: seconds(20),
    person(text) {
      const measured = measuredBy(text, oxygens);
      return { value: [measured.spo2, 0, 0, measured.pulse], truth: asTruth(measured) };
    },
    others: [
      [88, 0, 0, 121],
      [90, 0, 0, 117],
    ],
    noResult: () => [0, 0, 0, 0],
  },
  scale: {
    model: "2555",
    takes: seconds(4),
    question: command.weight2555,
    person(text, nth) {
      const measured = measuredBy(text, weights);
      return { value: weightRecord(measured.weight, nth), truth: asTruth(measured) };
    },
    others: [weightRecord(91.2, 57), weightRecord(104.8, 58)],
    noResult: () => weightRecord(0, 59),
  },
  "body-scale": {
    model: "2551",
    takes: seconds(8),
    question: command.weight,
    person(text, nth) {
      const measured = measuredBy(text, bodies);
      return { value: bodyRecord(measured, nth), truth: asTruth(measured) };
    },
    others: [bodyRecord(somebody, 57), bodyRecord({ ...somebody, weight: 90.7 }, 58)],
    noResult: () => scaleRecord(40, 59, []),
  },
};
