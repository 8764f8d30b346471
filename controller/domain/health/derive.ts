import type { Note } from "../../../devices/health/capability.ts";
import { reckoned } from "./decimal.ts";
import { figures, type Figure } from "./figure.ts";
import type { Shown } from "./shown.ts";

/** Both halves of one blood pressure, in mmHg. */
export interface Pressure {
  readonly systolic: number;
  readonly diastolic: number;
}

const notesOf = (...of: readonly Shown[]): readonly Note[] => [...new Set(of.flatMap(({ notes }) => notes))];

/** Of "above 10" and "below 3" nothing exact can be reckoned. */
const isExact = (...of: readonly Shown[]): boolean => of.every(({ comparator }) => comparator === undefined);

function derived(figure: Figure, value: number, of: readonly Shown[]): Shown | undefined {
  const { unit, plausible } = figures[figure];
  const believed = isExact(...of) && value >= plausible.low && value <= plausible.high;
  return believed ? { figure, value, unit, notes: notesOf(...of) } : undefined;
}

/** Body mass index of a height in cm and a weight in kg; none where it cannot be that of an adult. */
export function bmiOf(height: Shown, weight: Shown): Shown | undefined {
  const squared = reckoned(height.value, { times: height.value }, 2);
  return derived("bmi", reckoned(weight.value, { times: 10_000, by: squared }, figures.bmi.decimals), [height, weight]);
}

export function waistToHip(waist: Shown, hip: Shown): Shown | undefined {
  const value = reckoned(waist.value, { by: hip.value }, figures["waist-to-hip"].decimals);
  return derived("waist-to-hip", value, [waist, hip]);
}

/** Total cholesterol less HDL, of one blood drop. */
export function nonHdl(cholesterol: Shown, hdl: Shown): Shown | undefined {
  const value = reckoned(cholesterol.value, { minus: hdl.value }, figures["non-hdl"].decimals);
  return derived("non-hdl", value, [cholesterol, hdl]);
}

/** The blood pressures among what was shown, in order: admission lets both halves through, or none. */
export function pressuresOf(all: readonly Shown[]): readonly Pressure[] {
  const diastolic = all.filter(({ figure }) => figure === "diastolic");
  return all
    .filter(({ figure }) => figure === "systolic")
    .flatMap(({ value }, i) => {
      const other = diastolic[i];
      return other === undefined ? [] : [{ systolic: value, diastolic: other.value }];
    });
}

/** The mean, a half upwards. Three readings count alike [S40]. */
export function meanPressure(readings: readonly Pressure[]): Pressure | undefined {
  if (readings.length === 0) return undefined;
  const mean = (part: (one: Pressure) => number): number =>
    reckoned(
      readings.reduce((sum, one) => sum + part(one), 0),
      { by: readings.length },
      0,
    );
  return { systolic: mean(({ systolic }) => systolic), diastolic: mean(({ diastolic }) => diastolic) };
}

/** Two readings that lie further apart than `apart` mmHg in either half ask for a third. */
export function needsThird(readings: readonly Pressure[], apart: number): boolean {
  const [first, second, third] = readings;
  if (first === undefined || second === undefined || third !== undefined) return false;
  return Math.abs(first.systolic - second.systolic) > apart || Math.abs(first.diastolic - second.diastolic) > apart;
}
