import { PGlite, types, type Transaction } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { wholeNumber, type Asking, type Given, type Store } from "./store.ts";

type FileSystemStart = Awaited<ReturnType<NodeFS["init"]>>;

/**
 * The files of PGlite as it keeps them itself lie only in the memory of the operating system until that pleases to write
 * them. An acknowledged event must survive a power cut, so fsync is given to its files here; see `durable` below.
 */
class SyncedFiles extends NodeFS {
  override async init(...words: Parameters<NodeFS["init"]>): Promise<FileSystemStart> {
    const { emscriptenOpts } = await super.init(...words);
    const sync = (module: object) => {
      if (!("NODEFS" in module)) throw new Error("This PGlite has no NODEFS, so that its files cannot be synced.");
      const { stream_ops } = module.NODEFS as { stream_ops: { fsync?: (stream: { nfd: number }) => number } };
      stream_ops.fsync = ({ nfd }) => (fsyncSync(nfd), 0);
    };
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), sync] } };
  }
}

/** "-F" is PGlite's "no fsync". Of the ways to sync only fsync reaches the files. */
const durable = (words: readonly string[]): string[] => [
  ...words.filter((word) => word !== "-F"),
  "-c",
  "wal_sync_method=fsync",
];

/** What is made in a new folder before the database itself runs is not synced by it. */
function syncAll(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) syncAll(path);
    else if (entry.isFile()) syncOne(path);
  }
  syncOne(folder);
}

function syncOne(path: string): void {
  const file = openSync(path, "r");
  fsyncSync(file);
  closeSync(file);
}

/** Two processes in one folder would destroy it, and PGlite does not look. The lock ends with its process. */
function locked(folder: string): DatabaseSync {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(join(folder, "centre.lock"), { timeout: 0 });
  try {
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch {
    lock.close();
    throw new Error(`Another centre uses the folder ${folder}. Stop it, or give this one a folder of its own.`);
  }
  return lock;
}

const asking = (database: Pick<Transaction, "query">): Asking => ({
  async query<Row extends object>(statement: string, given: readonly Given[] = []) {
    return (await database.query<Row>(statement, [...given])).rows;
  },
});

/** PGlite: PostgreSQL inside this process, its data in `folder`. */
export async function openEmbedded(folder: string): Promise<Store> {
  const lock = locked(folder);
  try {
    const data = join(folder, "pglite");
    const whole = join(folder, "pglite.made");
    const isNew = !existsSync(whole);
    const database = await PGlite.create({
      fs: new SyncedFiles(data),
      startParams: durable(PGlite.defaultStartParams),
      parsers: { [types.INT8]: wholeNumber },
    });
    if (isNew) {
      syncAll(data);
      closeSync(openSync(whole, "w"));
      syncOne(folder);
    }
    return {
      ...asking(database),
      transaction: (work) => database.transaction((within) => work(asking(within))),
      async close() {
        await database.close();
        lock.close();
      },
    };
  } catch (error) {
    lock.close();
    throw error;
  }
}
