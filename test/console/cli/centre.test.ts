import canonicalize from "canonicalize";
import mqtt, { type MqttClient } from "mqtt";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stationSchema } from "../../../config/schema.ts";
import { readDesiredConfig } from "../../../protocol/commands/desired.ts";
import { readEnvelope } from "../../../protocol/commands/envelope.ts";
import { writeResult, type ResultState } from "../../../protocol/commands/result.ts";
import { readAck } from "../../../protocol/events/ack.ts";
import { writeBatch } from "../../../protocol/events/batch.ts";
import { beginning, itemInBatch, link, type Item } from "../../../protocol/events/chain.ts";
import { topicsOf, usedTopics } from "../../../protocol/fleet/topics.ts";
import { isUsedSigned, readUsed } from "../../../protocol/fleet/used.ts";
import { openBundle, parseBundle } from "../../../protocol/pickup-code/bundle.ts";
import { bytesOf, hexOf, isSigned, publicOf } from "../../../protocol/pickup-code/sign.ts";
import { dayOf } from "../../../console/post/used.ts";
import { encodePayload } from "../../../protocol/sparkplug/payload.ts";
import { nodeTopic } from "../../../protocol/sparkplug/topic.ts";
import { eventually } from "../../kit/broker.ts";
import { ask, asking, newFolder, runCentre, type RunningCentre } from "./running.ts";

// One centre that goes through a day: each test leaves it running.

const group = "320583";
const data = newFolder();
const out = join(data, "for-zp-001");
const topics = topicsOf(group, "zp-001");
const example = fileURLToPath(new URL("../../../config/station.example.json", import.meta.url));
let centre: RunningCentre;
let kiosk: MqttClient;
/** Chain hash of the newest entry that was sent. */
let chained: Uint8Array = beginning;
const heard: { topic: string; payload: Uint8Array; retained: boolean }[] = [];

const add = (...more: readonly string[]) =>
  ask("kiosk", "add", "ZP-001", "--data", data, "--out", out, "--group", group, "--server", centre.url, ...more);

async function connected(): Promise<void> {
  kiosk = await mqtt.connectAsync(centre.url, { protocolVersion: 4, reconnectPeriod: 0, clientId: "zp-001" });
  kiosk.on("error", () => {});
  kiosk.on("message", (topic, payload, { retain }) => heard.push({ topic, payload, retained: retain }));
  await kiosk.subscribeAsync([topics.down, usedTopics(group)], { qos: 1 });
}

/** Entries of a ledger, as a batch. */
function batch(first: number, previous: Uint8Array, bodies: readonly { kind: string; data: object }[]) {
  const items = bodies.map(({ kind, data }, n): Item => {
    const body = canonicalize(data) ?? "";
    return { life: 1, seq: first + n, at: Date.now(), trusted: true, kind, dev: null, body };
  });
  const last = items.reduce((hash, item) => link(hash, item), previous);
  const prev = hexOf(previous);
  return { payload: Buffer.from(writeBatch({ life: 1, from: first, prev }, items.map(itemInBatch))), last };
}

const acked = (upTo: number, hash: Uint8Array) =>
  eventually(
    () =>
      heard.some(({ topic, payload }) => {
        const ack = topic === topics.ack ? readAck(payload) : undefined;
        return ack?.ok === true && ack.value.upTo === upTo && ack.value.hash === hexOf(hash);
      }),
    `the acknowledgement of ${upTo}`,
  );

beforeAll(async () => {
  centre = await runCentre("--data", data, "--port", "0");
});
afterAll(async () => {
  kiosk.end(true);
  await centre.end("SIGKILL");
});

test("a new centre says that it knows no kiosk, and refuses a second one in its folder", () => {
  expect(ask("status", "--data", data).out).toMatch(/No kiosk is registered/);
  expect(ask("run", "--data", data, "--port", "0")).toMatchObject({
    code: 1,
    err: expect.stringMatching(/Another centre uses the folder/),
  });
});

test("adding a kiosk makes what it needs: link, trust and a part of its station file that fits", () => {
  const station = JSON.parse(readFileSync(example, "utf8")) as { station: { id: string } };
  const file = join(data, "station.json");
  writeFileSync(file, JSON.stringify({ ...station, station: { ...station.station, id: "ZP-001" } }));
  expect(add("--station", file)).toMatchObject({ code: 0, err: "" });
  const part = JSON.parse(readFileSync(join(out, "station-part.json"), "utf8")) as object;
  expect(v.safeParse(stationSchema, { ...station, ...part }).issues).toBeUndefined();
  expect(statSync(join(out, "link", "key.pem")).mode & 0o777).toBe(0o600);
  const before = readFileSync(join(out, "link", "cert.pem"), "utf8");
  expect(add().out).toMatch(/still counts and is kept/);
  expect(readFileSync(join(out, "link", "cert.pem"), "utf8")).toBe(before);
  expect(ask("kiosk", "list", "--data", data).out).toMatch(/^zp-001 +320583 +certificate until/m);
});

