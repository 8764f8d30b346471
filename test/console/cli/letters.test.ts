import mqtt, { type MqttClient } from "mqtt";
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStore } from "../../../console/store/open.ts";
import { openOutbox, type Outbox } from "../../../controller/link/events.ts";
import { sealed, type HandedOver } from "../../../controller/takeaway/sealing.ts";
import type { Disk } from "../../../controller/world.ts";
import { fault } from "../../../devices/kit/fault.ts";
import { err, ok } from "../../../devices/kit/result.ts";
import { topicsOf } from "../../../protocol/fleet/topics.ts";
import { fingerprintOf } from "../../../protocol/health/letter.ts";
import { bytesOf } from "../../../protocol/pickup-code/sign.ts";
import { resultsOf, told } from "../../controller/takeaway/results.ts";
import { shown } from "../../controller/domain/health/readings.ts";
import { eventually, listening } from "../../kit/broker.ts";
import { quickClock } from "../../kit/quick-clock.ts";
import { opened } from "../../store/folder.ts";
import { ask, newFolder, runCentre, yizhan, type RunningCentre } from "./running.ts";

// One person's results on their whole way: the kiosk's ledger, the line, the broker, the centre's database, a file, and
// the recipient, who alone reads them.

/** A weight that stands nowhere by chance, and an instrument. */
const value = 87.654321;
const maker = "Marker Makers";
const markers = [String(value), maker, "Observation", "valueQuantity"];

const home = newFolder();
const at = (name: string) => join(home, name);
const topics = topicsOf("320583", "zp-001");
/** Every byte between kiosk and broker. */
const line: Buffer[] = [];
let centre: RunningCentre;
let relay: Server;
let client: MqttClient;
let disk: Disk;
let outbox: Outbox;
let entry: HandedOver;
let recipient = "";

const heldIn = (text: string | Buffer) => markers.filter((marker) => Buffer.from(text).includes(marker));
const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name));
/** Files in which a text stands as it is. */
const filesWith = (folder: string, text: string) => filesIn(folder).filter((file) => readFileSync(file).includes(text));

async function relayTo(url: string): Promise<string> {
  const port = Number(new URL(url).port);
  relay = createServer((kiosk) => {
    const broker = connect(port, "127.0.0.1");
    for (const [from, into] of [
      [kiosk, broker],
      [broker, kiosk],
    ] as const)
      from
        .on("data", (bytes: Buffer) => line.push(bytes))
        .on("error", () => into.destroy())
        .pipe(into);
  });
  return `mqtt://127.0.0.1:${await listening(relay)}`;
}

beforeAll(async () => {
  expect(yizhan("health", "keygen", "--out", at("clinic.key"))).toMatchObject({ code: 0, err: "" });
  recipient = readFileSync(at("clinic.pub"), "utf8").trim();
  const person = resultsOf([told(shown("weight", value), { by: "scale" })]);
  const instruments = [{ id: "scale", name: { zh: maker, en: maker }, model: maker, items: [] }];
  const made = await sealed({
    results: person,
    kiosk: "ZP-001",
    recipient,
    instruments,
    dice: { bytes: (n) => crypto.getRandomValues(new Uint8Array(n)) },
  });
  if (!made.ok) throw new Error(made.error.detail);
  entry = made.value;

  centre = await runCentre("--data", at("centre"), "--port", "0", "--accept-all");
  client = await mqtt.connectAsync(await relayTo(centre.url), { protocolVersion: 4, clientId: "zp-001" });
  mkdirSync(at("kiosk"));
  disk = await opened(at("kiosk"));
  outbox = openOutbox({
    disk,
    clock: quickClock(20),
    log: { note() {}, fail() {} },
    mode: "central",
    topic: topics.events,
    disagreed: (why) => expect.fail(why),
  });
  client.on("message", (_topic, payload) => outbox.heard(payload));
  await client.subscribeAsync(topics.ack, { qos: 1 });
  for (const one of [{ kind: "started", release: "1.0.0" } as const, entry]) {
    const done = await disk.append(one);
    if (!done.ok) throw new Error(done.error.detail);
    outbox.appended(done.value);
  }
  outbox.begin({
    limits: { version: 4, receiveMaximum: 20, maximumPacketSize: 268_435_455 },
    publish: ({ topic, payload, qos, retain }) =>
      client.publishAsync(topic, Buffer.from(payload), { qos, retain }).then(
        () => ok(undefined),
        (error: unknown) => err(fault("silent", String(error))),
      ),
    subscribe: () => Promise.resolve(ok(undefined)),
    listen: () => ({ stop() {} }),
    end: () => Promise.resolve(),
  });
  await eventually(() => outbox.depth().count === 0, "the centre to have the letter", 60_000);
}, 120_000);

