import { readFileSync } from "node:fs";
import { startMosquitto } from "../kit/broker.ts";
import { clockSet } from "../real/clock.ts";
import { witnessAt } from "../real/witness.ts";
import type { Figure } from "./figure.ts";
import { rest } from "./statistics.ts";
import { openVisited, type Opening, type Visited } from "./visits.ts";

const visits = 100;
/** What a kiosk writes by itself it writes every minute or every five. */
const idle = 5 * 60_000;
const idlesADay = 86_400_000 / idle;
/** After a start or the last worker: what was begun is written. */
const calm = 15_000;

/** Bytes that the kiosk's process gave to the disk, its database's thread included; the file system's own come on top. */
const written = ({ kiosk }: Visited): number =>
  Number(/^write_bytes: (\d+)$/m.exec(readFileSync(`/proc/${kiosk.pid}/io`, "utf8"))?.[1]);

const entries = async ({ kiosk }: Visited): Promise<number> => {
  const page = await (await fetch(new URL("technician", kiosk.url))).text();
  return Number(/<code>\d+\/(\d+)<\/code>/.exec(page)?.[1]);
};

const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;
const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;

interface Wear {
  readonly anEntry: number;
  readonly anIdleDay: number;
}

async function wear(opening: Opening): Promise<Wear> {
  const visited = await openVisited({ ...opening, before: clockSet });
  await rest(calm);
  const [before, first] = [written(visited), await entries(visited)];
  for (let n = 0; n < visits; n++) await visited.visit();
  await rest(calm);
  const anEntry = (written(visited) - before) / ((await entries(visited)) - first);
  const began = written(visited);
  await rest(idle);
  const anIdleDay = (written(visited) - began) * idlesADay;
  await visited.end();
  return { anEntry, anIdleDay };
}

export async function flash(): Promise<Figure> {
  const broker = await startMosquitto({});
  const witness = await witnessAt(broker.url);
  const [alone, online, offline] = await Promise.all([
    wear({}),
    wear({ more: ["--broker", broker.url] }),
    wear({ more: ["--broker", "mqtt://127.0.0.1:1"] }),
  ]);
  await witness.close();
  await broker.stop();
  const rowsOf = (what: string, { anEntry, anIdleDay }: Wear) => [
    { what: `${what}: for an entry`, value: kib(anEntry) },
    { what: `${what}: on an idle day`, value: mb(anIdleDay) },
  ];
  return {
    title: "Bytes written to the card",
    how: `As the kernel counts them for the kiosk's process (write_bytes of /proc/PID/io: what reaches the block device but for the file system's journal); ${visits} vends of two entries each, then ${idle / 60_000} minutes in which nobody comes, times ${idlesADay}. The clock is set; online an acknowledgement follows each batch; offline the telemetry of each minute is kept.`,
    rows: [...rowsOf("no link", alone), ...rowsOf("online", online), ...rowsOf("offline", offline)],
  };
}
