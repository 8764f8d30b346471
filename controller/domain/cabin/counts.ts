import type { Item } from "../../../devices/health/capability.ts";
import type { Day } from "../credential.ts";

/** How many were measured since `since`, and what: sums that name nobody, and are told only in groups of ten and more. */
export interface Counts {
  /** The first day that is counted in them. */
  readonly since: Day;
  readonly people: number;
  readonly items: Readonly<Partial<Record<Item, number>>>;
}

export const noCounts: Counts = { since: 0, people: 0, items: {} };
