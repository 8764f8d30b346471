import type { Note, Reading, Unit } from "../../../devices/health/capability.ts";
import { figures, type Figure } from "./figure.ts";

/** A figure as the person reads it. Classes and rules judge this number and no hidden digits behind it. */
export interface Shown {
  readonly figure: Figure;
  /** Rounded to the figure's decimals. */
  readonly value: number;
  readonly unit: Unit;
  /** The instrument could only say that it lies below (LO) or above (HI) `value`. */
  readonly comparator?: "<" | ">";
  readonly notes: readonly Note[];
  /** As the instrument said it; absent where the figure was reckoned from others. */
  readonly native?: Pick<Reading, "value" | "unit">;
}

/** "5.6", "168.0", ">33.3": always with the figure's decimals. */
export const printed = ({ figure, value, comparator }: Pick<Shown, "figure" | "value" | "comparator">): string =>
  `${comparator ?? ""}${value.toFixed(figures[figure].decimals)}`;

/** Surely as high as that, also where the instrument could only say "above". */
export const reaches = ({ value, comparator }: Shown, limit: number): boolean => comparator !== "<" && value >= limit;

/** Surely above that. */
export const exceeds = ({ value, comparator }: Shown, limit: number): boolean =>
  comparator === ">" ? value >= limit : comparator === undefined && value > limit;

/** Surely below that, also where the instrument could only say "below". */
export const isUnder = ({ value, comparator }: Shown, limit: number): boolean =>
  comparator === "<" ? value <= limit : comparator === undefined && value < limit;
