import { sealCards, type KeyedCard } from "./card-keys.ts";
import { formsOf } from "./forms.ts";
import { headLine, signMemberList, type MemberList } from "./member-list.ts";
import { rowLength, rowsHash, writeRows } from "./rows.ts";
import { memberTag, type IdentifierKind, type ListKeys } from "./secrets.ts";

/** One identifier of a person. `pid`: 8 bytes, random, the same for all identifiers of the person. */
export interface Identifier {
  readonly kind: IdentifierKind;
  /** As it is scanned: see IdentifierKind. */
  readonly value: string;
  readonly pid: Uint8Array;
}

/** The rows of a list and what its head says of them; the same at every station. */
export interface ListedRows {
  readonly rows: Buffer;
  readonly identifiers: MemberList["identifiers"];
}

/** An identifier that stands there twice is our own mistake. */
export function listedRows(keys: ListKeys, identifiers: readonly Identifier[]): ListedRows {
  const count = (kind: IdentifierKind): number => identifiers.filter((one) => one.kind === kind).length;
  return {
    rows: writeRows(identifiers.map(({ kind, value, pid }) => ({ tag: memberTag(keys, kind, value), pid }))),
    identifiers: {
      texts: formsOf(identifiers.filter(({ kind }) => kind === "text").map(({ value }) => value)),
      uids: count("uid"),
      digital: count("pid"),
    },
  };
}

/** What the issuer says of a list; everything else follows from its rows. */
export type ListFields = Pick<
  MemberList,
  | "id"
  | "station"
  | "products"
  | "from"
  | "to"
  | "hours"
  | "dates"
  | "allowances"
  | "area"
  | "qr"
  | "lossLimit"
  | "issuedAt"
  | "kid"
>;

export interface IssueAsked {
  readonly fields: ListFields;
  readonly keys: ListKeys;
  readonly listed: ListedRows;
  /** Cards with keys of their own, and the public key of the kiosk that gets them. Their UIDs are not among the rows. */
  readonly cards?: { readonly of: readonly KeyedCard[]; readonly kiosk: string };
  readonly release: Uint8Array;
}

/** A member list file of one kiosk: its head, and all its bytes. */
export interface IssuedList {
  readonly list: MemberList;
  readonly bytes: Buffer;
}

export async function issueMembers({ fields, keys, listed, cards, release }: IssueAsked): Promise<IssuedList> {
  const { rows, identifiers } = listed;
  const sealed = cards && cards.of.length > 0 ? await sealCards(fields, cards.of, cards.kiosk) : undefined;
  const list = signMemberList(
    {
      ...fields,
      v: 1,
      kind: "members",
      identifiers,
      secret: keys.mark,
      rows: { count: rows.length / rowLength, sha256: rowsHash(rows) },
      ...(sealed ? { cards: sealed } : {}),
    },
    release,
  );
  return { list, bytes: Buffer.concat([headLine(list), rows]) };
}

/** The file that ends a list for good: the kiosk that gets it destroys the list's secret and rows. */
export function endMembers(last: MemberList, issuedAt: string, release: Uint8Array): IssuedList {
  const { cards: _gone, sig: _old, ...rest } = last;
  const nothing = { count: 0, sha256: rowsHash(new Uint8Array()) };
  const identifiers = { texts: [], uids: 0, digital: 0 };
  const list = signMemberList({ ...rest, issuedAt, identifiers, rows: nothing, ended: true }, release);
  return { list, bytes: headLine(list) };
}
