import { hash } from "node:crypto";

/** An entry of a kiosk's ledger as it is hashed and sent: (kiosk, life, seq) names it for ever. */
export interface Item {
  readonly life: number;
  /** From 1, without a gap within a life. */
  readonly seq: number;
  /** UTC, milliseconds since 1970. */
  readonly at: number;
  /** Whether the clock that gave `at` could be trusted. */
  readonly trusted: boolean;
  /** What it is: "attempt", "outcome", … see events.ts. */
  readonly kind: string;
  /** The device it speaks of, null where it speaks of none. */
  readonly dev: string | null;
  /** Everything else, as canonical JSON (RFC 8785). */
  readonly body: string;
}

/** What the first entry of a life is chained to. */
export const beginning: Uint8Array = new Uint8Array(32);

/** The members of an item that a batch repeats for each: all but `life`, in canonical order. */
const members = (item: Item, life: string): string => {
  const dev = item.dev === null ? "" : `"dev":${JSON.stringify(item.dev)},`;
  return `{"data":${item.body},${dev}${life}"seq":${item.seq},"t":${item.at},"trusted":${item.trusted},"type":${JSON.stringify(item.kind)}}`;
};

/** The canonical JSON of an entry as it is hashed: `{data, dev?, life, seq, t, trusted, type}`. */
export const itemText = (item: Item): string => members(item, `"life":${item.life},`);

/** The same without `life`, which a batch says once. */
export const itemInBatch = (item: Item): string => members(item, "");

/** Chains an entry to the one before it: SHA-256 over the 32 bytes of `previous` and the UTF-8 of the item. docs/ledger.md has an example. */
export function link(previous: Uint8Array, item: Item): Uint8Array {
  return hash("sha256", Buffer.concat([previous, Buffer.from(itemText(item))]), "buffer");
}
