import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../../console/host/clock.ts";
import { openStore } from "../../../console/store/open.ts";
import { startPostgres, type Postgres } from "../../kit/postgres.ts";
import { eventually } from "../../kit/broker.ts";
import { rows } from "../engines.ts";
import { Ledger } from "../ledger.ts";
import { openCentre } from "./centre.ts";

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres({ settings: { fsync: "off" } });
});
afterAll(() => server.stop());

test("PostgreSQL killed in the middle: what was acknowledged is there, the rest follows, nothing twice", async () => {
  const url = await server.database();
  const kiosks = ["k1", "k2", "k3"];
  const told: (string | undefined)[] = [];
  const open = (kiosks: readonly string[]) =>
    openCentre({ url }, { kiosks, time: systemClock, trouble: (sentence) => told.push(sentence) });
  const centres = [await open(kiosks), await open([])];
  const ledger = new Ledger(1, 600);
  const acked = () => centres.flatMap(({ acks }) => acks).filter(({ need }) => need === undefined);
  const batches = Array.from({ length: 150 }, (_, n) => ledger.batch(n * 4 + 1, n * 4 + 4));
  let sent = 0;
  // Each kiosk's batches go to both collectors in turn, and some to both.
  const work = kiosks.map(async (kiosk) => {
    for (const [n, batch] of batches.entries()) {
      sent += 1;
      await Promise.all(
        centres.filter((_, c) => c === n % 2 || n % 5 === 0).map((centre) => centre.hear(kiosk, batch)),
      );
    }
  });
  for (let kills = 1; kills <= 2; kills += 1) {
    const before = sent;
    await eventually(() => sent > before + 60, "some batches", 60_000);
    await server.kill();
    const promised = acked();
    await server.restart();
    const held = await openStore({ url });
    for (const { kiosk, upTo } of promised) {
      const [row] = await held.query<{ n: number }>("SELECT count(*) AS n FROM events WHERE kiosk = $1 AND seq <= $2", [
        kiosk,
        upTo,
      ]);
      expect(row?.n).toBe(upTo);
    }
    await held.close();
  }
  await Promise.all(work);
  const [first] = centres;
  if (first === undefined) throw new Error("There are two.");
  expect(told.some((sentence) => sentence?.includes("Nothing is lost"))).toBe(true);
  expect(
    await rows(first.store, "SELECT kiosk, count(*) AS n, max(seq) AS last FROM events GROUP BY kiosk ORDER BY kiosk"),
  ).toEqual(kiosks.map((kiosk) => ({ kiosk, n: 600, last: 600 })));
  expect(await rows(first.store, "SELECT DISTINCT up_to, encode(head, 'hex') AS head FROM lives")).toEqual([
    { up_to: 600, head: ledger.hash(600) },
  ]);
  expect(await rows(first.store, "SELECT 1 FROM forks UNION ALL SELECT 1 FROM waiting")).toEqual([]);
  for (const centre of centres) await centre.close();
}, 180_000);
