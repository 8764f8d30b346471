import { readFileSync } from "node:fs";
import { err, ok, type Result } from "../../../../devices/kit/result.ts";

/** A table of people. Nothing of what stands in it is ever told: a mistake names its row. */
export interface Table {
  readonly columns: readonly string[];
  /** Without the head. */
  readonly rows: readonly (readonly string[])[];
}

/** The number of a row as a table program shows it: the head is row 1. */
export const shownRow = (index: number): number => index + 2;

/** Reads CSV with commas, semicolons or tabs [RFC 4180]; in UTF-8, or in GB 18030 as Chinese table programs write it. */
export function readTable(path: string): Result<Table, string> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (thrown) {
    return err(`${path} cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}.`);
  }
  const rows = rowsIn(decoded(bytes));
  const [columns, ...rest] = rows;
  if (columns === undefined || rest.length === 0)
    return err(`${path} holds no people: expected a head and a row for each.`);
  const odd = rest.findIndex((row) => row.length !== columns.length);
  if (odd >= 0)
    return err(
      `Row ${shownRow(odd)} of ${path} has ${rest[odd]?.length} fields and the head ${columns.length}: is a quotation mark missing?`,
    );
  return ok({ columns, rows: rest });
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

function rowsIn(text: string): readonly (readonly string[])[] {
  const between = /[,;\t]/.exec(text.slice(0, text.search(/\r?\n/)))?.[0] ?? ",";
  const field = new RegExp(`"((?:[^"]|"")*)"|([^${between}\\r\\n]*)`, "y");
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at <= text.length;) {
    field.lastIndex = at;
    const found = field.exec(text);
    const quoted = found?.[1];
    row.push((quoted === undefined ? (found?.[2] ?? "") : quoted.replaceAll('""', '"')).trim());
    at = Math.max(at, field.lastIndex);
    const rest = text.slice(at, at + 2);
    if (rest.startsWith(between)) {
      at += 1;
      continue;
    }
    if (row.some((one) => one !== "")) rows.push(row);
    row = [];
    at += rest === "\r\n" ? 2 : 1;
  }
  return rows;
}
