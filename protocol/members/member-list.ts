import canonicalize from "canonicalize";
import * as v from "valibot";
import { parseDate } from "../pickup-code/calendar.ts";
import { bad, good, type Judged } from "../pickup-code/judged.ts";
import { signed } from "../pickup-code/sign.ts";
import {
  base64url,
  bytesInHex,
  datesInOrder,
  literal,
  offerFields,
  oneOf,
  readFile,
  shortName,
  signedFields,
  whole,
} from "../pickup-code/signed-file.ts";
import { cardLimit, type SealedCards } from "./card-keys.ts";
import { longestText, type TextForm } from "./forms.ts";
import type { Guessable } from "./loss.ts";
import { rowLimit } from "./rows.ts";

/** How often a member may take of these products, which count together. */
export interface AllowanceFields {
  readonly products: readonly string[];
  readonly perDay?: number;
  readonly perCampaign?: number;
  /** Minutes that must lie between two. */
  readonly gap?: number;
}

/** The first line of a member list file; the rows follow it. docs/members.md explains each field. */
export interface MemberList {
  readonly v: 1;
  readonly kind: "members";
  readonly id: string;
  readonly station: string;
  readonly products: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly hours: string;
  /** Only on these days, "2026-07-15", ascending. */
  readonly dates?: readonly string[];
  /** Of what no allowance names nothing is given. */
  readonly allowances: readonly AllowanceFields[];
  /** Its members come to several stations. */
  readonly area?: true;
  /** What kinds of identifiers the rows stand for, and how many of each. */
  readonly identifiers: Guessable & {
    /** People who may have a digital card. */
    readonly digital: number;
  };
  /** Number of the qr key whose tokens are the list's digital cards. */
  readonly qr?: number;
  /** Mark of the list's secret: see secrets.ts. */
  readonly secret: string;
  readonly rows: { readonly count: number; readonly sha256: string };
  readonly cards?: SealedCards;
  /** The list is over for good: the kiosk destroys its secret, and takes no other of its id any more. */
  readonly ended?: true;
  readonly lossLimit: number;
  readonly issuedAt: string;
  readonly kid: string;
  readonly sig: string;
}

const weekMinutes = 7 * 24 * 60;

const schema: v.GenericSchema<unknown, MemberList> = v.strictObject({
  ...signedFields,
  ...offerFields,
  kind: literal("members"),
  id: shortName,
  dates: v.exactOptional(
    v.pipe(
      v.array(
        v.pipe(
          v.string('expected a date such as "2026-07-15"'),
          v.check((text) => parseDate(text) !== undefined, 'expected a date such as "2026-07-15"'),
        ),
        "expected a list of dates",
      ),
      v.minLength(1, "expected at least one date"),
      v.maxLength(366, "expected at most 366 dates"),
    ),
  ),
  allowances: v.pipe(
    v.array(
      v.strictObject({
        products: offerFields.products,
        perDay: v.exactOptional(whole(1, 1000)),
        perCampaign: v.exactOptional(whole(1, 100_000)),
        gap: v.exactOptional(whole(1, weekMinutes)),
      }),
      "expected a list of allowances",
    ),
    v.minLength(1, "expected at least one allowance"),
    v.maxLength(32, "expected at most 32 allowances"),
  ),
  area: v.exactOptional(literal(true)),
  identifiers: v.strictObject({
    texts: v.pipe(
      v.array(
        v.strictObject({
          alphabet: oneOf(["digits", "capitals", "letters", "printable"]),
          length: whole(1, longestText),
          entries: whole(1, rowLimit),
          guessed: whole(0, longestText),
        }),
        "expected a list of forms",
      ),
      v.maxLength(256, "expected at most 256 forms"),
    ),
    uids: whole(0, rowLimit),
    digital: whole(0, rowLimit),
  }),
  qr: v.exactOptional(whole(0, 255)),
  secret: bytesInHex(8, "the mark of the list's secret, 16 hex digits"),
  rows: v.strictObject({ count: whole(0, rowLimit), sha256: bytesInHex(32, "a SHA-256 of 64 hex digits") }),
  cards: v.exactOptional(
    v.strictObject({
      for: bytesInHex(32, "the kiosk's public key of 64 hex digits"),
      count: whole(1, cardLimit),
      enc: base64url("the sender's part of the seal, base64url"),
      sealed: base64url("the sealed keys, base64url"),
    }),
  ),
  ended: v.exactOptional(literal(true)),
});

