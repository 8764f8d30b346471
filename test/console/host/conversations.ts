import { fromBinary } from "@bufbuild/protobuf";
import type { IConnectPacket, IPublishPacket } from "mqtt-packet";
import type { EdgeNode } from "../../../console/host/edge-node.ts";
import { openHost, type Host } from "../../../console/host/host.ts";
import type { Server } from "../../../console/host/line.ts";
import type { Loss, Sighting } from "../../../console/host/sighting.ts";
import { PayloadSchema, type Payload } from "../../../protocol/sparkplug/sparkplug_b_pb.ts";
import { eventually, recordingBroker, type RecordingBroker, type Seen } from "../../kit/broker.ts";
import { manualClock, type ManualClock } from "../../kit/clock.ts";
import { edgeNode, published, type Spoken } from "./edge.ts";

export const hostId = "centre";
export const group = "320583";
export const kiosk = "k0001";
export const stateTopic = `spBv1.0/STATE/${hostId}`;
export const reorderTimeout = 2000;

/** What a host said of itself. */
export interface Said {
  readonly online: unknown;
  readonly timestamp: unknown;
}

export const said = (payload: Uint8Array | string): Said =>
  JSON.parse(Buffer.from(payload as Uint8Array).toString()) as Said;
export const raw = (payload: Uint8Array | string): Payload =>
  fromBinary(PayloadSchema, new Uint8Array(Buffer.from(payload as Uint8Array)));

/** A host with all that it told, on a clock that moves when told to. */
export function aHost(brokers: readonly Server[], clock: ManualClock) {
  const told: Sighting[] = [];
  const lost: Loss[] = [];
  const found: string[] = [];
  const host = openHost({
    servers: brokers.map(({ url, tls }) => ({ url, ...(tls === undefined ? {} : { tls }) })),
    hostId,
    groups: [group],
    reorderTimeout,
    clock,
    dice: () => 0.5,
    sighted: (sighting) => told.push(sighting),
    lost: (loss) => lost.push(loss),
    found: (server) => found.push(server),
  });
  return { host, told, lost, found };
}

