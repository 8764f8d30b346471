import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { fingerprintOf } from "../../../protocol/health/letter.ts";
import { hexOf, publicOf } from "../../../protocol/pickup-code/sign.ts";
import { writeSecret } from "../../store/secret-file.ts";
import { handOver, refused } from "../codes/paper.ts";

/** Makes a recipient's key in `file` and its public part beside it, and prints it. @returns the exit code. */
export function keygen(file: string): number {
  const open = `${file.replace(/\.key$/, "")}.pub`;
  const there = [file, open].filter((path) => existsSync(path));
  if (there.length > 0)
    return refused(`${there.join(", ")}: there already. A key is never overwritten; name another file with --out.`);
  const key = randomBytes(32); // any 32 bytes are an X25519 key [RFC 7748, 5]
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeSecret(file, key);
  } catch (thrown) {
    return refused(`The key cannot be written: ${thrown instanceof Error ? thrown.message : String(thrown)}.`);
  }
  const own = publicOf("x25519", key);
  const written = handOver(`${hexOf(own)}\n`, open);
  if (!written.ok) return refused(written.error);
  console.log(`The key is in ${file}; letters to it bear ${fingerprintOf(own)}. Into "recipient" of "cabin":`);
  console.log(JSON.stringify({ key: hexOf(own) }));
  return 0;
}
