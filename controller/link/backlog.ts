import type { Mark } from "../domain/entry.ts";
import type { Disk } from "../world.ts";

export const comesAfter = (mark: Mark, other: Mark | undefined): boolean =>
  other === undefined || mark.life > other.life || (mark.life === other.life && mark.seq > other.seq);

/** The lives of the ledger as far as they matter to the outbox, and how many entries each has. */
export class Backlog {
  readonly #last = new Map<number, number>();

  /** An entry is in the ledger. */
  has({ life, seq }: Mark): void {
    this.#last.set(life, Math.max(this.#last.get(life) ?? 0, seq));
  }

  /** The newest entry of all, undefined while none is known. */
  newest(): Mark | undefined {
    const life = Math.max(...this.#last.keys());
    const seq = this.#last.get(life);
    return seq === undefined ? undefined : { life, seq };
  }

  /** How many entries come after `mark`. */
  after(mark: Mark | undefined): number {
    let count = 0;
    for (const [life, last] of this.#last) {
      if (mark === undefined || life > mark.life) count += last;
      else if (life === mark.life) count += Math.max(0, last - mark.seq);
    }
    return count;
  }

  /**
   * Looks in the ledger which lives there are from `mark` on and where each ends. As entries are numbered without a gap,
   * that takes some forty looks a life, however long it is. False where the disk did not answer.
   */
  async survey(disk: Disk, mark: Mark | undefined): Promise<boolean> {
    for (let after = mark && { life: mark.life, seq: mark.seq - 1 }; ;) {
      const next = await disk.outgoing(after, 1);
      if (!next.ok) return false;
      const [first] = next.value;
      if (first === undefined) return true;
      const seq = await lastOf(disk, first);
      if (seq === undefined) return false;
      after = { life: first.life, seq };
      this.has(after);
    }
  }
}

/** The number of the last entry of a life of which `known` is one; undefined where the disk did not answer. */
async function lastOf(disk: Disk, { life, seq: known }: Mark): Promise<number | undefined> {
  const has = async (seq: number): Promise<boolean | undefined> => {
    const found = await disk.outgoing({ life, seq: seq - 1 }, 1);
    return found.ok ? found.value[0]?.life === life && found.value[0].seq === seq : undefined;
  };
  let low = known;
  let step = 1;
  for (;;) {
    const there = await has(low + step);
    if (there === undefined) return undefined;
    if (!there) break;
    low += step;
    step *= 2;
  }
  for (let high = low + step; high - low > 1;) {
    const middle = Math.floor((low + high) / 2);
    const there = await has(middle);
    if (there === undefined) return undefined;
    if (there) low = middle;
    else high = middle;
  }
  return low;
}
