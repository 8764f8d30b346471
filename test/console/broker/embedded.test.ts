import mqtt, { type MqttClient } from "mqtt";
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { startEmbeddedBroker, type EmbeddedBroker } from "../../../console/broker/embedded.ts";
import { eventually, listening } from "../../kit/broker.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const folder = () => mkdtempSync(join(tmpdir(), "embedded-"));

async function started(dir: string, port = 0): Promise<EmbeddedBroker> {
  const broker = await startEmbeddedBroker({ folder: dir, port });
  if (!broker.ok) throw new Error(broker.error.join(" "));
  closing.push(() => broker.value.close());
  return broker.value;
}

async function client(broker: EmbeddedBroker): Promise<MqttClient> {
  const connected = await mqtt.connectAsync(broker.url, { protocolVersion: 4, reconnectPeriod: 0 });
  closing.push(() => connected.endAsync(true));
  return connected;
}

async function standing(broker: EmbeddedBroker): Promise<readonly string[]> {
  const reader = await client(broker);
  const heard: string[] = [];
  reader.on("message", (topic, payload, { retain, qos }) =>
    heard.push(`${topic} ${payload.toString()} ${retain} ${qos}`),
  );
  await reader.subscribeAsync("#", { qos: 1 });
  await reader.publishAsync("end/of/all", "", { qos: 1 });
  await eventually(() => heard.some((line) => line.startsWith("end/of/all")));
  return heard.filter((line) => !line.startsWith("end/of/all")).sort();
}

test("what stands on it is there after a restart, the newest of each topic", async () => {
  const dir = folder();
  const first = await started(dir);
  const writer = await client(first);
  await Promise.all(["one", "two", "three"].map((text) => writer.publishAsync("a/b", text, { qos: 1, retain: true })));
  await writer.publishAsync("a/c", Buffer.from([0, 255]), { qos: 1, retain: true });
  await writer.publishAsync("a/d", "passing", { qos: 1 });
  await writer.publishAsync("a/e", "gone", { qos: 1, retain: true });
  await writer.publishAsync("a/e", "", { qos: 1, retain: true });
  const before = await standing(first);
  await first.close();
  const second = await started(dir);
  expect(await standing(second)).toEqual(before);
  expect(before).toEqual(["a/b three true 1", `a/c ${Buffer.from([0, 255]).toString()} true 1`]);
  expect(second.unwritten()).toBe(0);
});

test("a retained message is on the disk before its publisher is told so", async () => {
  const dir = folder();
  const writer = await client(await started(dir));
  await writer.publishAsync("a/b", "words", { qos: 1, retain: true });
  expect(readdirSync(dir).filter((name) => name.endsWith(".json"))).toHaveLength(1);
});

test("a file that is broken, or of somebody else, keeps it from nothing", async () => {
  const dir = folder();
  writeFileSync(join(dir, "half.json"), '{"topic":"a/b","pay');
  writeFileSync(join(dir, "other.json"), '{"name":"x"}');
  expect(await standing(await started(dir))).toEqual([]);
});

test("a port that is taken is told in a sentence", async () => {
  const other = createServer();
  const port = await listening(other);
  expect(await startEmbeddedBroker({ folder: folder(), port })).toMatchObject({
    ok: false,
    error: [expect.stringMatching(/cannot listen on 127\.0\.0\.1:.*Stop the other one/)],
  });
  other.close();
});

test("MQTT 5 is refused by name, so that a client can come back with 3.1.1", async () => {
  const broker = await started(folder());
  const refused = await mqtt
    .connectAsync(broker.url, { protocolVersion: 5, reconnectPeriod: 0 }, false)
    .catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 1 });
});
