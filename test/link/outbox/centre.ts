import { writeAck } from "../../../protocol/events/ack.ts";
import { hashesOf, readBatch, type Batch } from "../../../protocol/events/batch.ts";
import type { Item } from "../../../protocol/events/chain.ts";

interface Known {
  readonly item: Item;
  readonly hash: string;
  /** Hash of the entry before it; zeros before the first of a life. */
  readonly prev: string;
}

const nothing = "0".repeat(64);
const placeOf = (life: number, seq: number, prev: string): string => `${life} ${seq} ${prev}`;

/**
 * A collector that keeps everything in memory and does what docs/events.md asks of one. It never overwrites, and
 * acknowledges only what it holds without a gap.
 */
export class Centre {
  /** In its place, by life: what a question of the staff is answered from. */
  readonly rows = new Map<number, Known[]>();
  /** Everything ever heard, by hash: also what stands behind a gap, and what is kept apart. */
  readonly #heard = new Map<string, Known>();
  /** What was first heard to follow on an entry, by life, number and hash of that. */
  readonly #follows = new Map<string, Known>();
  /** Batches that were no batches. */
  refused = 0;

  /** Takes a batch and says what it holds now; undefined where it was none. */
  hear(payload: Uint8Array): Uint8Array | undefined {
    const read = readBatch(payload);
    if (!read.ok) {
      this.refused += 1;
      return undefined;
    }
    const batch = read.value;
    const hashes = hashesOf(batch);
    for (const [n, item] of batch.items.entries()) {
      const hash = hashes[n] ?? "";
      const known = { item, hash, prev: n === 0 ? batch.prev : (hashes[n - 1] ?? "") };
      this.#heard.set(hash, known);
      const place = placeOf(item.life, item.seq, known.prev);
      if (!this.#follows.has(place)) this.#follows.set(place, known);
    }
    const lacking = this.#place(batch);
    if (lacking !== undefined) return this.#ack(lacking.life, lacking.seq);
    const held = this.held(batch.life).length;
    return this.#ack(batch.life, batch.from > held + 1 ? held + 1 : undefined);
  }

  held(life: number): readonly Known[] {
    return this.rows.get(life) ?? [];
  }

  /** Every entry in its place, life by life. */
  entries(): readonly string[] {
    return [...this.rows]
      .toSorted(([one], [other]) => one - other)
      .flatMap(([life, known]) => known.map(({ item, hash }) => `${life}/${item.seq} ${hash}`));
  }

  /** What is known of an entry, in its place or kept apart. */
  knows(hash: string): boolean {
    return this.#heard.has(hash);
  }

  /** Forgets what came after an entry, later lives too, as a database that was restored from an older copy. */
  forget(life: number, keeps: number): void {
    for (const [number, known] of this.rows) {
      if (number < life) continue;
      for (const { item, hash, prev } of known.splice(number === life ? keeps : 0)) {
        this.#heard.delete(hash);
        this.#follows.delete(placeOf(number, item.seq, prev));
      }
    }
  }

  /** What it says of a life, as it stands retained on the broker. */
  says(life: number): Uint8Array {
    return this.#ack(life, undefined);
  }

  #ack(life: number, need: number | undefined): Uint8Array {
    const held = this.held(life);
    return writeAck({ life, upTo: held.length, hash: held.at(-1)?.hash ?? nothing, ...(need ? { need } : {}) });
  }

  /** Takes what follows on what it holds. Answers the entry that must come first, where the life before lacks one. */
  #place(batch: Batch): { readonly life: number; readonly seq: number } | undefined {
    const held = this.rows.get(batch.life) ?? [];
    for (;;) {
      const prev = held.at(-1)?.hash ?? nothing;
      const next = this.#follows.get(placeOf(batch.life, held.length + 1, prev));
      if (next === undefined) return undefined;
      const lacking = held.length === 0 ? this.#lacking(next.item) : undefined;
      if (lacking !== undefined) return lacking;
      held.push(next);
      this.rows.set(batch.life, held);
    }
  }

  /** Goes back from the end of the life before that a new life names, to something held. */
  #lacking({ kind, body }: Item): { readonly life: number; readonly seq: number } | undefined {
    if (kind !== "new-life") return undefined;
    const { before, end } = JSON.parse(body) as { before: number; end?: { seq: number; hash: string } };
    if (end === undefined) return undefined;
    const held = this.held(before);
    const inPlace = new Set(held.map((known) => known.hash));
    let { seq, hash } = end;
    while (seq > 0 && !inPlace.has(hash)) {
      const known = this.#heard.get(hash);
      if (known === undefined) return { life: before, seq: Math.min(seq, held.length + 1) };
      hash = known.prev;
      seq -= 1;
    }
    return undefined;
  }
}
