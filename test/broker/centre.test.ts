import canonicalize from "canonicalize";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openAuthority } from "../../console/authority/authority.ts";
import { readAck } from "../../protocol/events/ack.ts";
import { writeBatch } from "../../protocol/events/batch.ts";
import { beginning, itemInBatch, link, type Item } from "../../protocol/events/chain.ts";
import { topicsOf } from "../../protocol/fleet/topics.ts";
import { hexOf } from "../../protocol/pickup-code/sign.ts";
import { ask, newFolder, runCentre, type RunningCentre } from "../console/cli/running.ts";
import { eventually } from "../kit/broker.ts";
import { connect, type Client } from "./client.ts";
import { startShippedBroker, type ShippedBroker } from "./shipped.ts";

// A centre at the shipped broker, by certificates of its own authority alone; its database is in its process.

const group = "320583";
const data = newFolder();
const out = join(data, "for-zp-001");
const topics = topicsOf(group, "zp-001");
let broker: ShippedBroker;
let centre: RunningCentre;
let kiosk: Client;
let [sent, head]: [number, Uint8Array] = [0, beginning];

const centreWords = () => ["--data", data, "--broker", broker.url];

async function called(): Promise<Client> {
  const read = (name: string) => readFileSync(join(out, "link", name), "utf8");
  const client = await connect(broker, { cert: read("cert.pem"), key: read("key.pem") }, { ca: read("ca.pem") });
  await client.mqtt.subscribeAsync(topics.down, { qos: 1 });
  return client;
}

let newest: Uint8Array = new Uint8Array();

async function sends(): Promise<void> {
  const body = canonicalize({ n: sent }) ?? "";
  const item: Item = { life: 1, seq: sent + 1, at: Date.now(), trusted: true, kind: "boot", dev: null, body };
  newest = writeBatch({ life: 1, from: item.seq, prev: hexOf(head) }, [itemInBatch(item)]);
  [sent, head] = [item.seq, link(head, item)];
  await sendsAgain();
}
const sendsAgain = () => kiosk.mqtt.publishAsync(topics.events, Buffer.from(newest), { qos: 1 });

const acked = (): Promise<void> =>
  eventually(
    () =>
      kiosk.heard.some(({ topic, text }) => {
        const ack = topic === topics.ack ? readAck(Buffer.from(text)) : undefined;
        return ack?.ok === true && ack.value.upTo === sent && ack.value.hash === hexOf(head);
      }),
    `the acknowledgement of ${sent}`,
    60_000,
  );

beforeAll(async () => {
  const authority = await openAuthority(join(data, "authority"));
  if (!authority.ok) throw new Error(authority.error.join(" "));
  broker = await startShippedBroker(authority.value);
  const words = ["--data", data, "--out", out, "--group", group, "--server", broker.url];
  expect(ask("kiosk", "add", "ZP-001", ...words).code).toBe(0);
  centre = await runCentre(...centreWords());
  kiosk = await called();
}, 120_000);
afterAll(async () => {
  await kiosk.close();
  await centre.end("SIGKILL");
  await broker.stop();
});

test("with the files of `kiosk add` a kiosk is heard, and its events are acknowledged", async () => {
  await sends();
  await acked();
  await eventually(() => ask("status", "--data", data).out.includes("zp-001"), "the kiosk in the status");
});

test("a centre whose broker is gone says so of itself, calls no kiosk broken, and comes back by itself", async () => {
  await broker.kill();
  await eventually(() => ask("status", "--data", data).out.includes("lost its broker"), "the loss", 60_000);
  expect(ask("status", "--data", data).out).toMatch(/^zp-001 +unknown /m);
  await broker.start();
  kiosk = await called();
  await sends();
  // As a kiosk does that hears nothing: the broker may have taken it before the centre was there again.
  const again = setInterval(() => void sendsAgain(), 1000);
  await acked().finally(() => clearInterval(again));
  await eventually(() => !ask("status", "--data", data).out.includes("lost its broker"), "the end of it", 60_000);
}, 150_000);

test("what came while no centre ran is kept by the broker and stored by the next", async () => {
  await centre.end("SIGKILL");
  await sends();
  await sends();
  centre = await runCentre(...centreWords());
  await acked();
}, 120_000);
