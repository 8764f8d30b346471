import { emptyBooks, fold, type Books } from "../domain/books.ts";
import type { Disk } from "../world.ts";
import { textUnderSum, withSum } from "./checked.ts";

/** Its name among the things that are kept. */
const name = "checkpoint";

/** The fold of the ledger up to one entry, and the chain hash of that: it belongs to this ledger or it is not believed. */
interface Checkpoint {
  readonly hash: string;
  readonly books: Books;
}

function mapsOut(_: string, value: unknown): unknown {
  if (value instanceof Map) return { map: [...value] };
  return value instanceof Set ? { set: [...value] } : value;
}

/** Makes maps again of what they were written as, in place: JSON.parse with a reviver takes eight times as long. */
function mapsIn(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("map" in value && Array.isArray(value.map)) {
    const pairs = value.map as (readonly [unknown, unknown])[];
    return new Map(pairs.map(([key, inner]) => [key, mapsIn(inner)]));
  }
  if ("set" in value && Array.isArray(value.set)) return new Set(value.set);
  const fields = value as Record<string, unknown>;
  for (const key in fields) {
    const inner = fields[key];
    if (typeof inner === "object") fields[key] = mapsIn(inner);
  }
  return value;
}

/** Writes the fold down, so that the next start need not read the years behind it. */
export async function writeCheckpoint(disk: Disk, books: Books): Promise<void> {
  const hash = await disk.hashAt(books);
  if (hash === undefined) return;
  const checkpoint: Checkpoint = { hash, books };
  const text = JSON.stringify(checkpoint, mapsOut);
  // Where the disk refuses, the older checkpoint stays and the next start reads more: nothing is lost.
  await disk.keep.put(name, withSum(text));
}

function readCheckpoint(disk: Disk): Checkpoint | undefined {
  const bytes = disk.keep.get(name);
  const text = bytes && textUnderSum(bytes);
  return text === undefined ? undefined : (mapsIn(JSON.parse(text)) as Checkpoint);
}

export interface Folded {
  readonly books: Books;
  /** Entries that were read for it. */
  readonly folded: number;
  /** Whether the checkpoint was. */
  readonly believed: boolean;
  /** The newest run was not stopped, but ended: by a power cut, or by a mistake of ours. */
  readonly cut: boolean;
}

/** What the ledger says is true now: from the checkpoint where it can be believed, else from the first entry on. */
export async function foldLedger(disk: Disk): Promise<Folded> {
  const checkpoint = readCheckpoint(disk);
  const believed = checkpoint !== undefined && (await disk.hashAt(checkpoint.books)) === checkpoint.hash;
  // A checkpoint of an older release lacks what its ledger could not know.
  let books = believed ? { ...emptyBooks, ...checkpoint.books } : emptyBooks;
  let folded = 0;
  // Checkpoints are written while the kiosk runs.
  let runs = believed;
  for await (const stamped of disk.read(believed ? books : undefined)) {
    books = fold(books, stamped);
    folded += 1;
    if (stamped.entry.kind === "started") runs = true;
    if (stamped.entry.kind === "stopped") runs = false;
  }
  return { books, folded, believed, cut: runs };
}
