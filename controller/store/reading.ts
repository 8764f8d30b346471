import { existsSync } from "node:fs";
import { join } from "node:path";
import { err, ok, type Result } from "../../devices/kit/result.ts";
import { headerOf } from "./header.ts";
import type { Row } from "./ledger.ts";
import { LedgerFile } from "./sqlite.ts";
import { sentenceOf, troubleOf } from "./trouble.ts";

/**
 * Opens the ledger of a data folder only to read it, also while a kiosk writes it. The error is a sentence.
 * It is for a process of its own: see `headerOf`.
 */
export function ledgerToRead(dir: string): Result<LedgerFile, string> {
  const path = join(dir, "kiosk.db");
  try {
    if (!existsSync(path))
      return err(`There is no ledger in ${dir}: kiosk.db is missing. Name the kiosk's data folder with --data.`);
    const header = headerOf(path);
    if (header.is === "foreign") return err(`${path} is not a ledger: ${header.why}.`);
    if (header.is === "newer") return err(`${path} was written by a newer release. Read it with that one.`);
    if (header.is === "damaged") return err(`The ledger in ${dir} is damaged: ${header.why}.`);
    return ok(LedgerFile.toRead(path));
  } catch (error) {
    return err(unreadable(error, dir));
  }
}

/** The sentence for somebody who only reads. */
export function unreadable(error: unknown, dir: string): string {
  const said = error instanceof Error ? error.message : String(error);
  switch (troubleOf(error)) {
    case "damaged":
      return `The ledger in ${dir} is damaged: ${said}.`;
    case "read-only":
      return (
        `The ledger in ${dir} cannot be opened (${said}). Its newest entries may stand in kiosk.db-wal, which can be read ` +
        "only where files can be made beside it: copy the folder to a disk that can be written, and read the copy."
      );
    default:
      return sentenceOf(error, dir);
  }
}

/** Rows fetched at a time: between two fetches a running kiosk may shorten its -wal file. */
const page = 1000;

/** Every entry of the file, all lives, in order. Throws what SQLite throws. */
export function* everyRow(file: LedgerFile): Generator<Row> {
  for (let place = 0; ;) {
    const rows = file.rows(place, page);
    if (rows.length === 0) return;
    yield* rows;
    place += rows.length;
  }
}
