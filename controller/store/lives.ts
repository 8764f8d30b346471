import type { Row } from "./ledger.ts";
import { Damaged } from "./trouble.ts";

/** One life of the ledger within its file: `entries` of them side by side, the first at the place `first`. */
export interface Life {
  readonly life: number;
  readonly first: number;
  readonly entries: number;
}

/**
 * The lives of the file up to the place `last`, the oldest first. They are told from their ends, two rows each: as
 * entries are numbered without a gap, the newest says how many stand before it.
 * Throws `Damaged` where they do not lie one behind the other.
 */
export function livesUpTo(last: number, rowAt: (place: number) => Row | undefined): readonly Life[] {
  const lives: Life[] = [];
  for (let place = last; place > 0;) {
    const newest = rowAt(place);
    if (newest === undefined) throw new Damaged(`its entry at the place ${place} is missing`);
    const { life, seq } = newest;
    const first = place - seq + 1;
    const oldest = seq < 1 || first < 1 ? undefined : rowAt(first);
    if (oldest?.seq !== 1 || oldest.life !== life) throw new Damaged(`the first entry of life ${life} is missing`);
    if (life >= (lives.at(-1)?.life ?? Infinity)) throw new Damaged(`life ${life} stands before an older one`);
    lives.push({ life, first, entries: seq });
    place = first - 1;
  }
  return lives.toReversed();
}
