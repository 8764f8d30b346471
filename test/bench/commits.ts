import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../../console/store/open.ts";
import type { Place } from "../../console/store/store.ts";
import { measureCollector, type Load, type Speed } from "../console/measure.ts";
import { startPostgres } from "../kit/postgres.ts";
import type { Figure, Row } from "./figure.ts";
import { median } from "./statistics.ts";

const rounds = 3;
/** As bottles fall: a batch of an attempt and its outcome, of many kiosks at once. */
const live: Load = { kiosks: 100, batches: 10, entries: 2, window: 50 };
/** As outages end: full batches of few kiosks. */
const drains: Load = { kiosks: 4, batches: 25, entries: 200, window: 40 };

async function measured(place: () => Promise<Place>, load: Load): Promise<readonly Speed[]> {
  const speeds: Speed[] = [];
  for (let round = 0; round < rounds; round++) {
    const store = await openStore(await place());
    speeds.push(await measureCollector(store, load));
    await store.close();
  }
  return speeds;
}

const rowsOf = (engine: string, what: string, speeds: readonly Speed[]): readonly Row[] => {
  const middle = (each: (speed: Speed) => number): string => median(speeds.map(each)).toLocaleString("en");
  return [
    { what: `${engine}, ${what}: events a second`, value: middle(({ eventsASecond }) => eventsASecond) },
    { what: `${engine}, ${what}: commits a second`, value: middle(({ commitsASecond }) => commitsASecond) },
  ];
};

export async function commits(): Promise<Figure> {
  const folder = mkdtempSync(join(tmpdir(), "commits-"));
  const postgres = await startPostgres();
  let copies = 0;
  const engines: readonly (readonly [string, () => Promise<Place>])[] = [
    ["PostgreSQL", async () => ({ url: await postgres.database() })],
    ["PGlite", () => Promise.resolve({ folder: join(folder, String(++copies)) })],
  ];
  const rows: Row[] = [];
  for (const [engine, place] of engines) {
    rows.push(...rowsOf(engine, "as bottles fall", await measured(place, live)));
    rows.push(...rowsOf(engine, "as outages end", await measured(place, drains)));
  }
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
  return {
    title: "Collector",
    how: `Batches to their commit, without a broker, into an empty database that waits for its disk (fsync); medians of ${rounds}. As bottles fall: ${live.kiosks} kiosks, ${live.entries} entries a batch. As outages end: ${drains.kiosks} kiosks, ${drains.entries} entries a batch. The collector commits together what comes together.`,
    rows,
  };
}
