import { hash } from "node:crypto";
import canonicalize from "canonicalize";
import { millis } from "../../devices/kit/clock.ts";
import type { Entry, Stamped } from "../domain/entry.ts";

/** An entry as it waits for its place: all that is known before the commit gives it a number. */
export interface Draft {
  readonly at: number;
  readonly trusted: boolean;
  readonly kind: string;
  /** The device it speaks of, null where it speaks of none. */
  readonly dev: string | null;
  /** Everything else, as canonical JSON (RFC 8785). */
  readonly body: string;
}

/** An entry in its place. docs/ledger.md tells an outsider how to compute `hash`. */
export interface Row extends Draft {
  readonly life: number;
  readonly seq: number;
  readonly hash: Uint8Array;
}

/** What the first entry of a life is chained to. */
export const beginning: Uint8Array = new Uint8Array(32);

/** Half a surrogate pair from a garbled device text has no UTF-8, so that it would be hashed as one text and read back as another. */
const wellFormed = (_key: string, value: unknown) => (typeof value === "string" ? value.toWellFormed() : value);

/** `at` is UTC in milliseconds; a fraction is dropped, since the column and the chain know whole ones only. */
export function draftOf(entry: Entry, at: number, trusted: boolean): Draft {
  const { kind, device, ...data } = JSON.parse(JSON.stringify(entry, wellFormed)) as Record<string, unknown>;
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

/** The canonical JSON of the entry as it goes out: `{data, dev?, life, seq, t, trusted, type}`. */
export function itemText(row: Draft & { readonly life: number; readonly seq: number }): string {
  const dev = row.dev === null ? "" : `"dev":${JSON.stringify(row.dev)},`;
  const type = JSON.stringify(row.kind);
  return `{"data":${row.body},${dev}"life":${row.life},"seq":${row.seq},"t":${row.at},"trusted":${row.trusted},"type":${type}}`;
}

/** Chains an entry to the one before it: SHA-256 over the 32 bytes of `previous` and the UTF-8 of the item. */
export function link(previous: Uint8Array, row: Draft & { readonly life: number; readonly seq: number }): Uint8Array {
  return hash("sha256", Buffer.concat([previous, Buffer.from(itemText(row))]), "buffer");
}

/** Why `row` cannot follow `before` (undefined: is the first of the file), or undefined where it does. */
export function breakBetween(before: Row | undefined, row: Row): string | undefined {
  const sameLife = before !== undefined && before.life === row.life;
  if (before !== undefined && row.life < before.life) return `it goes back from life ${before.life} to ${row.life}`;
  const expected = sameLife ? before.seq + 1 : 1;
  if (row.seq !== expected) return `entry ${expected} is missing`;
  const computed = link(sameLife ? before.hash : beginning, row);
  if (Buffer.compare(computed, row.hash) !== 0) return "its content does not match its hash";
  return undefined;
}
