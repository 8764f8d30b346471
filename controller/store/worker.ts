import { parentPort, workerData } from "node:worker_threads";
import { millis } from "../../devices/kit/clock.ts";
import { err, ok, type Result } from "../../devices/kit/result.ts";
import { beginning, itemInBatch } from "../../protocol/events/chain.ts";
import type { Mark } from "../domain/entry.ts";
import type { Outgoing } from "../world.ts";
import { breakBetween, type Row } from "./ledger.ts";
import { markDamaged, openLedger, type OpenLedger, type Opening } from "./opening.ts";
import type { Write } from "./sqlite.ts";
import { Damaged, sentenceOf, troubleOf } from "./trouble.ts";

/** What the main thread may ask. One question is open at a time. */
export type Ask =
  | { readonly ask: "commit"; readonly writes: readonly Write[] }
  | { readonly ask: "read"; readonly after: Mark | undefined }
  | { readonly ask: "outgoing"; readonly after: Mark | undefined; readonly limit: number }
  | { readonly ask: "hashAt"; readonly mark: Mark }
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
  readonly outgoing: readonly Outgoing[];
  readonly hashAt: string | undefined;
  readonly close: undefined;
}

/** Entries carried to the main thread in one message. */
const page = 1000;

/** The thread in which every wait for the medium happens, so that a stalled card stalls nothing else. */
function serve(ledger: OpenLedger, dir: string, port: NonNullable<typeof parentPort>): void {
  port.on("message", (asked: Ask) => {
    const answered = answer(ledger, dir, asked);
    port.postMessage(answered, []);
    // Where the disk refused, or is closed already, there is nothing to carry over.
    if (asked.ask === "commit" && answered.ok) tidyUp(ledger);
    if (asked.ask === "close") port.close();
  });
}

function answer(ledger: OpenLedger, dir: string, asked: Ask): Result<Answers[Ask["ask"]], string> {
  try {
    switch (asked.ask) {
      case "commit":
        return ok(ledger.file.commit(asked.writes));
      case "read":
        return ok(chained(ledger, asked.after, page).rows);
      case "outgoing":
        return ok(outgoing(ledger, asked.after, asked.limit));
      case "hashAt": {
        const { life, seq } = asked.mark;
        const row = ledger.file.rowAt(ledger.file.placeOf(asked.mark));
        return ok(row?.seq === seq && row.life === life ? hex(row.hash) : undefined);
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

/** Entries after `after`, each checked against the one before it: a broken one is never folded, and never sent. */
function chained(
  { file }: OpenLedger,
  after: Mark | undefined,
  limit: number,
): { readonly before: Row | undefined; readonly rows: readonly Row[] } {
  const place = file.placeOf(after);
  const rows = file.rows(place, limit);
  const before = file.rowAt(place);
  for (const [n, row] of rows.entries()) {
    const broken = breakBetween(n === 0 ? before : rows[n - 1], row);
    if (broken !== undefined) throw new Damaged(`in entry ${row.seq}, ${broken}`);
  }
  return { before, rows };
}

/** The next entries of one life as a batch holds them. */
function outgoing(ledger: OpenLedger, after: Mark | undefined, limit: number): readonly Outgoing[] {
  const { before, rows } = chained(ledger, after, Math.min(limit, page));
  const ofOneLife = rows.filter(({ life }) => life === rows[0]?.life);
  let previous = hex(before !== undefined && before.life === rows[0]?.life ? before.hash : beginning);
  return ofOneLife.map((row) => {
    const { life, seq } = row;
    const item: Outgoing = {
      life,
      seq,
      at: millis(row.at),
      text: itemInBatch(row),
      before: previous,
      hash: hex(row.hash),
    };
    previous = item.hash;
    return item;
  });
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

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
