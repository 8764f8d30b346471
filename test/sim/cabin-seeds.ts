import { expect, it } from "vitest";
import { cabinDay } from "./cabin-day.ts";

/** What so many days had in them. */
export interface Seen {
  readonly visits: number;
  readonly cuts: number;
  readonly figures: number;
  readonly slips: number;
  readonly letters: number;
  readonly told: number;
  readonly pages: ReadonlySet<string>;
  readonly troubles: ReadonlySet<string>;
}

/** Days of a health cabin by seed, in portions, so that a red one names its seeds. `saw` is told what each portion had. */
export function cabinDaysBySeed(
  from: number,
  seeds: number,
  portion: number,
  saw: (seen: Seen) => void = () => {},
): void {
  for (let first = from; first < from + seeds; first += portion) {
    const last = Math.min(first + portion, from + seeds) - 1;
    it(
      `nobody meets what is somebody else's, or nobody's: seeds ${first} to ${last}`,
      { timeout: 600_000 },
      async () => {
        for (let seed = first; seed <= last; seed++) {
          const { broken, pages, troubles, ...counts } = await cabinDay(seed);
          expect(broken, `seed ${seed}`).toEqual([]);
          saw({ ...counts, pages: new Set(pages.keys()), troubles: new Set(troubles.keys()) });
        }
      },
    );
  }
}
