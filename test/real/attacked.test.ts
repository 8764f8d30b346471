import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { topicsOf } from "../../protocol/fleet/topics.ts";
import { memoryOf } from "../bench/kiosk.ts";
import { eventually, startMosquitto, type Mosquitto } from "../kit/broker.ts";
import { costly, flood, forged, garbage, json, unsigned } from "./attack.ts";
import { clockSet } from "./clock.ts";
import type { Kiosk } from "./kiosk.ts";
import { broken, ledgerOf, type Item } from "./promises.ts";
import { entrust, type Signer } from "./signer.ts";
import { tcn } from "./station.ts";
import { endStreets, Street } from "./street.ts";
import { witnessAt, type Witness } from "./witness.ts";

// Somebody has what is needed to publish at the broker as they like. A real kiosk at a real mosquitto is thrown whatever
// there is; its machine must stay shut but for whom it may serve, and must serve these.

const group = "local";
const own = topicsOf(group, "real-1");
const neighbour = { kiosk: "REAL-2", name: { zh: "东站", en: "East" }, metres: 300, minutes: 4 };

/** systemd ends a kiosk that takes more: the unit file says so. In mebibytes. */
const memoryMax = Number(
  /^MemoryMax=(\d+)M$/m.exec(readFileSync(new URL("../../systemd/yizhan.service", import.meta.url), "utf8"))?.[1],
);

let broker: Mosquitto;
let street: Street;
let signer: Signer;
let witness: Witness;
let kiosk: Kiosk;

const boot = async (): Promise<Kiosk> => {
  const born = witness.births();
  const booted = await street.boot(["--broker", broker.url], clockSet);
  await booted.hear("device.working");
  await eventually(() => witness.births() > born, "the birth", 60_000);
  return booted;
};

/** A worker gets a bottle for a code. */
async function vend(): Promise<void> {
  const before = street.machine.journal().drops.length;
  await kiosk.until("idle", "done");
  await kiosk.type(street.freshCode());
  await kiosk.until("choose");
  await kiosk.press("choose:1");
  await kiosk.until("done");
  expect(street.machine.journal().drops).toHaveLength(before + 1);
}

/** What the ledger says of commands that were not obeyed, summed up. */
function refusedIn(items: readonly Pick<Item, "type" | "data">[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { type, data } of items)
    if (type === "commands-refused")
      for (const [why, count] of Object.entries(data["counts"] as Record<string, number>))
        sums[why] = (sums[why] ?? 0) + count;
  return sums;
}
/** The same as far as the centre has heard of it. */
const counted = (): Readonly<Record<string, number>> =>
  refusedIn(witness.items().map(({ kind, body }) => ({ type: kind, data: JSON.parse(body) as Item["data"] })));

beforeAll(async () => {
  // What the broker itself would drop could not be counted.
  broker = await startMosquitto({ lines: ["max_queued_messages 0"] });
  street = await Street.lay(tcn);
  signer = entrust(street.folder, { neighbours: [neighbour] });
  witness = await witnessAt(broker.url);
}, 120_000);
afterAll(async () => {
  await witness.close();
  await endStreets();
  await broker.stop();
});

