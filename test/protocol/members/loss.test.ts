import { expect, test } from "vitest";
import { formsOf, isOfForm, isUid } from "../../../protocol/members/forms.ts";
import { memberLoss, memberLossTooHigh } from "../../../protocol/members/loss.ts";

const texts = (alphabet: "digits" | "capitals", length: number, entries: number, guessed = length) => ({
  alphabet,
  length,
  entries,
  guessed,
});

test("guesses at cards and numbers are 1,470 a day, and a bare UID is one of four bytes", () => {
  expect(memberLoss({ texts: [], uids: 1 })).toBeCloseTo((1470 * 365) / 2 ** 32, 12);
  expect(memberLoss({ texts: [], uids: 7000 })).toBeCloseTo(0.874, 3);
  expect(memberLoss({ texts: [texts("digits", 9, 1000)], uids: 0 })).toBeCloseTo(0.53655, 5);
  expect(memberLoss({ texts: [texts("capitals", 6, 1000)], uids: 0 })).toBeCloseTo((1000 * 536_550) / 36 ** 6, 9);
});

test("of several forms the one that is guessed the easiest counts", () => {
  const worst = memberLoss({ texts: [texts("digits", 8, 10)], uids: 0 });
  expect(memberLoss({ texts: [texts("digits", 16, 1_000_000), texts("digits", 8, 10)], uids: 100 })).toBe(worst);
});

test("a list that guessing would bleed is refused with the figures, and borne where the limit is raised", () => {
  expect(memberLossTooHigh({ texts: [], uids: 1_000_000 }, 1)).toBe(
    "Guessing would cost 125 drinks a kiosk-year with 1000000 bare UIDs of cards, and lossLimit is 1: leave that column out, give cards keys of their own, import fewer at a time, or raise lossLimit knowingly.",
  );
  expect(memberLossTooHigh({ texts: [texts("digits", 16, 5000, 7)], uids: 0 }, 1)).toContain(
    "268 drinks a kiosk-year with 5000 texts of 16 characters, 7 of which differ, out of 10",
  );
  expect(memberLossTooHigh({ texts: [], uids: 1_000_000 }, 126)).toBeUndefined();
  expect(memberLossTooHigh({ texts: [], uids: 0 }, 1)).toBeUndefined();
});

test("places that are the same in all texts count for nothing, once there are enough to judge", () => {
  const numbers = (count: number) =>
    Array.from(
      { length: count },
      (_, n) =>
        `62170000${String(n * 7_654_321)
          .padStart(10, "0")
          .slice(0, 4)}0000`,
    );
  expect(formsOf(numbers(29))[0]?.guessed).toBe(16);
  expect(formsOf(numbers(300))).toEqual([{ alphabet: "digits", length: 16, entries: 300, guessed: 4 }]);
});

test("texts are sorted by their smallest alphabet and their length", () => {
  expect(
    formsOf(["123456", "654321", "AB12", "ab12", "a-b", "12"]).map(({ alphabet, length, entries }) => [
      alphabet,
      length,
      entries,
    ]),
  ).toEqual([
    ["digits", 2, 1],
    ["digits", 6, 2],
    ["capitals", 4, 1],
    ["letters", 4, 1],
    ["printable", 3, 1],
  ]);
});

test("a form knows its texts and no others", () => {
  const form = { alphabet: "capitals", length: 4, entries: 1, guessed: 4 } as const;
  expect(["AB12", "1234"].every((text) => isOfForm(form, text))).toBe(true);
  expect(["ab12", "AB1", "AB123", "AB 1", "ＡB12"].some((text) => isOfForm(form, text))).toBe(false);
});

test("a UID has 4, 5, 7 or 10 bytes in capital hex digits", () => {
  expect(["04A1B2C3", "0104A1B2C3", "04DE5F1EACC040", "04DE5F1EACC040112233"].every(isUid)).toBe(true);
  expect(["", "04a1b2c3", "04A1B2", "04A1B2C3D4E5", "04A1B2C3 ", "GGGGGGGG"].some(isUid)).toBe(false);
});
