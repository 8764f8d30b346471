import type { Store } from "./store.ts";

/** A month of metrics in UTC: one partition of its own, so that an old one can be dropped at once. */
export interface Month {
  /** "2026_07". */
  readonly name: string;
  /** UTC, milliseconds: from the first, up to and without the second. */
  readonly from: number;
  readonly to: number;
}

export function monthOf(at: number): Month {
  const day = new Date(at);
  const year = day.getUTCFullYear();
  const month = day.getUTCMonth();
  return {
    name: `${year}_${String(month + 1).padStart(2, "0")}`,
    from: Date.UTC(year, month),
    to: Date.UTC(year, month + 1),
  };
}

/** Two collectors may come to a new month at once. */
const turn = 0x595a_6d6f; // "YZmo"

export async function makeMonth(store: Store, { name, from, to }: Month): Promise<void> {
  const [there] = await store.query<{ there: boolean }>("SELECT to_regclass($1) IS NOT NULL AS there", [
    `metrics_${name}`,
  ]);
  if (there?.there) return;
  await store.transaction(async (within) => {
    await within.query("SELECT pg_advisory_xact_lock($1)", [turn]);
    await within.query(
      `CREATE TABLE IF NOT EXISTS metrics_${name} PARTITION OF metrics FOR VALUES FROM (${from}) TO (${to})`,
    );
  });
}
