import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { hexOf, publicOf } from "../../../protocol/pickup-code/sign.ts";
import { writeSecret } from "../../store/secret-file.ts";
import { handOver, refused } from "./paper.ts";

export interface KeygenOptions {
  readonly out: string;
  readonly kid: string;
  readonly qrKid: number;
}

/** Makes root.key, release.key, qr.key and the public parts, and prints the lines of trust. @returns the exit code. */
export function keygen({ out, kid, qrKid }: KeygenOptions): number {
  const file = (name: string): string => join(out, name);
  const there = ["root.key", "release.key", "release.pub", "qr.key", "qr.pub"]
    .map(file)
    .filter((path) => existsSync(path));
  if (there.length > 0)
    return refused(`${there.join(", ")}: there already. A key is never overwritten; name another folder with --out.`);
  const [root, release, qr] = [randomBytes(32), randomBytes(32), randomBytes(32)];
  try {
    mkdirSync(out, { recursive: true, mode: 0o700 });
    writeSecret(file("root.key"), root);
    writeSecret(file("release.key"), release);
    writeSecret(file("qr.key"), qr);
  } catch (thrown) {
    return refused(`The keys cannot be written: ${thrown instanceof Error ? thrown.message : String(thrown)}.`);
  }
  const publicRelease = hexOf(publicOf("ed25519", release));
  const publicQr = hexOf(publicOf("ed25519", qr));
  for (const [name, key] of [
    ["release.pub", publicRelease],
    ["qr.pub", publicQr],
  ] as const) {
    const written = handOver(`${key}\n`, file(name));
    if (!written.ok) return refused(written.error);
  }
  console.log(`Keys are in ${out}. Into "trust" of every station file:`);
  console.log(JSON.stringify({ kid, role: "release", key: publicRelease }));
  console.log(JSON.stringify({ kid: String(qrKid), role: "qr", key: publicQr }));
  return 0;
}
