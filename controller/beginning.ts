import type { LoadedStation } from "../config/load.ts";
import { millis, type Millis } from "../devices/kit/clock.ts";
import { fault } from "../devices/kit/fault.ts";
import { fold, type Books } from "./domain/books.ts";
import { noCounts, type Counts } from "./domain/cabin/counts.ts";
import type { Entry } from "./domain/entry.ts";
import { fresh, recallGuesses, type Bucket, type Guesses, type KeptGuesses } from "./domain/guesses.ts";
import type { Moment } from "./domain/moment.ts";
import { placeKey } from "./domain/stock.ts";
import type { Release } from "./release.ts";
import { foldLedger } from "./store/checkpoint.ts";
import { decode, encode } from "./store/json.ts";
import type { Keys } from "./store/keys.ts";
import type { World } from "./world.ts";

/** Under which name each guess bucket is kept. */
export const bucketName = (bucket: Bucket): string => (bucket === "codes" ? "guesses" : "number-guesses");

/** A guess bucket as it was kept. */
export const guessesAt = ({ disk }: World, now: Moment, bucket: Bucket): Guesses => {
  const kept = decode<KeptGuesses>(disk.keep.get(bucketName(bucket)));
  return kept === undefined ? fresh(now, bucket) : recallGuesses(kept, now, bucket);
};

/** Under which name the counts of the health cabin are kept. */
export const countsName = "cabin-counts";

/** People and items that were measured before this start, and not told yet. */
export const countsAt = ({ disk }: World): Counts => ({ ...noCounts, ...decode<Counts>(disk.keep.get(countsName)) });

/** The clock's floor as it was kept. */
export const floorAt = ({ disk }: World, { releasedAt }: Release): Millis =>
  millis(Math.max(releasedAt, decode<number>(disk.keep.get("floor")) ?? 0));

/** … and the time that the runs before this one counted on from it, while no clock told them. */
export const countedAt = (world: World, release: Release): Millis =>
  millis(Math.max(floorAt(world, release), decode<number>(world.disk.keep.get("counted")) ?? 0));

/** What a start finds. */
export interface Opened {
  readonly books: Books;
  /** The run before this one was not stopped, but ended: by a power cut, or by a mistake of ours. */
  readonly cut: boolean;
}

/** Folds the ledger and writes down what this start has to say. Nothing here may keep the kiosk from starting. */
export async function opened(
  world: World,
  loaded: LoadedStation,
  keys: Keys,
  release: Release,
  /** What this start decided already. */
  decided: readonly Entry[] = [],
): Promise<Opened> {
  const { disk, log } = world;
  const { books, folded, believed, cut } = await foldLedger(disk);
  log.note("ledger.opened", { seq: books.seq, folded, checkpoint: believed });
  if (disk.setAside !== undefined) log.fail("ledger.set-aside", fault("garbled", disk.setAside));
  const entries: Entry[] = [{ kind: "started", release: release.version }, ...decided];
  for (const slot of loaded.station.slots) {
    if (books.stock.slots.has(placeKey(slot))) continue;
    const { device, product, expires } = slot;
    const count = slot.refillTo ?? slot.capacity;
    entries.push({
      kind: "refill",
      device,
      slot: slot.slot,
      product,
      count,
      ...(expires ? { expires } : {}),
      by: "station-file",
    });
  }
  for (const { id, issuedAt, kid } of keys.adopted) entries.push({ kind: "adopted", file: id, issuedAt, kid });
  for (const { file, why } of keys.refused) log.fail("file.refused", fault("refused", `${file}: ${why}`));
  for (const { file, why } of newlyRefused(world, keys)) entries.push({ kind: "file-refused", file, why });
  const saved = await Promise.all(entries.map((entry) => disk.append(entry)));
  for (const done of saved) if (!done.ok) log.fail("ledger.refused", done.error);
  await disk.keep.put("refused-files", encode(keys.refused));
  return {
    books: saved.reduce((now, done) => (done.ok ? fold(now, done.value) : now), books),
    cut,
  };
}

/** A file that is refused at every start is said at every start, and written down once. */
function newlyRefused({ disk }: World, keys: Keys): Keys["refused"] {
  const before = decode<Keys["refused"]>(disk.keep.get("refused-files")) ?? [];
  return keys.refused.filter(({ file, why }) => !before.some((known) => known.file === file && known.why === why));
}
