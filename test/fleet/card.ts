import type { Entry, Mark, Stamped } from "../../controller/domain/entry.ts";
import { draftOf } from "../../controller/store/ledger.ts";
import type { Disk, Outgoing } from "../../controller/world.ts";
import { millis, type Clock } from "../../devices/kit/clock.ts";
import { ok } from "../../devices/kit/result.ts";
import { beginning, itemInBatch, link } from "../../protocol/events/chain.ts";
import { hexOf } from "../../protocol/pickup-code/sign.ts";

const life = 1;

/** A memory card that never fails, as light as thousands in one process need: one life, chained as the real one. */
export class Card implements Disk {
  readonly #clock: Clock;
  readonly #items: Outgoing[] = [];
  readonly #kept = new Map<string, Uint8Array>();
  #head: Uint8Array = beginning;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly keep: Disk["keep"] = {
    get: (name) => this.#kept.get(name),
    put: async (name, value) => {
      this.#kept.set(name, new Uint8Array(value));
      return ok(undefined);
    },
  };

  /** An entry, at once. */
  write(entry: Entry): Stamped {
    const { utc, trusted } = this.#clock.wall();
    const at = millis(Math.trunc(utc));
    const item = { ...draftOf(entry, at, trusted), life, seq: this.#items.length + 1 };
    const before = hexOf(this.#head);
    this.#head = link(this.#head, item);
    this.#items.push({ life, seq: item.seq, at, text: itemInBatch(item), before, hash: hexOf(this.#head) });
    return { life, seq: item.seq, at, trusted, entry };
  }

  append: Disk["append"] = async (entry) => ok(this.write(entry));

  /** A fleet whose centre disagrees with a card has failed. */
  newLife: Disk["newLife"] = () => Promise.reject(new Error("The centre does not believe this card."));

  outgoing: Disk["outgoing"] = async (after, limit) => {
    const first = after?.life === life ? Math.max(0, after.seq) : (after?.life ?? 0) > life ? Infinity : 0;
    return ok(this.#items.slice(first, first + limit));
  };

  hashAt = async (mark: Mark): Promise<string | undefined> =>
    mark.life === life ? this.#items[mark.seq - 1]?.hash : undefined;

  // The link never reads what is folded at a start.
  async *read(): AsyncIterable<Stamped> {}

  async close(): Promise<void> {}

  get length(): number {
    return this.#items.length;
  }

  /** The chain hashes of all entries, in order. */
  hashes(): readonly string[] {
    return this.#items.map(({ hash }) => hash);
  }
}