afterAll(async () => {
  client.end(true);
  relay.close();
  await centre.end("SIGKILL");
});

test("the centre hands the letters of a recipient out while it runs, and nobody else's", () => {
  const where = ["--data", at("centre"), "--out", at("letters.jsonl")];
  const to = fingerprintOf(bytesOf(recipient));
  expect(ask("letters", "--for", "0123456789abcdef", ...where)).toMatchObject({
    code: 1,
    err: "There is no letter for 0123456789abcdef.\n",
  });
  expect(ask("letters", "--for", to, "--since", "2999-01-01", ...where).code).toBe(1);
  expect(ask("letters", "--for", to, "--since", "2026-13-01", ...where).err).toMatch(/is no day/);
  expect(ask("letters", "--for", to, "--since", "2020-01-01", ...where)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^1 letter for /),
    err: "",
  });
  const [letter, ...others] = readFileSync(at("letters.jsonl"), "utf8").trim().split("\n");
  const { kind: _, ...data } = entry;
  expect(others).toEqual([]);
  expect(JSON.parse(letter ?? "")).toEqual({ ...data, kind: "health", kiosk: "zp-001" });
  expect(ask("letters", "--for", to, ...where).err).toMatch(/letters.jsonl is there already/);
});

test("a data folder that is not there is a sentence, and no letters that are not there", () => {
  const out = ["--out", at("none.jsonl")];
  const unknown = {
    code: 1,
    err: `There is no folder ${at("center")}: name the centre's data folder with --data.\n`,
  };
  expect(ask("letters", "--for", "0123456789abcdef", "--data", at("center"), ...out)).toMatchObject(unknown);
  expect(ask("status", "--data", at("center"))).toMatchObject(unknown);
  expect(readdirSync(home)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(center|none\.jsonl)$/)]));
});

test("the recipient opens them into files for the recipient's eyes alone, and overwrites nothing", () => {
  const open = (key: string) => yizhan("health", "open", at("letters.jsonl"), "--key", at(key), "--out", at("results"));
  expect(yizhan("health", "keygen", "--out", at("other.key")).code).toBe(0);
  expect(open("other.key")).toMatchObject({ code: 1, err: expect.stringMatching(/^Line 1: It is for the key /) });
  expect(open("clinic.key")).toMatchObject({ code: 0, err: "" });
  const [file, ...others] = filesIn(at("results"));
  expect(others).toEqual([]);
  const bundle = readFileSync(file ?? "", "utf8");
  expect(heldIn(bundle)).toEqual(markers);
  expect(statSync(file ?? "").mode & 0o777).toBe(0o600);
  expect(open("clinic.key")).toMatchObject({ code: 1, err: expect.stringMatching(/is there already/) });
  expect(readFileSync(file ?? "", "utf8")).toBe(bundle);
});

test("a recipient's key is for its owner alone, and is never overwritten", () => {
  expect(statSync(at("clinic.key")).mode & 0o777).toBe(0o600);
  const before = readFileSync(at("clinic.key"), "utf8");
  expect(yizhan("health", "keygen", "--out", at("clinic.key"))).toMatchObject({
    code: 1,
    err: expect.stringMatching(/there already/),
  });
  expect(readFileSync(at("clinic.key"), "utf8")).toBe(before);
});

test("nothing of them stands in the entry, on the disk, on the line or in the centre's database", async () => {
  await outbox.stop();
  await disk.close();
  expect(await centre.end("SIGTERM")).toBe(0);
  expect(heldIn(JSON.stringify(entry))).toEqual([]);

  expect(filesWith(at("kiosk"), entry.enc)).not.toEqual([]);
  for (const marker of markers) expect(filesWith(at("kiosk"), marker)).toEqual([]);

  const wire = Buffer.concat(line);
  expect(wire.includes(entry.sealed)).toBe(true);
  expect(heldIn(wire)).toEqual([]);

  for (const marker of markers.slice(0, 2)) expect(filesWith(at("centre"), marker)).toEqual([]);
  const store = await openStore({ folder: at("centre/database") });
  const tables = await store.query<{ name: string }>(
    "SELECT table_schema || '.' || table_name AS name FROM information_schema.tables WHERE table_schema IN ('public', 'read')",
  );
  expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(["public.events", "read.letters"]));
  const rows = await Promise.all(tables.map(({ name }) => store.query(`SELECT t::text AS said FROM ${name} t`)));
  await store.close();
  const all = JSON.stringify(rows);
  expect(all).toContain(entry.sealed);
  expect(heldIn(all)).toEqual([]);
}, 60_000);
