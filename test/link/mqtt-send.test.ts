import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventually, recordingBroker, type RecordingBroker } from "../kit/broker.ts";
import { startProxy } from "../kit/proxy.ts";
import { answered, callTo, ear, message, uplinkOf } from "./uplink.ts";

let broker: RecordingBroker;
beforeEach(async () => (broker = await recordingBroker()));
afterEach(() => broker.close());

const versions = [4, 5] as const;
const topicsSeen = () => broker.of("publish").map(({ topic }) => topic);

describe("limits", () => {
  test("are the broker's, and the protocol's where it states none", async () => {
    const { uplink } = uplinkOf();
    const most = { receiveMaximum: 65_535, maximumPacketSize: 268_435_455 };
    expect(answered(await uplink.connect(callTo(broker.url))).limits).toEqual({ version: 5, ...most });
    broker.behave({ allows: { receiveMaximum: 7, maximumPacketSize: 5000 } });
    const stated = answered(await uplink.connect(callTo(broker.url)));
    expect(stated.limits).toEqual({ version: 5, receiveMaximum: 7, maximumPacketSize: 5000 });
    const old = answered(await uplink.connect(callTo(broker.url, { version: 4 })));
    expect(old.limits).toEqual({ ...most, version: 4, receiveMaximum: 20 });
  });

  test("no more than Receive Maximum are under way, and the others follow in order", async () => {
    broker.behave({ allows: { receiveMaximum: 3 }, puback: () => "held" });
    const { uplink } = uplinkOf();
    const session = answered(await uplink.connect(callTo(broker.url)));
    const sent = Promise.all(Array.from({ length: 10 }, (_, at) => session.publish(message(`t/${at}`, "x"))));
    for (let known = 3; known < 10; known += 3) {
      await broker.until(() => broker.of("publish").length >= known);
      // A round trip: had more been sent, they would have come before its answer.
      await session.subscribe([{ topic: "round/trip", qos: 0 }]);
      expect(broker.of("publish")).toHaveLength(known);
      broker.releasePubacks();
    }
    await broker.until(() => broker.of("publish").length === 10);
    broker.releasePubacks();
    expect((await sent).every(({ ok }) => ok)).toBe(true);
    expect(topicsSeen()).toEqual(Array.from({ length: 10 }, (_, at) => `t/${at}`));
  });

  test("a message that the broker would hang up on is not sent", async () => {
    broker.behave({ allows: { maximumPacketSize: 1000, retainAvailable: false } });
    const { uplink } = uplinkOf();
    const session = answered(await uplink.connect(callTo(broker.url)));
    for (const refused of [message("t", new Uint8Array(1000)), { ...message("t", "x"), retain: true }])
      expect(await session.publish(refused)).toMatchObject({ ok: false, error: { kind: "misconfigured" } });
    expect((await session.publish(message("t", new Uint8Array(900)))).ok).toBe(true);
    expect(broker.of("publish")).toHaveLength(1);
  });
});

