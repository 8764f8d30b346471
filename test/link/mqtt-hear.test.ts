import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { seconds } from "../../devices/kit/clock.ts";
import { eventually, recordingBroker, type RecordingBroker } from "../kit/broker.ts";
import { startProxy } from "../kit/proxy.ts";
import { answered, callTo, ear, message, text, uplinkOf } from "./uplink.ts";

let broker: RecordingBroker;
beforeEach(async () => (broker = await recordingBroker()));
afterEach(() => broker.close());

const versions = [4, 5] as const;

describe.each(versions)("hearing with MQTT %i", (version) => {
  test("what comes before anybody listens is held back, in order, with what stood there before", async () => {
    broker.behave({ retained: [{ topic: "down/desired/config", payload: "stood", qos: 1 }] });
    const { uplink } = uplinkOf();
    const session = answered(await uplink.connect(callTo(broker.url, { version })));
    await session.subscribe([{ topic: "down/#", qos: 1 }]);
    broker.say({ topic: "down/cmd", payload: "now", qos: 0 });
    broker.say({ topic: "down/cmd", payload: "then", qos: 1 });
    expect((await session.publish(message("round/trip", ""))).ok).toBe(true);
    expect(broker.of("puback")).toHaveLength(0);
    const { heard } = ear(session);
    await broker.until(() => broker.of("puback").length === 2);
    expect(heard.map(({ payload, qos, retained }) => [text(payload), qos, retained])).toEqual([
      ["stood", 1, true],
      ["now", 0, false],
      ["then", 1, false],
    ]);
  });

  test("is acknowledged when it was heard, one after the other, and holds up nothing that is sent", async () => {
    const { uplink } = uplinkOf();
    const session = answered(await uplink.connect(callTo(broker.url, { version })));
    const saved = Promise.withResolvers<void>();
    const { heard } = ear(session, () => saved.promise);
    for (const payload of ["a", "b", "c"]) broker.say({ topic: "down/cmd", payload, qos: 1 });
    await eventually(() => heard.length === 1);
    for (let at = 0; at < 5; at += 1) expect((await session.publish(message("up/res", "running"))).ok).toBe(true);
    expect(heard).toHaveLength(1);
    expect(broker.of("puback")).toHaveLength(0);
    saved.resolve();
    await broker.until(() => broker.of("puback").length === 3);
    expect(heard.map(({ payload }) => text(payload))).toEqual(["a", "b", "c"]);
    expect(broker.of("puback").map(({ messageId }) => messageId)).toEqual([1, 2, 3]);
  });

  test("nobody is called after stop, and the next listener hears what came meanwhile", async () => {
    const { uplink } = uplinkOf();
    const session = answered(await uplink.connect(callTo(broker.url, { version })));
    const first = ear(session);
    first.listening.stop();
    broker.say({ topic: "down/cmd", payload: "x", qos: 1 });
    await session.publish(message("round/trip", ""));
    const second = ear(session);
    await eventually(() => second.heard.length === 1);
    await session.end(false);
    expect([first.heard, first.ended]).toEqual([[], []]);
    expect(second.ended).toHaveLength(1);
  });

  test("who listens too late is still told that the connection has ended", async () => {
    const { uplink } = uplinkOf();
    const session = answered(await uplink.connect(callTo(broker.url, { version })));
    broker.drop();
    await broker.until(() => broker.of("gone").length === 1);
    const { ended } = ear(session);
    await eventually(() => ended.length === 1);
  });

  test("a flood that nobody can hear in time is cut to what memory bears, and the count is noted", async () => {
    const { uplink, notes } = uplinkOf();
    const session = answered(await uplink.connect(callTo(broker.url, { version })));
    const waiting = Promise.withResolvers<void>();
    const { heard } = ear(session, () => waiting.promise);
    for (let at = 0; at < 20_000; at += 1) broker.say({ topic: "down/cmd", payload: `${at}`, qos: 0 });
    for (let at = 0; at < 10; at += 1) broker.say({ topic: "down/cmd", payload: `wanted ${at}`, qos: 1 });
    expect((await session.publish(message("up/ev", "x"))).ok).toBe(true);
    waiting.resolve();
    await broker.until(() => broker.of("puback").length === 10);
    expect(heard.length).toBeLessThan(600);
    expect(heard.slice(-10).map(({ payload }) => text(payload))).toEqual(
      Array.from({ length: 10 }, (_, at) => `wanted ${at}`),
    );
    await session.end(false);
    expect(notes).toEqual([{ event: "link.flooded", facts: { server: broker.url, dropped: 20_010 - heard.length } }]);
  });

  test("more of QoS 1 than memory bears waits at the broker, and none is lost", async () => {
    const { uplink } = uplinkOf();
    const session = answered(await uplink.connect(callTo(broker.url, { version })));
    for (let at = 0; at < 2000; at += 1)
      broker.say({ topic: "used/a", payload: new Uint8Array(10_000).fill(at), qos: 1 });
    const { heard } = ear(session);
    await broker.until(() => broker.of("puback").length === 2000);
    expect(heard.every(({ payload }, at) => payload[0] === at % 256)).toBe(true);
  });

  test("a packet of more than 1 MiB ends the connection before it is gathered", async () => {
    const { uplink } = uplinkOf();
    const session = answered(await uplink.connect(callTo(broker.url, { version })));
    const { heard, ended } = ear(session);
    broker.say({ topic: "down/cmd", payload: new Uint8Array(1_000_000), qos: 0 });
    await eventually(() => heard.length === 1);
    broker.say({ topic: "down/cmd", payload: new Uint8Array(20_000_000), qos: 0 });
    await eventually(() => ended.length === 1);
    expect(ended).toMatchObject([{ kind: "garbled" }]);
    expect(heard).toHaveLength(1);
  });

  test("what MQTT does not allow ends the connection, and never the process", async () => {
    const { uplink, clock } = uplinkOf();
    for (const wrong of [
      { cmd: "connack", sessionPresent: false, returnCode: 0, reasonCode: 0 },
      { cmd: "publish", topic: "t", payload: "x", qos: 2, messageId: 9, dup: false, retain: false },
    ] as const) {
      const session = answered(await uplink.connect(callTo(broker.url, { version })));
      const { ended } = ear(session);
      broker.send(wrong);
      await eventually(() => ended.length === 1);
      expect(ended).toMatchObject([{ kind: "garbled" }]);
    }
    expect(clock.pending()).toEqual([]);
  });
});

