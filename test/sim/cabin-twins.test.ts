import { expect, it } from "vitest";
import { cabinDay } from "./cabin-day.ts";

// Two cabins to which the same happens, key by key and cut by cut; only what people have is another. Whoever reads all that
// is left of the days, and every message of them, cannot tell the one from the other.

const short = { days: 1, visits: 6 };

/** Of cabins without a cuff that takes the longer, the higher it must go. */
const seeds = [2, 3, 6, 7, 10, 11];

it.each(seeds)("nothing that is left of a day says what anybody had: seed %i", { timeout: 120_000 }, async (seed) => {
  const [one, other] = [await cabinDay(seed, { ...short, values: 1 }), await cabinDay(seed, { ...short, values: 2 })];
  expect(one.broken).toEqual([]);
  expect(one.figures).toBeGreaterThan(20);
  expect(other.trail).toEqual(one.trail);
  expect(other.left).toEqual(one.left);
  expect(other.values).not.toEqual(one.values);
});
