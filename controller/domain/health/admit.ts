import type { Reading } from "../../../devices/health/capability.ts";
import { converted } from "./convert.ts";
import { figures, type Figure } from "./figure.ts";
import type { Shown } from "./shown.ts";

/** What keeps a number from being shown. */
export type Doubt =
  /** Lower, or higher, than is believed. */
  | "too-low"
  | "too-high"
  /** The diastolic is not below the systolic, or the mean not between the two. */
  | "contradictory"
  /** Half a blood pressure, or its other half is in doubt. */
  | "incomplete";

/**
 * Every reading is answered. One in doubt may be a true and dangerous one (a pulse of 190), so the person hears: it could
 * not be measured reliably, repeat; if you feel unwell, call the staff or 120. It carries no number that could be shown.
 */
export type Admission =
  | { readonly is: "shown"; readonly shown: Shown }
  | { readonly is: "doubtful"; readonly figure: Figure; readonly why: Doubt };

/**
 * HI needs no top, LO no bottom: beyond the instrument's own range is an answer. A bound on the wrong side is none:
 * "above 0.1" could be any value.
 */
function doubtOf({ figure, value, comparator }: Shown): Doubt | undefined {
  const { low, high } = figures[figure].plausible;
  if (comparator !== "<" && value < low) return "too-low";
  if (comparator !== ">" && value > high) return "too-high";
  return undefined;
}

const pressures: readonly Figure[] = ["systolic", "diastolic", "mean-arterial"];

/** A blood pressure stands or falls as a whole. */
function doubtOfPressure(all: readonly Shown[]): Doubt | undefined {
  const [systolic, diastolic, mean] = pressures.map((part) => all.find(({ figure }) => figure === part));
  if (systolic === undefined && diastolic === undefined && mean === undefined) return undefined;
  if (systolic === undefined || diastolic === undefined) return "incomplete";
  if (systolic.value <= diastolic.value) return "contradictory";
  if (mean !== undefined && (mean.value > systolic.value || mean.value < diastolic.value)) return "contradictory";
  return [systolic, diastolic, mean].some((part) => part !== undefined && doubtOf(part) !== undefined)
    ? "incomplete"
    : undefined;
}

/**
 * Converts what one measurement gave, and lets through what may be believed.
 * @returns one answer for each reading, in its order.
 * @throws Error where a driver gave an item in a unit that it never has.
 */
export function admitted(readings: readonly Reading[]): readonly Admission[] {
  const all = readings.map(converted);
  const pressure = doubtOfPressure(all);
  return all.map((shown): Admission => {
    const { figure } = shown;
    const why = doubtOf(shown) ?? (pressures.includes(figure) ? pressure : undefined);
    return why === undefined ? { is: "shown", shown } : { is: "doubtful", figure, why };
  });
}
