import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from "node:zlib";
import type { Content } from "./figures.ts";

export const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name));

/** Of each row of a database its cells, and all of them as one text. */
function rowsIn(path: string): readonly Content[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    return tables.flatMap(({ name }) =>
      database
        .prepare(`SELECT * FROM "${String(name)}"`)
        .all()
        .flatMap((row): readonly Content[] => {
          const cells = Object.values(row);
          const text = cells.map((cell) => (cell instanceof Uint8Array ? Buffer.from(cell).toString() : String(cell)));
          return [`${String(name)} ${text.join(" ")}`, ...cells.filter((cell) => cell instanceof Uint8Array)];
        }),
    );
  } finally {
    database.close();
  }
}

const unpackers = [inflateRawSync, inflateSync, gunzipSync, brotliDecompressSync, zstdDecompressSync] as const;

/** Before what is packed its length may stand. */
const heads = [0, 2, 4, 8] as const;

/** What comes out where something was packed; most bytes are nothing packed. */
const unpacked = (bytes: Uint8Array): readonly Content[] =>
  heads.flatMap((head) =>
    unpackers.flatMap((unpack) => {
      try {
        return [unpack(bytes.subarray(head), { maxOutputLength: 1 << 24 })];
      } catch {
        return [];
      }
    }),
  );

/** At least as long as a few figures are. */
const spelt = /[A-Za-z0-9+/_-]{12,}={0,2}/g;

/** What is written in letters of base64 or in hex digits, and what was packed before. */
function* decoded(text: string): Generator<Content> {
  for (const [word] of text.matchAll(spelt))
    for (const encoding of /^[0-9a-f]+$/i.test(word) ? (["hex", "base64"] as const) : (["base64"] as const)) {
      const bytes = Buffer.from(word, encoding);
      yield bytes;
      yield* unpacked(bytes);
    }
}

/** Everything as it is, and decoded as far as it is written in other letters or packed. */
export const unfolded = (all: readonly Content[]): readonly Content[] =>
  all.flatMap((one) => {
    const text = typeof one === "string" ? one : Buffer.from(one).toString("latin1");
    return [one, ...(typeof one === "string" ? [] : unpacked(one)), ...decoded(text)];
  });

/** All that lies in a data folder: names and bytes of files, and every cell of every table. */
export function everythingIn(folder: string): readonly Content[] {
  const files = filesIn(folder);
  return [
    ...files,
    ...files.map((file) => readFileSync(file)),
    ...files.filter((file) => readFileSync(file).subarray(0, 15).toString() === "SQLite format 3").flatMap(rowsIn),
  ];
}
