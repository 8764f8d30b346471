import { afterEach, describe, expect, test } from "vitest";
import mqtt, { type MqttClient } from "mqtt";
import { hashesOf, readBatch, type Batch } from "../../protocol/events/batch.ts";
import { writeAck } from "../../protocol/events/ack.ts";
import { decodePayload } from "../../protocol/sparkplug/payload.ts";
import { eventually, startMosquitto } from "../kit/broker.ts";
import { tcn } from "./station.ts";
import { endStreets, Street } from "./street.ts";

afterEach(endStreets);

/** Everything that was published, in order. It acknowledges as a centre does: a kiosk that hears no answer waits with more. */
async function witness(port: number) {
  const client: MqttClient = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 });
  const heard: { readonly topic: string; readonly payload: Buffer }[] = [];
  client.on("message", (topic, payload) => {
    heard.push({ topic, payload });
    const batch = topic.endsWith("/up/ev") ? readBatch(payload) : undefined;
    if (!batch?.ok) return;
    const { life, from, items } = batch.value;
    const hash = hashesOf(batch.value).at(-1) ?? "";
    const ack = writeAck({ life, upTo: from + items.length - 1, hash });
    client.publish(topic.replace("/up/ev", "/down/ack"), Buffer.from(ack), { qos: 1, retain: true });
  });
  await client.subscribeAsync(["spBv1.0/#", "yz/#"], { qos: 1 });
  return { heard, client };
}

describe("a linked kiosk", () => {
  test("tells its births first, then every entry of its ledger in one unbroken chain, and goodbye at the end", async () => {
    const broker = await startMosquitto({});
    const street = await Street.lay(tcn);
    const { heard, client } = await witness(broker.port);
    const kiosk = await street.boot(["--broker", `mqtt://127.0.0.1:${broker.port}`]);
    await kiosk.hear("device.working");
    await kiosk.type(street.freshCode());
    await kiosk.until("choose");
    await kiosk.press("choose:1");
    await kiosk.until("done");
    const items = () =>
      heard.flatMap(({ topic, payload }) => {
        if (!topic.endsWith("/up/ev")) return [];
        const batch = readBatch(payload);
        return batch.ok ? batch.value.items : [];
      });
    await eventually(() => items().some(({ kind }) => kind === "outcome"), "the outcome on the wire");
    expect(await kiosk.stop()).toBe(0);
    await eventually(() => heard.some(({ topic }) => topic.includes("/NDEATH/")), "the node's death");
    client.end(true);
    await broker.stop();

    const types = heard.map(({ topic }) => topic.split("/")[topic.startsWith("spBv1.0") ? 2 : 5] ?? topic);
    expect(types.indexOf("NBIRTH")).toBe(0);
    expect(types.indexOf("ev")).toBeGreaterThan(types.indexOf("DBIRTH"));
    const birth = decodePayload(heard[0]?.payload ?? new Uint8Array());
    if (!birth.ok) throw new Error(birth.error.join(" "));
    const named = new Map(birth.value.metrics.map(({ name, value }) => [name, value]));
    expect(named.get("Properties/FW")).toBe("0.1.0");
    expect(named.get("Node Control/Rebirth")).toBe(false);

    // What is not acknowledged may be said twice; by its number each entry is one.
    const batches = heard.flatMap(({ topic, payload }): Batch[] => {
      const batch = topic.endsWith("/up/ev") ? readBatch(payload) : undefined;
      return batch?.ok ? [batch.value] : [];
    });
    const hashes = new Map<number, string>();
    for (const batch of batches) {
      const before = hashes.get(batch.from - 1);
      if (batch.from > 1) expect(batch.prev).toBe(before);
      hashesOf(batch).forEach((hash, n) => hashes.set(batch.from + n, hash));
    }
    expect([...hashes.keys()]).toEqual(Array.from({ length: hashes.size }, (_, n) => n + 1));
    const kinds = items().map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(["started", "refill", "attempt", "outcome"]));
  }, 60_000);

  test("serves as ever while its broker is nowhere, and says so to the technician in a sentence", async () => {
    const street = await Street.lay(tcn);
    const kiosk = await street.boot(["--broker", "mqtt://127.0.0.1:1"]);
    await kiosk.hear("link.refused");
    await kiosk.hear("device.working");
    await kiosk.type(street.freshCode());
    await kiosk.until("choose");
    await kiosk.press("choose:1");
    await kiosk.until("done");
    const page = await (await fetch(`http://127.0.0.1:${kiosk.port}/technician`)).text();
    expect(page).toContain("连不上服务器");
    expect(page).toMatch(/\d+ 条待确认，不会丢/);
    expect(await kiosk.stop()).toBe(0);
  }, 60_000);
});
