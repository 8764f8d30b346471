import { err, ok, type Result } from "../../../devices/kit/result.ts";
import { emptyBooks, fold, type Books } from "../../domain/books.ts";
import { credentialKey, memberKey, memberOf, type Candidate } from "../../domain/credential.ts";
import type { Stamped } from "../../domain/entry.ts";
import { stampedOf } from "../../store/ledger.ts";
import { everyRow, unreadable } from "../../store/reading.ts";
import type { LedgerFile } from "../../store/sqlite.ts";

/** What was written down about some credentials and their members, and what follows from it. */
export interface History {
  readonly entries: readonly Stamped[];
  readonly books: Books;
}

const telling: ReadonlySet<string> = new Set(["attempt", "outcome", "taken"]);

/** Walks the ledger, all lives of it: a code used in an older one is used. The error is a sentence. */
export function historyOf(candidates: readonly Candidate[], file: LedgerFile, dir: string): Result<History, string> {
  const wanted = new Set(candidates.map(({ credential }) => credentialKey(credential)));
  const members = new Set(candidates.map(memberOf).flatMap((member) => (member ? [memberKey(member)] : [])));
  const attempts = new Set<string>();
  const entries: Stamped[] = [];
  try {
    for (const row of everyRow(file)) {
      if (!telling.has(row.kind)) continue;
      const stamped = stampedOf(row);
      const { entry } = stamped;
      if ("of" in entry && !attempts.has(`${row.life}/${entry.of}`)) continue;
      if (entry.kind === "attempt") {
        const member = memberOf(entry);
        const isAsked = member !== undefined && members.has(memberKey(member));
        if (!isAsked && !wanted.has(credentialKey(entry.credential))) continue;
        attempts.add(`${row.life}/${row.seq}`);
      }
      entries.push(stamped);
    }
  } catch (thrown) {
    return err(unreadable(thrown, dir));
  }
  return ok({ entries, books: entries.reduce(fold, emptyBooks) });
}
