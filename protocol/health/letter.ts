import { createHash } from "node:crypto";
import * as v from "valibot";
import type { Judged } from "../pickup-code/judged.ts";
import type { Sealed } from "../pickup-code/seal.ts";
import { base64url, bytesInHex, literal, readFile, whole } from "../pickup-code/signed-file.ts";
import { sealedLengths } from "./sizes.ts";

/**
 * One person's results on their way to whoever the person sends them to. Nobody on the way can read them, and nobody
 * can say that they come from another kiosk or were meant for another recipient: both are bound to the seal. It does
 * not prove who wrote it: whoever has the recipient's public key can seal.
 */
export interface Letter extends Sealed {
  readonly v: 1;
  readonly kind: "health";
  /** The kiosk's name on the broker: "zp-001". */
  readonly kiosk: string;
  /** Fingerprint of the recipient's public key. */
  readonly to: string;
}

/** What stands open beside the sealed part. */
export type LetterHead = Omit<Letter, keyof Sealed>;

/** 16 hex digits that tell recipients apart; of the key itself nobody needs to be told. */
export const fingerprintOf = (publicKey: Uint8Array): string =>
  createHash("sha256").update(publicKey).digest("hex").slice(0, 16);

const lengths = new Set(sealedLengths);
const sealedText = "a sealed letter in one of its lengths, base64url";

/** What an entry of the ledger has of a letter. */
export const letterFields = {
  v: whole(1, 1),
  to: bytesInHex(8, "the fingerprint of a recipient's key, 16 hex digits"),
  enc: v.pipe(base64url("the sender's part of the seal"), v.length(43, "expected 32 bytes in base64url")),
  sealed: v.pipe(
    base64url(sealedText),
    v.check(({ length }) => lengths.has(length), `expected ${sealedText}`),
  ),
};

const schema: v.GenericSchema<unknown, Letter> = v.strictObject({
  ...letterFields,
  v: literal(1),
  kind: literal("health"),
  kiosk: v.pipe(v.string("expected the kiosk's name"), v.regex(/^[a-z0-9-]{2,32}$/, "expected the kiosk's name")),
});

/** Reads a letter without opening it. */
export const readLetter = (text: string): Judged<Letter> => readFile(text, schema);
