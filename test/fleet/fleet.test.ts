import { expect, test } from "vitest";
import { entriesAtStart } from "./kiosk.ts";
import { promised, trial } from "./trial.ts";

test(
  "of 250 kiosks every birth is stored within a minute, and no event is lost, doubled or out of order over a killed broker",
  { timeout: 300_000 },
  async () => {
    const asked = { kiosks: 250, districts: 1, birthSpread: 5, vendsASecond: 200, before: 3, gone: 1, after: 6 };
    const { steadyAfter, steadyAgainAfter, differing, entries, stored, disagreed } = await trial(asked);
    expect(steadyAfter * 1000).toBeLessThan(promised);
    expect(steadyAgainAfter * 1000).toBeLessThan(promised);
    expect(entries).toBeGreaterThan(asked.kiosks * entriesAtStart);
    expect(differing).toEqual([]);
    expect(stored).toEqual({ disordered: 0, doubts: 0, refused: [] });
    expect(disagreed).toEqual([]);
  },
);
