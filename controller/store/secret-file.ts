import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { err, ok, type Result } from "../../devices/kit/result.ts";
import { bytesOf, hexOf } from "../../protocol/pickup-code/sign.ts";

/** Readable and writable by the owner alone. */
const ownerOnly = 0o600;
const othersMay = 0o077;

/** Reads a secret key of 32 bytes from a file of 64 hex digits. The error is a sentence. */
export function readSecret(path: string): Result<Uint8Array, string> {
  if (!existsSync(path)) return err(`There is no file ${path}. Name the file that holds the key.`);
  const { mode } = statSync(path);
  if (mode & othersMay) {
    const found = (mode & 0o777).toString(8).padStart(4, "0");
    return err(`${path} holds a secret and its mode is ${found}, so that others may read it. Run: chmod 600 ${path}`);
  }
  const text = readFileSync(path, "utf8").trim();
  if (!/^[0-9a-f]{64}$/.test(text))
    return err(`${path} holds no key: expected 64 hex digits in small letters. Restore it from your copy.`);
  return ok(bytesOf(text));
}

/** Writes a file so that after a power cut it is there whole or not at all. Refuses nothing: look first whether it is there. */
export function writeWhole(path: string, text: string | Uint8Array, mode: number): void {
  const draft = `${path}.new`;
  rmSync(draft, { force: true });
  const file = openSync(draft, "w", mode);
  try {
    writeFileSync(file, text);
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

/** Writes a secret as 64 hex digits for its owner's eyes alone. */
export const writeSecret = (path: string, secret: Uint8Array): void =>
  writeWhole(path, `${hexOf(secret)}\n`, ownerOnly);

/** Writes a text that is worth goods, such as codes, for its owner's eyes alone. */
export const writePrivately = (path: string, text: string): void => writeWhole(path, text, ownerOnly);
