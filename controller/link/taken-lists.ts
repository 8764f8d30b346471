import { millis } from "../../devices/kit/clock.ts";
import { isTakenSigned, readTaken, takenBatchForm, takenLimit, type TakenList } from "../../protocol/fleet/taken.ts";
import type { TakenRow, TakenRows } from "../../protocol/fleet/taken-rows.ts";
import type { Knowledge, Taking } from "../domain/state.ts";
import type { HeldList, ListKind, Lists } from "./signed-lists.ts";

/** What members took, by the centre's word. */
export interface HeldTakings extends HeldList {
  readonly list: Pick<TakenList, "list" | "day" | "hour" | "part" | "stations">;
  readonly rows: TakenRows;
}

/** Sums count for a campaign, hours for the day: where there is no room for both, more matters what is of today. */
const isSum = ({ list }: HeldTakings): boolean => list.hour === undefined;

export const takenLists: ListKind<HeldTakings> = {
  name: "taken",
  form: takenBatchForm,
  limit: takenLimit,
  batchesHeld: 400,
  bytesHeld: 4 * 1024 * 1024,
  read(payload) {
    const read = readTaken(payload);
    if (!read.ok) return undefined;
    const { list, rows } = read.value;
    const { day, hour, part, stations } = list;
    return {
      head: list,
      isSigned: (key) => isTakenSigned(list, key),
      held: (base) => ({
        ...base,
        list: { list: list.list, day, part, stations, ...(hour === undefined ? {} : { hour }) },
        rows,
      }),
    };
  },
  order: (a, b) => Number(isSum(a)) - Number(isSum(b)) || b.issuedAt - a.issuedAt,
};

/** All lists as one, by memberKey. What this kiosk gave itself is left out: its own ledger knows that better. */
export function takenIn(lists: Lists<HeldTakings>, own: number): Knowledge["taken"] {
  const byList = Map.groupBy(lists.values(), ({ list }) => list.list);
  return {
    get(key): readonly Taking[] | undefined {
      const end = key.lastIndexOf(":");
      const pid = key.slice(end + 1);
      const about = (byList.get(key.slice(0, end)) ?? []).filter(({ list }) => pid.startsWith(list.part));
      const takings = speaking(about).flatMap(({ list, rows }) =>
        rows.of(pid).flatMap((row) => (row.station === own ? [] : takingsOf(row, list.stations))),
      );
      return takings.length === 0 ? undefined : takings;
    },
  };
}

/**
 * Nothing counts twice: of several lists of one hour, or several of sums, the newest speaks, as when a centre has just
 * split one; and hours that the sums include speak no more.
 */
function speaking(about: readonly HeldTakings[]): readonly HeldTakings[] {
  const newest = [...Map.groupBy(about, ({ list }) => (list.hour === undefined ? "sums" : `${list.day} ${list.hour}`))]
    .map(([, same]) => same.toSorted((a, b) => b.issuedAt - a.issuedAt)[0])
    .filter((held) => held !== undefined);
  const summed = newest.find(isSum)?.list.day ?? 0;
  return newest.filter((held) => isSum(held) || held.list.day >= summed);
}

/** A sum says when the newest was: the others were at that time at the latest, and of its day no quota asks any more. */
function takingsOf({ station, product, minute, count }: TakenRow, names: TakenList["stations"]): readonly Taking[] {
  const name = names[station];
  if (name === undefined) return [];
  const taking = { station: name, at: millis(minute * 60_000), product };
  return Array.from({ length: count }, () => taking);
}
