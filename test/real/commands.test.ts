import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Order } from "../../protocol/commands/order.ts";
import type { Reported } from "../../protocol/commands/reported.ts";
import { topicsOf } from "../../protocol/fleet/topics.ts";
import { dateOf, dayLabel, dayOf } from "../../protocol/pickup-code/calendar.ts";
import { issuer } from "../../protocol/pickup-code/issuer.ts";
import { millis } from "../../devices/kit/clock.ts";
import { eventually, startMosquitto, type Mosquitto } from "../kit/broker.ts";
import { clockSet } from "./clock.ts";
import type { Kiosk } from "./kiosk.ts";
import { broken, ledgerOf } from "./promises.ts";
import { entrust, stationFileOf, type Signer } from "./signer.ts";
import { tcn } from "./station.ts";
import { endStreets, Street } from "./street.ts";
import { witnessAt, type Witness } from "./witness.ts";

// What a centre orders, and what it wants in force, from its key over a real mosquitto to the goods that fall.

const own = topicsOf("local", "real-1");
const limit = 60_000;

let broker: Mosquitto;
let street: Street;
let signer: Signer;
let witness: Witness;
let kiosk: Kiosk;

const boot = async (): Promise<Kiosk> => {
  const born = witness.births();
  const booted = await street.boot([], clockSet);
  await booted.hear("device.working");
  await eventually(() => witness.births() > born, "the birth", limit);
  return booted;
};

/** Orders, and waits for the end. @returns the states that the centre heard. */
async function order(what: Order, kid?: "release-1"): Promise<readonly string[]> {
  const command = signer.command(what, kid ? { kid } : {});
  await witness.say(own.commands, command);
  const ended = (): boolean => witness.statesOf(command.id).some((state) => !/^(accepted|running)$/.test(state));
  await eventually(ended, `the end of ${what.op}`, limit);
  return witness.statesOf(command.id);
}

const obeyed = ["accepted", "done"];
const drops = (): readonly string[] => street.machine.journal().drops.map(({ slot }) => slot);
const kindsOf = (kind: string) => witness.items().filter((item) => item.kind === kind);

/** Waits until the kiosk reports so. */
const reported = (so: (report: Reported) => boolean, what: string): Promise<void> =>
  eventually(() => witness.reports().some(so), what, limit);

async function vend(code: string, product: 1 | 2 = 1): Promise<void> {
  await kiosk.until("idle", "done");
  await kiosk.type(code);
  await kiosk.until("choose");
  await kiosk.press(`choose:${product}`);
  await kiosk.until("done");
}

beforeAll(async () => {
  broker = await startMosquitto();
  street = await Street.lay(tcn);
  signer = entrust(street.folder, { link: { group: "local", servers: [broker.url] } });
  witness = await witnessAt(broker.url);
  kiosk = await boot();
}, 120_000);
afterAll(async () => {
  await witness.close();
  await endStreets();
  await broker.stop();
});

