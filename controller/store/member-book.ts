import type { Millis } from "../../devices/kit/clock.ts";
import type { Candidate, Member, Offer } from "../domain/credential.ts";

/** One member list in force: identifiers as keyed hashes on the disk, found by halving; a million take no memory. */
export interface MemberBook {
  readonly id: string;
  readonly offer: Offer;
  readonly issuedAt: Millis;
  /** Number of the qr key whose tokens are this list's digital cards. */
  readonly qr?: number;
  /** Its members come to several stations: what they take elsewhere counts here too. */
  readonly area?: true;
  /** Whether bare UIDs of cards are identifiers of this list. */
  readonly knowsUids: boolean;
  /** Whether a scanned text has the form of one of its printed numbers, barcodes or app ids. */
  couldHold(text: string): boolean;
  /** `proof` is "number": whoever knows the text has it. Undefined where nobody has it. */
  byText(text: string): Candidate | undefined;
  /** By the bare UID, capital hex digits. `proof` is "number". */
  byUid(uid: string): Candidate | undefined;
  /** The member whose digital card bears this pid, 16 hex digits as in the token. */
  byPid(pid: string): Member | undefined;
  /** The card with this UID, where it is one that can prove itself. */
  card(uid: string): MemberCard | undefined;
  close(): void;
}

/** A card with a key of its own. */
export interface MemberCard {
  /** ntag424: secure dynamic messaging. desfire: AES mutual authentication with this key as number 0 of its application. */
  readonly scheme: "ntag424" | "desfire";
  /** AES-128, 16 bytes; for this card alone. */
  readonly key: Uint8Array;
  /** What it gives once it has proved itself; the caller adds `proof` and `counter`. */
  readonly candidate: Omit<Candidate, "proof" | "counter">;
}
