import canonicalize from "canonicalize";
import { bad, good, type Judged } from "../pickup-code/judged.ts";
import { seal, unseal, type Sealed } from "../pickup-code/seal.ts";
import { bytesOf } from "../pickup-code/sign.ts";
import { pidLength, tagLength } from "./secrets.ts";

/** ntag424: secure dynamic messaging. desfire: AES mutual authentication. */
export type CardScheme = "ntag424" | "desfire";

/** Numbers of the schemes in a row. */
const schemes: Readonly<Record<CardScheme, number>> = { ntag424: 1, desfire: 2 };

/** A card with a key of its own. */
export interface KeyedCard {
  /** Tag of its UID. */
  readonly tag: Uint8Array;
  readonly pid: Uint8Array;
  readonly scheme: CardScheme;
  /** AES-128, 16 bytes. */
  readonly key: Uint8Array;
}

const keyLength = 16;
const keyAt = tagLength + pidLength + 1;
const cardLength = keyAt + keyLength;

/** More than a kiosk's members of the neighbourhood. Their keys are held in memory. */
export const cardLimit = 50_000;

/** Keys of cards, sealed to one kiosk. */
export interface SealedCards extends Sealed {
  /** The kiosk's public key, 64 hex digits: kiosk.pub. */
  readonly for: string;
  readonly count: number;
}

/** What stands open beside the keys and is bound to them. */
export interface CardsBeside {
  readonly station: string;
  readonly id: string;
  readonly issuedAt: string;
  readonly kid: string;
}

const purpose = "yizhan/cards/v1\0";
const bound = ({ station, id, issuedAt, kid }: CardsBeside, kiosk: string): Uint8Array =>
  Buffer.from(canonicalize({ v: 1, kind: "members", station, id, for: kiosk, issuedAt, kid }) ?? "");

/** Seals the keys of cards to the kiosk with this public key (64 hex digits). */
export async function sealCards(beside: CardsBeside, cards: readonly KeyedCard[], kiosk: string): Promise<SealedCards> {
  const rows = Buffer.concat(
    cards
      .toSorted((a, b) => Buffer.compare(a.tag, b.tag))
      .map(({ tag, pid, scheme, key }) => Buffer.concat([tag, pid, Uint8Array.of(schemes[scheme]), key])),
  );
  return { for: kiosk, count: cards.length, ...(await seal(bytesOf(kiosk), purpose, rows, bound(beside, kiosk))) };
}

/** The keys of cards, opened: 33 bytes a card, found by halving. */
export class CardKeys {
  readonly #rows: Buffer;

  constructor(rows: Uint8Array) {
    this.#rows = Buffer.from(rows);
  }

  /** The card whose UID has this tag. */
  find(tag: Uint8Array): KeyedCard | undefined {
    const rows = this.#rows;
    let low = 0;
    let high = rows.length / cardLength;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (Buffer.compare(rows.subarray(middle * cardLength, middle * cardLength + tagLength), tag) < 0)
        low = middle + 1;
      else high = middle;
    }
    const row = rows.subarray(low * cardLength, (low + 1) * cardLength);
    const scheme = (["ntag424", "desfire"] as const).find((name) => schemes[name] === row[keyAt - 1]);
    if (scheme === undefined || !row.subarray(0, tagLength).equals(tag)) return undefined;
    return {
      tag: row.subarray(0, tagLength),
      pid: row.subarray(tagLength, keyAt - 1),
      scheme,
      key: new Uint8Array(row.subarray(keyAt)),
    };
  }
}

/** Opens the keys with the kiosk's private key. Check the file's signature before. */
export async function openCards(
  beside: CardsBeside,
  cards: SealedCards,
  kioskKey: Uint8Array,
): Promise<Judged<CardKeys>> {
  const rows = await unseal(cards, kioskKey, purpose, bound(beside, cards.for));
  if (rows === undefined)
    return bad(
      "The keys of its cards do not open with this kiosk's key: import the list again with --for and the kiosk.pub of this kiosk.",
    );
  if (rows.length !== cards.count * cardLength)
    return bad(`cards: expected the keys of ${cards.count} cards, found ${rows.length} bytes.`);
  return good(new CardKeys(rows));
}
