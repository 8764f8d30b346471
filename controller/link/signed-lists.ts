import { parseInstant } from "../../protocol/pickup-code/calendar.ts";

// Lists that the centre signs for all kiosks of a group, and keeps on the broker: what is used, and what members took.

/** One batch as the centre last signed it. */
export interface HeldList {
  /** As it came: what is kept over a restart, and by which a repetition is known. */
  readonly payload: Uint8Array;
  /** UTC, milliseconds since 1970. */
  readonly issuedAt: number;
}

/** By batch. */
export type Lists<L extends HeldList> = ReadonlyMap<string, L>;

/** Whose lists are believed. */
export interface Believed {
  readonly group: string;
  /** Public release keys of the station file by their names. */
  readonly releaseKeys: readonly { readonly kid: string; readonly key: Uint8Array }[];
}

/** What every list has, whatever it tells. */
export interface Head {
  readonly group: string;
  readonly batch: string;
  readonly issuedAt: string;
  readonly kid: string;
}

/** One kind of such lists. */
export interface ListKind<L extends HeldList> {
  /** Name under which they lie on the disk. */
  readonly name: string;
  /** What a batch is called. */
  readonly form: RegExp;
  /** Bytes of the longest that is read. */
  readonly limit: number;
  /** All payloads together, and how many. */
  readonly bytesHeld: number;
  readonly batchesHeld: number;
  /** Reads a payload; undefined where it has not the form. */
  read(payload: Uint8Array): ReadList<L> | undefined;
  /** Which of two is rather kept where there is no room for both: as sort functions tell it. */
  order(a: L, b: L): number;
}

export interface ReadList<L extends HeldList> {
  readonly head: Head;
  isSigned(key: Uint8Array): boolean;
  held(base: HeldList): L;
}

export type RefusedList = "too-large" | "malformed" | "foreign" | "unknown-key" | "altered" | "older" | "too-many";

export type HeardList<L extends HeldList> =
  | { readonly is: "taken"; readonly lists: Lists<L>; readonly dropped: readonly string[] }
  | { readonly is: "withdrawn"; readonly lists: Lists<L> }
  /** It is held already, or there was nothing to withdraw. */
  | { readonly is: "known" }
  | { readonly is: "refused"; readonly why: RefusedList };

const refused = (why: RefusedList) => ({ is: "refused", why }) as const;

/**
 * What a message makes of the lists held. The cheapest question comes first: every connection brings all batches again,
 * and only what is new is read. `affordable`: whether so many bytes more may be read now.
 */
export function hearList<L extends HeldList>(
  kind: ListKind<L>,
  lists: Lists<L>,
  { batch, payload }: { readonly batch: string; readonly payload: Uint8Array },
  believed: Believed,
  affordable: (bytes: number) => boolean,
): HeardList<L> {
  if (payload.length > kind.limit) return refused("too-large");
  if (!kind.form.test(batch)) return refused("malformed");
  const own = lists.get(batch);
  if (payload.length === 0)
    return own === undefined ? { is: "known" } : { is: "withdrawn", lists: without(lists, batch) };
  if (own !== undefined && Buffer.compare(own.payload, payload) === 0) return { is: "known" };
  if (!affordable(payload.length)) return refused("too-many");
  const judged = judgeList(kind, batch, payload, believed, own?.issuedAt);
  if (!judged.ok) return refused(judged.why);
  const kept = bounded(kind, new Map(lists).set(batch, judged.list));
  return { is: "taken", lists: kept, dropped: [...lists.keys()].filter((name) => !kept.has(name)) };
}

/** What lay on the disk, judged anew: a card can forget bits. */
export function recallLists<L extends HeldList>(
  kind: ListKind<L>,
  payloads: ReadonlyMap<string, Uint8Array>,
  believed: Believed,
): Lists<L> {
  const lists = new Map<string, L>();
  for (const [batch, payload] of payloads) {
    const judged = judgeList(kind, batch, payload, believed, undefined);
    if (judged.ok) lists.set(batch, judged.list);
  }
  return bounded(kind, lists);
}

type JudgedList<L> = { readonly ok: true; readonly list: L } | { readonly ok: false; readonly why: RefusedList };

function judgeList<L extends HeldList>(
  kind: ListKind<L>,
  batch: string,
  payload: Uint8Array,
  believed: Believed,
  held: number | undefined,
): JudgedList<L> {
  const read = kind.read(payload);
  if (read === undefined) return { ok: false, why: "malformed" };
  const { head } = read;
  if (head.group !== believed.group || head.batch !== batch) return { ok: false, why: "foreign" };
  const issuedAt = parseInstant(head.issuedAt) ?? 0;
  if (held !== undefined && issuedAt <= held) return { ok: false, why: "older" };
  const keys = believed.releaseKeys.filter(({ kid }) => kid === head.kid);
  if (keys.length === 0) return { ok: false, why: "unknown-key" };
  if (!keys.some(({ key }) => read.isSigned(key))) return { ok: false, why: "altered" };
  return { ok: true, list: read.held({ payload, issuedAt }) };
}

function without<L extends HeldList>(lists: Lists<L>, batch: string): Lists<L> {
  const rest = new Map(lists);
  rest.delete(batch);
  return rest;
}

/** Those that have room, the most wanted first. */
function bounded<L extends HeldList>({ order, batchesHeld, bytesHeld }: ListKind<L>, lists: Lists<L>): Lists<L> {
  let bytes = 0;
  const fits = [...lists]
    .toSorted(([, a], [, b]) => order(a, b))
    .slice(0, batchesHeld)
    .filter(([, { payload }]) => (bytes += payload.length) <= bytesHeld);
  return new Map(fits);
}
