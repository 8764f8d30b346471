import canonicalize from "canonicalize";
import * as v from "valibot";
import { readBounded } from "../commands/bounded.ts";
import { bad, good, type Judged } from "../pickup-code/judged.ts";
import { bytesInHex, literal, whole } from "../pickup-code/signed-file.ts";
import { link, type Item } from "./chain.ts";

/** Entries of one life on their way to the centre: (kiosk, life, seq) names each. docs/events.md tells the whole. */
export interface Batch {
  readonly life: number;
  /** Number of the first item; the others follow without a gap. */
  readonly from: number;
  /** Chain hash of the entry before `from`, 64 hex digits; zeros where that is the first of its life. */
  readonly prev: string;
  /** Their `body` is the canonical JSON of `data`, so that their hashes can be computed again. */
  readonly items: readonly Item[];
}

/** As much of a batch as is read, and as is sent. Entries are flat: three brackets lie around one. */
export const batchBounds = { bytes: 64 * 1024, depth: 8 } as const;
/** Items of the smallest form that fit into as many bytes. */
export const batchItems = 1000;

/** The largest number of a life, and of an entry in it, that is believed. */
const largest = Number.MAX_SAFE_INTEGER;
export const lifeSchema = whole(1, largest);

const text = (longest: number, what: string) =>
  v.pipe(v.string(`expected ${what}`), v.minLength(1, `expected ${what}`), v.maxLength(longest, `expected ${what}`));

const itemSchema = v.strictObject({
  seq: whole(1, largest),
  t: whole(0, largest),
  trusted: v.boolean("expected true or false"),
  type: v.pipe(text(40, "the kind of the entry"), v.regex(/^[a-z][a-z-]*$/, "expected the kind of the entry")),
  dev: v.exactOptional(text(200, "the id of a device")),
  data: v.record(v.string(), v.unknown(), "expected fields"),
});

const batchSchema = v.strictObject({
  v: literal(1),
  life: lifeSchema,
  from: whole(1, largest),
  prev: bytesInHex(32, "a chain hash of 64 hex digits"),
  items: v.pipe(
    v.array(itemSchema, "expected a list of entries"),
    v.minLength(1, "expected at least one entry"),
    v.maxLength(batchItems, `expected at most ${batchItems} entries`),
  ),
});

const openings = (life: number, from: number, prev: string): string =>
  `{"v":1,"life":${life},"from":${from},"prev":"${prev}","items":[`;
const closing = "]}";

/** Bytes of a batch besides its items and the commas between them, at most. */
export const batchFrame = openings(largest, largest, "0".repeat(64)).length + closing.length;

/** Puts a batch together from items that are canonical JSON already (`itemInBatch`), as the ledger hands them out. */
export function writeBatch(
  { life, from, prev }: Pick<Batch, "life" | "from" | "prev">,
  items: readonly string[],
): Uint8Array {
  return Buffer.from(`${openings(life, from, prev)}${items.join(",")}${closing}`);
}

/** Reads a batch of a kiosk that need not mean well. The chain is another question: see `hashesOf`. */
export function readBatch(payload: Uint8Array): Judged<Batch> {
  const read = readBounded(payload, batchBounds);
  if (!read.ok) return read;
  const judged = v.safeParse(batchSchema, read.value);
  if (!judged.success) return bad(`It has not the form of a batch: ${judged.issues[0].message}.`);
  const { life, from, prev, items: raw } = judged.output;
  const items: Item[] = [];
  for (const [n, { seq, t, trusted, type, dev, data }] of raw.entries()) {
    if (seq !== from + n) return bad(`Entry ${seq} stands where ${from + n} should be.`);
    const body = canonical(data);
    if (body === undefined || dev?.isWellFormed() === false) return bad(`The text of entry ${seq} is not well formed.`);
    items.push({ life, seq, at: t, trusted, kind: type, dev: dev ?? null, body });
  }
  if (from === 1 && /[^0]/.test(prev)) return bad("The first entry of a life has nothing before it.");
  return good({ life, from, prev, items });
}

/** Undefined where a text has half a surrogate pair: without UTF-8 it would be hashed as one text and stored as another. */
function canonical(data: object): string | undefined {
  try {
    return canonicalize(data);
  } catch {
    return undefined;
  }
}

/** The chain hash of each item, 64 hex digits, as it follows from `prev`. */
export function hashesOf({ prev, items }: Batch): readonly string[] {
  let previous: Uint8Array = Buffer.from(prev, "hex");
  return items.map((item) => {
    previous = link(previous, item);
    return Buffer.from(previous).toString("hex");
  });
}
