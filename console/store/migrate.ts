import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Asking, Store } from "./store.ts";

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly statements: readonly string[];
}

const folder = join(import.meta.dirname, "migrations");
/** Statements end with ";" at the end of a line that is followed by an empty one or by nothing. */
const betweenStatements = /;\s*\n(?:\s*\n|$)/;

/** The .sql files in order of their numbers: "001-beginning.sql". */
export const migrations: readonly Migration[] = readdirSync(folder)
  .map((file) => /^(\d{3})-(.+)\.sql$/.exec(file))
  .filter((found) => found !== null)
  .map(([file, number, name = ""]) => ({
    number: Number(number),
    name,
    statements: readFileSync(join(folder, file), "utf8")
      .split(betweenStatements)
      .filter((statement) => statement.replace(/--.*$/gm, "").trim() !== ""),
  }))
  .toSorted((one, other) => one.number - other.number);

/** Any number that nobody else takes for the same; two centres that start at once take turns. */
const turn = 0x595a_6373; // "YZcs"

/** Brings the database to the form that this code knows. Throws a sentence where it is newer. */
export async function migrate(store: Store, known: readonly Migration[] = migrations): Promise<void> {
  await store.transaction(async (within) => {
    await within.query("SELECT pg_advisory_xact_lock($1)", [turn]);
    await within.query(
      "CREATE TABLE IF NOT EXISTS migrations (number int PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())",
    );
    const done = await appliedIn(within);
    const newest = known.at(-1)?.number ?? 0;
    if (done > newest)
      throw new Error(
        `The database has form ${done}, and this release of the centre knows forms up to ${newest}. Start the newer release that was used before, or restore a backup that was made before it.`,
      );
    for (const { number, name, statements } of known.filter((one) => one.number > done)) {
      for (const statement of statements) await within.query(statement);
      await within.query("INSERT INTO migrations (number, name) VALUES ($1, $2)", [number, name]);
    }
  });
}

async function appliedIn(within: Asking): Promise<number> {
  const [row] = await within.query<{ newest: number | null }>("SELECT max(number) AS newest FROM migrations");
  return row?.newest ?? 0;
}
