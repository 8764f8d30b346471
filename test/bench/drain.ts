import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import mqtt from "mqtt";
import type { Entry } from "../../controller/domain/entry.ts";
import { mqttUplink } from "../../controller/link/mqtt.ts";
import { foldLedger } from "../../controller/store/checkpoint.ts";
import { openDisk } from "../../controller/store/disk.ts";
import type { Disk } from "../../controller/world.ts";
import { err } from "../../devices/kit/result.ts";
import { dayLabel, dayOf } from "../../protocol/pickup-code/calendar.ts";
import { newFolder, runCentre } from "../console/cli/running.ts";
import { clock, idOf } from "../fleet/kiosk.ts";
import { linkedKiosk } from "../fleet/linked.ts";
import { device, product, slots } from "../fleet/station.ts";
import { eventually, startMosquitto } from "../kit/broker.ts";
import { startPostgres } from "../kit/postgres.ts";
import { startProxy } from "../kit/proxy.ts";
import { atLeast, ms, type Figure, type Row } from "./figure.ts";
import { median, rest } from "./statistics.ts";

const group = "320583";
const backlog = 12_000;
const rounds = 3;
/** Messages of QoS 1 under way, in the kiosk and beside it. */
const window = 20;
/** The plain loop is slow: it sends so many, and is asked how many that is a second. */
const plainRecords = 600;
const goal = 4000;
const vendsADay = 400;

async function openAt(dir: string): Promise<Disk> {
  const opened = await openDisk({ dir, pid: process.pid, lifeFloorSeconds: 1, now: () => clock.wall() });
  if (!opened.ok) throw new Error(opened.error.says);
  return opened.value;
}

/** A fortnight of vends on a disk. */
async function fillLedger(dir: string): Promise<void> {
  const disk = await openAt(dir);
  const entries = Array.from({ length: backlog / 2 }, (_, n): readonly Entry[] => [
    {
      kind: "attempt",
      credential: {
        kind: "derived",
        epoch: dayLabel(dayOf(clock.wall().utc) - 15 + Math.floor(n / vendsADay)),
        index: n % vendsADay,
      },
      device: device.id,
      slot: slots[n % slots.length] ?? "1",
      product,
      until: dayOf(clock.wall().utc),
    },
    { kind: "outcome", of: 2 * n + 1, delivery: "delivered", started: true, why: "drop-sensor", frees: false },
  ]).flat();
  const saved = await Promise.all(entries.map((entry) => disk.append(entry)));
  if (saved.some(({ ok }) => !ok)) throw new Error("The ledger did not take its entries.");
  await disk.close();
}

interface Drained {
  /** Seconds from the births to the centre's last confirmation, and from the call to it. */
  readonly fromBirths: number;
  readonly fromCall: number;
}

/** A kiosk with that ledger that reaches its centre again. */
async function drainOnce(dir: string, number: number, server: string): Promise<Drained> {
  const disk = await openAt(dir);
  const { books } = await foldLedger(disk);
  let born = 0;
  const began = performance.now();
  const { link } = linkedKiosk({
    id: idOf(number),
    number,
    to: { group, server, birthSpread: 0 },
    clock,
    dice: { bytes: (n) => randomBytes(n) },
    disk,
    uplink: mqttUplink({ clock, credentials: () => err("There are no certificates here.") }),
    vitals: async () => ({ uptimeSeconds: 3600, bootId: "bench" }),
    failed() {},
    books,
    told(event) {
      if (event.kind === "link" && event.online && born === 0) born = performance.now();
    },
  });
  const waiting = () => {
    const report = link.report();
    return report.is === "none" ? 0 : report.waiting;
  };
  await eventually(() => waiting() >= backlog, "the ledger to be surveyed");
  await eventually(() => waiting() === 0, "the last confirmation", 120_000);
  const done = performance.now();
  await link.stop();
  await disk.close();
  return { fromBirths: (done - born) / 1000, fromCall: (done - began) / 1000 };
}

/** The same client library without us: one record a message, `window` of them under way. Records a second. */
async function plainLoop(server: string, records: readonly string[]): Promise<number> {
  const client = await mqtt.connectAsync(server, { protocolVersion: 5, clientId: "plain", reconnectPeriod: 0 });
  let next = 0;
  const began = performance.now();
  const one = async () => {
    for (let record = records[next++]; record !== undefined; record = records[next++])
      await client.publishAsync(`plain/${group}`, record, { qos: 1 });
  };
  await Promise.all(Array.from({ length: window }, one));
  const seconds = (performance.now() - began) / 1000;
  await client.endAsync();
  return records.length / seconds;
}

async function recordsOf(dir: string): Promise<readonly string[]> {
  const disk = await openAt(dir);
  const found = await disk.outgoing(undefined, plainRecords);
  await disk.close();
  if (!found.ok) throw new Error(found.error.detail);
  return found.value.map(({ text }) => text);
}

/** Drains through a line of that round trip, in turn with the plain loop. */
export async function drain(): Promise<Figure> {
  const data = newFolder();
  const ledger = mkdtempSync(join(tmpdir(), "ledger-"));
  await fillLedger(ledger);
  const records = await recordsOf(ledger);
  const postgres = await startPostgres();
  const broker = await startMosquitto({
    lines: ["allow_anonymous true", "max_queued_messages 0", "max_inflight_messages 200"],
  });
  const database = await postgres.database();
  const words = ["--data", data, "--broker", broker.url, "--database", database, "--accept-all"];
  const centre = await runCentre(...words);
  const rows: Row[] = [];
  let number = 0;
  for (const roundTrip of [60, 200]) {
    const proxy = await startProxy({ to: broker.port, delay: roundTrip / 2 });
    const server = `mqtt://${proxy.host}`;
    const ours: Drained[] = [];
    const plain: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const dir = mkdtempSync(join(tmpdir(), "drain-"));
      cpSync(ledger, dir, { recursive: true });
      number += 1;
      ours.push(await drainOnce(dir, number, server));
      plain.push(await plainLoop(server, records));
      rmSync(dir, { recursive: true });
      await rest(500);
    }
    await proxy.close();
    const speed = median(ours.map(({ fromBirths }) => backlog / fromBirths));
    const bare = median(plain);
    const says = (value: number) => `${Math.round(value).toLocaleString("en")} records/s`;
    rows.push(
      {
        what: `${roundTrip} ms round trip: confirmed by the centre`,
        value: says(speed),
        ...(roundTrip === 200 ? { goal: atLeast(speed, goal, says(goal)) } : {}),
      },
      {
        what: `${roundTrip} ms: all of it, from the call to the last confirmation`,
        value: ms(median(ours.map(({ fromCall }) => 1000 * fromCall))),
      },
      { what: `${roundTrip} ms: a plain loop of MQTT.js, acknowledged by the broker`, value: says(bare) },
    );
  }
  await centre.end("SIGTERM");
  await broker.stop();
  await postgres.stop();
  for (const folder of [data, ledger]) rmSync(folder, { recursive: true, force: true });
  return {
    title: "Backlog",
    how: `A kiosk that has ${backlog.toLocaleString("en")} entries on its disk when its line comes back, through a line of that delay to mosquitto; the centre and PostgreSQL (fsync on) are processes of their own. From the births to the centre's word that the last entry is committed; median of ${rounds}. Beside it a loop over the same MQTT.js that publishes one such record a message at QoS 1, ${window} of them under way, and is content with the broker's word.`,
    rows,
  };
}
