import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openKioskKey, publicKioskKey } from "../../controller/store/kiosk-key.ts";
import { bytesOf } from "../../protocol/pickup-code/sign.ts";

const dice = { bytes: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kiosk-key-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("the first start makes a key for its owner's eyes alone, and its public part for everybody", () => {
  const key = openKioskKey(folder, dice);
  expect(key.ok).toBe(true);
  expect(statSync(join(folder, "kiosk.key")).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(folder, "kiosk.key"), "utf8")).toMatch(/^[0-9a-f]{64}\n$/);
  if (key.ok) expect(readFileSync(join(folder, "kiosk.pub"), "utf8")).toBe(`${publicKioskKey(key.value)}\n`);
});

test("later starts read the same key, and write the public part again where it is gone or another's", () => {
  const first = openKioskKey(folder, dice);
  const pub = readFileSync(join(folder, "kiosk.pub"), "utf8");
  writeFileSync(join(folder, "kiosk.pub"), "another");
  expect(openKioskKey(folder, dice)).toEqual(first);
  expect(readFileSync(join(folder, "kiosk.pub"), "utf8")).toBe(pub);
});

test("a key that others may read is refused with the command that cures it", () => {
  openKioskKey(folder, dice);
  const path = join(folder, "kiosk.key");
  chmodSync(path, 0o640);
  expect(openKioskKey(folder, dice)).toEqual({
    ok: false,
    error: `${path} holds a secret and its mode is 0640, so that others may read it. Run: chmod 600 ${path}`,
  });
});

test("a key file that holds no key, and a folder that is not there, are said", () => {
  writeFileSync(join(folder, "kiosk.key"), "", { mode: 0o600 });
  expect(openKioskKey(folder, dice)).toMatchObject({
    ok: false,
    error: expect.stringContaining("64 hex digits") as string,
  });
  expect(openKioskKey(join(folder, "none"), dice)).toMatchObject({
    ok: false,
    error: expect.stringContaining("can be neither read nor made") as string,
  });
});

test("the public key is that of RFC 7748, section 6.1", () => {
  const alice = bytesOf("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
  expect(publicKioskKey(alice)).toBe("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
});
