import { emptyBooks, fold, pruned, type Books } from "../../controller/domain/books.ts";
import type { Entry } from "../../controller/domain/entry.ts";
import type { Disk } from "../../controller/world.ts";
import { writeCheckpoint } from "../../controller/store/checkpoint.ts";
import { openDisk } from "../../controller/store/disk.ts";
import { days, millis, type Millis } from "../../devices/kit/clock.ts";
import { dayLabel, dayOf, startOf, type Day } from "../../protocol/pickup-code/calendar.ts";

const vendsADay = 220;
const slots = 24;
/** So many entries lie behind the newest checkpoint: nearly as many as ever do. */
const sinceCheckpoint = 450;

/** What is written down on a day of a busy kiosk, in order, from entry number `first` on. */
function* dayOfEntries(day: Day, first: number): Generator<Entry> {
  let seq = first;
  const device = "vend";
  for (let slot = 1; slot <= slots; slot++, seq++)
    yield { kind: "refill", device, slot: String(slot), product: "water", count: 10, by: "keeper" };
  for (let index = 0; index < vendsADay; index++) {
    const attempt = seq++;
    const slot = String((index % slots) + 1);
    const credential = { kind: "derived", epoch: dayLabel(day), index } as const;
    yield { kind: "attempt", credential, device, slot, product: "water", until: day };
    yield { kind: "outcome", of: attempt, delivery: "delivered", started: true, why: "drop-sensor", frees: false };
    seq += 1;
    if (index % 5 === 0) {
      yield { kind: "rating", of: attempt, face: "good" };
      seq += 1;
    }
  }
}

/** The data folder of a kiosk that has written `entries` entries until yesterday, with the checkpoint it would have left. */
export async function yearsBehind(dir: string, entries: number): Promise<void> {
  const today = dayOf(millis(Date.now()));
  const aDay = [...dayOfEntries(today, 1)].length;
  let at: Millis = millis(0);
  const asked = { dir, pid: process.pid, lifeFloorSeconds: 1_700_000_000, now: () => ({ utc: at, trusted: true }) };
  const opened = await openDisk(asked);
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  const disk = opened.value;
  let books: Books = emptyBooks;
  for (let day = today - Math.ceil(entries / aDay); books.seq < entries; day++) {
    at = millis(startOf(day) + days(0.5));
    const written = [...dayOfEntries(day, books.seq + 1)].slice(0, entries - books.seq);
    const before = Math.max(0, entries - sinceCheckpoint - books.seq);
    books = await append(disk, books, written.slice(0, before));
    if (books.seq === entries - sinceCheckpoint) await writeCheckpoint(disk, pruned(books, day));
    books = await append(disk, books, written.slice(before));
    if (day % 50 === 0) books = pruned(books, day);
  }
  await disk.close();
}

/** Together in one commit: as many years as there are would wait for the medium for an hour. */
async function append(disk: Disk, before: Books, entries: readonly Entry[]): Promise<Books> {
  const saved = await Promise.all(entries.map((entry) => disk.append(entry)));
  return saved.reduce((books, done) => {
    if (!done.ok) throw new Error(done.error.detail);
    return fold(books, done.value);
  }, before);
}
