import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { decodePayload } from "../../protocol/sparkplug/payload.ts";
import { readBatch } from "../../protocol/events/batch.ts";
import { eventually, freePort, recordingBroker, startMosquitto, type RecordingBroker } from "../kit/broker.ts";
import { startProxy } from "../kit/proxy.ts";
import { root } from "../real/children.ts";
import { witnessAt } from "../real/witness.ts";
import { mib, ms, type Figure, type Row } from "./figure.ts";
import { memoryOf, startKiosk } from "./kiosk.ts";
import { median, rest } from "./statistics.ts";
import { openVisited } from "./visits.ts";

const starts = 5;
const metrics = 20;
const every = 50;
const told = 5000;
const away = 5000;
const patience = 20_000;
const bottles = 10;

interface Peer {
  readonly child: ChildProcess;
  /** How often it has told its values. */
  count(): number;
  end(): Promise<void>;
}

function startPeer(server: string): Peer {
  const words = ["test/bench/peer.ts", server, String(metrics), String(every)];
  const child = spawn(process.execPath, words, { cwd: root, stdio: ["ignore", "pipe", "ignore"] });
  let count = 0;
  createInterface({ input: child.stdout }).on("line", (line) => (count = Number(line)));
  return {
    child,
    count: () => count,
    async end() {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}

const kindOf = (topic: string): string => topic.split("/")[2] ?? "";
/** The values of device data that arrived, by what they count. */
const arrived = (broker: RecordingBroker): ReadonlySet<number> =>
  new Set(
    broker.of("publish").flatMap(({ topic, payload }) => {
      const read = kindOf(topic) === "DDATA" ? decodePayload(Buffer.from(payload)) : undefined;
      return read?.ok === true ? [Number(read.value.metrics[0]?.value)] : [];
    }),
  );
const births = (broker: RecordingBroker): readonly unknown[] =>
  broker.of("publish").flatMap(({ topic, payload }) => {
    const read = kindOf(topic) === "NBIRTH" ? decodePayload(Buffer.from(payload)) : undefined;
    return read?.ok === true ? [read.value.metrics.find(({ name }) => name === "bdSeq")?.value] : [];
  });
const born = (broker: RecordingBroker): Promise<void> =>
  eventually(() => births(broker).length > 0, "a birth", patience);

async function startOnce(): Promise<number> {
  const broker = await recordingBroker();
  const began = performance.now();
  const peer = startPeer(broker.url);
  await born(broker);
  const took = performance.now() - began;
  await peer.end();
  await broker.close();
  return took;
}

/** One outage of the peer: its broker goes, comes back, and is once not ready. */
async function outage(): Promise<readonly Row[]> {
  const port = await freePort();
  const line = await startProxy({ to: port });
  const before = await recordingBroker(port);
  const peer = startPeer(`mqtt://${line.host}`);
  await born(before);
  const [bytes, first] = [line.counted.up, peer.count()];
  await rest(told);
  const aMetric = (line.counted.up - bytes) / (peer.count() - first) / metrics;
  const memory = memoryOf(peer.child.pid ?? 0, "VmRSS");
  const [connect] = before.of("connect");
  const bdSeqs = [...births(before)];

  const from = peer.count();
  await before.close();
  line.drop();
  await rest(away);
  const to = peer.count();
  const after = await recordingBroker(port);
  await eventually(() => births(after).length > 0, "the birth after the outage", patience).catch(() => {});
  await rest(told);
  const back = arrived(after);
  const lost = Array.from({ length: to - from }, (_, n) => from + 1 + n).filter((n) => !back.has(n)).length;
  const kinds = after.of("publish").map(({ topic }) => kindOf(topic));
  const early = kinds.indexOf("NBIRTH");
  bdSeqs.push(...births(after));

  // A broker that starts says "not now" to the first who come.
  let refusals = 0;
  const connections = after.of("connect").length;
  after.behave({ greet: () => (refusals++ === 0 ? 3 : 0) });
  line.drop();
  await eventually(() => after.of("connect").length > connections + 1, "", patience).catch(() => {});
  const comesBack = after.of("connect").length > connections + 1;

  await peer.end();
  await after.close();
  await line.close();
  return [
    { what: `sparkplug-client: bytes on the wire for a metric, ${metrics} at once`, value: `${aMetric.toFixed(1)} B` },
    { what: "sparkplug-client: memory of its process", value: mib(memory) },
    {
      what: `sparkplug-client: messages of an outage of ${away / 1000} s that never came`,
      value: `${lost} of ${to - from}`,
    },
    { what: "sparkplug-client: messages sent before the birth afterwards, of no use to a host", value: `${early}` },
    { what: "sparkplug-client: bdSeq of its births", value: bdSeqs.join(", ") },
    { what: "sparkplug-client: QoS of its will", value: `${connect?.will?.qos ?? "none"}, where Sparkplug wants 1` },
    {
      what: `sparkplug-client: refused once by a broker that starts, back within ${patience / 1000} s`,
      value: comesBack ? "yes" : "no",
    },
  ];
}

/** The same with a power cut in the middle. @returns messages of the outage that came after it. */
async function peerCutOff(): Promise<Row> {
  const port = await freePort();
  const before = await recordingBroker(port);
  const peer = startPeer(before.url);
  await born(before);
  await before.close();
  await rest(away);
  const tolds = peer.count();
  await peer.end();
  const after = await recordingBroker(port);
  const next = startPeer(after.url);
  await born(after);
  await rest(1000);
  // A new process counts from 1 again; whatever is above what it has told is of the one before.
  const kept = [...arrived(after)].filter((n) => n > next.count()).length;
  await next.end();
  await after.close();
  return {
    what: "sparkplug-client: messages of an outage that came after a power cut in it",
    value: `${kept} of ${tolds}: it keeps none`,
  };
}

/** What a kiosk must not lose, in the same trouble. */
async function oursCutOff(): Promise<Row> {
  const port = await freePort();
  const server = `mqtt://127.0.0.1:${port}`;
  const visited = await openVisited({ more: ["--broker", server] });
  for (let n = 0; n < bottles; n++) await visited.visit();
  process.kill(visited.kiosk.pid, "SIGKILL");
  const broker = await startMosquitto({ port });
  const witness = await witnessAt(broker.url);
  const kiosk = await startKiosk(visited.folder, ["--broker", server]);
  const outcomes = (): number =>
    new Set(
      witness.heard.flatMap(({ topic, payload }) => {
        const batch = topic.endsWith("/up/ev") ? readBatch(payload) : undefined;
        return batch?.ok === true
          ? batch.value.items.filter(({ kind }) => kind === "outcome").map(({ seq }) => seq)
          : [];
      }),
    ).size;
  await eventually(() => outcomes() >= bottles, "the bottles", patience).catch(() => {});
  const came = outcomes();
  await kiosk.stop();
  await visited.board.end();
  visited.folder.remove();
  await witness.close();
  await broker.stop();
  return { what: "kiosk: bottles of an outage that came after a power cut in it", value: `${came} of ${bottles}` };
}

export async function peers(): Promise<Figure> {
  const took: number[] = [];
  for (let n = 0; n < starts; n++) took.push(await startOnce());
  const rows = await outage();
  return {
    title: "Beside sparkplug-client 3.2.4",
    how: `An edge node of sparkplug-client in a process of its own, at a recording broker: ${metrics} values every ${every} ms. It has no ledger, no queue on the disk, no acknowledgement and no commands, so that only bytes, start and memory compare with the figures above; what it loses stands beside what a kiosk loses.`,
    rows: [
      { what: "sparkplug-client: start of its process to the birth, median", value: ms(median(took)) },
      ...rows,
      await peerCutOff(),
      await oursCutOff(),
    ],
  };
}
