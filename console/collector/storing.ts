import type { Value } from "../../protocol/sparkplug/datatype.ts";
import type { Asking } from "../store/store.ts";
import { clean, lossesKept, type Coming, type Seen, type Subject } from "./seen.ts";

/** Stores what was seen. Gives one reason for each kiosk that is not registered, or sent for another group. */
export async function storeSeen(
  within: Asking,
  seen: Seen,
  now: number,
  acceptAll: boolean,
): Promise<readonly ("unknown-kiosk" | "wrong-group")[]> {
  const coming = [...seen.coming.values()].toSorted((a, b) => (a.kiosk < b.kiosk ? -1 : 1));
  if (acceptAll) await welcome(within, coming, now);
  const groups = await groupsOf(within, coming);
  const known = coming.filter(({ kiosk, group }) => groups.get(kiosk) === group);
  const ours = new Set(known.map(({ kiosk }) => kiosk));
  await storePresence(within, known);
  const subjects = [...seen.subjects.values()].filter(({ kiosk }) => ours.has(kiosk));
  await storeNewest(within, subjects);
  await storePoints(
    within,
    seen.points.filter(({ kiosk }) => ours.has(kiosk)),
  );
  return coming
    .filter(({ kiosk }) => !ours.has(kiosk))
    .map(({ kiosk }) => (groups.has(kiosk) ? "wrong-group" : "unknown-kiosk"));
}