test("with the kiosk's public key it makes keys that only this kiosk opens", async () => {
  const [secret, other] = [new Uint8Array(32).fill(9), new Uint8Array(32).fill(8)];
  const pub = join(data, "kiosk.pub");
  writeFileSync(pub, `${hexOf(publicOf("x25519", secret))}\n`);
  const said = add("--pub", pub, "--days", "3");
  expect(said.code).toBe(0);
  const file = /Copy (\S+keys\/\S+\.json)/.exec(said.out)?.[1] ?? "";
  const bundle = parseBundle(readFileSync(file, "utf8"));
  if (!bundle.ok) throw new Error(bundle.error.join(" "));
  const opened = await openBundle(bundle.value, secret);
  expect(opened.ok && Object.keys(opened.value.epochs)).toHaveLength(3);
  expect((await openBundle(bundle.value, other)).ok).toBe(false);
});

test("a name that is the centre's own, or a level of the topics, is no kiosk's", () => {
  for (const id of ["centre", "Centre-2", "centre-host", "stock", "used", "taken", "a/b", "x"])
    expect(
      ask("kiosk", "add", id, "--data", data, "--out", out, "--group", group, "--server", centre.url),
    ).toMatchObject({ code: 1, err: expect.stringMatching(/cannot be a kiosk's id/) });
});

test("what a kiosk sends is acknowledged, and what was used of several stations' tokens is told to all within two seconds", async () => {
  await connected();
  const until = dayOf(Date.now()) + 3;
  const credential = { kind: "token", kid: 1, id: "00112233445566ff" };
  const one = batch(1, beginning, [{ kind: "attempt", data: { area: true, credential, until } }]);
  await kiosk.publishAsync(topics.events, one.payload, { qos: 1 });
  await acked(1, one.last);
  chained = one.last;
  const at = performance.now();
  const lists = () => heard.flatMap(({ topic, payload }) => (topic.includes("/used/") ? [readUsed(payload)] : []));
  await eventually(() => lists().length > 0, "the list of used tokens");
  expect(performance.now() - at).toBeLessThan(2000);
  const [list] = lists();
  if (list?.ok !== true) throw new Error("The list cannot be read.");
  expect(list.value.records.find(credential.id)).toMatchObject({ id: credential.id });
  const release = bytesOf(trust().find(({ role }) => role === "release")?.key ?? "");
  expect(isUsedSigned(list.value.list, release)).toBe(true);
});

const trust = () =>
  (
    JSON.parse(readFileSync(join(out, "station-part.json"), "utf8")) as {
      trust: { kid: string; role: string; key: string }[];
    }
  ).trust;

test("an order is signed with the key of its role, is told how it goes, and ends with the kiosk's word", async () => {
  const commands = () => heard.filter(({ topic }) => topic === topics.commands);
  const waiting = asking("order", "ZP-001", "vend", "product=water", "why=paid twice", "--data", data, "--wait");
  await eventually(() => commands().length > 0, "the command");
  const [command] = commands();
  const read = readEnvelope(command?.payload ?? new Uint8Array());
  if (!read.ok) throw new Error(read.error.join(" "));
  const { envelope, order } = read.value;
  expect(command?.retained).toBe(false);
  expect(order).toEqual({ op: "vend", product: "water", why: "paid twice" });
  expect(envelope.aud).toBe("zp-001");
  const ops = trust().find(({ role }) => role === "ops");
  expect(envelope.kid).toBe(ops?.kid);
  expect(isSigned("command", envelope, bytesOf(ops?.key ?? ""))).toBe(true);
  const answer = (state: ResultState) =>
    kiosk.publishAsync(topics.results, Buffer.from(writeResult({ v: 1, id: envelope.id, state, at: Date.now() })), {
      qos: 1,
    });
  await answer("accepted");
  await answer("done");
  expect(await waiting).toMatchObject({ code: 0, out: expect.stringMatching(/^done$/m) });
});

test("a refusal is told with what to do about it, and an unanswered order as unanswered", async () => {
  heard.length = 0;
  const waiting = asking("order", "ZP-001", "lock", "why=flood", "--data", data, "--wait");
  await eventually(() => heard.some(({ topic }) => topic === topics.commands), "the command");
  const id = readEnvelope(heard.find(({ topic }) => topic === topics.commands)?.payload ?? new Uint8Array());
  if (!id.ok) throw new Error("The command cannot be read.");
  const refusal = { v: 1 as const, id: id.value.envelope.id, state: "refused" as const, why: "needs-clock", at: 1 };
  await kiosk.publishAsync(topics.results, Buffer.from(writeResult(refusal)), { qos: 1 });
  expect(await waiting).toMatchObject({
    code: 1,
    out: expect.stringMatching(/refused: needs-clock\. .*Send a beacon first/),
  });
  expect(ask("order", "ZP-001", "restart", "--data", data, "--for", "1s", "--wait")).toMatchObject({
    code: 1,
    err: expect.stringMatching(/did not answer before the command expired/),
  });
});

test("an order that is none, or for nobody, is refused before it is signed", () => {
  const refusals: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["ZP-001", ["dance"], /There is no command "dance"\. There are: restart/],
    ["ZP-001", ["vend", "product=water"], /why: this argument is missing/],
    ["ZP-001", ["restart", "now=true"], /now: restart knows no such argument/],
    ["ZP-001", ["slot", "device=vend", "slot=1", "on=maybe"], /on: expected true or false/],
    ["ZP-001", ["refill", "device=vend", "slot=1", "count=many"], /count: expected/],
    ["ZP-009", ["restart"], /No kiosk ZP-009 is registered/],
  ];
  for (const [id, words, says] of refusals)
    expect(ask("order", id, ...words, "--data", data)).toMatchObject({ code: 1, err: expect.stringMatching(says) });
});

test("a station file that is published is signed, stands on the broker, and is taken away when it is dropped", async () => {
  heard.length = 0;
  const topic = topics.desired("config");
  expect(ask("publish", "ZP-001", "--config", join(data, "station.json"), "--data", data).code).toBe(0);
  await eventually(() => heard.some((one) => one.topic === topic), "the configuration");
  const read = readDesiredConfig(heard.find((one) => one.topic === topic)?.payload ?? new Uint8Array());
  if (!read.ok) throw new Error(read.error.join(" "));
  const release = bytesOf(trust().find(({ role }) => role === "release")?.key ?? "");
  expect(isSigned("config", read.value, release)).toBe(true);
  expect(read.value.station).toBe("ZP-001");
  expect(ask("publish", "ZP-002", "--config", join(data, "station.json"), "--data", data)).toMatchObject({
    code: 1,
    err: expect.stringMatching(/is for the kiosk ZP-001, not for zp-002/),
  });
  expect(ask("publish", "ZP-001", "--drop", "config", "--data", data).code).toBe(0);
  await eventually(() => heard.some((one) => one.topic === topic && one.payload.length === 0), "its end");
});

const birth = (): Buffer =>
  Buffer.from(
    encodePayload({
      at: Date.now(),
      seq: 0,
      metrics: [
        { name: "bdSeq", type: "Int64", at: Date.now(), value: 0 },
        { name: "Node Control/Rebirth", type: "Boolean", at: Date.now(), value: false },
      ],
    }),
  );

test("killed at any moment it starts again with everything that it acknowledged, and what stood on its broker stands", async () => {
  const second = batch(2, chained, [{ kind: "boot", data: {} }]);
  await kiosk.publishAsync(topics.events, second.payload, { qos: 1 });
  await acked(2, second.last);
  expect(await centre.end("SIGKILL")).toBe("SIGKILL");
  kiosk.end(true);
  expect(ask("order", "ZP-001", "restart", "--data", data)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/No centre runs in this folder/),
  });
  heard.length = 0;
  centre = await runCentre("--data", data, "--port", "0");
  await connected();
  await acked(2, second.last);
  expect(heard.filter(({ topic }) => topic.includes("/used/")).every(({ retained }) => retained)).toBe(true);
  await kiosk.publishAsync(nodeTopic("NBIRTH", group, "zp-001"), birth());
  await eventually(() => heard.some(({ topic }) => topic === topics.commands), "the order of before");
  const third = batch(3, second.last, [{ kind: "boot", data: {} }]);
  await kiosk.publishAsync(topics.events, third.payload, { qos: 1 });
  await acked(3, third.last);
});

test("stopped as told it says goodbye, and its status is that it does not work", async () => {
  expect(await centre.end("SIGTERM")).toBe(0);
  expect(centre.said()).toMatch(/"centre\.stopped"/);
  const { code, out } = ask("status", "--data", data);
  expect(code).toBe(1);
  expect(out).toMatch(/^! No centre runs in this folder/);
  expect(out).toMatch(/^zp-001 +(online|unstable|offline) /m);
  expect(JSON.parse(ask("status", "--data", data, "--json").out)).toMatchObject({ stations: [{ kiosk: "zp-001" }] });
});
