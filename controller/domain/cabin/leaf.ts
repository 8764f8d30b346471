import type { Flag } from "../health/findings.ts";
import type { Figure } from "../health/figure.ts";
import type { Results, ToldFigure } from "./results.ts";

/** One row of the results, as large as whoever left the glasses at home needs it. */
export type Row =
  | { readonly is: "flag"; readonly flag: Flag }
  | { readonly is: "figure"; readonly told: ToldFigure }
  /** Measured, and not believed: said without a number. */
  | { readonly is: "doubtful"; readonly figure: Figure };

/** As many rows as 7 inches of glass hold. */
export const rowsALeaf = 3;

/** Items of a check-up pass beside its keypad. */
export const ticksALeaf = 4;

/** What to do comes first, then the numbers, then what has to be measured again. */
export const rowsOf = ({ flags, figures, doubtful }: Results): readonly Row[] => [
  ...flags.map((flag): Row => ({ is: "flag", flag })),
  ...figures.map((told): Row => ({ is: "figure", told })),
  ...doubtful.map((figure): Row => ({ is: "doubtful", figure })),
];

/** How many leaves so many rows take; at least one. */
export const leavesOf = (rows: number, aLeaf: number): number => Math.max(1, Math.ceil(rows / aLeaf));