describe("the centre orders", () => {
  test("a lock: nothing is given and workers read that it pauses, until a release key unlocks", async () => {
    expect(await order({ op: "lock", why: "wasps" })).toEqual(obeyed);
    await kiosk.until("E21");
    const code = street.freshCode();
    await kiosk.type(code);
    await kiosk.untilTrue(() => kiosk.glass.html.includes('data-refusal="E21"'), "the code is refused, and kept");
    expect(await order({ op: "unlock" })).toEqual(["refused: wrong-role"]);
    expect(await order({ op: "unlock" }, "release-1")).toEqual(obeyed);
    await kiosk.press("cancel");
    await vend(code);
    expect(drops()).toHaveLength(1);
  }, 120_000);

  test("a bottle without a code: it falls, and the ledger says by which command", async () => {
    const before = drops().length;
    const command = signer.command({ op: "vend", product: "soda", why: "paid twice" });
    await witness.say(own.commands, command);
    await witness.until(command.id, "done");
    expect(witness.statesOf(command.id)).toEqual(["accepted", "running", "done"]);
    expect(drops()).toHaveLength(before + 1);
    await eventually(() => kindsOf("attempt").some(({ body }) => body.includes(command.id)), "the attempt");
  }, 120_000);

  test("a slot off: the next bottle comes from another, and from it again when it is on", async () => {
    const from = async (): Promise<string | undefined> => {
      const before = drops().length;
      expect((await order({ op: "vend", product: "water", why: "test" }, "release-1")).at(-1)).toBe("done");
      return drops()[before];
    };
    // All slots of water but one are off: what falls can only come from that one.
    const slots = Array.from({ length: 12 }, (_, n) => String(n + 1));
    for (const slot of slots.slice(0, -1))
      expect(await order({ op: "slot", device: "vend", slot, on: false })).toEqual(obeyed);
    expect(await from()).toBe("12");
    expect(await order({ op: "slot", device: "vend", slot: "5", on: true })).toEqual(obeyed);
    expect(await order({ op: "slot", device: "vend", slot: "12", on: false })).toEqual(obeyed);
    expect(await from()).toBe("5");
    for (const slot of slots) await order({ op: "slot", device: "vend", slot, on: true });
    expect(await order({ op: "slot", device: "vend", slot: "99", on: true })).toEqual(["refused: no-such-place"]);
  }, 240_000);

  test("a refill count, which is in the ledger with the command", async () => {
    const command = signer.command({ op: "refill", device: "vend", slot: "24", count: 3 });
    await witness.say(own.commands, command);
    await witness.until(command.id, "done");
    await eventually(() => kindsOf("refill").some(({ body }) => body.includes(command.id)), "the refill");
    const refill = JSON.parse(kindsOf("refill").at(-1)?.body ?? "{}") as object;
    expect(refill).toEqual({ slot: "24", product: "soda", count: 3, by: "centre", command: command.id });
  }, 120_000);

  test("the log: the newest lines come, and no secret in them", async () => {
    expect(await order({ op: "log", lines: 200 })).toEqual(obeyed);
    const [message] = witness.heard.filter(({ topic }) => topic === own.log);
    const { lines } = JSON.parse(message?.payload.toString() ?? "{}") as { lines: readonly string[] };
    expect(lines.some((line) => line.includes("link.up"))).toBe(true);
    expect(street.folder.secrets().filter((secret) => lines.join("\n").includes(secret))).toEqual([]);
  }, 120_000);

  test("a beacon, with a release key only", async () => {
    expect(await order({ op: "beacon", utc: Date.now() })).toEqual(["refused: wrong-role"]);
    expect(await order({ op: "beacon", utc: Date.now() }, "release-1")).toEqual(obeyed);
  }, 120_000);

  test("a restart: in the same process, when nobody is served, and the ledger goes on", async () => {
    const starts = kindsOf("started").length;
    const born = witness.births();
    const { pid } = kiosk;
    const code = street.freshCode();
    await kiosk.until("idle");
    await kiosk.type(code.slice(0, 1));
    await kiosk.until("enter");
    const command = signer.command({ op: "restart" });
    await witness.say(own.commands, command);
    await witness.until(command.id, "accepted");
    await kiosk.type(code.slice(1));
    await kiosk.until("choose");
    await kiosk.press("choose:1");
    await kiosk.until("done");
    expect(kindsOf("started")).toHaveLength(starts);
    await eventually(() => kindsOf("started").length === starts + 1, "the start", limit);
    // Its end was written down before the new link was up: the ledger tells it, and the answer to whoever asks again.
    const ended = { id: command.id, ended: "done" };
    await eventually(
      () => kindsOf("command-ended").some(({ body }) => isDeepStrictEqual(JSON.parse(body), ended)),
      "its end",
      limit,
    );
    await eventually(() => witness.births() > born, "the birth", limit);
    await witness.say(own.commands, command);
    await witness.until(command.id, "done");
    expect(kiosk.pid).toBe(pid);
    expect(kiosk.running).toBe(true);
    await kiosk.until("idle");
    await vend(street.freshCode());
  }, 120_000);
});

