import { DatabaseSync, type StatementSync } from "node:sqlite";
import { Damaged } from "./trouble.ts";
import { beginning, link } from "../../protocol/events/chain.ts";
import type { Mark } from "../domain/entry.ts";
import { breakBetween, withEnd, type Draft, type Row } from "./ledger.ts";
import { livesUpTo, type Life } from "./lives.ts";

/** FULL puts every commit on the medium before it is answered; NORMAL is there only for the test that must see it lose some. */
export type Synchronous = "FULL" | "NORMAL";

/** One call of append or put: an entry, or things to keep, or both in one commit. */
export interface Write {
  readonly draft?: Draft;
  /** The entry is the first of a new life, whose number is not lower than this. */
  readonly begins?: number;
  readonly keep: Readonly<Record<string, Uint8Array>>;
}

/** "YZlg" in the header of the file: this is a ledger of ours. */
export const applicationId = 0x595a6c67;
/** Form of the tables. A file with a higher number was written by a newer release. */
export const form = 1;

/** Under this name the number of the present life stands among what is kept. */
const lifeName = "ledger.life";
/** Pages in the -wal file (4 KiB each) at which they are carried over into the database: 2 MiB. */
const tidyAt = 512;
/** A technician's tool may hold the file for a moment; this thread may wait, nobody else does. */
const patienceMs = 5000;
const notOurs = "a row does not have the form of an entry";

// AUTOINCREMENT keeps the last place a second time, on another page: a page that lost its newest rows is noticed at the next start.
const tables = `
  CREATE TABLE ledger (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    life INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    trusted INTEGER NOT NULL CHECK (trusted IN (0, 1)),
    kind TEXT NOT NULL,
    dev TEXT,
    body TEXT NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
  ) STRICT;
  CREATE TABLE kept (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER ledger_is_never_shortened BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
  CREATE TRIGGER ledger_is_never_replaced BEFORE INSERT ON ledger WHEN EXISTS (SELECT 1 FROM ledger WHERE place = NEW.place)
    BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
`;

/** Writes a whole, empty ledger to `path`, which must not exist. It is renamed into its place only afterwards, so that no half-made ledger is ever met. */
export function makeLedger(path: string, life: number): void {
  const file = new DatabaseSync(path);
  try {
    file.exec("PRAGMA synchronous=FULL; BEGIN");
    file.exec(`PRAGMA application_id=${applicationId}; PRAGMA user_version=${form}`);
    file.exec(tables);
    file.prepare("INSERT INTO kept VALUES (?, ?)").run(lifeName, Buffer.from(String(life)));
    file.exec("COMMIT; PRAGMA journal_mode=WAL");
  } finally {
    file.close();
  }
}

