import { millis, type Millis } from "../../devices/kit/clock.ts";
import { civil, dayOf, minuteOf, startOf, type Day } from "../../protocol/pickup-code/calendar.ts";

/** A time as the station's wall clock and calendar tell it: UTC+8, the whole year. */
export interface When {
  readonly day: Day;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly date: number;
  /** Minutes after midnight; 1440 where the end of a day is meant. */
  readonly minute: number;
}

export const whenAt = (utc: Millis): When => ({ ...dateOf(dayOf(utc)), minute: minuteOf(utc) });

/** An end that falls on midnight is the 24:00 of the day before: nobody reads "valid until 1 October 00:00" rightly. */
export function whenEnds(utc: Millis): When {
  const midnight = startOf(dayOf(utc)) === utc;
  return midnight ? { ...dateOf(dayOf(millis(utc - 1))), minute: 1440 } : whenAt(utc);
}

/** "06:00", and "24:00" for the end of a day. */
export const clockFace = (minute: number): string => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;

/** What is left of a wait, "04:05", rounded up so that it never shows 00:00 before its end. */
export const countdown = (left: Millis): string => clockFace(Math.max(0, Math.ceil(left / 1000)));

function dateOf(day: Day): { readonly day: Day; readonly month: number; readonly date: number } {
  const { month, day: date } = civil(day);
  return { day, month, date };
}

const two = (n: number): string => String(n).padStart(2, "0");
