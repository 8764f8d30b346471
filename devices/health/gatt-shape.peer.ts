import type { Scope } from "../kit/acting.ts";
import type { ServiceName } from "./gatt-service.ts";

// How the simulated instrument puts what it measured into its characteristics [instruments.md 2.9]. Reckoned from the
// profiles of the Bluetooth SIG, and not from the parsers.

export type Measured = Readonly<Record<string, number>>;

interface Said {
  readonly of: string;
  readonly bytes: readonly number[];
}

export interface Shape {
  /** `other` is what somebody else had. */
  readonly scopes: Readonly<Record<string, Scope & { readonly other?: number }>>;
  readonly characteristics: readonly string[];
  /** What must be wanted, or written, before it speaks. */
  readonly ready: readonly string[];
  readonly seconds: number;
  /** Only one of its items is measured at a time. */
  readonly alone?: boolean;
  /** It is connected while it measures, and tells the pressure of the cuff. */
  readonly cuff?: boolean;
  result?(measured: Measured, at: readonly number[], failed: boolean): Said | undefined;
  /** Each second; without a person it finds no pulse. */
  moment?(measured: Measured | undefined): readonly Said[];
}

const word = (value: number): readonly number[] => [value & 0xff, (value >> 8) & 0xff];
/** SFLOAT of so many tenths, hundredths... */
const short = (mantissa: number, exponent = 0): readonly number[] =>
  word(((exponent & 0x0f) << 12) | (Math.round(mantissa) & 0x0fff));
const noNumber = word(0x07ff);

const whole = (from: number, to: number, usual: number, other: number) => ({ from, to, step: 1, usual, other });
const finger = { spo2: whole(1, 100, 98, 91), pulse: whole(20, 250, 71, 118) };
const perfusion = { from: 0.1, to: 20, step: 0.1, usual: 3.1, other: 0.7 };

/** Flags, number of the record, time, SFLOAT in mol/L, capillary blood from a finger. */
const glucoseRecord = (flags: number, number: number, at: readonly number[], mantissa: number, exponent: number) => [
  flags,
  ...word(number),
  ...at,
  ...short(mantissa, exponent),
  0x11,
];

const crc8 = (bytes: readonly number[]): number => {
  let crc = 0;
  for (const byte of bytes)
    for (let bit = 0; bit < 8; bit++) {
      const carry = (crc ^ (byte >> bit)) & 1;
      crc = (crc >> 1) ^ (carry ? 0x8c : 0);
    }
  return crc;
};
const sum = (bytes: readonly number[]): number => bytes.reduce((all, byte) => (all + byte) & 0xff, 0);

const pc60Notify = "6e400003-b5a3-f393-e0a9-e50e24dcca9e";
const pc60Frame = (payload: readonly number[]): Said => {
  const frame = [0xaa, 0x55, 0x0f, payload.length + 1, ...payload];
  return { of: pc60Notify, bytes: [...frame, crc8(frame)] };
};

