import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { millis } from "../../../devices/kit/clock.ts";
import { writeAck } from "../../../protocol/events/ack.ts";
import { startEngine, type Engine } from "../../console/engines.ts";
import { openCentre, type Centre } from "../../console/collector/centre.ts";
import { quickClock } from "../../kit/quick-clock.ts";
import { folderInMemory, removeFolder } from "../../store/folder.ts";
import { Kiosk } from "./kiosk.ts";

// The kiosk's own outbox over its own disk, and the centre's own collector over its own database; only the broker is
// left out.

const quick = quickClock(20);
/** The centre asks for milliseconds without a unit. */
const time = {
  ...quick,
  after: (delay: number, label: string, wake: () => void) => quick.after(millis(delay), label, wake),
};
let engine: Engine;
let centre: Centre;
let work: string;
beforeAll(async () => {
  engine = await startEngine("PGlite");
  centre = await openCentre(await engine.place(), { time, kiosks: ["k0", "k20", "k150", "k1500"] });
}, 60_000);
afterAll(async () => {
  await centre.close();
  await engine.stop();
});
beforeEach(() => {
  work = folderInMemory("collected");
});
afterEach(() => removeFolder(work));

/** A kiosk whose batches go to the collector, and to which its answers come. */
async function kioskOn(name: string, dir: string): Promise<Kiosk & { stop(): Promise<void> }> {
  const kiosk = await Kiosk.on(dir, {
    hear(batch) {
      void centre.hear(name, batch);
      return undefined;
    },
  });
  const last = centre.ack(name);
  if (last !== undefined) kiosk.wire.retained = writeAck(last);
  let told = centre.acks.length;
  const relay = setInterval(() => {
    for (; told < centre.acks.length; told++) {
      const ack = centre.acks[told];
      if (ack?.kiosk === name) kiosk.wire.told(writeAck(ack));
    }
  }, 5);
  const stop = kiosk.stop.bind(kiosk);
  return Object.assign(kiosk, {
    stop: () => {
      clearInterval(relay);
      return stop();
    },
  });
}

const stored = (name: string, table: "events" | "forks") =>
  centre.store.query<{ readonly entry: string }>(
    `SELECT life || '/' || seq || ' ' || encode(hash, 'hex') AS entry FROM ${table} WHERE kiosk = $1 ORDER BY life, seq`,
    [name],
  );
const entriesIn = async (...from: Parameters<typeof stored>) => (await stored(...from)).map(({ entry }) => entry);

test("the database holds the ledger, entry for entry, in order, none twice", async () => {
  const kiosk = await kioskOn("k0", work);
  await kiosk.write(0, 700);
  kiosk.connect();
  await kiosk.write(700, 50);
  await kiosk.drained();
  expect(await entriesIn("k0", "events")).toEqual(await kiosk.hashes());
  await kiosk.stop();
});

test.each([
  ["rolled-back", 20],
  ["forked", 150],
  ["forked", 1500],
] as const)(
  "a restored card that is %s after %i entries of its own leaves both pasts, and goes on",
  async (why, wrote) => {
    const name = `k${wrote}`;
    const [card, copy] = [join(work, "card"), join(work, "copy")];
    mkdirSync(card);
    const first = await kioskOn(name, card);
    await first.write(0, 300);
    first.connect();
    await first.drained();
    await first.stop();
    cpSync(card, copy, { recursive: true });
    const second = await kioskOn(name, card);
    await second.write(300, 100);
    second.connect();
    await second.drained();
    const before = await second.hashes();
    await second.stop();

    const kiosk = await kioskOn(name, copy);
    await kiosk.write(1000, wrote);
    kiosk.connect();
    await kiosk.drained();
    await kiosk.write(5000, 10);
    await kiosk.drained();
    expect(kiosk.told).toEqual([why]);
    const here = await kiosk.hashes();
    expect(await entriesIn(name, "events")).toEqual([...before, ...here.slice(300 + wrote)]);
    expect(await entriesIn(name, "forks")).toEqual(here.slice(300, 300 + wrote));
    await kiosk.stop();
  },
);
