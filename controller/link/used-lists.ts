import { millis } from "../../devices/kit/clock.ts";
import {
  batchForm,
  isUsedSigned,
  readUsed,
  usedLimit,
  type UsedList,
  type UsedRecords,
} from "../../protocol/fleet/used.ts";
import type { Elsewhere, Knowledge } from "../domain/state.ts";
import type { HeldList, ListKind, Lists } from "./signed-lists.ts";

/** What was used, by the centre's word. */
export interface HeldUses extends HeldList {
  readonly stations: UsedList["stations"];
  readonly records: UsedRecords;
}

/** Half a year of daily batches and some more, 110,000 uses; what was signed longest ago makes room. */
export const usedLists: ListKind<HeldUses> = {
  name: "used",
  form: batchForm,
  limit: usedLimit,
  batchesHeld: 200,
  bytesHeld: 2 * 1024 * 1024,
  read(payload) {
    const read = readUsed(payload);
    if (!read.ok) return undefined;
    const { list, records } = read.value;
    return {
      head: list,
      isSigned: (key) => isUsedSigned(list, key),
      held: (base) => ({ ...base, stations: list.stations, records }),
    };
  },
  order: (a, b) => b.issuedAt - a.issuedAt,
};

/** All lists as one. Of several uses of one token the first at another kiosk is told. `own`: this one's number. */
export function elsewhereIn(lists: Lists<HeldUses>, own: number): Knowledge["elsewhere"] {
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