describe.each(versions)("sending with MQTT %i", (version) => {
  test("QoS 1 is sent when the broker has it, QoS 0 when it is on its way", async () => {
    broker.behave({ puback: () => "held" });
    const { uplink } = uplinkOf();
    const session = answered(await uplink.connect(callTo(broker.url, { version })));
    let acknowledged = false;
    const sent = session.publish(message("up/ev", "one")).finally(() => (acknowledged = true));
    expect((await session.publish(message("state", "two", 0))).ok).toBe(true);
    await broker.until(() => broker.of("publish").length === 2);
    expect(acknowledged).toBe(false);
    broker.releasePubacks();
    expect((await sent).ok).toBe(true);
  });

  test("whatever is under way has failed when the connection ends", async () => {
    broker.behave({ puback: () => "held" });
    const { uplink, clock } = uplinkOf();
    const session = answered(await uplink.connect(callTo(broker.url, { version })));
    const { ended } = ear(session);
    const sent = Promise.all(Array.from({ length: 30 }, () => session.publish(message("up/ev", "x"))));
    await broker.until(() => broker.of("publish").length >= 20);
    broker.drop();
    for (const result of await sent) expect(result).toMatchObject({ ok: false, error: { kind: "interrupted" } });
    expect(ended).toMatchObject([{ kind: "interrupted" }]);
    expect(await session.publish(message("up/ev", "x"))).toMatchObject({ ok: false, error: { kind: "interrupted" } });
    expect((await session.subscribe([{ topic: "a", qos: 1 }])).ok).toBe(false);
    expect(clock.pending()).toEqual([]);
  });

  test("goodbye comes after all that was sent, and is said once", async () => {
    const { uplink, clock } = uplinkOf();
    const session = answered(await uplink.connect(callTo(broker.url, { version })));
    const { ended } = ear(session);
    void session.publish(message("last/words", "x", 0));
    await Promise.all([session.end(true), session.end(true)]);
    await broker.until(() => broker.of("gone").length === 1);
    expect(broker.seen.map(({ packet }) => packet.cmd)).toEqual(["connect", "publish", "disconnect", "gone"]);
    const [goodbye] = broker.of("disconnect");
    expect(goodbye?.reasonCode ?? 0).toBe(version === 5 ? 4 : 0);
    expect(ended).toMatchObject([{ kind: "interrupted", detail: "This kiosk ended the connection." }]);
    expect(clock.pending()).toEqual([]);
  });

  test("goodbye without the will", async () => {
    const { uplink } = uplinkOf();
    await answered(await uplink.connect(callTo(broker.url, { version }))).end(false);
    expect(broker.of("disconnect").map(({ reasonCode = 0 }) => reasonCode)).toEqual([0]);
  });

  test("a broker that does not read is not fed without end", async () => {
    const { uplink } = uplinkOf();
    const session = answered(await uplink.connect(callTo(broker.url, { version })));
    broker.reads(false);
    const block = new Uint8Array(64 * 1024);
    const before = process.memoryUsage().rss;
    const sent = Array.from({ length: 2000 }, (_, at) => session.publish(message("t", block, at % 2 === 0 ? 0 : 1)));
    let busy = 0;
    for (const one of sent) void one.then((result) => !result.ok && result.error.kind === "busy" && (busy += 1));
    await eventually(() => busy > 1800, "most to be turned away");
    expect(process.memoryUsage().rss - before).toBeLessThan(80 * 1024 * 1024);
    broker.reads(true);
    await Promise.all(sent);
    expect((await session.publish(message("t", block))).ok).toBe(true);
  });

  test("a broker that denies a topic is told as such", async () => {
    const { uplink } = uplinkOf();
    const session = answered(await uplink.connect(callTo(broker.url, { version })));
    broker.behave({ suback: 0x80 });
    expect(await session.subscribe([{ topic: "a/#", qos: 1 }])).toMatchObject({
      ok: false,
      error: { kind: "refused" },
    });
    broker.behave({ suback: 1 });
    expect((await session.subscribe([{ topic: "a/#", qos: 1 }])).ok).toBe(true);
    expect(broker.of("subscribe").map(({ subscriptions }) => subscriptions)).toMatchObject([
      [{ topic: "a/#", qos: 1 }],
      [{ topic: "a/#", qos: 1 }],
    ]);
  });
});

test("a PUBACK that says no is a fault, and one that says that nobody listens is none", async () => {
  const { uplink } = uplinkOf();
  const session = answered(await uplink.connect(callTo(broker.url)));
  broker.behave({ puback: () => 0x87 });
  expect(await session.publish(message("t", "x"))).toMatchObject({ ok: false, error: { kind: "refused" } });
  broker.behave({ puback: () => 0x10 });
  expect((await session.publish(message("t", "x"))).ok).toBe(true);
});

test("topics are sent once and then by their alias, and arrive whole", async () => {
  const sizes: number[] = [];
  for (const topicAliasMaximum of [0, 3]) {
    broker.behave({ allows: { topicAliasMaximum } });
    const proxy = await startProxy({ to: broker.port });
    const { uplink } = uplinkOf();
    const session = answered(await uplink.connect(callTo(`mqtt://${proxy.host}`)));
    // More topics than aliases, so that aliases are given anew.
    for (let at = 0; at < 40; at += 1)
      await session.publish(
        message(`spBv1.0/320583/DDATA/zp-001/device-${Math.floor(at / 8)}`, `${at}`, at % 2 === 0 ? 0 : 1),
      );
    await broker.until(() => broker.of("publish").length === 40);
    await session.end(false);
    expect(topicsSeen()).toEqual(
      Array.from({ length: 40 }, (_, at) => `spBv1.0/320583/DDATA/zp-001/device-${Math.floor(at / 8)}`),
    );
    sizes.push(proxy.counted.up);
    await proxy.close();
    await broker.close();
    broker = await recordingBroker();
  }
  expect(sizes[1]).toBeLessThan((sizes[0] ?? 0) - 30 * 25);
});
