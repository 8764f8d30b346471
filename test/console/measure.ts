import { openCollector } from "../../console/collector/collector.ts";
import { systemClock } from "../../console/host/clock.ts";
import type { Store } from "../../console/store/store.ts";
import { Ledger } from "./ledger.ts";

export interface Load {
  readonly kiosks: number;
  /** Batches of each kiosk, and entries of each batch. */
  readonly batches: number;
  readonly entries: number;
  /** Batches that are under way at once, of all kiosks. */
  readonly window: number;
}

export interface Speed {
  readonly eventsASecond: number;
  readonly batchesASecond: number;
  readonly commitsASecond: number;
}

/** How fast a collector takes such a load into this database, which must be empty. */
export async function measureCollector(store: Store, load: Load): Promise<Speed> {
  const { kiosks, batches, entries, window } = load;
  const prefix = `m${Math.trunc(performance.now())}-`;
  const names = Array.from({ length: kiosks }, (_, n) => `${prefix}${n}`);
  const ledger = new Ledger(1, batches * entries);
  const bodies = Array.from({ length: batches }, (_, n) => ledger.batch(n * entries + 1, (n + 1) * entries));
  const collector = await openCollector({ store, clock: systemClock, acceptAll: true, publish: () => {} });
  const work = bodies.flatMap((body) => names.map((kiosk) => ({ kiosk, body })));
  let next = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: window }, async () => {
      for (let one = work[next++]; one !== undefined; one = work[next++])
        await collector.heard({ group: "320583", kiosk: one.kiosk, what: "ev" }, one.body);
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  const { events, commits } = collector.tally;
  await collector.close();
  if (events !== kiosks * batches * entries) throw new Error(`${events} events were stored.`);
  const each = (n: number) => Math.round(n / seconds);
  return { eventsASecond: each(events), batchesASecond: each(work.length), commitsASecond: each(commits) };
}
