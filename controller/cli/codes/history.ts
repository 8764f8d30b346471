import { err, ok, type Result } from "../../../devices/kit/result.ts";
import { emptyBooks, fold, type Books } from "../../domain/books.ts";
import { credentialKey, type Credential } from "../../domain/credential.ts";
import type { Stamped } from "../../domain/entry.ts";
import { stampedOf } from "../../store/ledger.ts";
import { everyRow, unreadable } from "../../store/reading.ts";
import type { LedgerFile } from "../../store/sqlite.ts";

/** What was written down about some credentials, and what follows from it. */
export interface History {
  readonly entries: readonly Stamped[];
  readonly books: Books;
}

const telling: ReadonlySet<string> = new Set(["attempt", "outcome", "taken"]);

/** Walks the ledger, all lives of it: a code used in an older one is used. The error is a sentence. */
export function historyOf(credentials: readonly Credential[], file: LedgerFile, dir: string): Result<History, string> {
  const wanted = new Set(credentials.map(credentialKey));
  const attempts = new Set<string>();
  const entries: Stamped[] = [];
  try {
    for (const row of everyRow(file)) {
      if (!telling.has(row.kind)) continue;
      const stamped = stampedOf(row);
      const { entry } = stamped;
      if ("credential" in entry && !wanted.has(credentialKey(entry.credential))) continue;
      if (entry.kind === "outcome" && !attempts.has(`${row.life}/${entry.of}`)) continue;
      if (entry.kind === "attempt") attempts.add(`${row.life}/${row.seq}`);
      entries.push(stamped);
    }
  } catch (thrown) {
    return err(unreadable(thrown, dir));
  }
  return ok({ entries, books: entries.reduce(fold, emptyBooks) });
}
