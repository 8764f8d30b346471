import type pg from "pg";
import { deviceMetrics, nodeMetrics } from "../../protocol/sparkplug/metrics.ts";
import type { Ledgers } from "./district.ts";
import { entriesAtStart } from "./kiosk.ts";
import { device, slots } from "./station.ts";

/** What the centre's database has of a fleet. */
export interface Stored {
  readonly ledgers: Ledgers;
  /** Events that were received before one that precedes them in their ledger. */
  readonly disordered: number;
  /** Forks, batches behind a gap, and alarms. */
  readonly doubts: number;
  /** What was refused, and how often. */
  readonly refused: readonly string[];
}

const abilities = (["vending", "board"] as const).filter((ability) => device.driver.provides.includes(ability));
/** Of one kiosk: its birth and that of its machine, as "device/metric". */
export const metricsOfAll = JSON.stringify([
  ...nodeMetrics.map(({ name }) => `/${name}`),
  ...deviceMetrics(abilities, 0, slots).map(({ name }) => `${device.id}/${name}`),
]);

/** Kiosks of which all of these metrics are there, told since then and in no doubt, and whose machine works. */
export const wholeBirths = `
  SELECT count(*) FROM (
    SELECT kiosk FROM latest
    WHERE NOT stale AND device || '/' || metric IN (SELECT json_array_elements_text($1::json))
    GROUP BY kiosk
    HAVING count(*) = json_array_length($1::json) AND min(at) >= $2
      AND count(*) FILTER (WHERE metric = 'Ledger/Seq' AND value::text::int >= ${entriesAtStart}) = 1
      AND count(*) FILTER (WHERE metric = 'State' AND value = '"working"'::jsonb) = 1
  ) AS whole`;

export async function count(client: pg.Client, statement: string, values: readonly unknown[] = []): Promise<number> {
  const { rows } = await client.query<{ count: string }>(statement, [...values]);
  return Number(rows[0]?.count);
}

export async function stored(client: pg.Client): Promise<Stored> {
  const { rows } = await client.query<{ kiosk: string; life: string; seq: string; hash: string; received_at: string }>(
    "SELECT kiosk, life, seq, encode(hash, 'hex') AS hash, received_at FROM events ORDER BY kiosk, life, seq",
  );
  const ledgers: Record<string, string[]> = {};
  let disordered = 0;
  let before = rows[0];
  for (const row of rows) {
    if (row.kiosk === before?.kiosk && Number(row.received_at) < Number(before.received_at)) disordered += 1;
    before = row;
    const ledger = (ledgers[row.kiosk] ??= []);
    // Another life, or a number left out, makes this another ledger than the card's.
    ledger.push(Number(row.life) === 1 && Number(row.seq) === ledger.length + 1 ? row.hash : `${row.life}/${row.seq}`);
  }
  const doubts = await count(
    client,
    "SELECT (SELECT count(*) FROM forks) + (SELECT count(*) FROM waiting) + (SELECT count(*) FROM alarms) AS count",
  );
  const refused = await client.query<{ kiosk: string; what: string; reason: string; times: string }>(
    "SELECT kiosk, what, reason, times FROM refused",
  );
  return {
    ledgers,
    disordered,
    doubts,
    refused: refused.rows.map(({ kiosk, what, reason, times }) => `${times} of ${what} of ${kiosk}: ${reason}`),
  };
}