describe("the centre desires", () => {
  const withPhone = (phone: string): object => {
    const file = stationFileOf(street.folder);
    return { ...file, station: { ...file.station, phone } };
  };
  const desire = (what: object): Promise<void> => witness.say(own.desired("config"), what, { retain: true });

  test("a configuration: it is tried, proves itself and is kept, also by the next process", async () => {
    await desire(signer.config(withPhone("400 111 1111"), "first"));
    await reported(({ config }) => config.version === "first" && config.state === "in-force", "it is in force");
    expect(await kiosk.stop()).toBe(0);
    kiosk = await boot();
    await reported(({ config }) => config.version === "first" && config.state === "in-force", "it is in force");
    await vend(street.freshCode());
  }, 120_000);

  test("a configuration with a mistake: it is refused whole, with the place of the mistake", async () => {
    await desire(signer.config({ ...withPhone("1"), keyDays: "many" }, "second"));
    await reported(
      ({ config: { version, state, failed } }) =>
        version === "first" &&
        state === "refused" &&
        failed?.version === "second" &&
        failed.why.includes('keyDays: expected a whole number from 1 to 62, found "many"'),
      "the refusal",
    );
    expect(kiosk.running).toBe(true);
  }, 120_000);

  test("a configuration that would cut its way back: it is not even tried", async () => {
    const { link: _, ...deaf } = stationFileOf(street.folder);
    await desire(signer.config(deaf, "third"));
    await reported(({ config: { failed } }) => failed?.version === "third", "the refusal");
    expect(witness.reports().at(-1)?.config.failed?.why).toContain("It has no link");
  }, 120_000);

  test("a configuration that loses the broker: after three starts in vain the last good one comes back", async () => {
    const file = stationFileOf(street.folder);
    await desire(signer.config({ ...file, link: { group: "local", servers: ["mqtt://127.0.0.1:1"] } }, "fourth"));
    for (let start = 1; start <= 3; start++) {
      // The first start is the kiosk's own; the others are what systemd makes of a kiosk that ends.
      if (start > 1) kiosk = await street.boot([], clockSet);
      await kiosk.hear("link.refused", ({ detail }) => String(detail).includes("127.0.0.1:1:"));
      await kiosk.kill();
    }
    kiosk = await boot();
    await reported(
      ({ config: { version, state, failed } }) =>
        version === "first" && state === "rolled-back" && failed?.version === "fourth",
      "the roll-back",
    );
    await vend(street.freshCode());
  }, 240_000);

  test("a campaign and keys for it: a new code is good without a restart, and is given for once", async () => {
    const today = dayOf(millis(Date.now()));
    const starts = kindsOf("started").length;
    const label = dayLabel(today);
    const fresh = issuer({ root: randomBytes(32), release: randomBytes(32), kid: "unused", station: "REAL-1" });
    const [stranger = ""] = fresh.codes(label, 1, "42");
    // The station's own issuer, with codes beyond those of the file beside the station file.
    const code = street.folder.issuer.codes(label, 400, "42")[399] ?? "";
    await kiosk.until("idle", "done");
    await kiosk.type(code);
    await kiosk.until("E3", "E2", "E1");
    await kiosk.press("cancel");

    const file = JSON.parse(readFileSync(join(street.folder.config, "campaigns/summer.json"), "utf8")) as {
      readonly [field: string]: unknown;
    };
    const { v: _, kind: __, station: ___, kid: ____, sig: _____, ...fields } = file;
    const campaign = street.folder.issuer.campaign({
      ...(fields as unknown as Parameters<typeof street.folder.issuer.campaign>[0]),
      count: 400,
      issuedAt: `${dateOf(today)}T00:00:01Z`,
    });
    const pub = readFileSync(join(street.folder.data, "kiosk.pub"), "utf8").trim();
    const epochs = [today - 1, today, today + 1, today + 2, today + 3].map(dayLabel);
    const keys = await street.folder.issuer.keys({ epochs, kiosk: pub, issuedAt: `${dateOf(today)}T00:00:01Z` });
    await witness.say(own.desired("keys"), keys, { retain: true });
    await witness.say(own.desired("campaign", "summer"), campaign, { retain: true });
    await reported(
      ({ campaigns, keys: held }) =>
        campaigns.some(({ id, issuedAt }) => id === "summer" && issuedAt.endsWith("T00:00:01Z")) &&
        held?.until === dateOf(today + 3),
      "both are in force",
    );
    await vend(code);
    await kiosk.until("idle", "done");
    await kiosk.type(stranger);
    await kiosk.untilTrue(() => /^E\d/.test(kiosk.glass.shows), "a stranger's code is refused");
    expect(kindsOf("started")).toHaveLength(starts);
  }, 120_000);

  test("and of all this the ledger explains every bottle", async () => {
    expect(await kiosk.stop()).toBe(0);
    expect(broken(street, await ledgerOf(street))).toEqual([]);
  }, 120_000);
});
