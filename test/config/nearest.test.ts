import { expect, test } from "vitest";
import { nearest, suggestion } from "../../config/nearest.ts";

test.each([
  ["watre", "water"],
  ["wtaer", "water"],
  ["wter", "water"],
  ["waater", "water"],
  ["WATER", "water"],
  ["refilTo", "refillTo"],
  ["by-id", "by-id"],
])("%s means %s", (word, meant) => {
  expect(nearest(word, ["soda", meant, "tea"])).toBe(meant);
});

test("two letters swapped are one slip, not two", () => {
  expect(nearest("ab", ["ba"])).toBe("ba");
});

test("the nearest of several is meant", () => {
  expect(nearest("slots", ["slow", "slot", "plots"])).toBe("slot");
});

test("nothing is guessed where nothing is near: all are named", () => {
  expect(suggestion("beer", ["water", "soda"])).toBe('there are "water", "soda"');
  expect(suggestion("beer", [])).toBe("there are none");
});