async function welcome(within: Asking, coming: readonly Coming[], now: number): Promise<void> {
  const rows = coming.map(({ kiosk, group }) => ({ kiosk, district: group }));
  await within.query(
    `INSERT INTO stations (kiosk, district, registered_at)
     SELECT kiosk, district, $2 FROM json_to_recordset($1::json) AS r(kiosk text, district text) ORDER BY kiosk
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(rows), now],
  );
}

async function groupsOf(within: Asking, coming: readonly Coming[]): Promise<ReadonlyMap<string, string>> {
  const rows = await within.query<{ kiosk: string; district: string }>(
    "SELECT kiosk, district FROM stations WHERE kiosk IN (SELECT json_array_elements_text($1::json))",
    [JSON.stringify(coming.map(({ kiosk }) => kiosk))],
  );
  return new Map(rows.map(({ kiosk, district }) => [kiosk, district]));
}

interface PresenceRow {
  readonly kiosk: string;
  readonly online: boolean;
  readonly since: number;
  readonly heard: number;
  readonly bdseq: number | null;
  readonly losses: readonly number[];
}

/** `since` moves only when a kiosk comes or goes; a kiosk that is new and only spoke is there. */
function presenceOf(coming: Coming, before: PresenceRow | undefined): PresenceRow {
  const { kiosk, heard } = coming;
  const online = coming.online ?? before?.online ?? true;
  // The end of a kiosk that was known to be gone is no new loss.
  const losses = before?.online === false && !online ? [] : coming.losses;
  return {
    kiosk,
    online,
    since: before?.online === online && losses.length === 0 ? before.since : coming.since,
    heard: Math.max(heard, before?.heard ?? 0),
    bdseq: coming.bdseq ?? before?.bdseq ?? null,
    losses: [...(before?.losses ?? []), ...losses].slice(-lossesKept),
  };
}

async function storePresence(within: Asking, known: readonly Coming[]): Promise<void> {
  const rows = await within.query<PresenceRow>(
    `SELECT kiosk, online, since, heard, bdseq, losses FROM presence
     WHERE kiosk IN (SELECT json_array_elements_text($1::json)) ORDER BY kiosk FOR UPDATE`,
    [JSON.stringify(known.map(({ kiosk }) => kiosk))],
  );
  const before = new Map(rows.map((row) => [row.kiosk, row]));
  await within.query(
    `INSERT INTO presence (kiosk, online, since, heard, bdseq, losses)
     SELECT kiosk, online, since, heard, bdseq, losses FROM json_to_recordset($1::json)
       AS r(kiosk text, online boolean, since bigint, heard bigint, bdseq bigint, losses jsonb) ORDER BY kiosk
     ON CONFLICT (kiosk) DO UPDATE SET online = excluded.online, since = excluded.since, heard = excluded.heard,
       bdseq = excluded.bdseq, losses = excluded.losses`,
    [JSON.stringify(known.map((coming) => presenceOf(coming, before.get(coming.kiosk))))],
  );
}

const longestText = 1000;
/** As JSON holds it: whole numbers beyond 2^53 and bytes become text. */
const asJson = (value: Value): string | number | boolean | null => {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64").slice(0, longestText);
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return typeof value === "string" ? clean(value, longestText) : value;
};

async function storeNewest(within: Asking, subjects: readonly Subject[]): Promise<void> {
  const reborn = subjects.filter((one) => one.reborn).map(({ kiosk, device }) => ({ kiosk, device }));
  if (reborn.length > 0)
    await within.query(
      `DELETE FROM latest l USING json_to_recordset($1::json) AS r(kiosk text, device text)
       WHERE l.kiosk = r.kiosk AND l.device = r.device`,
      [JSON.stringify(reborn)],
    );
  const stale = subjects.filter((one) => one.stale).map(({ kiosk, device }) => ({ kiosk, device }));
  if (stale.length > 0)
    await within.query(
      `UPDATE latest l SET stale = true FROM json_to_recordset($1::json) AS r(kiosk text, device text)
       WHERE l.kiosk = r.kiosk AND l.device = r.device AND NOT l.stale`,
      [JSON.stringify(stale)],
    );
  const rows = subjects.flatMap(({ kiosk, device, newest }) =>
    [...newest].map(([metric, { value, at, stale }]) => ({
      kiosk,
      device,
      metric,
      value: JSON.stringify(asJson(value)),
      at,
      stale,
    })),
  );
  if (rows.length > 0)
    await within.query(
      `INSERT INTO latest AS l (kiosk, device, metric, value, at, stale)
       SELECT kiosk, device, metric, value::jsonb, at, stale FROM json_to_recordset($1::json)
         AS r(kiosk text, device text, metric text, value text, at bigint, stale boolean)
       ORDER BY kiosk, device, metric
       ON CONFLICT (kiosk, device, metric) DO UPDATE
       SET value = excluded.value, at = excluded.at, stale = excluded.stale WHERE l.at <= excluded.at`,
      [JSON.stringify(rows)],
    );
}

async function storePoints(within: Asking, points: Seen["points"]): Promise<void> {
  if (points.length === 0) return;
  const rows = points.map(({ kiosk, device, metric, at, value }) => ({
    kiosk,
    device,
    metric,
    at,
    ...spoken(value),
  }));
  const series = new Map(
    rows.map(({ kiosk, device, metric }) => [`${kiosk}/${device}/${metric}`, { kiosk, device, metric }]),
  );
  const columns = "kiosk text, device text, metric text";
  await within.query(
    `INSERT INTO series (kiosk, device, metric)
     SELECT kiosk, device, metric FROM json_to_recordset($1::json) AS r(${columns})
     WHERE NOT EXISTS (SELECT 1 FROM series s WHERE s.kiosk = r.kiosk AND s.device = r.device AND s.metric = r.metric)
     ORDER BY kiosk, device, metric ON CONFLICT DO NOTHING`,
    [JSON.stringify([...series.values()])],
  );
  await within.query(
    `INSERT INTO metrics (series, at, value, said)
     SELECT s.id, r.at, r.value, r.said
     FROM json_to_recordset($1::json) AS r(${columns}, at bigint, value double precision, said text)
     JOIN series s ON s.kiosk = r.kiosk AND s.device = r.device AND s.metric = r.metric
     ORDER BY s.id, r.at ON CONFLICT DO NOTHING`,
    [JSON.stringify(rows)],
  );
}

/** Numbers and truth as numbers, everything else as text. */
function spoken(value: Value): { readonly value: number | null; readonly said: string | null } {
  if (typeof value === "number" || typeof value === "bigint") {
    const number = Number(value);
    return Number.isFinite(number) ? { value: number, said: null } : { value: null, said: String(value) };
  }
  if (typeof value === "boolean") return { value: value ? 1 : 0, said: null };
  return { value: null, said: value === null ? null : String(asJson(value)) };
}
