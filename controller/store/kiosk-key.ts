import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { err, type Result } from "../../devices/kit/result.ts";
import { hexOf, publicOf } from "../../protocol/pickup-code/sign.ts";
import type { World } from "../world.ts";
import { readSecret, writeSecret, writeWhole } from "./secret-file.ts";

const worldReadable = 0o644;

/** The kiosk's public key as key bundles name it, 64 hex digits. */
export const publicKioskKey = (kioskKey: Uint8Array): string => hexOf(publicOf("x25519", kioskKey));

/**
 * The X25519 private key of this kiosk, 32 bytes, from kiosk.key in the data folder. At the first start it is made, and
 * its public part written beside as kiosk.pub, for `codes export-keys --for`. The error is a sentence for the technician.
 */
export function openKioskKey(folder: string, dice: World["dice"]): Result<Uint8Array, string> {
  const secretFile = join(folder, "kiosk.key");
  const publicFile = join(folder, "kiosk.pub");
  try {
    if (!existsSync(secretFile)) writeSecret(secretFile, dice.bytes(32)); // any 32 bytes are an X25519 key [RFC 7748, 5]
    const key = readSecret(secretFile);
    if (!key.ok) return key;
    const written = `${publicKioskKey(key.value)}\n`;
    if (!existsSync(publicFile) || readFileSync(publicFile, "utf8") !== written)
      writeWhole(publicFile, written, worldReadable);
    return key;
  } catch (thrown) {
    const said = thrown instanceof Error ? thrown.message : String(thrown);
    return err(`The kiosk's key in ${folder} can be neither read nor made (${said}). Give this user the folder.`);
  }
}
