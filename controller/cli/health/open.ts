import { createHash } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { readLetter, type Letter } from "../../../protocol/health/letter.ts";
import { openLetter } from "../../../protocol/health/sealing.ts";
import { bad, good, type Judged } from "../../../protocol/pickup-code/judged.ts";
import { readSecret } from "../../store/secret-file.ts";
import { handOver, readPaper, refused } from "../codes/paper.ts";

export interface OpenOptions {
  readonly key: string;
  readonly out: string;
}

/** Opens every letter of a file, one a line, into a file of its own. One that does not open keeps none of the others closed. @returns the exit code. */
export async function openLetters(file: string, { key: keyFile, out }: OpenOptions): Promise<number> {
  const key = readSecret(keyFile);
  if (!key.ok) return refused(key.error);
  const text = readPaper(file);
  if (!text.ok) return refused(text.error);
  try {
    mkdirSync(out, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    return refused(`${out} cannot be made: ${thrown instanceof Error ? thrown.message : String(thrown)}.`);
  }
  const complaints: string[] = [];
  let opened = 0;
  for (const [n, line] of text.value.split("\n").entries()) {
    if (line.trim() === "") continue;
    const done = await openInto(out, line, key.value);
    if (done.ok) opened += 1;
    else complaints.push(`Line ${n + 1}: ${done.error.join(" ")}`);
  }
  if (opened + complaints.length === 0) return refused(`${file} has no letter.`);
  console.log(`${opened} of ${opened + complaints.length} letters were opened; the bundles are in ${out}.`);
  return complaints.length === 0 ? 0 : refused(...complaints);
}

async function openInto(folder: string, line: string, key: Uint8Array): Promise<Judged<void>> {
  const letter = readLetter(line);
  if (!letter.ok) return letter;
  const path = join(folder, nameOf(letter.value));
  if (existsSync(path)) return bad(`${path} is there already, and is left as it is.`);
  const content = await openLetter(letter.value, key);
  if (!content.ok) return content;
  const written = handOver(`${content.value}\n`, path, "private");
  return written.ok ? good(undefined) : bad(written.error);
}

/** The sender's part of a seal is made for one letter alone. */
const nameOf = ({ kiosk, enc }: Letter): string =>
  `${kiosk}-${createHash("sha256").update(enc).digest("hex").slice(0, 16)}.json`;
