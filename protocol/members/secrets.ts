import { createHmac, hkdfSync, type KeyObject } from "node:crypto";
import { ready } from "../pickup-code/derive.ts";
import { hexOf } from "../pickup-code/sign.ts";

/**
 * What an identifier is. text: a printed number, a barcode or an app's id, as it is scanned. uid: the bare UID of a card,
 * capital hex digits. pid: the number that a digital card bears, 16 small hex digits.
 */
export type IdentifierKind = "text" | "uid" | "pid";

/** The keys of one list, made of its secret: 32 random bytes that are destroyed together with the list. */
export interface ListKeys {
  readonly tags: KeyObject;
  readonly pids: KeyObject;
  /** 16 hex digits by which a secret is known to be that of a file; they tell nothing of it. */
  readonly mark: string;
}

const derived = (secret: Uint8Array, info: string, length = 32): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", secret, "yizhan/v1", info, length));

export const listKeys = (secret: Uint8Array): ListKeys => ({
  tags: ready(derived(secret, "members:tags")),
  pids: ready(derived(secret, "members:pids")),
  mark: hexOf(derived(secret, "members:mark", 8)),
});

export const tagLength = 8;
export const pidLength = 8;

/** The 8 bytes by which an identifier is found. */
export const memberTag = ({ tags }: Pick<ListKeys, "tags">, kind: IdentifierKind, value: string): Buffer =>
  createHmac("sha256", tags).update(`${kind}\0${value}`).digest().subarray(0, tagLength);

/** A person as the ledger knows them, 16 hex digits. `pid`: the 8 random bytes that the centre gave them. */
export const ledgerPid = ({ pids }: Pick<ListKeys, "pids">, pid: Uint8Array): string =>
  createHmac("sha256", pids).update(pid).digest("hex").slice(0, 16);
