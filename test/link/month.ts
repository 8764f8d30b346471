import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { emptyBooks, fold, pruned, type Books } from "../../controller/domain/books.ts";
import type { Entry, Stamped } from "../../controller/domain/entry.ts";
import type { Link } from "../../controller/link/link.ts";
import { release } from "../../controller/release.ts";
import { writeCheckpoint } from "../../controller/store/checkpoint.ts";
import { openDisk } from "../../controller/store/disk.ts";
import type { Disk } from "../../controller/world.ts";
import type { Millis } from "../../devices/kit/clock.ts";
import { kioskName, topicsOf } from "../../protocol/fleet/topics.ts";
import { dayLabel, dayOf } from "../../protocol/pickup-code/calendar.ts";
import { linkedKiosk } from "../fleet/linked.ts";
import { capacity, device, product, slots } from "../fleet/station.ts";
import { manualClock, type ManualClock } from "../kit/clock.ts";
import { dice } from "../kit/dice.ts";
import { Way } from "./way.ts";

const group = "320583";
const id = "ZP-001";
const to = { group, server: "mqtt://broker.example:1883", birthSpread: 0 };
export const topics = topicsOf(group, kioskName(id));
const entriesACheckpoint = 500;

/** A disk that says when it is at work: a simulated clock waits for it, and for nothing else. */
function watched(disk: Disk): { readonly disk: Disk; rest(): Promise<void> } {
  let busy = 0;
  const during = async <T>(work: Promise<T>): Promise<T> => {
    busy += 1;
    try {
      return await work;
    } finally {
      busy -= 1;
    }
  };
  return {
    disk: {
      read: (after) => disk.read(after),
      outgoing: (after, limit) => during(disk.outgoing(after, limit)),
      newLife: (first) => during(disk.newLife(first)),
      append: (entry, keep) => during(disk.append(entry, keep)),
      keep: { get: (name) => disk.keep.get(name), put: (name, value) => during(disk.keep.put(name, value)) },
      hashAt: (mark) => during(disk.hashAt(mark)),
      close: () => disk.close(),
    },
    async rest() {
      do await new Promise((resolve) => setImmediate(resolve));
      while (busy > 0);
    },
  };
}

/** A kiosk with its real link on its real disk, in simulated time, that serves and waits for its centre. */
export interface LonelyKiosk {
  readonly clock: ManualClock;
  readonly disk: Disk;
  readonly way: Way;
  /** The link's complaints, each kind with its count. */
  readonly complaints: ReadonlyMap<string, number>;
  readonly link: Link;
  /** What the centre said against its ledger. */
  readonly disagreed: readonly string[];
  readonly books: () => Books;
  /** Entries that are written down in one commit. */
  saves(...entries: readonly Entry[]): Promise<void>;
  /** A worker takes a good. */
  vend(n: number): Promise<void>;
  /** Resolves when the disk has nothing to do. */
  rest(): Promise<void>;
  /** Time passes, no faster than the disk. */
  passes(span: Millis): Promise<void>;
  close(): Promise<void>;
}

export async function lonelyKiosk(dir: string, roundTrip: Millis): Promise<LonelyKiosk> {
  const clock = manualClock();
  const opened = await openDisk({ dir, pid: process.pid, lifeFloorSeconds: 1, now: () => clock.wall() });
  if (!opened.ok) throw new Error(opened.error.says);
  const { disk, rest } = watched(opened.value);
  const way = new Way(clock, roundTrip, topics);
  const chance = dice(30);
  const complaints = new Map<string, number>();

  let books: Books = emptyBooks;
  let sinceCheckpoint = 0;
  const started = await disk.append({ kind: "started", release: release.version });
  if (!started.ok) throw new Error(started.error.detail);
  books = fold(books, started.value);
  const linked = linkedKiosk({
    id,
    number: 42,
    to,
    clock,
    dice: { bytes: (n) => Uint8Array.from({ length: n }, () => chance.between(0, 256)) },
    disk,
    uplink: way,
    // A processor in the sun: each of these changes every few minutes by more than its dead-band.
    vitals: async () => ({
      uptimeSeconds: Math.floor(clock.mono() / 1000),
      bootId: "month",
      cpuPercent: chance.between(3, 25),
      memoryMb: chance.between(80, 100),
      diskPercent: 12,
      temperatureC: chance.between(48, 53),
    }),
    failed: (event) => complaints.set(event, (complaints.get(event) ?? 0) + 1),
    books,
  });
  const { link } = linked;

  const saved = async (stamped: Stamped): Promise<void> => {
    books = fold(books, stamped);
    sinceCheckpoint += 1;
    if (sinceCheckpoint >= entriesACheckpoint) {
      sinceCheckpoint = 0;
      books = pruned(books, dayOf(clock.wall().utc));
      await writeCheckpoint(disk, books);
    }
    linked.saved(stamped, books);
  };
  const saves = async (...entries: readonly Entry[]): Promise<void> => {
    for (const done of await Promise.all(entries.map((entry) => disk.append(entry)))) {
      if (!done.ok) throw new Error(done.error.detail);
      await saved(done.value);
    }
  };
  const passes = async (span: Millis): Promise<void> => {
    await rest();
    await clock.pass(span);
    await rest();
  };
  await rest();
  return {
    clock,
    disk,
    way,
    complaints,
    link,
    disagreed: linked.disagreed,
    books: () => books,
    saves,
    vend(n) {
      const day = dayOf(clock.wall().utc);
      const attempt: Entry = {
        kind: "attempt",
        credential: { kind: "derived", epoch: dayLabel(day), index: n },
        device: device.id,
        slot: slots[n % slots.length] ?? "1",
        product,
        until: day + 1,
      };
      const of = books.seq + 1;
      return saves(attempt, {
        kind: "outcome",
        of,
        delivery: "delivered",
        started: true,
        why: "drop-sensor",
        frees: false,
      });
    },
    rest,
    passes,
    async close() {
      const stopped = link.stop();
      await clock.finish(stopped);
      await disk.close();
    },
  };
}

/** What the worker of the host does every morning: the door open, and every slot full. */
export const refilled = (kiosk: LonelyKiosk): Promise<void> =>
  kiosk.saves(
    { kind: "door", device: device.id, open: true },
    ...slots.map((slot): Entry => ({
      kind: "refill",
      device: device.id,
      slot,
      product,
      count: capacity,
      by: "keeper",
    })),
    { kind: "door", device: device.id, open: false },
  );

/** Bytes on the medium, as `du` counts them. */
export function used(dir: string): number {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return files.reduce((sum, file) => sum + statSync(join(file.parentPath, file.name)).blocks * 512, 0);
}