export const shapes: Readonly<Record<ServiceName, Shape>> = {
  pressure: {
    scopes: {
      systolic: whole(60, 260, 127, 163),
      diastolic: whole(30, 215, 76, 102),
      "mean-arterial": whole(30, 230, 97, 121),
      pulse: whole(40, 180, 78, 91),
    },
    characteristics: ["2a35", "2a36"],
    ready: ["2a35", "2a36"],
    seconds: 30,
    cuff: true,
    result(m, at, failed) {
      const value = (item: string) => (failed ? noNumber : short(m[item] ?? 0));
      const pressures = ["systolic", "diastolic", "mean-arterial"].flatMap(value);
      return { of: "2a35", bytes: [0x16, ...pressures, ...at, ...value("pulse"), 0, 0] };
    },
  },
  oximeter: {
    scopes: { ...finger, perfusion },
    characteristics: ["2a5f"],
    ready: ["2a5f"],
    seconds: 18,
    moment(m) {
      if (m === undefined) return [{ of: "2a5f", bytes: [0x10, ...noNumber, ...noNumber, ...noNumber] }];
      const numbers = [...short(m["spo2"] ?? 0), ...short(m["pulse"] ?? 0), ...short((m["perfusion"] ?? 0) * 10, -1)];
      return [{ of: "2a5f", bytes: [0x10, ...numbers] }];
    },
  },
  belt: {
    scopes: { pulse: finger.pulse },
    characteristics: ["2a37"],
    ready: ["2a37"],
    seconds: 18,
    // With the times between two beats behind it.
    moment: (m) => [{ of: "2a37", bytes: m ? [0x16, m["pulse"] ?? 0, 0x20, 0x03] : [0x04, 0] }],
  },
  glucose: {
    scopes: { glucose: { from: 1.1, to: 33.3, step: 0.1, usual: 5.4, other: 9.8, beyond: true } },
    characteristics: ["2a18", "2a34", "2a51", "2a52"],
    ready: ["2a18", "2a52", "written 2a52"],
    seconds: 8,
    result(m, at, failed) {
      const glucose = m["glucose"] ?? 0;
      const beyond = glucose === Infinity ? 0x20 : glucose === -Infinity ? 0x40 : 0;
      const tenths = beyond === 0x20 ? 333 : beyond === 0x40 ? 11 : glucose * 10;
      return { of: "2a18", bytes: [...glucoseRecord(0x0e, 7, at, tenths, -4), ...word(failed ? 0x04 : beyond)] };
    },
  },
  benecheck: {
    scopes: {
      glucose: { from: 0.6, to: 33.3, step: 0.1, usual: 5.4, other: 9.8 },
      urate: { from: 0.18, to: 1.19, step: 0.01, usual: 0.35, other: 0.52 },
      cholesterol: { from: 2.6, to: 10.4, step: 0.1, usual: 4.7, other: 6.8 },
    },
    characteristics: ["2a18"],
    ready: ["2a18"],
    seconds: 12,
    alone: true,
    result(m, at) {
      const [item = "", value = 0] = Object.entries(m)[0] ?? [];
      const mark = item === "glucose" ? 0x41 : item === "urate" ? 0x51 : 0x61;
      const [mantissa, exponent] = item === "urate" ? [value * 100, -5] : [value * 10, -4];
      return { of: "2a18", bytes: glucoseRecord(0x06, mark, at, mantissa, exponent) };
    },
  },
  temperature: {
    scopes: { temperature: { from: 32, to: 43, step: 0.1, usual: 36.6, other: 38.9 } },
    characteristics: ["2a1c"],
    ready: ["2a1c"],
    seconds: 4,
    result(m, at, failed) {
      const tenths = Math.round((m["temperature"] ?? 0) * 10);
      return { of: "2a1c", bytes: [0x06, ...(failed ? [0xff, 0xff, 0x7f, 0] : [...word(tenths), 0, 0xff]), ...at, 3] };
    },
  },
  weight: {
    scopes: {
      weight: { from: 2, to: 200, step: 0.1, usual: 70.4, other: 91.2 },
      height: { from: 1, to: 2, step: 0.001, usual: 1.72, other: 1.81 },
      bmi: { from: 10, to: 60, step: 0.1, usual: 23.8, other: 27.8 },
    },
    characteristics: ["2a9d"],
    ready: ["2a9d"],
    seconds: 5,
    result(m, _at, failed) {
      const weight = failed ? 0xffff : Math.round((m["weight"] ?? 0) * 200);
      const more = [...word(Math.round((m["bmi"] ?? 0) * 10)), ...word(Math.round((m["height"] ?? 0) * 1000))];
      return { of: "2a9d", bytes: [0x08, ...word(weight), ...more] };
    },
  },
  composition: {
    scopes: {
      "body-fat": { from: 3, to: 60, step: 0.1, usual: 22.5, other: 31 },
      "muscle-mass": { from: 20, to: 70, step: 0.1, usual: 41.2, other: 35.5 },
      "body-water": { from: 10, to: 120, step: 0.1, usual: 40.1, other: 44.2 },
      "basal-metabolism": { from: 500, to: 20_000, step: 1, usual: 6700, other: 7400 },
    },
    characteristics: ["2a9c"],
    ready: ["2a9c"],
    seconds: 5,
    result(m, _at, failed) {
      const body = [
        ...word(Math.round((m["basal-metabolism"] ?? 0) * 1)),
        ...word(Math.round((m["muscle-mass"] ?? 0) * 10)),
        ...word(Math.round((m["body-water"] ?? 0) * 200)),
        ...word(3925),
      ];
      // Feet that were not bare give the stub.
      return {
        of: "2a9c",
        bytes: [...word(0x0318), ...(failed ? word(0) : word(Math.round((m["body-fat"] ?? 0) * 10))), ...body],
      };
    },
  },
  "pc-60fw": {
    scopes: { ...finger, perfusion },
    characteristics: [pc60Notify],
    ready: [pc60Notify],
    seconds: 18,
    moment(m) {
      const perfusion = Math.round((m?.["perfusion"] ?? 0) * 10);
      const numbers = [0x01, m?.["spo2"] ?? 0, ...word(m?.["pulse"] ?? 0), perfusion, 0, 0xc0];
      return [pc60Frame([0x02, 59, 56, 53, 50, 47]), pc60Frame(numbers)];
    },
  },
  ichoice: {
    scopes: finger,
    characteristics: ["cd01", "cd02", "cd03", "cd04", "cd20"],
    ready: ["cd01", "cd02", "cd03", "cd04", "written cd20"],
    seconds: 18,
    moment(m) {
      const body = [0x03, m?.["spo2"] ?? 0x7f, m?.["pulse"] ?? 0xff];
      return [{ of: "cd04", bytes: [0x55, 0xaa, ...body, sum(body)] }];
    },
  },
};
