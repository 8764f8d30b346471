import { createHash } from "node:crypto";
import { pidLength, tagLength } from "./secrets.ts";

/** A row: the tag of an identifier and the pid of its person. Rows ascend by tag, and no tag stands there twice. */
export const rowLength = tagLength + pidLength;

/** More identifiers than any kiosk has members. */
export const rowLimit = 4_000_000;

export const rowsHash = (rows: Uint8Array): string => createHash("sha256").update(rows).digest("hex");

export interface Row {
  readonly tag: Uint8Array;
  readonly pid: Uint8Array;
}

/** Rows in their order. A tag that stands there twice is our own mistake. */
export function writeRows(rows: readonly Row[]): Buffer {
  const sorted = rows.toSorted((a, b) => Buffer.compare(a.tag, b.tag));
  const bytes = Buffer.alloc(sorted.length * rowLength);
  for (const [at, { tag, pid }] of sorted.entries()) {
    bytes.set(tag, at * rowLength);
    bytes.set(pid, at * rowLength + tagLength);
    if (at > 0 && !ascends(bytes, at)) throw new Error("Two members have an identifier of one tag.");
  }
  return bytes;
}

/** Whether the row number `at` (from 1) lies after the one before it. */
export const ascends = (rows: Uint8Array, at: number): boolean => {
  const here = at * rowLength;
  return Buffer.compare(rows.subarray(here - rowLength, here - pidLength), rows.subarray(here, here + tagLength)) < 0;
};
