import canonicalize from "canonicalize";
import * as v from "valibot";
import { bad, type Judged } from "./judged.ts";
import { seal, unseal, type Sealed } from "./seal.ts";
import { bytesOf, hexOf, signed } from "./sign.ts";
import { base64url, bytesInHex, literal, readFile, signedFields } from "./signed-file.ts";

/** Keys by name, 64 hex digits each. */
export interface SealedKeys {
  /** By label. */
  readonly epochs: Readonly<Record<string, string>>;
  /** By list id. */
  readonly lists: Readonly<Record<string, string>>;
}

/** Epoch and list keys for one kiosk: sealed to its X25519 key, so that the file may travel anywhere, and signed by the release key. */
export interface KeyBundle extends Sealed {
  readonly v: 1;
  readonly kind: "keys";
  readonly station: string;
  /** The kiosk's public key, 64 hex digits: kiosk.pub. */
  readonly for: string;
  readonly issuedAt: string;
  readonly kid: string;
  readonly sig: string;
}

export type BundleHead = Pick<KeyBundle, "v" | "kind" | "station" | "for" | "issuedAt" | "kid">;

const hexKey = bytesInHex(32, "a key of 64 hex digits");
const sealedSchema: v.GenericSchema<unknown, SealedKeys> = v.strictObject({
  epochs: v.record(v.string(), hexKey),
  lists: v.record(v.string(), hexKey),
});
const schema: v.GenericSchema<unknown, KeyBundle> = v.strictObject({
  ...signedFields,
  kind: literal("keys"),
  for: bytesInHex(32, "the kiosk's public key of 64 hex digits"),
  enc: base64url("the sender's part of the seal, base64url"),
  sealed: base64url("the sealed keys, base64url"),
});

const purpose = "yizhan/keys/v1\0";

/** The open part of the file is bound to the sealed one. */
const bound = ({ v, kind, station, for: kiosk, issuedAt, kid }: BundleHead): Uint8Array =>
  Buffer.from(canonicalize({ v, kind, station, for: kiosk, issuedAt, kid }) ?? "");

/** Seals to the kiosk named in `head.for` and signs with the release key named in `head.kid`. */
export async function sealKeys(head: BundleHead, keys: SealedKeys, release: Uint8Array): Promise<KeyBundle> {
  const text = Buffer.from(JSON.stringify(keys));
  return signed("keys", { ...head, ...(await seal(bytesOf(head.for), purpose, text, bound(head))) }, release);
}

/** Reads a key bundle without opening it. Looks at no signature and no station. */
export const parseBundle = (text: string): Judged<KeyBundle> => readFile(text, schema);

/** Opens a bundle with the kiosk's private key. Check the signature before. */
export async function openBundle(bundle: KeyBundle, kioskKey: Uint8Array): Promise<Judged<SealedKeys>> {
  const text = await unseal(bundle, kioskKey, purpose, bound(bundle));
  if (text !== undefined) return readFile(Buffer.from(text).toString(), sealedSchema);
  return bad(
    "The seal does not open with this kiosk's key, or the file was changed: export the keys again with --for and the kiosk.pub of this kiosk.",
  );
}

/** The file's keys as bytes, by name. */
export const keysByName = (keys: Readonly<Record<string, string>>): ReadonlyMap<string, Uint8Array> =>
  new Map(Object.entries(keys).map(([name, hex]) => [name, bytesOf(hex)]));

/** Names and keys as a bundle writes them. */
export const writtenKeys = (keys: Iterable<readonly [string, Uint8Array]>): Record<string, string> =>
  Object.fromEntries([...keys].map(([name, key]) => [name, hexOf(key)]));
