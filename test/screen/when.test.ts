import { expect, it } from "vitest";
import { clockFace, countdown, whenAt, whenEnds } from "../../controller/screen/when.ts";
import { millis, seconds } from "../../devices/kit/clock.ts";

const utc = (text: string) => millis(Date.parse(text));

it("tells the time of UTC+8, whatever the machine's zone", () => {
  expect(whenAt(utc("2026-10-07T06:05:59Z"))).toMatchObject({ month: 10, date: 7, minute: 845 });
  expect(whenAt(utc("2026-12-31T16:00:00Z"))).toMatchObject({ month: 1, date: 1, minute: 0 });
  expect(whenAt(utc("2028-02-28T16:00:00Z"))).toMatchObject({ month: 2, date: 29, minute: 0 });
});

it("calls the end of a day 24:00 of that day, and any other end by its minute", () => {
  expect(whenEnds(utc("2026-09-30T16:00:00Z"))).toMatchObject({ month: 9, date: 30, minute: 1440 });
  expect(whenEnds(utc("2026-09-30T06:15:00Z"))).toMatchObject({ month: 9, date: 30, minute: 855 });
});

it("writes clock times with two digits", () => {
  expect([0, 365, 1440].map(clockFace)).toEqual(["00:00", "06:05", "24:00"]);
});

it("counts down in minutes and seconds, and shows 00:00 only at the end", () => {
  expect(countdown(seconds(59))).toBe("00:59");
  expect(countdown(millis(60_001))).toBe("01:01");
  expect(countdown(millis(1))).toBe("00:01");
  expect(countdown(millis(-5))).toBe("00:00");
});
