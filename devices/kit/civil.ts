import { millis, type Millis } from "./clock.ts";

/** Date and time of day as a clock on the wall tells it. */
export interface CivilTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** China has one time, UTC+8, the whole year. */
const ahead = 8 * 3_600_000;
const day = 86_400_000;
const daysOf400Years = 146_097;
/** From 1 March of the year 0 to 1 January 1970. */
const daysTo1970 = 719_468;

/** What clocks in China show. */
export function chinaTime(utc: Millis): CivilTime {
  const local = utc + ahead;
  const days = Math.floor(local / day) + daysTo1970;
  const seconds = Math.floor((local - Math.floor(local / day) * day) / 1000);
  // Years begin in March here, so that the leap day is the last of its year.
  const era = Math.floor(days / daysOf400Years);
  const ofEra = days - era * daysOf400Years;
  const year = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const marchMonth = Math.floor((5 * ofYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: year + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: ofYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
  };
}

/** When a clock in China shows this. */
export function utcOf({ year, month, day: date, hour, minute, second }: CivilTime): Millis {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const ofEra = marchYear - era * 400;
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + date - 1;
  const days =
    era * daysOf400Years + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - daysTo1970;
  return millis(days * day + ((hour * 60 + minute) * 60 + second) * 1000 - ahead);
}
