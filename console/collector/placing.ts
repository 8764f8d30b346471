import { hashesOf, type Batch } from "../../protocol/events/batch.ts";
import type { Item } from "../../protocol/events/chain.ts";

/** What the database holds of one life: everything up to `upTo`, whose chain hash is `head` (64 hex digits). */
export interface Held {
  readonly upTo: number;
  readonly head: string;
}

export const nothing: Held = { upTo: 0, head: "0".repeat(64) };

/** An entry with its chain hash, 64 hex digits. */
export interface Hashed {
  readonly item: Item;
  readonly hash: string;
}

export type Placed =
  /** Entries between ours and these are missing. */
  | { readonly is: "ahead" }
  /**
   * `fresh` follow ours. `forked` have a number that another entry has, or follow such a one: they are of another
   * history of the same life, and never replace ours. `rootless`: that history parted from ours before `from`.
   */
  | {
      readonly is: "placed";
      readonly held: Held;
      readonly fresh: readonly Hashed[];
      readonly forked: readonly Hashed[];
      readonly rootless: boolean;
    };

/**
 * Where the entries of a batch belong. `hashAt` gives the hash of an entry that we hold, from 1 to `held.upTo`.
 * The hashes are computed here from `prev` on: a batch cannot claim them.
 */
export function placeOf(held: Held, batch: Batch, hashAt: (seq: number) => string): Placed {
  const { from, prev, items } = batch;
  if (from > held.upTo + 1) return { is: "ahead" };
  const hashes = hashesOf(batch);
  const all = items.map((item, n): Hashed => ({ item, hash: hashes[n] ?? "" }));
  const before = from === 1 ? nothing.head : from - 1 === held.upTo ? held.head : hashAt(from - 1);
  if (prev !== before) return { is: "placed", held, fresh: [], forked: all, rootless: true };
  const known = all.filter(({ item }) => item.seq <= held.upTo);
  const parted = known.findIndex(({ item, hash }) => hashAt(item.seq) !== hash);
  if (parted >= 0) return { is: "placed", held, fresh: [], forked: all.slice(parted), rootless: false };
  const fresh = all.slice(known.length);
  const newest = fresh.at(-1);
  return {
    is: "placed",
    held: newest === undefined ? held : { upTo: newest.item.seq, head: newest.hash },
    fresh,
    forked: [],
    rootless: false,
  };
}

/** The numbers whose hashes `placeOf` will ask for, or undefined where it will ask for none. */
export function overlap(
  held: Held,
  { from, items }: Batch,
): { readonly low: number; readonly high: number } | undefined {
  if (from > held.upTo) return undefined;
  return { low: Math.max(1, from - 1), high: Math.min(held.upTo, from + items.length - 1) };
}
