import { fault } from "../kit/fault.ts";
import type { Look } from "../kit/memory.ts";
import { err, ok, type Result } from "../kit/result.ts";

// No source tells whether a CareSens counts its records from the oldest or from the newest: both ends are looked at.

/** Records at the two ends of the memory, each as its bytes; of a short one they overlap. */
export interface Ends {
  readonly count: number;
  readonly first: readonly Uint8Array[];
  readonly last: readonly Uint8Array[];
}

/** So many records at each end are read. One that was not seen among them is new if it stands in the outer half. */
export const depth = 6;
const outer = depth / 2;

const keyOf = (record: Uint8Array) => String(record);
/** Year to second stand in front, the greatest first. */
const isLater = (one: Uint8Array, other: Uint8Array) => {
  const at = one.findIndex((byte, i) => byte !== other[i]);
  return at >= 0 && (one[at] ?? 0) > (other[at] ?? 0);
};

/** The record that `now` has and `before` had not; the newest of several. */
export function added(before: Ends, now: Ends): Uint8Array | undefined {
  const known = new Set([...before.first, ...before.last].map(keyOf));
  const isNew = (record: Uint8Array | undefined) => record !== undefined && !known.has(keyOf(record));
  const [first] = now.first.slice(0, outer).filter(isNew);
  const last = now.last.slice(-outer).filter(isNew).at(-1);
  if (first === undefined || last === undefined) return first ?? last;
  return isLater(first, last) ? first : last;
}

const isSame = (one: Ends, other: Ends | undefined) =>
  one.count === other?.count &&
  String([...one.first, ...one.last].map(keyOf)) === String([...other.first, ...other.last].map(keyOf));

/** Looks from one measurement's beginning to its end. Records have no check: what is new counts once it was said twice. */
export function looking(read: () => Promise<Result<Ends>>): () => Promise<Result<Look<Uint8Array>>> {
  let before: Ends | undefined;
  let newest: Uint8Array | undefined;
  /** As it was read last, believed or not. */
  let last: Ends | undefined;

  const readTwice = async (): Promise<Result<Ends>> => {
    for (let tries = 3; tries > 0; tries -= 1) {
      const ends = await read();
      if (!ends.ok || isSame(ends.value, last)) return ends;
      last = ends.value;
    }
    return err(fault("garbled", "the meter's memory looks different each time"));
  };

  return async () => {
    const ends = await readTwice();
    if (!ends.ok) return ends;
    const now = ends.value;
    const fresh = before && added(before, now);
    if (before && now.count > before.count && fresh === undefined)
      return err(fault("garbled", "the meter counts a record more and does not show it"));
    // At the beginning any will do: it only stands for what was there.
    newest = fresh ?? newest ?? now.last.at(-1);
    before = now;
    return ok({ count: now.count, newest });
  };
}
