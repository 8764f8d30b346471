import type * as v from "valibot";
import { err, ok, type Result } from "../devices/kit/result.ts";
import { examine } from "./examine.ts";
import { parseJson } from "./json.ts";
import type { Mistake } from "./mistake.ts";

/** What is wrong in a table, before its file is named. */
export type Slip = Pick<Mistake, "path" | "says">;

/** A table of the house and how it is judged. */
export interface Table<S extends v.GenericSchema> {
  /** As a technician knows it: "config/health-ranges.json". */
  readonly file: string;
  readonly schema: S;
  /** What the schema cannot say. */
  slips(value: v.InferOutput<S>): readonly Slip[];
}

/** Reads a table from its JSON; every mistake is a sentence with its place. */
export function readTable<S extends v.GenericSchema>(
  { file, schema, slips }: Table<S>,
  json: string,
): Result<v.InferOutput<S>, readonly Mistake[]> {
  const parsed = parseJson(json);
  if (!parsed.ok) {
    const { line, column, says } = parsed.error;
    return err([{ file, path: "", says: `line ${line}, column ${column}: ${says}` }]);
  }
  const { value, findings } = examine(schema, parsed.value);
  const wrong = value === undefined ? findings : slips(value);
  return value !== undefined && wrong.length === 0
    ? ok(value)
    : err(wrong.map(({ path, says }) => ({ file, path, says })));
}