/** Bytes of the longest first line: it may hold the sealed keys of `cardLimit` cards. */
export const longestHead = 4 * 1024 * 1024;

/** Reads the first line of a member list file, without its end. Looks at no row, no signature, no loss and no station. */
export function parseMemberList(line: string): Judged<MemberList> {
  const read = readFile(line, schema);
  if (!read.ok) return read;
  const list = read.value;
  const mistakes = [
    ...datesInOrder(list),
    ...datesWithin(list),
    ...list.allowances.flatMap((allowance, at) => limitsIn(allowance, at, list.products)),
    ...namedOnce(list),
    ...list.identifiers.texts.flatMap(formMistake),
    ...countMistakes(list),
    ...endedMistakes(list),
  ];
  if (mistakes.length > 0) return bad(...mistakes);
  // Else bytes could be changed that no signature covers.
  const written = canonicalize(list) === line && base64urlAgain(list.sig) === list.sig;
  return written ? good(list) : bad("The first line is not written as RFC 8785 and RFC 4648 ask for.");
}

/** The last character of a signature has bits that nobody reads. */
const base64urlAgain = (text: string): string => Buffer.from(text, "base64url").toString("base64url");

function datesWithin({ dates = [], from, to }: MemberList): readonly string[] {
  return dates.flatMap((date, at) => [
    ...(date < from || date > to ? [`dates.${at}: ${date} does not lie within ${from} to ${to}.`] : []),
    ...((dates[at - 1] ?? "") < date ? [] : [`dates.${at}: expected ascending order and none twice.`]),
  ]);
}

function limitsIn(allowance: AllowanceFields, at: number, products: readonly string[]): readonly string[] {
  const { perDay, perCampaign, gap } = allowance;
  return [
    ...allowance.products
      .filter((product) => !products.includes(product))
      .map((product) => `allowances.${at}: ${product} is none of the list's products.`),
    ...(perDay === undefined && perCampaign === undefined && gap === undefined
      ? [`allowances.${at}: expected perDay, perCampaign or gap, else it would allow without end.`]
      : []),
  ];
}

function namedOnce({ allowances, products }: MemberList): readonly string[] {
  const all = allowances.flatMap((allowance) => allowance.products);
  const twice = new Set(all.filter((product, at) => all.indexOf(product) !== at));
  return [
    ...[...twice].map((product) => `allowances: ${product} is named twice.`),
    ...products
      .filter((product) => !all.includes(product))
      .map((product) => `allowances: none names ${product}, so that nobody would get it.`),
  ];
}

function formMistake({ alphabet, length, guessed }: TextForm, at: number, all: readonly TextForm[]): readonly string[] {
  return [
    ...(guessed > length ? [`identifiers.texts.${at}: guessed is ${guessed}, and a text has ${length} places.`] : []),
    ...(all.findIndex((other) => other.alphabet === alphabet && other.length === length) < at
      ? [`identifiers.texts.${at}: the form stands there twice.`]
      : []),
  ];
}

function countMistakes({ identifiers: { texts, uids, digital }, rows, qr }: MemberList): readonly string[] {
  const named = texts.reduce((sum, { entries }) => sum + entries, uids + digital);
  return [
    ...(named === rows.count ? [] : [`identifiers: they are ${named}, and rows.count is ${rows.count}.`]),
    ...(digital > 0 && qr === undefined
      ? ["qr: expected the number of the qr key, because there are digital cards."]
      : []),
  ];
}

function endedMistakes({ ended, rows, cards }: MemberList): readonly string[] {
  const empty = rows.count === 0 && cards === undefined;
  if (ended && !empty) return ["ended: a list that is over has neither rows nor cards."];
  return !ended && empty ? ["rows.count: expected at least one row or card; only a list that is ended has none."] : [];
}

/** Signs with the release key named by `kid`. */
export const signMemberList = (list: Omit<MemberList, "sig">, release: Uint8Array): MemberList =>
  signed("members", list, release);

/** The first line with its end. */
export const headLine = (list: MemberList): Buffer => Buffer.from(`${canonicalize(list) ?? ""}\n`);