describe("a kiosk whose broker obeys an attacker", () => {
  /** How often each reason must stand in the ledger at the end. */
  const expected: Record<string, number> = {};
  const expects = (why: string, times = 1): void => void (expected[why] = (expected[why] ?? 0) + times);

  test("refuses each forged command with its reason, and one that stood on the broker", async () => {
    // Ten refusals are answered at once, so that there are no more here; those of the domain are no part of these.
    await witness.say(own.commands, signer.command({ op: "lock", why: "retained" }), { retain: true });
    kiosk = await boot();
    const told = (why: string): number =>
      witness.results().filter((result) => (result.why ?? result.state) === why).length;
    await eventually(() => told("retained") === 1, "the retained one refused");
    await witness.say(own.commands, "", { retain: true });
    expects("retained");
    // An empty message takes the retained one away, and reaches whoever listens as one that is no JSON.
    await eventually(() => told("not-json") === 1, "the empty one refused");
    expects("not-json");
    for (const [why, payloads] of Object.entries(forged(signer)))
      for (const payload of payloads) {
        const before = told(why);
        await witness.say(own.commands, payload);
        await eventually(() => told(why) === before + 1, `${why} told`);
        expects(why);
      }
    expect(witness.results().every(({ state }) => state === "refused" || state === "expired")).toBe(true);
    expect(street.machine.journal().driven).toEqual([]);
  }, 120_000);

  test("obeys a good command once; said again it tells what became of it", async () => {
    const bottle = signer.command({ op: "vend", product: "water", why: "paid twice" });
    await witness.say(own.commands, bottle);
    await witness.until(bottle.id, "done");
    expect(witness.statesOf(bottle.id)).toEqual(["accepted", "running", "done"]);
    await witness.say(own.commands, bottle);
    await eventually(() => witness.statesOf(bottle.id).length === 4, "the answer from the journal");
    expect(witness.statesOf(bottle.id).at(-1)).toBe("done");
    expect(street.machine.journal().drops).toHaveLength(1);
  }, 120_000);

  test("bears garbage and huge messages on every topic it hears, and serves meanwhile", async () => {
    const thrown = garbage(group, "real-1", "real-2");
    const served = vend();
    for (const { topic, payload } of thrown) await witness.say(topic, payload);
    await served;
    await vend();
    // A command that comes after all of it is obeyed, so that all of it was heard.
    const log = signer.command({ op: "log", lines: 1 });
    await witness.say(own.commands, log);
    await witness.until(log.id, "done");
    expect(kiosk.log.filter(({ msg }) => msg === "link.down")).toEqual([]);
  }, 120_000);

  test("bears ten thousand commands a second, serves meanwhile, and counts every one", async () => {
    const commands = unsigned(signer, 500).map((one) => ({ topic: own.commands, payload: json(one) }));
    const thrown = flood(broker.url, commands, { qos: 1, aSecond: 10_000, seconds: 5 });
    await vend();
    await vend();
    const sent = await thrown;
    expect(sent).toBeGreaterThan(40_000);
    await vend();

    const { "bad-signature": signed = 0, "wrong-form": formed = 0, ...quiet } = expected;
    const flooded = (): number => {
      const { "too-many": many = 0, "bad-signature": signature = 0 } = counted();
      return many + signature - signed;
    };
    await eventually(() => flooded() >= sent, "every command of the flood in the ledger", 150_000);
    expect(flooded()).toBe(sent);
    const { "wrong-form": forms = 0, "too-many": _, "bad-signature": __, ...others } = counted();
    expect(others).toEqual(quiet);
    // Configurations of a wrong form are counted with the commands.
    expect(forms).toBeGreaterThanOrEqual(formed);
  }, 240_000);

  test("bears ten thousand a second of everything else, serves meanwhile, and takes no more memory than it may", async () => {
    const thrown = flood(broker.url, costly(group, "real-1", signer), { qos: 0, aSecond: 10_000, seconds: 4 });
    await vend();
    await vend();
    expect(await thrown).toBeGreaterThan(32_000);
    await vend();
    // 64 desired files of 1 MiB may wait, 4 MiB of messages, 2 MiB of used lists; the rest is what V8 has not swept yet.
    expect(memoryMax).toBeGreaterThan(0);
    expect(memoryOf(kiosk.pid, "VmHWM")).toBeLessThan(memoryMax);
    expect(kiosk.log.filter(({ msg }) => msg === "link.down")).toEqual([]);
  }, 120_000);

  test("has after a power cut still obeyed each command once, and its ledger explains every bottle", async () => {
    const bottle = signer.command({ op: "vend", product: "soda", why: "paid twice" });
    await witness.say(own.commands, bottle);
    await witness.until(bottle.id, "done");
    const drops = street.machine.journal().drops.length;
    await kiosk.kill();
    kiosk = await boot();
    await witness.say(own.commands, bottle);
    await eventually(() => witness.statesOf(bottle.id).length === 4, "the answer from the journal");
    expect(witness.statesOf(bottle.id)).toEqual(["accepted", "running", "done", "done"]);
    await vend();
    expect(await kiosk.stop()).toBe(0);
    const items = await ledgerOf(street);
    expect(broken(street, items)).toEqual([]);
    expect(street.machine.journal().drops).toHaveLength(drops + 1);
    expect(items.filter(({ type }) => type === "attempt").map(({ data }) => data.credential)).toContainEqual({
      kind: "command",
      id: bottle.id,
    });
    expect(items.filter(({ type }) => type === "new-life")).toEqual([]);
    // Whoever throws desired files about wears nothing out.
    expect(items.filter(({ type }) => type === "file-refused").length).toBeLessThanOrEqual(2);
  }, 120_000);
});
