/** What may stand for a `$1` of a statement. Many rows travel as one text of JSON: see json_to_recordset. */
export type Given = string | number | boolean | null | Uint8Array;

export interface Asking {
  /**
   * One statement. Whole numbers come as number (as bigint beyond 2^53), jsonb as what it says, bytea as bytes.
   * Rejects with what the database says; `isOurFault` tells the two kinds apart.
   */
  query<Row extends object>(statement: string, given?: readonly Given[]): Promise<readonly Row[]>;
}

/** The centre's database: PGlite in a folder or PostgreSQL 15, the same SQL on both. */
export interface Store extends Asking {
  /**
   * Resolves when everything that `work` asked is committed and on the disk. Where `work` or the commit fails nothing is
   * kept, with one exception that no database can spare us: a connection that is lost during the commit leaves it open
   * whether the commit was done. So `work` must bear being done twice.
   */
  transaction<T>(work: (within: Asking) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Of PGlite: a folder of its own. Of PostgreSQL: "postgres://user:password@host:5432/database". */
export type Place = { readonly folder: string } | { readonly url: string };

/** int8 as both engines write it. */
export function wholeNumber(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/**
 * Whether the statement itself or its data is wrong, so that trying again cannot help: SQLSTATE classes 21 (rows), 22
 * (data), 23 (constraint), 42 (statement) and 54 (limits) [PostgreSQL 15, appendix A], or what JavaScript throws at
 * mistakes of programs: one batch on which we stumble must not hold up a fleet. All else, a lost connection or a full
 * disk, may pass.
 */
export function isOurFault(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) return true;
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^(21|22|23|42|54)[0-9A-Z]{3}$/.test(code);
}
