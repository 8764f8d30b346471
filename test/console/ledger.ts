import { writeBatch } from "../../protocol/events/batch.ts";
import { beginning, itemInBatch, link, type Item } from "../../protocol/events/chain.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

export type Draft = Partial<Pick<Item, "kind" | "dev" | "body" | "at">>;

/** One life of a kiosk's ledger, as the kiosk has it. */
export class Ledger {
  readonly life: number;
  readonly items: Item[] = [];
  /** Chain hashes; the one at 0 stands before the first entry. */
  readonly hashes: Uint8Array[] = [beginning];

  constructor(life = 1, entries = 0) {
    this.life = life;
    this.grow(entries);
  }

  add({ kind = "fault", dev = null, body, at }: Draft = {}): this {
    const seq = this.items.length + 1;
    const text = body ?? `{"n":${seq}}`;
    const item: Item = {
      life: this.life,
      seq,
      at: at ?? 1_784_088_000_000 + seq,
      trusted: true,
      kind,
      dev,
      body: text,
    };
    this.items.push(item);
    this.hashes.push(link(this.hashes[seq - 1] ?? beginning, item));
    return this;
  }

  grow(entries: number, draft: Draft = {}): this {
    for (let n = 0; n < entries; n += 1) this.add(draft);
    return this;
  }

  hash(seq: number): string {
    return hex(this.hashes[seq] ?? beginning);
  }

  /** The entries `from` to `to`, both included, as they go up; `prev` where it shall be another. */
  batch(from: number, to: number, prev = this.hash(from - 1)): Uint8Array {
    return writeBatch({ life: this.life, from, prev }, this.items.slice(from - 1, to).map(itemInBatch));
  }

  /** A copy of the card as it was after `seq` entries. */
  copy(seq: number): Ledger {
    const copy = new Ledger(this.life);
    for (const { kind, dev, body, at } of this.items.slice(0, seq)) copy.add({ kind, dev, body, at });
    return copy;
  }
}
