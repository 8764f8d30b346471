import { metricSet, type Metered } from "../../controller/link/metric-set.ts";
import { mqttUplink } from "../../controller/link/mqtt.ts";
import { data, type Past } from "../../controller/link/sayings.ts";
import type { Message, Session } from "../../controller/link/uplink.ts";
import { machineClock } from "../../controller/world.node.ts";
import { millis, seconds } from "../../devices/kit/clock.ts";
import { err } from "../../devices/kit/result.ts";
import { deviceMetrics, nodeMetrics } from "../../protocol/sparkplug/metrics.ts";
import { startMosquitto } from "../kit/broker.ts";
import { startProxy, type Proxy } from "../kit/proxy.ts";
import { atMost, type Figure, type Row } from "./figure.ts";
import { rest } from "./statistics.ts";

const group = "320583";
const node = "zp-0001234";
const messages = 200;
const sizes = [1, 5, 20] as const;
const goal = 17;

/** What a cabinet tells most: how many goods are in its slots, and how many it gave. */
const slots = Array.from({ length: 20 }, (_, n) => String(n + 1));
const metrics = metricSet(nodeMetrics, [{ id: "vend", metrics: deviceMetrics(["vending"], 0, slots) }]);
const told: readonly Metered[] = (metrics.devices.get("vend") ?? []).filter(({ name }) =>
  /^Slot\/\d+\/Stock$/.test(name),
);

type Way = (values: readonly Past[], n: number) => readonly Message[];

const sparkplug: Way = (values, n) => [data({ group, node }, "vend", n % 256, values, millis(Date.now()))];
const plain = (topic: string, content: unknown): Message => ({
  topic,
  payload: Buffer.from(JSON.stringify(content)),
  qos: 0,
  retain: false,
});
/** One message with all of them, as ThingsBoard takes it. */
const together: Way = (values) => [
  plain(`kiosks/${group}/${node}/vend/telemetry`, {
    ts: Date.now(),
    values: Object.fromEntries(values.map(({ metric, value }) => [metric.name, value])),
  }),
];
/** A topic for each, as hobby controllers do. */
const apart: Way = (values) =>
  values.map(({ metric, value, at }) =>
    plain(`kiosks/${group}/${node}/vend/${metric.name.toLowerCase()}`, { ts: at, value }),
  );

async function sessionAt(server: string, version: 4 | 5): Promise<Session> {
  const clock = machineClock(millis(0));
  const uplink = mqttUplink({ clock, credentials: () => err("There are no certificates here.") });
  const will: Message = { topic: "gone", payload: new Uint8Array(), qos: 0, retain: false };
  const call = { server, version, clientId: node, will, keepalive: seconds(600) };
  const reached = await uplink.connect(call);
  if (!reached.ok) throw new Error(reached.error.detail);
  return reached.value;
}

/** Bytes that go up for one metric, where so many are told at once. */
async function aMetric(line: Proxy, version: 4 | 5, way: Way, size: number): Promise<number> {
  const session = await sessionAt(`mqtt://${line.host}`, version);
  const send = async (from: number, count: number): Promise<void> => {
    for (let n = from; n < from + count; n++) {
      const values = told.slice(0, size).map((metric) => ({ metric, value: n % 10, at: millis(Date.now()) }));
      for (const message of way(values, n)) await session.publish(message);
    }
    await rest(200);
  };
  // A topic alias is told with the first message.
  await send(0, 1);
  const before = line.counted.up;
  await send(1, messages);
  const bytes = line.counted.up - before;
  await session.end(false);
  return bytes / messages / size;
}

export async function wire(): Promise<Figure> {
  const broker = await startMosquitto({});
  const line = await startProxy({ to: broker.port });
  const ways: readonly (readonly [string, 4 | 5, Way])[] = [
    ["Sparkplug by alias, with MQTT 5's topic alias, as kiosks speak", 5, sparkplug],
    ["Sparkplug by alias, MQTT 3.1.1", 4, sparkplug],
    ["JSON, one message, MQTT 3.1.1", 4, together],
    ["JSON, a topic for each, MQTT 3.1.1", 4, apart],
  ];
  const rows: Row[] = [];
  for (const [what, version, way] of ways)
    for (const size of sizes) {
      const bytes = await aMetric(line, version, way, size);
      rows.push({
        what: `${what}: ${size} at once`,
        value: `${bytes.toFixed(1)} B`,
        ...(way === sparkplug && size === 20 ? { goal: atMost(bytes, goal, `${goal} B`) } : {}),
      });
    }
  await line.close();
  await broker.stop();
  return {
    title: "Bytes on the wire for a metric",
    how: `MQTT without TLS and TCP, counted at a proxy before mosquitto; ${messages} messages of 1, 5 and 20 values of a cabinet, sent by the kiosk's own connection.`,
    rows,
  };
}
