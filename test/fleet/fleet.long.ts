import { describe, expect, test } from "vitest";
import { entriesAtStart } from "./kiosk.ts";
import { promised, trial, type TrialAsked } from "./trial.ts";

const minutes = 60_000;

/** The fleet of one city, and the largest for which one broker is meant. Births are spread as the station file says for them. */
const fleets: readonly TrialAsked[] = [
  {
    kiosks: 1012,
    districts: 1,
    birthSpread: 30,
    vendsASecond: 200,
    before: 10,
    gone: 2,
    after: 20,
    patience: 10 * minutes,
  },
  {
    kiosks: 4072,
    certified: 72,
    districts: 4,
    birthSpread: 30,
    vendsASecond: 200,
    before: 10,
    gone: 2,
    after: 40,
    patience: 10 * minutes,
  },
];

describe("a fleet is in a steady state within a minute, and no event is lost over a killed broker", () => {
  for (const asked of fleets)
    test(`${asked.kiosks} kiosks`, { timeout: 20 * minutes }, async () => {
      const { steadyAfter, differing, entries, stored, disagreed } = await trial(asked);
      expect(steadyAfter * 1000).toBeLessThan(promised);
      expect(entries).toBeGreaterThan(asked.kiosks * entriesAtStart);
      expect(differing).toEqual([]);
      expect(stored).toEqual({ disordered: 0, doubts: 0, refused: [] });
      expect(disagreed).toEqual([]);
    });
});
