import { rowsAList, productsAList, stationsAList, type TakenDraft } from "../../protocol/fleet/taken.ts";
import type { TakenRow } from "../../protocol/fleet/taken-rows.ts";
import type { Asking } from "../store/store.ts";

interface Row {
  readonly district: string;
  readonly list: string;
  readonly pid: string;
  readonly product: string;
  readonly station: number;
  readonly zh: string | null;
  readonly en: string | null;
  readonly kiosk: string;
  readonly at: number;
  readonly count: number;
}

const minuteMs = 60_000;
const hourMs = 3_600_000;
/** Hours of UTC+8. */
const zone = 8;

/**
 * A list whose last day, as attempts told it, is so long ago is told no more: kiosks forget members after the same time.
 * Days.
 */
const remembered = 100;
/** Kiosks hold 4 MiB of lists: of more rows in a group those are left out whose newest good is the oldest. */
export const rowsTold = 150_000;

const columns = "s.district, t.list, t.pid, t.product, s.number AS station, s.name_zh AS zh, s.name_en AS en, s.kiosk";
const alive = `(s.district, t.list) IN (
  SELECT s2.district, t2.list FROM takings t2 JOIN stations s2 USING (kiosk)
  GROUP BY s2.district, t2.list HAVING max(t2.until_day) + ${remembered} >= $2)`;
// Kiosks without a number of their own cannot be named in a list.
const counted = "FROM takings t JOIN stations s USING (kiosk) WHERE NOT t.freed AND s.number IS NOT NULL";

/** What was taken on all days before `day`, as sums: exact for quotas of a campaign, and for gaps of days. */
export async function sumsBefore(within: Asking, day: number, today: number): Promise<readonly TakenDraft[]> {
  const rows = await within.query<Row>(
    `SELECT ${columns}, max(t.at) AS at, count(*) AS count ${counted} AND t.day < $1 AND ${alive}
     GROUP BY s.district, t.list, t.pid, t.product, s.number, s.name_zh, s.name_en, s.kiosk`,
    [day, today],
  );
  return [...Map.groupBy(rows, ({ district }) => district)].flatMap(([group, all]) => {
    const told = all.length > rowsTold ? all.toSorted((a, b) => b.at - a.at).slice(0, rowsTold) : all;
    return [...Map.groupBy(told, ({ list }) => list)].flatMap(([list, rows]) =>
      inParts({ group, list, day, span: "before" }, rows),
    );
  });
}

/** What was taken from `day` on, hour by hour: an hour that is over is never told again. */
export async function hoursFrom(within: Asking, day: number): Promise<readonly TakenDraft[]> {
  const rows = await within.query<Row>(`SELECT ${columns}, t.at, 1 AS count ${counted} AND t.day >= $1`, [day]);
  const hourOf = ({ at }: Row): number => Math.floor(at / hourMs) + zone;
  return [...Map.groupBy(rows, (row) => `${row.district} ${row.list} ${hourOf(row)}`)].flatMap(([, rows]) => {
    const [first] = rows;
    if (first === undefined) return [];
    const [day, hour] = [Math.floor(hourOf(first) / 24), hourOf(first) % 24];
    const span = `${day}-${String(hour).padStart(2, "0")}`;
    return inParts({ group: first.district, list: first.list, day, hour, span }, rows);
  });
}

interface Head {
  readonly group: string;
  readonly list: string;
  readonly day: number;
  readonly hour?: number;
  /** Of the batch's name, after the member list. */
  readonly span: string;
}

/** Bytes of names and products, which stand beside the rows. */
const namesAList = 60_000;
const longestPart = 8;

/** One list, or, where that is too much, sixteen by the first digit of the pid, and so on. */
export function inParts(head: Head, rows: readonly Row[], part = ""): readonly TakenDraft[] {
  const { span, ...rest } = head;
  const told = together(rows);
  const stations = Object.fromEntries(
    rows.map(({ station, zh, en, kiosk }) => [String(station), { zh: zh ?? kiosk, en: en ?? kiosk }]),
  );
  const products = new Set(told.map(({ product }) => product));
  const fits =
    told.length <= rowsAList &&
    Object.keys(stations).length <= stationsAList &&
    products.size <= productsAList &&
    Buffer.byteLength(JSON.stringify([stations, [...products]])) <= namesAList;
  if (!fits && part.length < longestPart)
    return [...Map.groupBy(rows, ({ pid }) => pid.slice(0, part.length + 1))].flatMap(([more, rows]) =>
      inParts(head, rows, more),
    );
  const batch = `${rest.list}.${span}${part === "" ? "" : `-${part}`}`;
  return [{ ...rest, batch, part, rows: told.slice(0, rowsAList), stations }];
}

/** Goods of one kind that one member took at one station in one minute are one row. */
function together(rows: readonly Row[]): readonly TakenRow[] {
  const sums = new Map<string, TakenRow>();
  for (const { pid, station, product, at, count } of rows) {
    const minute = Math.max(0, Math.floor(at / minuteMs));
    const key = `${pid} ${station} ${product} ${minute}`;
    sums.set(key, { pid, station, product, minute, count: count + (sums.get(key)?.count ?? 0) });
  }
  return [...sums.values()].toSorted((a, b) => b.minute - a.minute);
}
