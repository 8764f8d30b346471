import { expect, it } from "vitest";
import { day } from "./day.ts";
import type { Cabinet } from "./street.ts";

/** Simulated days by seed, in portions of a hundred, so that a red one names its seeds. */
export function daysBySeed(name: string, cabinet: Cabinet, from: number, days: number): void {
  const portion = 100;
  for (let first = from; first < from + days; first += portion) {
    const last = Math.min(first + portion, from + days) - 1;
    it(`no promise is broken at the ${name} machine on days ${first} to ${last}`, { timeout: 300_000 }, async () => {
      for (let seed = first; seed <= last; seed++) {
        const { broken } = await day(cabinet, seed);
        expect(broken, `seed ${seed}`).toEqual([]);
      }
    });
  }
}
