import { millis } from "../../devices/kit/clock.ts";
import {
  batchForm,
  isUsedSigned,
  readUsed,
  usedLimit,
  type UsedList,
  type UsedRecords,
} from "../../protocol/fleet/used.ts";
import { parseInstant } from "../../protocol/pickup-code/calendar.ts";
import type { Elsewhere, Knowledge } from "../domain/state.ts";

/** One batch as the centre last signed it. */
export interface HeldList {
  /** As it came: what is kept over a restart, and by which a repetition is known. */
  readonly payload: Uint8Array;
  /** UTC, milliseconds since 1970. */
  readonly issuedAt: number;
  readonly stations: UsedList["stations"];
  readonly records: UsedRecords;
}

/** By batch. */
export type UsedLists = ReadonlyMap<string, HeldList>;

/** Whose lists are believed. */
export interface Believed {
  readonly group: string;
  /** Public release keys of the station file by their names. */
  readonly releaseKeys: readonly { readonly kid: string; readonly key: Uint8Array }[];
}

export type RefusedList = "too-large" | "malformed" | "foreign" | "unknown-key" | "altered" | "older" | "too-many";

export type HeardList =
  | { readonly is: "taken"; readonly lists: UsedLists; readonly dropped: readonly string[] }
  | { readonly is: "withdrawn"; readonly lists: UsedLists }
  /** It is held already, or there was nothing to withdraw. */
  | { readonly is: "known" }
  | { readonly is: "refused"; readonly why: RefusedList };

/** Half a year of daily batches and some more; what was signed longest ago makes room. */
export const batchesHeld = 200;
/** All payloads together: 11 full batches, 110,000 uses. */
export const bytesHeld = 2 * 1024 * 1024;

const refused = (why: RefusedList): HeardList => ({ is: "refused", why });

/**
 * What a message on the topic used/{batch} makes of the lists held. The cheapest question comes first: every connection
 * brings all batches again, and only what is new is read. `affordable`: whether so many bytes more may be read now.
 */
export function hearList(
  lists: UsedLists,
  batch: string,
  payload: Uint8Array,
  believed: Believed,
  affordable: (bytes: number) => boolean,
): HeardList {
  if (payload.length > usedLimit) return refused("too-large");
  if (!batchForm.test(batch)) return refused("malformed");
  const own = lists.get(batch);
  if (payload.length === 0)
    return own === undefined ? { is: "known" } : { is: "withdrawn", lists: without(lists, batch) };
  if (own !== undefined && Buffer.compare(own.payload, payload) === 0) return { is: "known" };
  if (!affordable(payload.length)) return refused("too-many");
  const judged = judgeList(batch, payload, believed, own?.issuedAt);
  if (!judged.ok) return refused(judged.why);
  const kept = bounded(new Map(lists).set(batch, judged.list));
  return { is: "taken", lists: kept, dropped: [...lists.keys()].filter((name) => !kept.has(name)) };
}

/** What lay on the disk, judged anew: a card can forget bits. */
export function recallLists(payloads: ReadonlyMap<string, Uint8Array>, believed: Believed): UsedLists {
  const lists = new Map<string, HeldList>();
  for (const [batch, payload] of payloads) {
    const judged = judgeList(batch, payload, believed, undefined);
    if (judged.ok) lists.set(batch, judged.list);
  }
  return bounded(lists);
}

type JudgedList = { readonly ok: true; readonly list: HeldList } | { readonly ok: false; readonly why: RefusedList };

function judgeList(batch: string, payload: Uint8Array, believed: Believed, held: number | undefined): JudgedList {
  const read = readUsed(payload);
  if (!read.ok) return { ok: false, why: "malformed" };
  const { list, records } = read.value;
  if (list.group !== believed.group || list.batch !== batch) return { ok: false, why: "foreign" };
  const issuedAt = parseInstant(list.issuedAt) ?? 0;
  if (held !== undefined && issuedAt <= held) return { ok: false, why: "older" };
  const keys = believed.releaseKeys.filter(({ kid }) => kid === list.kid);
  if (keys.length === 0) return { ok: false, why: "unknown-key" };
  if (!keys.some(({ key }) => isUsedSigned(list, key))) return { ok: false, why: "altered" };
  return { ok: true, list: { payload, issuedAt, stations: list.stations, records } };
}

function without(lists: UsedLists, batch: string): UsedLists {
  const rest = new Map(lists);
  rest.delete(batch);
  return rest;
}

/** The newest that have room. */
function bounded(lists: UsedLists): UsedLists {
  const newest = [...lists].toSorted(([, a], [, b]) => b.issuedAt - a.issuedAt);
  let bytes = 0;
  const fits = newest.slice(0, batchesHeld).filter(([, { payload }]) => (bytes += payload.length) <= bytesHeld);
  return new Map(fits);
}

/** All lists as one. Of several uses of one token the first at another kiosk is told. `own`: this one's number. */
export function elsewhereIn(lists: UsedLists, own: number): Knowledge["elsewhere"] {
  const all = [...lists.values()];
  return {
    get(id): Elsewhere | undefined {
      const uses = all.flatMap(({ stations, records }) => {
        const record = records.find(id);
        if (record === undefined) return [];
        const station = stations[record.station];
        if (station === undefined) return [];
        const here = record.station === own ? { here: true as const } : {};
        return [{ station, at: millis(record.minute * 60_000), ...here }];
      });
      return uses.toSorted((a, b) => Number(a.here ?? false) - Number(b.here ?? false) || a.at - b.at)[0];
    },
  };
}