test("a DISCONNECT of the broker is told with its reason", async () => {
  const { uplink } = uplinkOf();
  const session = answered(await uplink.connect(callTo(broker.url)));
  const { ended } = ear(session);
  broker.send({ cmd: "disconnect", reasonCode: 0x8e, properties: { reasonString: "somebody else came" } });
  await eventually(() => ended.length === 1);
  expect(ended).toMatchObject([{ kind: "interrupted", detail: expect.stringContaining("somebody else came") }]);
});

test("a line that is cut without a word is known dead after one and a half keepalives", async () => {
  const proxy = await startProxy({ to: broker.port });
  onTestFinished(() => proxy.close());
  const { uplink, clock } = uplinkOf(undefined, { times: 100 });
  const session = answered(await uplink.connect(callTo(`mqtt://${proxy.host}`, { keepalive: seconds(30) })));
  const { ended } = ear(session);
  // Idle and alive: pings go through.
  const alive = proxy.counted.up;
  await eventually(() => proxy.counted.up >= alive + 6, "three pings");
  expect(ended).toEqual([]);
  proxy.cut();
  const sent = session.publish(message("up/ev", "x"));
  await eventually(() => ended.length === 1, "the keepalive to notice");
  expect(ended).toMatchObject([{ kind: "silent" }]);
  expect((await sent).ok).toBe(false);
  expect(clock.pending()).toEqual([]);
});

test("goodbye on a dead line has its time, and no more", async () => {
  const proxy = await startProxy({ to: broker.port });
  onTestFinished(() => proxy.close());
  const { uplink, clock } = uplinkOf(undefined, { times: 50 });
  const session = answered(await uplink.connect(callTo(`mqtt://${proxy.host}`)));
  proxy.cut();
  await session.end(true);
  expect(clock.pending()).toEqual([]);
});
