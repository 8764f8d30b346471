import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { freePort, listening, recordingBroker, type RecordingBroker } from "../kit/broker.ts";
import { answered, bytes, callTo, uplinkOf } from "./uplink.ts";

let broker: RecordingBroker;
beforeEach(async () => (broker = await recordingBroker()));
afterEach(() => broker.close());

describe("CONNECT", () => {
  test("with MQTT 5: a clean start, a session that ends with the connection, the will, the limits of this kiosk", async () => {
    const { uplink } = uplinkOf();
    answered(await uplink.connect(callTo(broker.url)));
    expect(broker.of("connect")).toMatchObject([
      {
        protocolVersion: 5,
        clean: true,
        clientId: "zp-001",
        keepalive: 120,
        will: { topic: "spBv1.0/320583/NDEATH/zp-001", payload: Buffer.from("gone"), qos: 1, retain: false },
        properties: { sessionExpiryInterval: 0, maximumPacketSize: 1024 * 1024, receiveMaximum: 20 },
      },
    ]);
  });

  test("with MQTT 3.1.1: a clean session and the will", async () => {
    const { uplink } = uplinkOf();
    answered(await uplink.connect(callTo(broker.url, { version: 4 })));
    const [connect] = broker.of("connect");
    expect(connect).toMatchObject({ protocolVersion: 4, clean: true, will: { payload: Buffer.from("gone"), qos: 1 } });
    expect(connect).not.toHaveProperty("properties");
  });

  test("each call has a will of its own", async () => {
    const { uplink } = uplinkOf();
    for (const word of ["first", "second"]) {
      const will = { topic: "will", payload: bytes(word), qos: 1, retain: false } as const;
      await answered(await uplink.connect(callTo(broker.url, { will }))).end(false);
    }
    expect(broker.of("connect").map(({ will }) => String(will?.payload))).toEqual(["first", "second"]);
  });
});

describe("a broker that does not take the kiosk", () => {
  test.each([
    [5, 0x84, "version"],
    [5, 0x01, "version"],
    [5, 0x87, "not-authorised"],
    [5, 0x86, "not-authorised"],
    [5, 0x8a, "banned"],
    [5, 0x97, "quota"],
    [5, 0x88, "busy"],
    [5, 0x89, "busy"],
    [5, 0x9f, "busy"],
    [5, 0x80, "refused"],
    [4, 1, "version"],
    [4, 2, "refused"],
    [4, 3, "busy"],
    [4, 4, "not-authorised"],
    [4, 5, "not-authorised"],
  ] as const)("MQTT %i, code %i is told as %s, and the next call is free", async (version, code, why) => {
    const { uplink, clock } = uplinkOf();
    broker.behave({ greet: () => code });
    expect(await uplink.connect(callTo(broker.url, { version }))).toMatchObject({ ok: false, error: { why } });
    expect(clock.pending()).toEqual([]);
    broker.behave({ greet: () => 0 });
    answered(await uplink.connect(callTo(broker.url, { version })));
  });

  test("the broker's own words are told, without anything that a screen could stumble over", async () => {
    const { uplink } = uplinkOf();
    broker.behave({ greet: () => 0x8a, allows: { reasonString: `pay\u001b[2J your bill${"!".repeat(500)}` } });
    const refused = await uplink.connect(callTo(broker.url));
    expect(refused).toMatchObject({ ok: false, error: { why: "banned" } });
    const { detail } = refused.ok ? { detail: "" } : refused.error;
    expect(detail).toContain("pay?[2J your bill!!");
    expect(detail.length).toBeLessThan(300);
  });

  test("who takes the connection and says nothing is not waited for longer than its time", async () => {
    const { uplink, clock } = uplinkOf(undefined, { times: 200 });
    broker.behave({ greet: () => "silence" });
    expect(await uplink.connect(callTo(broker.url))).toMatchObject({ ok: false, error: { why: "unreachable" } });
    expect(clock.pending()).toEqual([]);
    await broker.until(() => broker.of("gone").length === 1, "the connection to be closed");
  });

  test("who hangs up without a word is refused, not waited for", async () => {
    const server = createServer((socket) => socket.once("data", () => socket.end()).on("error", () => {}));
    const port = await listening(server);
    onTestFinished(() => void server.close());
    const { uplink } = uplinkOf();
    const refused = await uplink.connect(callTo(`mqtt://127.0.0.1:${port}`));
    expect(refused).toMatchObject({ ok: false, error: { why: "refused" } });
  });

  test("who answers with something else than MQTT is refused", async () => {
    const server = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n").on("error", () => {}));
    const port = await listening(server);
    onTestFinished(() => void server.close());
    const { uplink, clock } = uplinkOf();
    expect((await uplink.connect(callTo(`mqtt://127.0.0.1:${port}`))).ok).toBe(false);
    expect(clock.pending()).toEqual([]);
  });

  test.each([
    ["nobody at the port", "mqtt://127.0.0.1:FREE", "unreachable", /Nothing listens/],
    ["a name that nobody knows", "mqtt://broker.invalid:1883", "unreachable", /name|looked up/],
    ["a password in the address", "mqtt://me:hunter2@127.0.0.1:1883", "refused", /^(?!.*hunter2).*address/],
    ["no address at all", "mqtt://", "refused", /address/],
  ] as const)("%s is told in a sentence", async (_, server, why, detail) => {
    const { uplink } = uplinkOf();
    const refused = await uplink.connect(callTo(server.replace("FREE", String(await freePort()))));
    expect(refused).toMatchObject({ ok: false, error: { why, detail: expect.stringMatching(detail) } });
  });

  test("a call that is no longer wanted ends at once", async () => {
    const { uplink, clock } = uplinkOf();
    broker.behave({ greet: () => "silence" });
    const given = new AbortController();
    const calling = uplink.connect(callTo(broker.url, { abandoned: given.signal }));
    await broker.until(() => broker.of("connect").length === 1);
    given.abort();
    expect((await calling).ok).toBe(false);
    expect(clock.pending()).toEqual([]);
    expect((await uplink.connect(callTo(broker.url, { abandoned: given.signal }))).ok).toBe(false);
  });

  test("a broker that takes no QoS 1 is refused: nothing would be certain", async () => {
    const { uplink } = uplinkOf();
    broker.behave({ allows: { maximumQoS: 0 } });
    expect(await uplink.connect(callTo(broker.url))).toMatchObject({ ok: false, error: { why: "refused" } });
  });
});