/** Lets the clock go on until `so` holds: connections are real, waits are not. */
export async function passing(clock: ManualClock, so: () => boolean, what: string): Promise<void> {
  for (let turn = 0; !so() && turn < 400; turn += 1) {
    await clock.pass(500);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await eventually(so, what);
}

const publishes = (seen: readonly Seen[]): readonly IPublishPacket[] =>
  seen.flatMap(({ packet }) => (packet.cmd === "publish" ? [packet] : []));

/** A session as the broker recorded it, from the CONNECT on. */
export interface Session {
  readonly all: readonly Seen[];
  readonly connect: IConnectPacket;
  readonly will: NonNullable<IConnectPacket["will"]>;
  /** Names of the packets in their order, but the acknowledgements. */
  readonly order: readonly string[];
  readonly subscribed: readonly { readonly topic: string; readonly qos: number }[];
  readonly published: readonly IPublishPacket[];
  /** On the host's own STATE topic. */
  readonly states: readonly IPublishPacket[];
}

export function session({ seen }: RecordingBroker, connection = 1): Session {
  const all = seen.filter((one) => one.connection === connection);
  const connect = all.map(({ packet }) => packet).find((packet) => packet.cmd === "connect");
  if (connect?.will === undefined) throw new Error("There was no CONNECT with a will.");
  const published = publishes(all);
  return {
    all,
    connect,
    will: connect.will,
    order: all.map(({ packet }) => packet.cmd as string).filter((name) => name !== "puback"),
    subscribed: all.flatMap(({ packet }) =>
      packet.cmd === "subscribe" ? packet.subscriptions.map(({ topic, qos }) => ({ topic, qos })) : [],
    ),
    published,
    states: published.filter(({ topic }) => topic === stateTopic),
  };
}

const speak = (broker: RecordingBroker, spoken: Spoken | readonly Spoken[] | undefined, node = kiosk) => {
  for (const one of spoken === undefined ? [] : ([spoken].flat() as readonly Spoken[]))
    broker.say({ ...published(group, node, one), qos: one.type === "NDEATH" ? 1 : 0 });
};

const nodeOf = (host: Host, node = kiosk): EdgeNode => {
  const known = host.node(group, node);
  if (known === undefined) throw new Error(`Nothing is known of ${node}.`);
  return known;
};

/** One day of a host on MQTT 5: it comes, hears a kiosk, commands, loses messages, sees deaths, and leaves on purpose. */
export async function aDay() {
  const clock = manualClock();
  const broker = await recordingBroker();
  broker.behave({ retained: [{ topic: stateTopic, payload: '{"online":false,"timestamp":1}', qos: 1 }] });
  await clock.pass(1000);
  const connectedAt = clock.wall().utc;
  const { host, told, lost } = aHost([broker], clock);
  await broker.until(() => broker.of("publish").length > 0, "the birth of the host");
  await clock.pass(60_000);

  // A kiosk with aliases, and a foreign node that has none.
  const edge = edgeNode();
  edge.connect();
  speak(broker, edge.births());
  const foreign = edgeNode({ aliased: false, devices: ["pump"] });
  foreign.connect();
  speak(broker, foreign.births(), "foreign");
  await eventually(() => host.node(group, "foreign")?.devices.size === 1, "the births");

  const commandedAt = clock.wall().utc;
  const commands = [
    await host.ncmd(group, kiosk, [{ name: "m1", value: 41 }]),
    await host.dcmd(group, kiosk, "vend", [{ name: "m2", value: 42 }]),
    await host.ncmd(group, "foreign", [{ name: "m0", value: -3 }]),
    await host.dcmd(group, "foreign", "pump", [{ name: "m0", value: 4 }]),
  ];
  const refused = {
    noMetric: await host.ncmd(group, kiosk, [{ name: "m9", value: 1 }]),
    noType: await host.ncmd(group, kiosk, [{ name: "m1", value: "41" }]),
    tooLarge: await host.ncmd(group, kiosk, [{ name: "m1", value: 2 ** 32 - 1 }]),
    noDeviceMetric: await host.dcmd(group, kiosk, "vend", [{ name: "Node Control/Rebirth", value: true }]),
    noDeviceType: await host.dcmd(group, kiosk, "vend", [{ name: "m2", value: 4.2 }]),
  };
  await broker.until(() => broker.of("publish").length === 5, "the commands");

  // The broker says that the host is gone.
  await clock.pass(60_000);
  broker.say({ topic: stateTopic, payload: '{"online":false,"timestamp":2}', qos: 1 });
  await broker.until(() => broker.of("publish").length === 6, "the repeated birth");
  const repeated = broker.of("publish").at(-1);

  // One message is late, but in time.
  const late = edge.change(0, 1);
  speak(broker, edge.change(1, 2));
  await eventually(() => clock.pending().includes(`message 3 of ${group}/${kiosk}`), "the reorder timer");
  const whileMissing = clock.pending();
  await clock.pass(reorderTimeout - 1);
  speak(broker, late);
  await eventually(() => !clock.pending().includes(`message 3 of ${group}/${kiosk}`), "the timer stopped");
  await clock.pass(60_000);
  const inTime = { whileMissing, after: clock.pending(), published: broker.of("publish").length, node: nodeOf(host) };

  // One never comes.
  edge.change(0, 3);
  speak(broker, edge.change(1, 4));
  await eventually(() => clock.pending().includes(`message 5 of ${group}/${kiosk}`), "the reorder timer again");
  await clock.pass(reorderTimeout - 1);
  const patientUntilThen = broker.of("publish").length;
  await clock.pass(1);
  const askedAt = clock.wall().utc;
  await broker.until(() => broker.of("publish").length === 7, "the request for births");
  const request = broker.of("publish").at(-1);
  speak(broker, edge.births());
  await eventually(() => nodeOf(host).devices.get("door")?.standing === "online", "the births again");

  await clock.pass(60_000);
  const away = edge.away("door");
  speak(broker, away);
  await eventually(() => nodeOf(host).devices.get("door")?.standing === "offline", "the death of the device");
  const afterDeviceDeath = nodeOf(host);
  await clock.pass(60_000);
  const diedAt = clock.wall().utc;
  speak(broker, edge.death());
  await eventually(() => nodeOf(host).standing === "offline", "the death of the node");
  const afterDeath = nodeOf(host);

  await clock.pass(60_000);
  const leftAt = clock.wall().utc;
  await host.close();
  await broker.until((seen) => seen.at(-1)?.packet.cmd === "gone", "the end of the connection");
  const day = session(broker);
  await broker.close();
  return {
    ...day,
    connectedAt,
    commandedAt,
    askedAt,
    diedAt,
    leftAt,
    told,
    lost,
    refused,
    repeated,
    inTime,
    patientUntilThen,
    request,
    afterDeviceDeath,
    afterDeath,
    deviceDiedAt: away?.payload.at,
    given: commands.map(({ ok }) => ok),
    commands: day.published.filter(({ topic }) => /CMD/.test(topic)),
    birth: day.states[0],
    death: day.states.at(-1),
    pending: clock.pending(),
  };
}

/** A broker that speaks MQTT 3.1.1 only. */
export async function onOldMqtt(): Promise<Session> {
  const clock = manualClock();
  const broker = await recordingBroker();
  broker.behave({ greet: ({ protocolVersion }) => (protocolVersion === 5 ? 0x84 : 0) });
  const { host, found } = aHost([broker], clock);
  await passing(clock, () => found.length > 0, "the birth on MQTT 3.1.1");
  await host.close();
  const last = session(broker, broker.seen.at(-1)?.connection);
  await broker.close();
  return last;
}

/** The line is cut, and comes back; then it is cut while the host says that it leaves. */
export async function cutOff() {
  const clock = manualClock();
  const broker = await recordingBroker();
  const { host, lost, found } = aHost([broker], clock);
  await eventually(() => found.length === 1, "the host");
  broker.drop();
  await eventually(() => lost.length === 1, "the loss");
  await clock.pass(500);
  await passing(clock, () => found.length === 2, "the host again");
  await clock.pass(60_000);
  broker.behave({ puback: () => "held" });
  const leftAt = clock.wall().utc;
  const leaving = host.close();
  await broker.until(() => session(broker, 2).states.length === 2, "the goodbye");
  broker.drop();
  await leaving;
  await broker.until((seen) => seen.at(-1)?.packet.cmd === "gone", "the end");
  const sessions = [session(broker, 1), session(broker, 2)] as const;
  await broker.close();
  return { sessions, leftAt, lost };
}

/** Two servers, of which one comes later. */
export async function twoServers() {
  const clock = manualClock();
  const [first, second] = [await recordingBroker(), await recordingBroker()];
  second.behave({ greet: () => 0x88 });
  const { host, found, lost } = aHost([first, second], clock);
  await eventually(() => found.length === 1 && lost.length === 1, "the first server");
  await clock.pass(500);
  second.behave({ greet: () => 0 });
  await passing(clock, () => found.length === 2, "the second server");
  // Each says in its turn that the host is gone.
  for (const broker of [first, second]) {
    broker.say({ topic: stateTopic, payload: '{"online":false,"timestamp":3}', qos: 1 });
    await broker.until(() => broker.of("publish").length === 2, "the repeated birth");
  }
  await host.close();
  const sessions = [session(first), session(second, second.of("connect").length)] as const;
  await Promise.all([first.close(), second.close()]);
  return sessions;
}

/** Somebody else uses the host's name. */
export async function namesakes() {
  const clock = manualClock();
  const broker = await recordingBroker();
  const { host, found } = aHost([broker], clock);
  await eventually(() => found.length === 1, "the host");
  const before = host.oddities();
  broker.say({ topic: stateTopic, payload: '{"online":true,"timestamp":99}', qos: 1 });
  await eventually(() => host.oddities().namesake === 1, "the other host");
  const after = host.oddities();
  await host.close();
  await broker.close();
  return { before, after };
}
