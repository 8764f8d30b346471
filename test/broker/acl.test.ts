import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openAuthority } from "../../console/authority/authority.ts";
import { stateTopic } from "../../protocol/sparkplug/topic.ts";
import { takenTopic, topicsOf, usedTopic } from "../../protocol/fleet/topics.ts";
import { eventually } from "../kit/broker.ts";
import { connect, type Client } from "./client.ts";
import { startShippedBroker, type ShippedBroker } from "./shipped.ts";

const group = "320583";
const [own, other] = ["zp-001", "zp-002"] as const;
const yearMs = 365 * 86_400_000;

/** What a kiosk says, and what it is told, by whom. */
const said = (kiosk: string): readonly string[] => [
  ...["NBIRTH", "NDATA", "NDEATH"].map((type) => `spBv1.0/${group}/${type}/${kiosk}`),
  ...["DBIRTH", "DDATA", "DDEATH"].map((type) => `spBv1.0/${group}/${type}/${kiosk}/vend`),
  topicsOf(group, kiosk).events,
  topicsOf(group, kiosk).results,
  topicsOf(group, kiosk).reported,
  topicsOf(group, kiosk).log,
  topicsOf(group, kiosk).stock,
];
const orderedByHost = (kiosk: string): readonly string[] => [
  `spBv1.0/${group}/NCMD/${kiosk}`,
  `spBv1.0/${group}/DCMD/${kiosk}/vend`,
];
const orderedByCollector = (kiosk: string): readonly string[] => [
  topicsOf(group, kiosk).ack,
  topicsOf(group, kiosk).commands,
  topicsOf(group, kiosk).desired("config"),
  topicsOf(group, kiosk).desired("campaign", "summer"),
  topicsOf(group, kiosk).desired("keys"),
];
const state = stateTopic("centre");
const used = usedTopic(group, "1");
const taken = takenTopic(group, "drivers.before");

let broker: ShippedBroker;
const connected = new Map<string, Client>();

/** mosquitto grants every subscription and asks the ACL for each message that goes out: so all of them ask for everything. */
async function connectedAs(name: string): Promise<Client> {
  const known = connected.get(name);
  if (known?.ended() === false) return known;
  const client = await connect(broker, await broker.authority.client(name), { clientId: name });
  await client.mqtt.subscribeAsync(["#"], { qos: 1 });
  connected.set(name, client);
  return client;
}

beforeAll(async () => {
  broker = await startShippedBroker();
});
afterAll(async () => {
  await Promise.all([...connected.values()].map((client) => client.close()));
  await broker.stop();
});

let count = 0;
const unique = (): string => `message ${(count += 1)}`;

/**
 * Says it, and then something that is heard for certain on the same connection: what came before is heard by then, or
 * never. mosquitto 2.0.11 hangs up on whoever says what it may not; then that came before.
 */
async function isHeard(listener: string, speaker: string, topic: string, certain: string): Promise<boolean> {
  const [by, from] = [await connectedAs(listener), await connectedAs(speaker)];
  const [text, behind] = [unique(), unique()];
  const has = (text: string) => by.heard.some((one) => one.text === text);
  await from.say(topic, text);
  if (!from.ended()) await from.say(certain, behind).catch(() => {});
  await eventually(() => from.ended() || has(behind), `${listener} to hear ${speaker}, or the broker to hang up`);
  return by.heard.some((one) => one.topic === topic && one.text === text);
}

describe("what a kiosk says", () => {
  const certain = topicsOf(group, own).events;

  test.each(said(own))("is heard in its own name on %s", async (topic) => {
    expect(await isHeard("centre", own, topic, certain)).toBe(true);
  });

  test.each([
    ...said(other),
    ...orderedByHost(other),
    ...orderedByCollector(other),
    ...orderedByHost(own),
    ...orderedByCollector(own),
    state,
    used,
    taken,
    "yz/v1/anything",
    `spBv1.0/${group}/NBIRTH/${own}/vend`,
  ])("is not heard on %s", async (topic) => {
    expect(await isHeard("centre", own, topic, certain)).toBe(false);
  });

  test("is no will in another's name", async () => {
    const centre = await connectedAs("centre");
    const dies = async (name: string, willOf: string, text: string) => {
      const will = { topic: `spBv1.0/${group}/NDEATH/${willOf}`, payload: Buffer.from(text), qos: 1 as const };
      const client = await connect(broker, await broker.authority.client(name), { will: { ...will, retain: false } });
      client.mqtt.stream.destroy();
    };
    const [forged, honest] = [unique(), unique()];
    await dies("zp-003", other, forged);
    await dies("zp-003", "zp-003", honest);
    await centre.hears(honest);
    expect(centre.heard.map(({ text }) => text)).not.toContain(forged);
  });

  test("pushes no other kiosk off the broker, even under its client id", async () => {
    const attacked = await connectedAs(other);
    const thief = await connect(broker, await broker.authority.client("zp-004"), { clientId: other });
    expect(await isHeard("centre", other, topicsOf(group, other).events, topicsOf(group, other).events)).toBe(true);
    expect(attacked.ended()).toBe(false);
    await thief.close();
  });
});

