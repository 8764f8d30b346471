import { connect } from "mqtt";
import { expect, test } from "vitest";
import { waitBefore } from "../../../console/host/waits.ts";
import { eventually, recordingBroker, startMosquitto } from "../../kit/broker.ts";
import { manualClock } from "../../kit/clock.ts";
import { aHost, group, kiosk, passing, said, stateTopic } from "./conversations.ts";
import { edgeNode, published } from "./edge.ts";

test("over a real broker: births, data, a will; the broker dies and comes back, and nobody is called broken", async () => {
  const mosquitto = await startMosquitto();
  const clock = manualClock();
  const { host, told, lost, found } = aHost([mosquitto], clock);
  await eventually(() => found.length === 1, "the host");

  const edge = edgeNode();
  const will = published(group, kiosk, edge.connect());
  const line = () =>
    connect(mosquitto.url, {
      reconnectPeriod: 0,
      will: { ...will, payload: Buffer.from(will.payload), qos: 1, retain: false },
    });
  const speak = async (client: ReturnType<typeof line>, spoken: ReturnType<typeof edge.births>) => {
    for (const one of spoken) {
      const { topic, payload } = published(group, kiosk, one);
      await client.publishAsync(topic, Buffer.from(payload));
    }
  };
  const kioskLine = line();
  const heard: string[] = [];
  kioskLine.on("error", () => {});
  kioskLine.on("message", (topic) => heard.push(topic));
  await kioskLine.subscribeAsync([`spBv1.0/${group}/NCMD/${kiosk}`, stateTopic], { qos: 1 });
  await speak(kioskLine, edge.births());
  const change = edge.change(0, 7);
  await speak(kioskLine, change === undefined ? [] : [change]);
  await eventually(() => told.some(({ is }) => is === "data"), "the data");
  await host.ncmd(group, kiosk, [{ name: "m0", value: 8 }]);
  await eventually(() => heard.includes(`spBv1.0/${group}/NCMD/${kiosk}`), "the command");

  // Its TCP connection is cut: the broker publishes the will.
  kioskLine.stream.destroy();
  await eventually(() => host.node(group, kiosk)?.standing === "offline", "the death");
  expect(told.filter(({ is }) => is === "died").map(({ device }) => device)).toEqual([undefined, "vend", "door"]);

  const again = line();
  again.on("error", () => {});
  edge.connect();
  await speak(again, edge.births());
  await eventually(() => host.node(group, kiosk)?.standing === "online", "the births");
  const before = told.length;
  await mosquitto.kill();
  await eventually(() => lost.length === 1, "the loss");
  expect(lost[0]?.nodes).toEqual([{ group, node: kiosk }]);
  expect(told.length).toBe(before);
  expect(host.node(group, kiosk)?.standing).toBe("stale");

  await mosquitto.restart();
  await passing(clock, () => found.length === 2, "the host again");
  const third = line();
  third.on("error", () => {});
  const states: unknown[] = [];
  third.on("message", (_, payload) => states.push(said(payload)));
  await third.subscribeAsync(stateTopic, { qos: 1 });
  await eventually(() => states.length === 1, "the state that the broker keeps");
  expect(states[0]).toMatchObject({ online: true });
  edge.connect();
  await speak(third, edge.births());
  await eventually(() => host.node(group, kiosk)?.standing === "online", "the kiosk again");
  await host.close();
  await eventually(() => states.length === 2, "the goodbye");
  expect(states[1]).toEqual({ online: false, timestamp: clock.wall().utc });
  third.end(true);
  again.end(true);
  await mosquitto.stop();
});

test("a broker that refuses is called again, and the centre hears why once", async () => {
  const broker = await recordingBroker();
  const clock = manualClock();
  broker.behave({ greet: () => 0x87 });
  const { host, lost, found } = aHost([broker], clock);
  await eventually(() => lost.length === 1, "the refusal");
  expect(lost[0]).toMatchObject({ server: broker.url, nodes: [] });
  expect(lost[0]?.reason).toMatch(/not authorized/i);
  await passing(clock, () => broker.of("connect").length >= 4, "more calls");
  expect(lost.length).toBe(1);
  broker.behave({ greet: () => 0 });
  await passing(clock, () => found.length === 1, "the broker");
  await host.close();
  await broker.close();
});

test("a subscription that is refused is a loss with its reason, and no birth is said", async () => {
  const broker = await recordingBroker();
  const clock = manualClock();
  broker.behave({ suback: 0x87 });
  const { host, lost } = aHost([broker], clock);
  await eventually(() => lost.length === 1, "the refusal");
  expect(broker.of("publish")).toEqual([]);
  broker.behave({});
  await host.close();
  await broker.close();
});

test("an address that is none is refused at once; certificates that cannot be read are a loss with a sentence", async () => {
  const clock = manualClock();
  expect(() => aHost([{ url: "http://127.0.0.1:1" }], clock)).toThrow(
    '"http://127.0.0.1:1" is no broker: write it like mqtts://broker.example:8883.',
  );
  const tls = { ca: "none", cert: "none", key: "none" };
  const { host, lost } = aHost([{ url: "mqtts://127.0.0.1:1", tls }], clock);
  await eventually(() => lost.length === 1, "the mistake");
  expect(lost[0]?.reason).toMatch(/^mqtts:\/\/127\.0\.0\.1:1 cannot be called: .+/);
  await host.close();
  expect(clock.pending()).toEqual([]);
});

test("a broker that never answers the goodbye does not hold the centre up", async () => {
  const broker = await recordingBroker();
  const clock = manualClock();
  const { host, found } = aHost([broker], clock);
  await eventually(() => found.length === 1, "the host");
  broker.behave({ puback: () => "held" });
  let isLeft = false;
  const leaving = host.close().then(() => (isLeft = true));
  await passing(clock, () => isLeft, "the end");
  await leaving;
  await broker.until((seen) => seen.at(-1)?.packet.cmd === "gone", "the end of the connection");
  expect(broker.of("disconnect").length).toBe(1);
  await broker.close();
});

test("without its broker the centre says that it cannot command", async () => {
  const broker = await recordingBroker();
  const clock = manualClock();
  const { host, found, lost } = aHost([broker], clock);
  await eventually(() => found.length === 1, "the host");
  const edge = edgeNode({ devices: [] });
  edge.connect();
  for (const spoken of edge.births()) broker.say(published(group, kiosk, spoken));
  await eventually(() => host.node(group, kiosk)?.standing === "online", "the kiosk");
  expect(await host.ncmd(group, "nobody", [{ name: "m0", value: 1 }])).toEqual({
    ok: false,
    error: ["Nothing was heard of it yet."],
  });
  broker.drop();
  await eventually(() => lost.length === 1, "the loss");
  expect(await host.ncmd(group, kiosk, [{ name: "m0", value: 1 }])).toEqual({
    ok: false,
    error: ["The centre has no connection to the broker of this kiosk now."],
  });
  await host.close();
  await broker.close();
});

test("waits grow to half a minute, are spread, and are long after a refusal", () => {
  const most = (failures: number, code?: number) => waitBefore(failures, code, () => 0.999_999);
  const least = (failures: number, code?: number) => waitBefore(failures, code, () => 0);
  expect([0, 1, 2, 5, 100].map((failures) => most(failures))).toEqual([2000, 3000, 5000, 31_000, 31_000]);
  expect([0, 5, 100].map((failures) => least(failures))).toEqual([1000, 1000, 1000]);
  expect([0x87, 0x8a, 0x8e, 0x97, 5].map((code) => least(0, code))).toEqual([30_000, 30_000, 30_000, 30_000, 30_000]);
});
