import { signUsed, stationsABatch, recordsABatch, type UsedList, type UsedRecord } from "../../protocol/fleet/used.ts";
import type { Asking } from "../store/store.ts";

/** A list to be told, not yet signed. */
export type UsedDraft = Omit<UsedList, "v" | "kind" | "issuedAt" | "kid" | "sig" | "records"> & {
  readonly records: readonly UsedRecord[];
};

interface Use {
  readonly token: string;
  /** Last day on which it could be used, counted from 1970 in UTC+8. */
  readonly until: number;
  readonly station: number;
  readonly zh: string;
  readonly en: string;
  readonly minute: number;
}

interface Row {
  readonly district: string;
  readonly token: string;
  readonly until: number;
  readonly station: number;
  readonly zh: string | null;
  readonly en: string | null;
  readonly kiosk: string;
  readonly at: number;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
const zone = 8 * 3_600_000;
/** The day of a moment, as tokens count them. */
export const dayOf = (utc: number): number => Math.floor((utc + zone) / dayMs);

/** All that must be told today, in as few lists as fit. Kiosks without a number of their own cannot be named in one. */
export async function usedNow(within: Asking, utc: number): Promise<readonly UsedDraft[]> {
  const rows = await within.query<Row>(
    `SELECT s.district, u.token, u.until_day AS until, s.number AS station, s.name_zh AS zh, s.name_en AS en, s.kiosk, u.at
     FROM used u JOIN stations s USING (kiosk)
     WHERE NOT u.freed AND u.until_day >= $1 AND s.number IS NOT NULL
     ORDER BY s.district, u.until_day`,
    [dayOf(utc)],
  );
  const byGroup = Map.groupBy(rows, ({ district }) => district);
  return [...byGroup].flatMap(([group, rows]) =>
    [...Map.groupBy(rows, ({ until }) => until)].flatMap(([until, rows]) =>
      listsOf(
        group,
        String(until),
        rows.map(({ token, until, station, zh, en, kiosk, at }) => ({
          token,
          until,
          station,
          zh: zh ?? kiosk,
          en: en ?? kiosk,
          minute: Math.max(0, Math.floor(at / minuteMs)),
        })),
      ),
    ),
  );
}

/**
 * One list a last day, so that a whole list falls away when its tokens do; where that is too much, sixteen of them by the
 * first digit of the token, and so on. A token stays in its list while others come and go.
 */
export function listsOf(group: string, batch: string, uses: readonly Use[]): readonly UsedDraft[] {
  const stations = new Map(uses.map(({ station, zh, en }) => [String(station), { zh, en }]));
  const records = new Map<string, UsedRecord>();
  for (const { token, station, minute } of uses) {
    const known = records.get(token);
    if (known === undefined || minute < known.minute) records.set(token, { id: token, station, minute });
  }
  if (records.size <= recordsABatch && stations.size <= stationsABatch)
    return [{ group, batch, records: [...records.values()], stations: Object.fromEntries(stations) }];
  const digits = batch.includes("-") ? batch.length - batch.indexOf("-") - 1 : 0;
  const parts = Map.groupBy(uses, ({ token }) => token.slice(0, digits + 1));
  return [...parts].flatMap(([start, part]) => listsOf(group, `${batch.split("-")[0] ?? batch}-${start}`, part));
}

/** @param utc when it is signed; the newest list of a batch wins. */
export const signedList = (draft: UsedDraft, utc: number, kid: string, release: Uint8Array): UsedList =>
  signUsed({ ...draft, issuedAt: new Date(utc).toISOString(), kid }, release);
