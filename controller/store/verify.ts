import { err, ok, type Result } from "../../devices/kit/result.ts";
import { breakBetween, type Row } from "./ledger.ts";
import { everyRow, ledgerToRead, unreadable } from "./reading.ts";
import { troubleOf } from "./trouble.ts";

/** What walking the whole chain found. */
export type Verdict =
  | { readonly is: "whole"; readonly entries: number; readonly lives: number; readonly last: Row | undefined }
  /** The first bad entry, by what its row says of itself, and what is wrong with it. */
  | { readonly is: "broken"; readonly life: number; readonly seq: number; readonly why: string; readonly good: number }
  /** Every entry that can be read is good, but the file is damaged. */
  | { readonly is: "damaged"; readonly why: string; readonly good: number };

/** Recomputes the hash of every entry in the data folder, then has SQLite check its file. The error is a sentence. */
export function verify(dir: string): Result<Verdict, string> {
  const opened = ledgerToRead(dir);
  if (!opened.ok) return opened;
  const file = opened.value;
  let good = 0;
  let lives = 0;
  try {
    let before: Row | undefined;
    for (const row of everyRow(file)) {
      const why = breakBetween(before, row);
      if (why !== undefined) return ok({ is: "broken", life: row.life, seq: row.seq, why, good });
      if (row.life !== before?.life) lives += 1;
      before = row;
      good += 1;
    }
    const why = file.look() ?? file.damage();
    return ok(why === undefined ? { is: "whole", entries: good, lives, last: before } : { is: "damaged", why, good });
  } catch (error) {
    if (troubleOf(error) !== "damaged" || !(error instanceof Error)) return err(unreadable(error, dir));
    return ok({ is: "damaged", why: error.message, good });
  } finally {
    file.close();
  }
}
