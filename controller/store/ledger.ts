import canonicalize from "canonicalize";
import { millis } from "../../devices/kit/clock.ts";
import type { Entry, Stamped } from "../domain/entry.ts";
import { hexOf } from "../../protocol/pickup-code/sign.ts";
import { beginning, link, type Item } from "../../protocol/events/chain.ts";
import { longestSealed } from "../../protocol/health/sizes.ts";

/** An entry as it waits for its place: all that is known before the commit gives it a number. */
export type Draft = Omit<Item, "life" | "seq">;

/** An entry in its place. docs/ledger.md tells an outsider how to compute `hash`. */
export interface Row extends Item {
  readonly hash: Uint8Array;
}

/** No text of a device or a file is written down longer: an entry must fit into a batch whatever is in it. */
const longest = 1000;

/**
 * Half a surrogate pair from a garbled device text has no UTF-8, so that it would be hashed as one text and read back
 * as another; and no PostgreSQL stores a NUL.
 */
const wellFormed =
  (most: number) =>
  (_key: string, value: unknown): unknown =>
    typeof value === "string" ? value.slice(0, most).toWellFormed().replaceAll("\0", "\ufffd") : value;
/** Letters are our own writing, of fixed lengths. */
const asWritten = { letter: wellFormed(longestSealed), other: wellFormed(longest) } as const;

/** `at` is UTC in milliseconds; a fraction is dropped, since the column and the chain know whole ones only. */
export function draftOf(entry: Entry, at: number, trusted: boolean): Draft {
  const written = asWritten[entry.kind === "handed-over" ? "letter" : "other"];
  const { kind, device, ...data } = JSON.parse(JSON.stringify(entry, written)) as Record<string, unknown>;
  return {
    at: Math.trunc(at),
    trusted,
    kind: String(kind),
    dev: typeof device === "string" ? device : null,
    body: canonicalize(data) ?? "{}",
  };
}

export function stampedOf(row: Row): Stamped {
  const device = row.dev === null ? {} : { device: row.dev };
  const entry = { kind: row.kind, ...device, ...(JSON.parse(row.body) as object) } as Entry;
  return { life: row.life, seq: row.seq, at: millis(row.at), trusted: row.trusted, entry };
}

/** The first entry of a new life, with the end of the life before it written in. */
export function withEnd(draft: Draft, before: Row | undefined): Draft {
  if (before === undefined) return draft;
  const { life, seq, hash } = before;
  const data = { ...(JSON.parse(draft.body) as object), before: life, end: { seq, hash: hexOf(hash) } };
  return { ...draft, body: canonicalize(data) ?? "{}" };
}

/** A new life need not say where the one before ended, but where it does, it says what stands there. */
function saysAnotherEnd(before: Row, first: Row): boolean {
  if (first.kind !== "new-life") return false;
  const { end } = JSON.parse(first.body) as { readonly end?: { readonly seq?: unknown; readonly hash?: unknown } };
  return end !== undefined && (end.seq !== before.seq || end.hash !== hexOf(before.hash));
}

/** Why `row` cannot follow `before` (undefined: is the first of the file), or undefined where it does. */
export function breakBetween(before: Row | undefined, row: Row): string | undefined {
  const sameLife = before !== undefined && before.life === row.life;
  if (before !== undefined && row.life < before.life) return `it goes back from life ${before.life} to ${row.life}`;
  const expected = sameLife ? before.seq + 1 : 1;
  if (row.seq !== expected) return `entry ${expected} is missing`;
  const computed = link(sameLife ? before.hash : beginning, row);
  if (Buffer.compare(computed, row.hash) !== 0) return "its content does not match its hash";
  if (before !== undefined && !sameLife && saysAnotherEnd(before, row)) return "the life before it ended otherwise";
  return undefined;
}
