import { parentPort, workerData } from "node:worker_threads";
import { err, ok, type Result } from "../../devices/kit/result.ts";
import { breakBetween, type Row } from "./ledger.ts";
import { markDamaged, openLedger, type OpenLedger, type Opening } from "./opening.ts";
import type { Write } from "./sqlite.ts";
import { Damaged, sentenceOf, troubleOf } from "./trouble.ts";

/** What the main thread may ask. One question is open at a time. */
export type Ask =
  | { readonly ask: "commit"; readonly writes: readonly Write[] }
  | { readonly ask: "read"; readonly after: number }
  | { readonly ask: "hashAt"; readonly seq: number }
  | { readonly ask: "close" };

/** The first message of the thread. */
export interface Opened {
  readonly setAside: string | undefined;
  readonly kept: Readonly<Record<string, Uint8Array>>;
}

/** The answer to each question, in the order asked. The error is a sentence for the technician. */
export interface Answers {
  readonly commit: readonly Row[];
  readonly read: readonly Row[];
  readonly hashAt: string | undefined;
  readonly close: undefined;
}

/** Entries carried to the main thread in one message. */
const page = 1000;

/** The thread in which every wait for the medium happens, so that a stalled card stalls nothing else. */
function serve(ledger: OpenLedger, dir: string, port: NonNullable<typeof parentPort>): void {
  port.on("message", (asked: Ask) => {
    port.postMessage(answer(ledger, dir, asked), []);
    if (asked.ask === "commit") tidyUp(ledger);
    if (asked.ask === "close") port.close();
  });
}

function answer(ledger: OpenLedger, dir: string, asked: Ask): Result<Answers[Ask["ask"]], string> {
  try {
    switch (asked.ask) {
      case "commit":
        return ok(ledger.file.commit(asked.writes));
      case "read":
        return ok(chained(ledger, asked.after));
      case "hashAt": {
        const row = asked.seq < 1 ? undefined : ledger.file.rowAt(ledger.file.placeOf(asked.seq));
        return ok(row?.seq === asked.seq ? Buffer.from(row.hash).toString("hex") : undefined);
      }
      case "close":
        ledger.close();
        return ok(undefined);
    }
  } catch (error) {
    if (troubleOf(error) === "damaged") mark(dir, error);
    return err(sentenceOf(error, dir));
  }
}

/** Where the mark cannot be written either, the next start meets the damage again and says so again. */
function mark(dir: string, error: unknown): void {
  try {
    markDamaged(dir, error instanceof Error ? error.message : "it cannot be read");
  } catch (unwritten) {
    if (troubleOf(unwritten) === "other") throw unwritten;
  }
}

/** Entries after `after`, each checked against the one before it: a broken one is never folded. */
function chained(ledger: OpenLedger, after: number): readonly Row[] {
  const place = ledger.file.placeOf(after);
  const rows = ledger.file.rows(place, page);
  let before = ledger.file.rowAt(place);
  for (const row of rows) {
    const broken = breakBetween(before, row);
    if (broken !== undefined) throw new Damaged(`in entry ${row.seq}, ${broken}`);
    before = row;
  }
  return rows;
}

/** Where it fails, nothing is lost: the entries are safe in the -wal file, and it is tried again after the next commit. */
function tidyUp(ledger: OpenLedger): void {
  try {
    ledger.file.tidy();
  } catch (error) {
    if (troubleOf(error) === "other") throw error;
  }
}

if (parentPort !== null) {
  const opening = workerData as Opening;
  const opened = openLedger(opening);
  if (opened.ok) {
    const first: Opened = { setAside: opened.value.setAside, kept: opened.value.file.kept() };
    parentPort.postMessage(ok(first), []);
    serve(opened.value, opening.dir, parentPort);
  } else {
    parentPort.postMessage(opened, []);
    parentPort.close();
  }
}
