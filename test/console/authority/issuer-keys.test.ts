import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { keygen } from "../../../controller/cli/codes/keygen.ts";
import { openIssuerKeys, trustOf } from "../../../console/authority/issuer-keys.ts";
import { bytesOf, hexOf, signBytes, verifyBytes } from "../../../protocol/pickup-code/sign.ts";

const folder = () => mkdtempSync(join(tmpdir(), "keys-"));

function opened(dir: string) {
  const keys = openIssuerKeys(dir);
  if (!keys.ok) throw new Error(keys.error.join(" "));
  return keys.value;
}

test("the keys are made once, for their owner's eyes alone", () => {
  const dir = folder();
  const first = opened(dir);
  expect(opened(dir)).toEqual(first);
  for (const name of ["root", "release", "ops", "qr"])
    expect(statSync(join(dir, `${name}.key`)).mode & 0o777).toBe(0o600);
  expect(new Set(Object.values(first).map(hexOf)).size).toBe(4);
});

test("keys that codes keygen made are taken as they are, and ops is added", () => {
  const dir = join(folder(), "made");
  expect(keygen({ out: dir, kid: "r1", qrKid: 1 })).toBe(0);
  expect(hexOf(opened(dir).release)).toBe(readFileSync(join(dir, "release.key"), "utf8").trim());
  expect(trustOf(opened(dir))[0]?.key).toBe(readFileSync(join(dir, "release.pub"), "utf8").trim());
});

test("a lost key is not replaced by another in silence", () => {
  const dir = folder();
  opened(dir);
  rmSync(join(dir, "root.key"));
  expect(openIssuerKeys(dir)).toMatchObject({ ok: false, error: [expect.stringMatching(/root\.key.*Restore/)] });
});

test("what each key signs is known again by the line of trust", () => {
  const keys = opened(folder());
  const message = Buffer.from("water");
  for (const { role, key } of trustOf(keys))
    expect(verifyBytes("campaign", message, signBytes("campaign", message, keys[role]), bytesOf(key))).toBe(true);
});
