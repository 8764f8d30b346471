import { err, ok, type Result } from "../../../devices/kit/result.ts";
import { dateOf, dayOf, minuteOf, parseDate, parseInstant, startOf } from "../../../protocol/pickup-code/calendar.ts";
import { quarterLimit, secondsAQuarter } from "../../../protocol/pickup-code/token.ts";

/** From when a token is good, and how long. */
export interface Lifetime {
  /** UTC seconds since 1970. */
  readonly notBefore: number;
  /** Quarter hours. */
  readonly quarters: number;
  /** "2026-07-15 08:00", UTC+8. */
  readonly fromText: string;
  readonly untilText: string;
}

const quartersA = { m: 1 / 15, h: 4, d: 96 } as const;

/**
 * @param from a day, which begins at midnight in UTC+8, or an instant in UTC; absent: now.
 * @param lasts such as "30m", "2h" or "7d".
 */
export function lifetimeOf(from: string | undefined, lasts: string, now: number): Result<Lifetime, string> {
  const begins = from === undefined ? now : beginOf(from);
  if (begins === undefined || begins < 0)
    return err(`--from ${from}: expected a day such as 2026-07-15, or a time in UTC such as 2026-07-15T00:30:00Z.`);
  const [, number = "", unit = ""] = /^(\d{1,6})([mhd])$/.exec(lasts) ?? [];
  const quarters = Number(number) * (quartersA[unit as keyof typeof quartersA] ?? Number.NaN);
  if (!Number.isInteger(quarters) || quarters < 1 || quarters > quarterLimit)
    return err(
      `--lasts ${lasts}: expected whole quarter hours, at least one and at most ${Math.floor(quarterLimit / quartersA.d)} days, such as 30m, 2h or 7d.`,
    );
  const notBefore = Math.floor(begins / 1000);
  const until = (notBefore + quarters * secondsAQuarter) * 1000;
  return ok({ notBefore, quarters, fromText: clockText(notBefore * 1000), untilText: clockText(until) });
}

function beginOf(text: string): number | undefined {
  const day = parseDate(text);
  return day === undefined ? parseInstant(text) : startOf(day);
}

function clockText(utc: number): string {
  const minute = minuteOf(utc);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${dateOf(dayOf(utc))} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