describe("what a kiosk hears", () => {
  const certain = topicsOf(group, own).ack;

  test.each([...orderedByCollector(own), used, taken])("is the centre's word to it on %s", async (topic) => {
    expect(await isHeard(own, "centre", topic, certain)).toBe(true);
  });
  test.each([...orderedByHost(own), state])("is the Sparkplug host's word on %s", async (topic) => {
    expect(await isHeard(own, "centre-host", topic, state)).toBe(true);
  });
  test("is what a neighbour has left", async () => {
    const { stock } = topicsOf(group, other);
    expect(await isHeard(own, other, stock, stock)).toBe(true);
  });

  test.each(orderedByCollector(other))("is nothing that the centre tells another on %s", async (topic) => {
    expect(await isHeard(own, "centre", topic, certain)).toBe(false);
    expect(await isHeard(other, "centre", topic, used)).toBe(true);
  });
  test.each(orderedByHost(other))("is nothing that the host tells another on %s", async (topic) => {
    expect(await isHeard(own, "centre-host", topic, state)).toBe(false);
    expect(await isHeard(other, "centre-host", topic, state)).toBe(true);
  });
  const theirOwn = said(other).filter((topic) => !topic.includes("/stock/"));
  test.each(theirOwn)("is nothing that another says on %s", async (topic) => {
    expect(await isHeard(own, other, topic, topicsOf(group, other).stock)).toBe(false);
  });

  test("is nothing that stands on the broker for another", async () => {
    const [theirs, ours] = [unique(), unique()];
    const centre = await connectedAs("centre");
    await centre.say(topicsOf(group, other).desired("config"), theirs, true);
    await centre.say(topicsOf(group, own).desired("config"), ours, true);
    await (await connectedAs(own)).hears(ours);
    const late = await connect(broker, await broker.authority.client(own));
    await late.mqtt.subscribeAsync(["#"], { qos: 1 });
    await late.hears(ours);
    expect(late.heard.map(({ text }) => text)).not.toContain(theirs);
    expect(late.heard.find(({ text }) => text === ours)?.retained).toBe(true);
    await late.close();
  });
});

describe("what the centre says", () => {
  test.each([...said(own), state, ...orderedByHost(own)])("is not heard in a kiosk's name on %s", async (topic) => {
    expect(await isHeard("centre-host", "centre", topic, used)).toBe(false);
  });
  test.each([...said(own), ...orderedByCollector(own), used, taken])(
    "is not heard from the host on %s",
    async (topic) => {
      expect(await isHeard("centre", "centre-host", topic, state)).toBe(false);
    },
  );
});

describe("a certificate", () => {
  const refusal = async (pair: Parameters<typeof connect>[1]): Promise<string> => {
    const client = await connect(broker, pair).catch((error: unknown) => error);
    if (client instanceof Error) return client.message;
    throw new Error("The broker took it.");
  };
  const dated = async (now: number) => {
    const opened = await openAuthority(join(broker.authority.revokedFile, ".."), () => now);
    if (!opened.ok) throw new Error(opened.error.join(" "));
    return opened.value.client("zp-009");
  };

  test("is asked of everybody", async () => {
    expect(await refusal(undefined)).toMatch(/certificate required/);
  });
  test("that has expired is refused", async () => {
    expect(await refusal(await dated(Date.now() - 2 * yearMs))).toMatch(/certificate expired/);
  });
  test("that is not yet valid is refused", async () => {
    expect(await refusal(await dated(Date.now() + yearMs))).toMatch(/bad certificate/);
  });
  test("of another authority is refused", async () => {
    const foreign = await openAuthority(mkdtempSync(join(tmpdir(), "authority-")));
    if (!foreign.ok) throw new Error(foreign.error.join(" "));
    expect(await refusal(await foreign.value.client(own))).toMatch(/unknown ca/);
  });
  test("that was revoked is refused once the broker has the new list and was told to read it", async () => {
    const stolen = await broker.authority.client("zp-010");
    await (await connect(broker, stolen)).close();
    expect(await broker.authority.revoke("zp-010")).toHaveLength(1);
    broker.bringRevoked();
    broker.signal("SIGHUP");
    await expect.poll(() => refusal(stolen).catch(String), { timeout: 10_000 }).toMatch(/certificate revoked/);
    await (await connect(broker, await broker.authority.client("zp-011"))).close();
  });
});
