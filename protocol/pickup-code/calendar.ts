/** A day counted from 1970-01-01 in UTC+8. Codes know no other zone, whatever the machine's. */
export type Day = number;

export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** First and last day, both included. */
export interface Span {
  readonly first: Day;
  readonly last: Day;
}

const msPerDay = 86_400_000;
const eastOfGreenwich = 8 * 3_600_000;
const daysPer400Years = 146_097;
/** 1970-01-01 counted from 0000-03-01: with March first, the leap day is the last of its year. */
const epochFromMarchZero = 719_468;

/** The day in UTC+8 on which the UTC time `utc` (milliseconds since 1970) falls. */
export const dayOf = (utc: number): Day => Math.floor((utc + eastOfGreenwich) / msPerDay);

/** The UTC time at which `day` begins in UTC+8. */
export const startOf = (day: Day): number => day * msPerDay - eastOfGreenwich;

/** Minutes since midnight in UTC+8. */
export const minuteOf = (utc: number): number => Math.floor((utc + eastOfGreenwich) / 60_000) - dayOf(utc) * 1440;

export function civil(day: Day): CivilDate {
  const shifted = day + epochFromMarchZero;
  const era = Math.floor(shifted / daysPer400Years);
  const ofEra = shifted - era * daysPer400Years;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * ofYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: ofYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
}

export function dayFromCivil(date: CivilDate): Day {
  const year = date.month <= 2 ? date.year - 1 : date.year;
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const marchMonth = date.month > 2 ? date.month - 3 : date.month + 9;
  const ofYear = Math.floor((153 * marchMonth + 2) / 5) + date.day - 1;
  const ofEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + ofYear;
  return era * daysPer400Years + ofEra - epochFromMarchZero;
}

const padded = (n: number, width: number): string => String(n).padStart(width, "0");

/** "2026-07-15". */
export function dateOf(day: Day): string {
  const { year, month, day: ofMonth } = civil(day);
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(ofMonth, 2)}`;
}

/** "20260715", the label of a day's epoch. */
export const dayLabel = (day: Day): string => dateOf(day).replaceAll("-", "");

/** 0 on Monday; 1970-01-01 was a Thursday. */
const weekday = (day: Day): number => (((day + 3) % 7) + 7) % 7;
const mondayOf = (day: Day): Day => day - weekday(day);

/** "2026-W29", the label of a week's epoch. ISO 8601: weeks begin on Monday and belong to the year of their Thursday. */
export function weekLabel(day: Day): string {
  const thursday = mondayOf(day) + 3;
  const { year } = civil(thursday);
  const newYear = dayFromCivil({ year, month: 1, day: 1 });
  return `${padded(year, 4)}-W${padded(Math.floor((thursday - newYear) / 7) + 1, 2)}`;
}

/** Reads "2026-07-01"; undefined where there is no such date. */
export function parseDate(text: string): Day | undefined {
  const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (!found) return undefined;
  const day = dayFromCivil({ year: Number(found[1]), month: Number(found[2]), day: Number(found[3]) });
  return dateOf(day) === text ? day : undefined;
}

/** The days of a day label ("20260715") or of a week label ("2026-W29"); undefined for anything else, a batch id included. */
export function spanOfLabel(label: string): Span | undefined {
  const date = /^(\d{4})(\d\d)(\d\d)$/.exec(label);
  if (date) {
    const day = parseDate(`${date[1]}-${date[2]}-${date[3]}`);
    return day === undefined ? undefined : { first: day, last: day };
  }
  const week = /^(\d{4})-W(\d\d)$/.exec(label);
  if (!week) return undefined;
  const firstMonday = mondayOf(dayFromCivil({ year: Number(week[1]), month: 1, day: 4 }));
  const first = firstMonday + (Number(week[2]) - 1) * 7;
  return weekLabel(first) === label ? { first, last: first + 6 } : undefined;
}

/** Reads "2026-07-01T04:00:00Z" or with milliseconds, as UTC milliseconds since 1970; undefined where there is no such time. */
export function parseInstant(text: string): number | undefined {
  const found = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{3}))?Z$/.exec(text);
  if (!found) return undefined;
  const day = parseDate(found[1] ?? "");
  if (day === undefined) return undefined;
  const clock = (Number(found[2]) * 60 + Number(found[3])) * 60 + Number(found[4]);
  return day * msPerDay + clock * 1000 + Number(found[5] ?? 0);
}

/** "2026-07-01T04:00:00.000Z", as parseInstant reads it. */
export function instantOf(utc: number): string {
  const [day, rest] = [Math.floor(utc / msPerDay), utc - Math.floor(utc / msPerDay) * msPerDay];
  const part = (unit: number, of: number): string => padded(Math.floor(rest / unit) % of, 2);
  const clock = `${part(3_600_000, 24)}:${part(60_000, 60)}:${part(1000, 60)}`;
  return `${dateOf(day)}T${clock}.${padded(rest % 1000, 3)}Z`;
}

/** Reads "06:00-22:30" as minutes after midnight. Hours past midnight are not for one entry: it must open before it closes. */
export function parseHours(text: string): { readonly opens: number; readonly closes: number } | undefined {
  const found = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/.exec(text);
  if (!found) return undefined;
  const opens = Number(found[1]) * 60 + Number(found[2]);
  const closes = found[3] === undefined ? 1440 : Number(found[3]) * 60 + Number(found[4]);
  return opens < closes ? { opens, closes } : undefined;
}
