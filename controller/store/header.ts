import { closeSync, openSync, readSync } from "node:fs";
import { applicationId, form } from "./sqlite.ts";

// https://sqlite.org/fileformat2.html, section 1.3: the first 100 bytes of a database.
const magic = Buffer.from("SQLite format 3\0");
const headerLength = 100;
/** How the file is written and read, one byte each: 2 is with a -wal file, and any other value would hide that file. */
const formatAt = 18;
const withWal = 2;
const userVersionAt = 60;
const applicationIdAt = 68;
/** No release will come this far; a higher number is a flipped bit. */
const highestForm = 255;

export type Header =
  /** A ledger that this release can write. */
  | { readonly is: "ours" }
  /** A ledger of ours in a form that this release does not know. */
  | { readonly is: "newer"; readonly form: number }
  | { readonly is: "foreign"; readonly why: string }
  | { readonly is: "damaged"; readonly why: string };

/**
 * What kind of file lies at `path`, told from its first bytes and without SQLite, which might change the file.
 * It must not be called once this process has the database open: closing a file drops every POSIX lock on it.
 */
export function headerOf(path: string): Header {
  const bytes = Buffer.alloc(headerLength);
  const file = openSync(path, "r");
  let read = 0;
  try {
    read = readSync(file, bytes, 0, headerLength, 0);
  } finally {
    closeSync(file);
  }
  if (read < headerLength || !bytes.subarray(0, magic.length).equals(magic)) {
    return { is: "foreign", why: "it does not begin as a database begins" };
  }
  if (bytes.readUInt32BE(applicationIdAt) !== applicationId) {
    return { is: "foreign", why: "it is the database of another program" };
  }
  const found = bytes.readUInt32BE(userVersionAt);
  if (found > form && found <= highestForm) return { is: "newer", form: found };
  if (found !== form) return { is: "damaged", why: `its form ${found} was never used` };
  const withItsWal = bytes.readUInt8(formatAt) === withWal && bytes.readUInt8(formatAt + 1) === withWal;
  return withItsWal ? { is: "ours" } : { is: "damaged", why: "its header denies its -wal file" };
}
