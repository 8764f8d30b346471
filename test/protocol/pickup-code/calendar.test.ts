import fc from "fast-check";
import { expect, test } from "vitest";
import {
  civil,
  dateOf,
  dayFromCivil,
  dayLabel,
  dayOf,
  minuteOf,
  parseDate,
  parseHours,
  parseInstant,
  spanOfLabel,
  startOf,
  weekLabel,
} from "../../../protocol/pickup-code/calendar.ts";

const day = (text: string) => parseDate(text) ?? Number.NaN;

test("a day begins at midnight in UTC+8, whatever the machine's zone", () => {
  expect(dateOf(dayOf(Date.parse("2026-07-14T15:59:59.999Z")))).toBe("2026-07-14");
  expect(dateOf(dayOf(Date.parse("2026-07-14T16:00:00Z")))).toBe("2026-07-15");
  expect(startOf(day("2026-07-15"))).toBe(Date.parse("2026-07-14T16:00:00Z"));
  expect(minuteOf(Date.parse("2026-07-14T16:00:00Z"))).toBe(0);
  expect(minuteOf(Date.parse("2026-07-15T15:59:59Z"))).toBe(1439);
  expect(dateOf(dayOf(0))).toBe("1970-01-01");
  expect(dateOf(dayOf(-8 * 3_600_000 - 1))).toBe("1969-12-31");
});

test("civil dates agree with the language's own calendar", () => {
  fc.assert(
    fc.property(fc.integer({ min: -200_000, max: 200_000 }), (n) => {
      const own = new Date(n * 86_400_000);
      expect(civil(n)).toEqual({ year: own.getUTCFullYear(), month: own.getUTCMonth() + 1, day: own.getUTCDate() });
      expect(dayFromCivil(civil(n))).toBe(n);
    }),
  );
});

test("labels name days and ISO weeks, and give their days back", () => {
  expect(dayLabel(day("2026-07-15"))).toBe("20260715");
  expect(weekLabel(day("2026-07-15"))).toBe("2026-W29");
  expect(spanOfLabel("20260715")).toEqual({ first: day("2026-07-15"), last: day("2026-07-15") });
  expect(spanOfLabel("2026-W29")).toEqual({ first: day("2026-07-13"), last: day("2026-07-19") });
});

test("an ISO week belongs to the year of its Thursday", () => {
  const rows = {
    "2026-01-01": "2026-W01",
    "2025-12-29": "2026-W01",
    "2025-12-28": "2025-W52",
    "2027-01-03": "2026-W53",
    "2027-01-04": "2027-W01",
    "2021-01-03": "2020-W53",
    "2024-12-31": "2025-W01",
  };
  for (const [date, label] of Object.entries(rows)) expect(weekLabel(day(date))).toBe(label);
  expect(spanOfLabel("2026-W53")?.last).toBe(day("2027-01-03"));
});

test("every day is in its own week, weeks are seven days long and none is left out", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60_000 }), (n) => {
      const span = spanOfLabel(weekLabel(n));
      expect(span && span.first <= n && n <= span.last && span.last - span.first === 6).toBe(true);
      expect(spanOfLabel(dayLabel(n))).toEqual({ first: n, last: n });
    }),
  );
});

test("what is no date, label, time or opening is not read as one", () => {
  for (const text of ["2026-02-30", "2026-7-1", "20260701", "2026-13-01", "2026-00-10", ""])
    expect(parseDate(text)).toBeUndefined();
  for (const text of ["2025-W53", "2026-W00", "2026-W54", "2026W29", "20260230", "spring", ""])
    expect(spanOfLabel(text)).toBeUndefined();
  for (const text of ["2026-07-01", "2026-07-01T24:00:00Z", "2026-07-01T00:00:00+08:00", "2026-02-30T00:00:00Z"])
    expect(parseInstant(text)).toBeUndefined();
  for (const text of ["24:00-24:00", "22:00-06:00", "06:00-06:00", "6:00-7:00", "00:00-24:01", ""])
    expect(parseHours(text)).toBeUndefined();
});

test("times of signing and opening hours are read exactly", () => {
  expect(parseInstant("2026-07-01T04:05:06Z")).toBe(Date.parse("2026-07-01T04:05:06Z"));
  expect(parseInstant("2026-07-01T04:05:06.789Z")).toBe(Date.parse("2026-07-01T04:05:06.789Z"));
  expect(parseHours("00:00-24:00")).toEqual({ opens: 0, closes: 1440 });
  expect(parseHours("06:00-22:30")).toEqual({ opens: 360, closes: 1350 });
});
