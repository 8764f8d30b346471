import type { Day } from "./credential.ts";

/** Credentials of several stations that were given without the centre on the day `day`. */
export interface Escrow {
  readonly day: Day;
  readonly count: number;
}

/** What a credential's use says of it: the day on whose escrow it stands. */
interface Charged {
  readonly escrow?: Day;
}

/** A clock that is turned back fills no escrow: the day goes on with the newest that was counted. */
const counting = (escrow: Escrow, day: Day): Escrow => (day > escrow.day ? { day, count: 0 } : escrow);

/** Whether it may be given on that day without the centre. One that stands on the day's escrow costs nothing more. */
export function affords(escrow: Escrow, use: Charged | undefined, limit: number, day: Day): boolean {
  const now = counting(escrow, day);
  return use?.escrow === now.day || now.count < limit;
}

/** The escrow after an attempt without the centre; undefined where the credential stands on it already. */
export function charged(escrow: Escrow, use: Charged | undefined, day: Day): Escrow | undefined {
  const now = counting(escrow, day);
  return use?.escrow === now.day ? undefined : { ...now, count: now.count + 1 };
}

/** A proven failure gives back what its own attempt had cost. */
export const givenBack = (escrow: Escrow, day: Day): Escrow =>
  escrow.day === day ? { ...escrow, count: escrow.count - 1 } : escrow;
