import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Millis } from "../../devices/kit/clock.ts";
import { fault } from "../../devices/kit/fault.ts";
import { err, ok, type Result } from "../../devices/kit/result.ts";
import type { Entry, Mark, Stamped } from "../domain/entry.ts";
import type { Disk, Kept, Outgoing } from "../world.ts";
import { draftOf, stampedOf } from "./ledger.ts";
import type { Opening, Unopened } from "./opening.ts";
import type { Synchronous, Write } from "./sqlite.ts";
import { Questions } from "./questions.ts";
import type { Opened } from "./worker.ts";

export interface DiskOptions {
  /** The data folder. It must exist. */
  readonly dir: string;
  /** The number of this process, which a second kiosk on the same folder is told. */
  readonly pid: number;
  /** A new life is not lower than this: the kiosk's clock floor, in seconds since 1970. */
  readonly lifeFloorSeconds: number;
  now(): { readonly utc: Millis; readonly trusted: boolean };
}

/**
 * Opens the ledger and what is kept in `dir`.
 * Everything that waits for the medium waits in a thread of its own. `synchronous` is only for the test that cuts the power.
 */
export async function openDisk(
  options: DiskOptions,
  synchronous: Synchronous = "FULL",
): Promise<Result<Disk, Unopened>> {
  const { dir, pid, lifeFloorSeconds } = options;
  const workerData: Opening = { dir, pid, lifeFloorSeconds, synchronous };
  const thread = new Worker(new URL("./thread.mjs", import.meta.url), {
    workerData,
    name: "disk",
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
  });
  const opened = await firstWord(thread);
  if (!opened.ok) {
    await thread.terminate();
    return opened;
  }
  return ok(new ThreadedDisk(thread, options, opened.value));
}

async function firstWord(thread: Worker): Promise<Result<Opened, Unopened>> {
  try {
    const [word] = (await once(thread, "message")) as [Result<Opened, Unopened>];
    return word;
  } catch (error) {
    const says = `The thread that writes the ledger did not start (${String(error)}). Start the kiosk again.`;
    return err({ held: false, says });
  }
}

/** Thrown while entries are read that cannot be. Its message is a sentence for the technician. */
export class Unreadable extends Error {}

/** A write that waits for its commit. */
interface Waiting {
  readonly write: Write;
  readonly entry: Entry | undefined;
  readonly settle: (result: Result<Stamped | undefined>) => void;
}

class ThreadedDisk implements Disk {
  readonly setAside?: string;
  readonly keep: Disk["keep"];
  readonly #questions: Questions;
  readonly #options: DiskOptions;
  readonly #kept: Map<string, Uint8Array>;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  constructor(thread: Worker, options: DiskOptions, opened: Opened) {
    this.#questions = new Questions(thread, options.dir);
    this.#options = options;
    this.#kept = new Map(Object.entries(opened.kept));
    if (opened.setAside !== undefined) this.setAside = opened.setAside;
    this.keep = {
      get: (name) => this.#kept.get(name),
      put: async (name, value) => {
        const done = await this.#write({ keep: copied({ [name]: value }) }, undefined);
        return done.ok ? ok(undefined) : done;
      },
    };
  }

  append(entry: Entry, keep: Kept = {}): Promise<Result<Stamped>> {
    return this.#writeEntry(entry, { keep: copied(keep) });
  }

  newLife(first: Entry): Promise<Result<Stamped>> {
    const { lifeFloorSeconds, now } = this.#options;
    const { utc, trusted } = now();
    // Two cards of one past must not meet in one life again: the time at which each begins keeps them apart.
    const begins = Math.max(Math.trunc(lifeFloorSeconds), trusted ? Math.trunc(utc / 1000) : 0);
    return this.#writeEntry(first, { begins, keep: {} });
  }

  async #writeEntry(entry: Entry, write: Omit<Write, "draft">): Promise<Result<Stamped>> {
    const { utc, trusted } = this.#options.now();
    const done = await this.#write({ ...write, draft: draftOf(entry, utc, trusted) }, entry);
    if (!done.ok) return done;
    if (done.value === undefined) throw new Error("the disk's thread answered an entry without its row");
    return ok(done.value);
  }

  async *read(after: Mark | undefined): AsyncIterable<Stamped> {
    for (let last = after && markOf(after); ;) {
      const rows = await this.#questions.ask({ ask: "read", after: last });
      if (!rows.ok) throw new Unreadable(rows.error);
      for (const row of rows.value) yield stampedOf(row);
      const end = rows.value.at(-1);
      if (end === undefined) return;
      last = markOf(end);
    }
  }

  async outgoing(after: Mark | undefined, limit: number): Promise<Result<readonly Outgoing[]>> {
    const found = await this.#questions.ask({ ask: "outgoing", after: after && markOf(after), limit });
    return found.ok ? found : err(fault("refused", found.error));
  }

  async hashAt(mark: Mark): Promise<string | undefined> {
    const found = await this.#questions.ask({ ask: "hashAt", mark: markOf(mark) });
    return found.ok ? found.value : undefined;
  }

  async close(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    await this.#questions.close();
  }

  #write(write: Write, entry: Entry | undefined): Promise<Result<Stamped | undefined>> {
    return new Promise((settle) => {
      this.#waiting.push({ write, entry, settle });
      this.#writing ??= this.#commitWaiting();
    });
  }

  /** One commit at a time; whatever was asked for meanwhile goes into the next one together. */
  async #commitWaiting(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      const committed = await this.#questions.ask({ ask: "commit", writes: batch.map(({ write }) => write) });
      if (committed.ok) {
        const rows = committed.value.values();
        for (const { write, entry, settle } of batch) {
          for (const [name, value] of Object.entries(write.keep)) this.#kept.set(name, value);
          const row = entry === undefined ? undefined : rows.next().value;
          if (row === undefined || entry === undefined) settle(ok(undefined));
          else settle(ok(write.begins === undefined ? { ...stampedOf(row), entry } : stampedOf(row)));
        }
      } else {
        for (const { settle } of batch) settle(err(fault("refused", committed.error)));
      }
    }
    this.#writing = undefined;
  }
}

/** Only the mark goes to the thread, whatever else the caller's object holds. */
const markOf = ({ life, seq }: Mark): Mark => ({ life, seq });

/** The caller may use its bytes again at once, although the commit comes later. */
function copied(kept: Kept): Kept {
  return Object.fromEntries(Object.entries(kept).map(([name, value]) => [name, new Uint8Array(value)]));
}
