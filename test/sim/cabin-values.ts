import type { Item } from "../../devices/health/capability.ts";
import type { Dice } from "../kit/dice.ts";

// What people of a simulated day have. No two measurements of a day show the same number of an item, so that a number on the
// glass names the one that it came from. The conversions are reckoned here anew, in floating point, and not by the kiosk.

/** What a person may show of an item, in the unit of the glass. */
interface Width {
  readonly from: number;
  readonly to: number;
  readonly decimals: number;
}
const width = (from: number, to: number, decimals: number): Width => ({ from, to, decimals });

/** Wide enough for everybody of a day, and calm enough that no rule calls for help. */
const widths: Partial<Readonly<Record<Item, Width>>> = {
  systolic: width(106, 177, 0),
  diastolic: width(42, 104, 0),
  pulse: width(51, 119, 0),
  spo2: width(90, 100, 0),
  perfusion: width(1, 19.9, 1),
  temperature: width(35.1, 37.8, 1),
  height: width(145.1, 199.9, 1),
  weight: width(45.1, 109.9, 1),
  bmi: width(18.1, 33.9, 1),
  "body-water": width(40.1, 69.9, 1),
  glucose: width(4.1, 12.9, 1),
  urate: width(185, 590, 0),
  cholesterol: width(2.7, 9.9, 2),
  triglyceride: width(0.6, 5.5, 2),
  haemoglobin: width(81, 189, 0),
  haematocrit: width(21, 64, 0),
  ketone: width(0.2, 7.9, 1),
  lactate: width(0.5, 6.5, 1),
};

/** What one of the glass's unit is in the instrument's, and how finely the instrument tells. */
const factors: Readonly<Record<string, { readonly shown: (value: number) => number; readonly decimals: number }>> = {
  "glucose mg/dL": { shown: (mg) => mg / 18.016, decimals: 0 },
  "urate mg/dL": { shown: (mg) => mg * 59.48, decimals: 1 },
  "urate mmol/L": { shown: (mmol) => mmol * 1000, decimals: 2 },
  "cholesterol mg/dL": { shown: (mg) => mg / 38.67, decimals: 0 },
  "triglyceride mg/dL": { shown: (mg) => mg / 88.57, decimals: 0 },
  "haemoglobin g/dL": { shown: (gram) => gram * 10, decimals: 1 },
  "lactate mg/dL": { shown: (mg) => mg / 9.008, decimals: 0 },
};

/** What lies in the memories of the simulated instruments from people of other days, in the unit of the glass. */
const strangers: Partial<Readonly<Record<Item, readonly number[]>>> = {
  systolic: [163, 166, 171, 188],
  diastolic: [99, 102, 103, 104],
  pulse: [91, 92, 93, 99, 101, 117],
  spo2: [91, 88, 90],
  perfusion: [0.7],
  height: [174.2, 183.2, 188.6],
  weight: [71.4, 91.2, 97.4, 104.8],
  bmi: [23.5, 29],
  "body-water": [53.9],
  glucose: [6.5, 8.7, 9, 9.8, 11.2],
  urate: [520],
  cholesterol: [6.8],
};

const decimalsOf = (item: Item): number => widths[item]?.decimals ?? 0;

/** As the glass prints a value that an instrument told in `unit`; in the glass's own unit where nothing is converted. */
export function printedOf(item: Item, native: number, unit = ""): string {
  const shown = factors[`${item} ${unit}`]?.shown ?? ((value: number) => value);
  const decimals = decimalsOf(item);
  const value = shown(native);
  // A hair upwards: halves are told apart from what binary fractions make of them.
  return (Math.round((value + 1e-9) * 10 ** decimals) / 10 ** decimals).toFixed(decimals);
}

/** All numbers that an instrument may tell of an item, by what the glass makes of them. */
function natives(item: Item, unit: string): ReadonlyMap<string, number> {
  const { from, to } = widths[item] ?? width(0, 0, 0);
  const { shown = (value: number) => value, decimals = decimalsOf(item) } = factors[`${item} ${unit}`] ?? {};
  const step = 10 ** -decimals;
  const known = new Map<string, number>();
  const most = Math.ceil(to / Math.abs(shown(step)));
  for (let n = Math.floor(from / Math.abs(shown(step))); n <= most; n++) {
    const native = Number((n * step).toFixed(decimals));
    const value = shown(native);
    if (value >= from && value <= to && !known.has(printedOf(item, native, unit)))
      known.set(printedOf(item, native, unit), native);
  }
  for (const value of strangers[item] ?? []) known.delete(value.toFixed(decimalsOf(item)));
  return known;
}
const tables = new Map<string, ReadonlyMap<string, number>>();
function table(item: Item, unit: string): ReadonlyMap<string, number> {
  const key = `${item} ${unit}`;
  const made = tables.get(key) ?? natives(item, unit);
  tables.set(key, made);
  return made;
}

/** In this order people of a day get blood pressures: so many that lie near each other, and one far off. */
const near = 3;
const pairs = 12;

interface Pressures {
  readonly systolic: number[];
  readonly far: number[];
  readonly diastolic: number[];
}

/** The values of a day that nobody has yet. */
export class DayValues {
  readonly #left = new Map<Item, string[]>();
  readonly #dice: Dice;
  readonly #pressures: Pressures[];

  constructor(dice: Dice) {
    this.#dice = dice;
    const block = (from: number, nth: number): number[] =>
      Array.from({ length: near }, (_, n) => from + nth * near + n);
    this.#pressures = this.#mixed(
      Array.from({ length: pairs }, (_, n) => ({
        systolic: block(106, n),
        far: block(106 + pairs * near, n),
        diastolic: block(42, n),
      })),
    );
  }

  /** One value of an item in the unit of its instrument; undefined where all are taken. */
  take(item: Item, unit = ""): number | undefined {
    const left = this.#left.get(item) ?? this.#mixed([...table(item, unit).keys()]);
    this.#left.set(item, left);
    const at = left.findIndex((shown) => table(item, unit).has(shown));
    if (at < 0) return undefined;
    const [shown = ""] = left.splice(at, 1);
    return table(item, unit).get(shown);
  }

  /** Blood pressures of one person: each asking gives another, `far`: more than a little away from the ones before. */
  pressures(): (far: boolean) => { readonly systolic: number; readonly diastolic: number } | undefined {
    let mine = this.#pressures.pop();
    return (far) => {
      if (mine?.diastolic.length === 0 || mine?.systolic.length === 0) mine = this.#pressures.pop();
      const systolic = (far ? mine?.far : mine?.systolic)?.pop();
      const diastolic = mine?.diastolic.pop();
      return systolic === undefined || diastolic === undefined ? undefined : { systolic, diastolic };
    };
  }

  #mixed<T>(all: T[]): T[] {
    for (let n = all.length - 1; n > 0; n--) {
      const other = this.#dice.between(0, n + 1);
      [all[n], all[other]] = [all[other] as T, all[n] as T];
    }
    return all;
  }
}
