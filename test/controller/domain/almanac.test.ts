import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lastDay, noticed, raised, standing, today, type Almanac } from "../../../controller/domain/almanac.ts";
import { millis } from "../../../devices/kit/clock.ts";
import { dayOf, startOf } from "../../../protocol/pickup-code/calendar.ts";
import { day, derived, noon, today as day0 } from "./on-paper.ts";

const counted = { mono: millis(0), utc: millis(noon - day) };
const almanac: Almanac = { floor: millis(noon - day), counted, ceiling: day0 + 14 };
const at = (utc: number, trusted: boolean, mono = 0) => ({ mono: millis(mono), utc: millis(utc), trusted });

describe("the clock's floor", () => {
  it("rises with a trusted clock and stays where that clock falls back", () => {
    const risen = noticed(almanac, at(noon, true));
    expect(risen.floor).toBe(noon);
    expect(noticed(risen, at(noon - 30 * day, true)).floor).toBe(noon);
  });

  it("is not moved by a clock that nobody vouches for", () => {
    expect(noticed(almanac, at(noon + 5 * day, false))).toBe(almanac);
  });

  it("never passes the day of the newest key, whatever a clock or a file says", () => {
    const end = startOf(day0 + 15) - 1;
    expect(raised(almanac, millis(noon + 400 * day)).floor).toBe(end);
    expect(noticed(almanac, at(noon + 400 * day, true)).floor).toBe(end);
    expect(dayOf(end)).toBe(almanac.ceiling);
  });

  it("never goes down, also where the keys that are held grow old", () => {
    const old: Almanac = { floor: millis(noon), counted, ceiling: day0 - 40 };
    expect(raised(old, millis(noon + day)).floor).toBe(noon);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 2 ** 42 }), fc.boolean())), (moments) => {
        let present = almanac;
        for (const [utc, trusted] of moments) {
          const next = noticed(present, at(utc, trusted));
          if (next.floor < present.floor || dayOf(next.floor) > almanac.ceiling) return false;
          present = next;
        }
        return true;
      }),
    );
  });
});

describe("what day it is", () => {
  it("is what a trusted clock says", () => {
    expect(today(almanac, at(noon, true))).toEqual({ state: "trusted", utc: noon, day: day0 });
  });

  it("is counted on from the last trusted moment, whatever the clock shows meanwhile", () => {
    const sure = noticed(almanac, at(noon, true, 5000));
    expect(today(sure, at(0, false, 5000 + day))).toEqual({ state: "coasting", utc: noon + day, day: day0 + 1 });
  });

  it("is the floor's day or later where the clock was never sure since the start", () => {
    expect(today(almanac, at(0, false))).toEqual({ state: "floor-only", utc: noon - day, day: day0 - 1 });
    expect(today(almanac, at(noon + 3 * day, false)).day).toBe(day0 - 1);
  });

  it("is a day in UTC+8, which begins at 16:00 UTC", () => {
    const midnight = startOf(day0);
    expect(today(almanac, at(midnight - 1, true)).day).toBe(day0 - 1);
    expect(today(almanac, at(midnight, true)).day).toBe(day0);
  });
});

const on = (state: "trusted" | "coasting" | "floor-only", offset: number) => ({
  state,
  utc: millis(noon + offset * day),
  day: day0 + offset,
});
const week = derived(1, { validFrom: day0 - 2, validTo: day0 + 4 });
const list = derived(1, { credential: { kind: "list", list: "union", tag: "00" } });

describe("where a day stands against a code's days", () => {
  it.each([
    ["trusted", -2, "future"],
    ["trusted", -1, "next"],
    ["trusted", 0, "open"],
    ["trusted", 1, "open"],
    ["trusted", 2, "past"],
    ["coasting", -3, "future"],
    ["coasting", -2, "future"],
    ["coasting", -1, "open"],
    ["coasting", 2, "open"],
    ["coasting", 3, "past"],
    ["floor-only", -60, "open"],
    ["floor-only", 0, "open"],
    ["floor-only", 1, "open"],
    ["floor-only", 2, "past"],
  ] as const)("a day code, %s, %i days on: %s", (state, offset, expected) => {
    expect(standing(derived(), on(state, offset))).toBe(expected);
  });

  it.each([
    [-10, "future"],
    [-9, "next"],
    [-3, "next"],
    [-2, "open"],
    [5, "open"],
    [6, "past"],
  ] as const)("a week code of Monday to Sunday, %i days on from its Wednesday: %s", (offset, expected) => {
    expect(standing(week, on("trusted", offset))).toBe(expected);
  });

  it("gives a derived code the day after its own, and nothing else", () => {
    expect(lastDay(derived())).toBe(day0 + 1);
    expect(lastDay(week)).toBe(day0 + 5);
    expect(lastDay(list)).toBe(day0);
    expect(standing(list, on("trusted", 1))).toBe("past");
  });

  it("says when a signed token begins, however far ahead: nobody guesses one", () => {
    const token = derived(1, {
      credential: { kind: "token", kid: 1, id: "00" },
      validFrom: day0 + 9,
      validTo: day0 + 9,
    });
    expect(standing(token, on("trusted", 0))).toBe("next");
  });
});
