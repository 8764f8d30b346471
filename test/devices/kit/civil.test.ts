import * as fc from "fast-check";
import { expect, test } from "vitest";
import { chinaTime, utcOf } from "../../../devices/kit/civil.ts";
import { millis } from "../../../devices/kit/clock.ts";

const ahead = 8 * 3_600_000;

test("a clock in China shows what the system's calendar shows for UTC+8, from 2000 to 2100", () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2100, 0, 1) }), (utc) => {
      const date = new Date(utc + ahead);
      expect(chinaTime(millis(utc))).toEqual({
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
        hour: date.getUTCHours(),
        minute: date.getUTCMinutes(),
        second: date.getUTCSeconds(),
      });
      expect(utcOf(chinaTime(millis(utc)))).toBe(Math.floor(utc / 1000) * 1000);
    }),
    { numRuns: 1000 },
  );
});

test.each([
  [Date.UTC(2024, 1, 28, 16), "2024-2-29 0:0:0"],
  [Date.UTC(2025, 11, 31, 15, 59, 59), "2025-12-31 23:59:59"],
  [Date.UTC(2026, 1, 28, 16), "2026-3-1 0:0:0"],
  [Date.UTC(1970, 0, 1), "1970-1-1 8:0:0"],
])("%i is %s there", (utc, shown) => {
  const { year, month, day, hour, minute, second } = chinaTime(millis(utc));
  expect(`${year}-${month}-${day} ${hour}:${minute}:${second}`).toBe(shown);
});
