import { millis, type Millis } from "../../devices/kit/clock.ts";
import type { CardKeys } from "../../protocol/members/card-keys.ts";
import { isOfForm } from "../../protocol/members/forms.ts";
import type { MemberList } from "../../protocol/members/member-list.ts";
import { ledgerPid, listKeys, memberTag, type IdentifierKind } from "../../protocol/members/secrets.ts";
import { parseDate, parseInstant } from "../../protocol/pickup-code/calendar.ts";
import type { Candidate, Member, Offer } from "../domain/credential.ts";
import { offerOf } from "./epoch-book.ts";
import type { MemberIndex } from "./member-index.ts";
import { openRows } from "./member-rows.ts";

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

export interface BookAsked {
  readonly list: MemberList;
  /** Its secret, 32 bytes. */
  readonly secret: Uint8Array;
  /** The file whose rows are read, and the index of them that was made when they were judged. */
  readonly path: string;
  readonly index: MemberIndex;
  /** The keys of its cards, opened. */
  readonly cards?: CardKeys;
  /** Told once where the file was changed, cut or removed under the running kiosk: a sentence for the technician. */
  damaged(why: string): void;
}

/** Opens a list whose file, rows and secret were judged. Never throws: a file that is gone by now is told of as damaged. */
export function openMemberBook({ list, secret, path, index, cards, damaged }: BookAsked): MemberBook {
  const keys = listKeys(secret);
  const rows = openRows({ path, list, index, damaged });
  const offer = memberOffer(list);
  const memberOf = (pid: Uint8Array): Member => ({ list: list.id, pid: ledgerPid(keys, pid) });
  const candidate = (pid: Uint8Array): MemberCard["candidate"] => ({
    credential: { kind: "member", ...memberOf(pid) },
    offer,
    validFrom: offer.from,
    validTo: offer.to,
    ...(list.area ? { area: true } : {}),
  });
  const find = (kind: IdentifierKind, value: string): Candidate | undefined => {
    const pid = rows.find(memberTag(keys, kind, value));
    return pid && { ...candidate(pid), proof: "number" };
  };
  const couldHold = (text: string): boolean => list.identifiers.texts.some((form) => isOfForm(form, text));
  const knowsUids = list.identifiers.uids > 0;
  return {
    id: list.id,
    offer,
    issuedAt: millis(parseInstant(list.issuedAt) ?? 0),
    ...(list.qr === undefined ? {} : { qr: list.qr }),
    ...(list.area ? { area: true } : {}),
    knowsUids,
    couldHold,
    byText: (text) => (couldHold(text) ? find("text", text) : undefined),
    byUid: (uid) => (knowsUids ? (find("uid", uid) ?? byPrinted(uid, find)) : undefined),
    byPid: (pid) => {
      const found = list.qr === undefined ? undefined : rows.find(memberTag(keys, "pid", pid));
      return found && memberOf(found);
    },
    card: (uid) => {
      const card = cards?.find(memberTag(keys, "uid", uid));
      if (card === undefined) return undefined;
      const { scheme, key } = card;
      // Two tags of a member count each for itself.
      const counted = scheme === "ntag424" ? { card: ledgerPid(keys, card.tag) } : {};
      return { scheme, key, candidate: { ...candidate(card.pid), ...counted } };
    },
    close: () => rows.close(),
  };
}

/** A 125 kHz card says five bytes; the decimal number that is printed on it holds the last four [B19]. */
const byPrinted = <T>(uid: string, find: (kind: IdentifierKind, value: string) => T): T | undefined =>
  uid.length === 10 ? find("uid", uid.slice(2)) : undefined;

/** What a member list gives, in the domain's terms. */
const memberOffer = (list: MemberList): Offer => ({
  ...offerOf(list),
  allowances: list.allowances,
  ...(list.dates === undefined ? {} : { dates: list.dates.flatMap((date) => parseDate(date) ?? []) }),
});
