import { startMosquitto } from "../kit/broker.ts";
import { startProxy } from "../kit/proxy.ts";
import { stationFileOf } from "../real/signer.ts";
import type { Folder } from "../real/station.ts";
import { atMost, ms, times, type Figure, type Row } from "./figure.ts";
import { median, percentile, rest } from "./statistics.ts";
import { openVisited, type Visited } from "./visits.ts";
import { yearsBehind } from "./years.ts";

const visits = 60;
const fewest = 25;
/** So many that they are still being sent when the last of these workers has gone. */
const backlog = 400_000;
const flaps = 2000;

/** What the broker has counts as delivered, so that nobody but the kiosk works while it drains. */
const linkedTo =
  (server: string) =>
  (folder: Folder): void => {
    const link = { group: "320583", servers: [server], acknowledged: "broker" };
    folder.write("station.json", { ...stationFileOf(folder), link });
  };

/** One visit at each kiosk in turn, so that whatever else this machine does strikes all alike. */
async function inTurn(kiosks: readonly Visited[], rounds: number): Promise<readonly (readonly number[])[]> {
  const took = kiosks.map((): number[] => []);
  for (let round = 0; round < rounds; round++)
    for (const [n, kiosk] of kiosks.entries()) took[n]?.push(await kiosk.visit());
  return took;
}

const rowsOf = (what: string, took: readonly number[], alone: readonly number[]): readonly Row[] => {
  const [p95, alone95] = [percentile(took, 0.95), percentile(alone, 0.95)];
  return [
    { what: `${what}: median, 95 of 100 within`, value: `${ms(median(took))}, ${ms(p95)}` },
    {
      what: `${what}: to no link, medians`,
      value: times(median(took) / median(alone)),
      goal: atMost(median(took) / median(alone), 1.25, "1.25×"),
    },
    { what: `${what}: to no link, 95 of 100`, value: times(p95 / alone95), goal: atMost(p95 / alone95, 1.25, "1.25×") },
  ];
};

/** How many entries the kiosk still has to send, as its technician's page says. */
async function waiting({ kiosk }: Visited): Promise<number> {
  const page = await (await fetch(new URL("technician", kiosk.url))).text();
  return Number(/(\d+) not confirmed yet/.exec(page)?.[1] ?? 0);
}

export async function linkedVend(): Promise<Figure> {
  const broker = await startMosquitto({});
  const line = await startProxy({ to: broker.port });
  const flapping = setInterval(() => line.drop(), flaps);
  const alone = await openVisited();
  const down = await openVisited({ ready: linkedTo("mqtt://127.0.0.1:1") });
  const up = await openVisited({ ready: linkedTo(broker.url) });
  const flapped = await openVisited({ ready: linkedTo(`mqtt://${line.host}`) });
  const [without = [], offline = [], online = [], cut = []] = await inTurn([alone, down, up, flapped], visits);
  clearInterval(flapping);
  await Promise.all([down, up, flapped].map((kiosk) => kiosk.end()));

  const draining = await openVisited({
    ready: async (folder) => {
      linkedTo(`mqtt://${line.host}`)(folder);
      await yearsBehind(folder.data, backlog);
    },
  });
  while ((await waiting(draining)) === 0) await rest(10);
  const [beside, drained]: [number[], number[]] = [[], []];
  while ((await waiting(draining)) > 0) {
    drained.push(await draining.visit());
    beside.push(await alone.visit());
  }
  const cuts = line.connections();
  await Promise.all([alone.end(), draining.end()]);
  await line.close();
  await broker.stop();
  if (drained.length < fewest) throw new Error(`only ${drained.length} workers came while the backlog was sent`);
  return {
    title: "Last digit to drive command, linked",
    how: `As above, at TCN, ${visits} visits at each of four kiosks in turn: without a link, with a broker that is not there, with one that is, and with one whose line is cut every ${flaps / 1000} s (${cuts - 1} connections). Then ${drained.length} visits in turn at the one without a link and at one that drains a backlog of ${backlog.toLocaleString("en")} entries as fast as it may.`,
    rows: [
      { what: "no link: median, 95 of 100 within", value: `${ms(median(without))}, ${ms(percentile(without, 0.95))}` },
      ...rowsOf("down", offline, without),
      ...rowsOf("up", online, without),
      ...rowsOf("flapping", cut, without),
      {
        what: "no link beside the drain: median, 95 of 100 within",
        value: `${ms(median(beside))}, ${ms(percentile(beside, 0.95))}`,
      },
      ...rowsOf("draining", drained, beside),
    ],
  };
}
