import canonicalize from "canonicalize";
import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from "node:crypto";

/** What may be signed. The kind is part of what is signed, so that no file passes for one of another kind. */
export type SignedKind = "campaign" | "list" | "members" | "keys" | "qr" | "used" | "taken" | "command" | "config";

/** The bytes that stand before a raw key of 32 bytes in PKCS #8 and SubjectPublicKeyInfo [RFC 8410, 7 and 4]. */
const pkcs8 = { ed25519: "302e020100300506032b657004220420", x25519: "302e020100300506032b656e04220420" } as const;
const spki = { ed25519: "302a300506032b6570032100", x25519: "302a300506032b656e032100" } as const;
type Curve = keyof typeof pkcs8;

const privateKey = (curve: Curve, raw: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([Buffer.from(pkcs8[curve], "hex"), raw]), format: "der", type: "pkcs8" });
const publicKey = (curve: Curve, raw: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([Buffer.from(spki[curve], "hex"), raw]), format: "der", type: "spki" });

/** The public key of a private one; all keys are raw, 32 bytes. */
export const publicOf = (curve: Curve, secret: Uint8Array): Uint8Array =>
  new Uint8Array(createPublicKey(privateKey(curve, secret)).export({ format: "der", type: "spki" }).subarray(-32));

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
/** `hex` must be hex digits: check before. */
export const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));

const prefixed = (kind: SignedKind, message: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from(`yizhan/${kind}/v1\0`), message]);

/** Ed25519 over the kind and the message; 64 bytes. */
export const signBytes = (kind: SignedKind, message: Uint8Array, secret: Uint8Array): Uint8Array =>
  new Uint8Array(sign(null, prefixed(kind, message), privateKey("ed25519", secret)));

export function verifyBytes(kind: SignedKind, message: Uint8Array, signature: Uint8Array, key: Uint8Array): boolean {
  try {
    return verify(null, prefixed(kind, message), publicKey("ed25519", key), signature);
  } catch {
    return false; // 32 bytes that are no point of the curve are no key
  }
}

/** RFC 8785. The signature itself is no part of what is signed. */
function signedPart(document: object): Uint8Array {
  const text = canonicalize({ ...document, sig: undefined });
  if (text === undefined) throw new Error("A document to sign must be a JSON object.");
  return Buffer.from(text);
}

/** The document with its signature, base64url. */
export const signed = <T extends object>(
  kind: SignedKind,
  document: T,
  secret: Uint8Array,
): T & { readonly sig: string } => ({
  ...document,
  sig: Buffer.from(signBytes(kind, signedPart(document), secret)).toString("base64url"),
});

/** Whether `sig` is this key's signature of all else in the document. */
export const isSigned = (kind: SignedKind, document: { readonly sig: string }, key: Uint8Array): boolean =>
  verifyBytes(kind, signedPart(document), Buffer.from(document.sig, "base64url"), key);
