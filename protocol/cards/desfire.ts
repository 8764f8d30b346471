import { createCipheriv, createDecipheriv } from "node:crypto";
import { ask, failed, type Exchange, type Failed } from "./exchange.ts";
import { same } from "./mac.ts";

// Mutual authentication of a MIFARE DESFire EV1, or later, with an AES key, its commands wrapped into ISO 7816-4 APDUs
// [B10; E39, E40; NXP MF3ICDx21_41_81, "AuthenticateAES" and "Wrapping of native commands"].

/** The application that an issuer makes on the card for Yizhan: 595A01. Identifiers go over the wire with the low byte first. */
export const application = 0x59_5a_01;

const selectApplication = 0x5a;
const authenticateAes = 0xaa;
const additionalFrame = 0xaf;
const keyNumber = 0;

/** Status words of wrapped commands. */
const status = {
  done: 0x9100,
  more: 0x91af,
  authenticationError: 0x91ae,
} as const;

const blockLength = 16;
const noVector = new Uint8Array(blockLength);

export type Presence =
  /** The card has the key and answered to this very question. `session`: 16 bytes, the key for what would follow. */
  { readonly is: "present"; readonly session: Uint8Array } | Failed;

const wrapped = (command: number, ...data: readonly number[]): Uint8Array =>
  Uint8Array.of(0x90, command, 0x00, 0x00, data.length, ...data, 0x00);

/**
 * Lets the card prove that it has the key, 16 bytes, as number 0 of Yizhan's application. `rndA`: 16 bytes that were
 * never used before, so that no recorded answer fits. Three exchanges.
 */
export async function authenticate(exchange: Exchange, key: Uint8Array, rndA: Uint8Array): Promise<Presence> {
  const id = [application & 0xff, (application >> 8) & 0xff, application >> 16];
  const selected = await ask(exchange, wrapped(selectApplication, ...id));
  if (selected === undefined) return failed("left");
  // Cards that know no such command, or no such application, say so in many ways.
  if (selected.status !== status.done) return failed("not-this-kind");

  const asked = await ask(exchange, wrapped(authenticateAes, keyNumber));
  if (asked === undefined) return failed("left");
  if (asked.status !== status.more || asked.data.length !== blockLength) return failed(refusal(asked.status));

  // One chain of CBC runs through the conversation: each text begins with the last block of the one before [E39, E40].
  const rndB = decipher(key, noVector, asked.data);
  const reply = encipher(key, asked.data, Uint8Array.of(...rndA, ...turned(rndB)));
  const proven = await ask(exchange, wrapped(additionalFrame, ...reply));
  if (proven === undefined) return failed("left");
  if (proven.status !== status.done || proven.data.length !== blockLength) return failed(refusal(proven.status));

  const returned = decipher(key, reply.subarray(-blockLength), proven.data);
  return same(returned, turned(rndA)) ? { is: "present", session: sessionKey(rndA, rndB) } : failed("wrong-proof");
}

/** The card itself ends the conversation with AE where our answer shows it that the keys differ. */
const refusal = (word: number): "wrong-proof" | "refused" =>
  word === status.authenticationError ? "wrong-proof" : "refused";

/** First byte to the end. */
const turned = (bytes: Uint8Array): Uint8Array => Uint8Array.of(...bytes.subarray(1), ...bytes.subarray(0, 1));

/** The first and the last four bytes of both numbers in turn [E40]. */
const sessionKey = (a: Uint8Array, b: Uint8Array): Uint8Array =>
  Uint8Array.of(...a.subarray(0, 4), ...b.subarray(0, 4), ...a.subarray(12), ...b.subarray(12));

const decipher = (key: Uint8Array, vector: Uint8Array, bytes: Uint8Array): Uint8Array =>
  createDecipheriv("aes-128-cbc", key, vector).setAutoPadding(false).update(bytes);
const encipher = (key: Uint8Array, vector: Uint8Array, bytes: Uint8Array): Uint8Array =>
  createCipheriv("aes-128-cbc", key, vector).setAutoPadding(false).update(bytes);
