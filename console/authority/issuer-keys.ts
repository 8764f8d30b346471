import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { bad, good, type Judged } from "../../protocol/pickup-code/judged.ts";
import { bytesOf, hexOf, publicOf } from "../../protocol/pickup-code/sign.ts";
import { readPrivately, writePrivately } from "./safe.ts";

type Name = "root" | "release" | "ops" | "qr";

/** Raw secrets of 32 bytes. From `root` follow all codes; the others sign, each for its role in the station file. */
export type IssuerKeys = Readonly<Record<Name, Uint8Array>>;

/** A line for "trust" in the station file. */
export interface Trust {
  readonly kid: string;
  readonly role: "release" | "ops" | "qr";
  readonly key: string;
}

/** Short names of the keys in station files, as `codes keygen` gives them too. */
export const kids = { release: "r1", ops: "o1", qr: "1" } as const;

/**
 * The centre's signing keys: files of 64 hex digits, as `codes keygen` makes them; where such were made before, they are
 * put into this folder. All are made at the first start. A key that is lost later is not replaced in silence.
 */
export function openIssuerKeys(folder: string): Judged<IssuerKeys> {
  const file = (name: Name): string => join(folder, `${name}.key`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const made = (["root", "release", "qr"] as const).filter((name) => existsSync(file(name)));
  if (made.length === 0)
    for (const name of ["root", "release", "qr"] as const) writePrivately(file(name), `${hexOf(randomBytes(32))}\n`);
  // `codes keygen` makes none.
  if (!existsSync(file("ops"))) writePrivately(file("ops"), `${hexOf(randomBytes(32))}\n`);

  const [root, release, ops, qr] = [read(file("root")), read(file("release")), read(file("ops")), read(file("qr"))];
  if (!root.ok) return root;
  if (!release.ok) return release;
  if (!ops.ok) return ops;
  if (!qr.ok) return qr;
  return good({ root: root.value, release: release.value, ops: ops.value, qr: qr.value });
}

/** What a kiosk is told to obey. */
export const trustOf = (keys: IssuerKeys): readonly Trust[] =>
  (["release", "ops", "qr"] as const).map((role) => ({
    kid: kids[role],
    role,
    key: hexOf(publicOf("ed25519", keys[role])),
  }));

function read(path: string): Judged<Uint8Array> {
  const text = readPrivately(path);
  if (!text.ok) return text;
  const hex = text.value.trim();
  if (!/^[0-9a-f]{64}$/.test(hex))
    return bad(`${path} holds no key: expected 64 hex digits in small letters. Restore it from your copy.`);
  return good(bytesOf(hex));
}
