import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { bad, good, type Judged } from "../../protocol/pickup-code/judged.ts";

const ownerOnly = 0o600;
const everybodyReads = 0o644;
const othersMay = 0o077;

/** Writes a file so that after a power cut it is there whole or not at all. */
function writeWhole(path: string, text: string, mode: number): void {
  const draft = `${path}.new`;
  rmSync(draft, { force: true });
  const file = openSync(draft, "w", mode);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
  const folder = openSync(dirname(path), "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** For the owner's eyes alone. */
export const writePrivately = (path: string, text: string): void => writeWhole(path, text, ownerOnly);
export const writeOpenly = (path: string, text: string): void => writeWhole(path, text, everybodyReads);

/** Reads a file that nobody else may read. The error is a sentence. */
export function readPrivately(path: string): Judged<string> {
  if (!existsSync(path)) return bad(`There is no file ${path}. Restore it from your copy.`);
  const { mode } = statSync(path);
  if (mode & othersMay) {
    const found = (mode & 0o777).toString(8).padStart(4, "0");
    return bad(`${path} holds a secret and its mode is ${found}, so that others may read it. Run: chmod 600 ${path}`);
  }
  return good(readFileSync(path, "utf8"));
}