/** An exclusive lock that ends with the process however it ends. Throws a "busy" error where another process has it. */
export function lock(path: string): { release(): void } {
  const file = new DatabaseSync(path);
  try {
    file.exec("PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    file.close();
    throw error;
  }
  return { release: () => file.close() };
}

/** The database file with its ledger and what is kept. Its methods throw what SQLite throws: see trouble.ts. */
export class LedgerFile {
  readonly #file: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #keep: StatementSync;
  readonly #rowAt: StatementSync;
  readonly #rowsFrom: StatementSync;
  #life: number;
  /** Lives before the present one, once somebody asked for them. */
  #older: readonly Life[] | undefined;
  #head: Row | undefined;
  #lastPlace = 0;

  private constructor(file: DatabaseSync) {
    this.#file = file;
    this.#insert = file.prepare(
      "INSERT INTO ledger (life, seq, at, trusted, kind, dev, body, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    );
    this.#keep = file.prepare("INSERT INTO kept VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value");
    this.#rowAt = file.prepare("SELECT * FROM ledger WHERE place = ?");
    this.#rowsFrom = file.prepare("SELECT * FROM ledger WHERE place > ? ORDER BY place LIMIT ?");
    const life = file.prepare("SELECT CAST(value AS TEXT) AS life FROM kept WHERE name = ?").get(lifeName);
    this.#life = Number((life as { readonly life: string } | undefined)?.life ?? Number.NaN);
    this.#findHead();
  }

  static toWrite(path: string, synchronous: Synchronous): LedgerFile {
    return LedgerFile.#opened(
      new DatabaseSync(path, { timeout: patienceMs }),
      // The carrying-over is done after an answer, not within a commit: see `tidy`. What is replaced or goes, as a pass of
      // somebody's ticks does, is overwritten: else it stays in free pages for years.
      `PRAGMA synchronous=${synchronous}; PRAGMA wal_autocheckpoint=0; PRAGMA journal_size_limit=${8 * tidyAt * 4096};
       PRAGMA cache_size=-1024; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON`,
    );
  }

  /** May be used while a kiosk runs on the same file. */
  static toRead(path: string): LedgerFile {
    return LedgerFile.#opened(
      new DatabaseSync(path, { readOnly: true, timeout: patienceMs }),
      "PRAGMA cache_size=-4096",
    );
  }

  static #opened(file: DatabaseSync, settings: string): LedgerFile {
    try {
      file.exec(settings);
      return new LedgerFile(file);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  get life(): number {
    return this.#life;
  }

  #findHead(): void {
    const last = this.#file.prepare("SELECT max(place) AS place FROM ledger").get() as { place: number | null };
    this.#lastPlace = last.place ?? 0;
    this.#head = this.rowAt(this.#lastPlace);
  }

  /** The sentence about what is wrong with the newest entry, or undefined. It costs the same however long the ledger is. */
  look(): string | undefined {
    if (!Number.isSafeInteger(this.#life)) return "the number of its life is missing";
    // Read only to know that it can be read.
    this.kept();
    const counted = this.#file.prepare("SELECT seq AS place FROM sqlite_sequence WHERE name = 'ledger'").get();
    if (((counted as { place: number } | undefined)?.place ?? 0) !== this.#lastPlace) {
      return `its newest entry is number ${this.#lastPlace} of the file where it should be ${JSON.stringify(counted)}`;
    }
    if (this.#head === undefined) return undefined;
    if (this.#head.life !== this.#life) return `its newest entry is of life ${this.#head.life}, not ${this.#life}`;
    const broken = breakBetween(this.rowAt(this.#lastPlace - 1), this.#head);
    if (broken !== undefined) return `in its newest entry, ${this.#head.seq}, ${broken}`;
    // Throws where a life does not begin in its place.
    this.placeOf(undefined);
    return undefined;
  }

  /** Everything that is kept, by name. */
  kept(): Readonly<Record<string, Uint8Array>> {
    const rows = this.#file.prepare("SELECT name, value FROM kept").all() as { name: string; value: Uint8Array }[];
    return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  }

  /**
   * Puts all of `writes` on the medium in one commit, or nothing of them, and answers the rows of their entries in order.
   * After an error numbers and chain stand where they stood, so that the next entry leaves no hole.
   */
  commit(writes: readonly Write[]): readonly Row[] {
    const rows: Row[] = [];
    let life = this.#life;
    let last = this.#head;
    // A medium that failed so badly that not even the last roll-back went through.
    if (this.#file.isTransaction) this.#file.exec("ROLLBACK");
    this.#file.exec("BEGIN IMMEDIATE");
    try {
      for (const { draft, begins, keep } of writes) {
        if (begins !== undefined) {
          life = Math.max(life + 1, begins);
          this.#keep.run(lifeName, Buffer.from(String(life)));
        }
        if (draft !== undefined) {
          const before = last?.life === life ? last : undefined;
          const first = begins === undefined ? draft : withEnd(draft, last);
          const numbered = { ...first, life, seq: (before?.seq ?? 0) + 1 };
          last = { ...numbered, hash: link(before?.hash ?? beginning, numbered) };
          const { seq, at, trusted, kind, dev, body, hash } = last;
          this.#insert.run(life, seq, at, trusted ? 1 : 0, kind, dev, body, hash);
          rows.push(last);
        }
        for (const [name, value] of Object.entries(keep)) this.#keep.run(name, value);
      }
      this.#file.exec("COMMIT");
    } catch (error) {
      if (this.#file.isTransaction) this.#file.exec("ROLLBACK");
      throw error;
    }
    if (life !== this.#life) this.#older = undefined;
    this.#life = life;
    this.#head = last;
    this.#lastPlace += rows.length;
    return rows;
  }

  /** Carries the -wal file over into the database once it is long. Called after an answer, so that nobody waits for it. */
  tidy(): void {
    const wal = this.#file.prepare("PRAGMA wal_checkpoint(NOOP)").get() as { log: number; checkpointed: number };
    if (wal.log - wal.checkpointed >= tidyAt) this.#file.exec("PRAGMA wal_checkpoint(PASSIVE)");
  }

  /** Entries of all lives after the `place`th of the file, at most `limit`, in order. */
  rows(place: number, limit: number): readonly Row[] {
    return this.#rowsFrom.all(place, limit).map(rowOf);
  }

  /**
   * Where the last entry that is not after `mark` stands in the file; 0 is the place before the first.
   * Throws `Damaged` where the lives do not lie one behind the other.
   */
  placeOf(mark: Mark | undefined): number {
    const head = this.#head;
    if (head === undefined) return 0;
    const first = this.#lastPlace - head.seq + 1;
    this.#older ??= livesUpTo(this.#lastPlace, (place) => this.rowAt(place)).slice(0, -1);
    if (mark === undefined) return 0;
    if (mark.life >= head.life)
      return mark.life > head.life ? this.#lastPlace : first - 1 + Math.min(mark.seq, head.seq);
    const before = this.#older.findLast(({ life }) => life <= mark.life);
    if (before === undefined) return 0;
    return before.first - 1 + (before.life < mark.life ? before.entries : Math.min(mark.seq, before.entries));
  }

  rowAt(place: number): Row | undefined {
    const raw = this.#rowAt.get(place);
    return raw === undefined ? undefined : rowOf(raw);
  }

  /** SQLite's own check of the whole file, which also sees damage where nothing is chained. Slow: it reads every page. */
  damage(): string | undefined {
    const found = this.#file.prepare("PRAGMA integrity_check(1)").get() as { readonly integrity_check: string };
    return found.integrity_check === "ok" ? undefined : found.integrity_check;
  }

  close(): void {
    this.#file.close();
  }
}

/** SQLite checks no types when it reads: a flipped bit may turn a text into a number. */
function rowOf(raw: unknown): Row {
  const { life, seq, at, trusted, kind, dev, body, hash } = raw as Readonly<Record<keyof Row, unknown>>;
  if (typeof life !== "number" || typeof seq !== "number" || typeof at !== "number") throw new Damaged(notOurs);
  if (typeof kind !== "string" || typeof body !== "string") throw new Damaged(notOurs);
  if (dev !== null && typeof dev !== "string") throw new Damaged(notOurs);
  if (!(hash instanceof Uint8Array)) throw new Damaged(notOurs);
  return { life, seq, at, trusted: trusted === 1, kind, dev, body, hash };
}
