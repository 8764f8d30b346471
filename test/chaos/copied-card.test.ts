import mqtt, { type MqttClient } from "mqtt";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeAck } from "../../protocol/events/ack.ts";
import { hashesOf, readBatch } from "../../protocol/events/batch.ts";
import { topicsOf } from "../../protocol/fleet/topics.ts";
import { eventually } from "../kit/broker.ts";
import type { Kiosk } from "../real/kiosk.ts";
import { broken, ledgerOf } from "../real/promises.ts";
import { tcn } from "../real/station.ts";
import { endStreets, Street } from "../real/street.ts";
import { allDelivered, eventsOf, forksOf, ledgerIn, told } from "./agreement.ts";
import { Installation } from "./installation.ts";
import { vend } from "./worker.ts";

// Cards are copied, put back and put elsewhere, and whoever reaches the broker may forge acknowledgements. Real processes.

const limit = { timeout: 240_000 } as const;
const patience = { timeout: 150_000, interval: 100 } as const;

let place: Installation;
let kept: string;
beforeEach(async () => {
  kept = mkdtempSync(join(tmpdir(), "yizhan-card-"));
  place = await Installation.start();
});
afterEach(async () => {
  await place.end();
  await endStreets();
  rmSync(kept, { recursive: true, force: true });
});

const alarms = () =>
  place.ask<{ readonly what: string; readonly level: number; readonly detail: string }>(
    "SELECT what, level, detail FROM alarms WHERE kiosk = 'real-1' ORDER BY what",
  );

const serves = async (kiosk: Kiosk, times: number): Promise<void> => {
  for (let n = 0; n < times; n += 1) await vend(place.street, kiosk, 1);
};

/** Copies the ledger and all that is kept beside it, as files. */
const copyCard = (from: string, to: string): void => {
  for (const name of readdirSync(from).filter((file) => file.startsWith("kiosk.db")))
    cpSync(join(from, name), join(to, name));
};
const takeOut = (data: string): void => {
  for (const name of readdirSync(data).filter((file) => file.startsWith("kiosk.db"))) rmSync(join(data, name));
};

/** Which entries of this ledger the centre has neither in their place nor kept apart. */
async function unknownOf(data: string): Promise<readonly string[]> {
  const there = new Set([...(await eventsOf(place)), ...(await forksOf(place))]);
  return ledgerIn(data).filter((entry) => !there.has(entry));
}

const livesIn = (entries: readonly string[]): readonly number[] => [
  ...new Set(entries.map((entry) => Number(/"life":(\d+),/.exec(entry)?.[1]))),
];

test(
  "an older copy of a card that is put back is seen and named; it goes on in a new life, and nothing is overwritten",
  limit,
  async () => {
    const { data } = place.street.folder;
    await serves(await place.boot(), 1);
    await told(place);
    expect(await place.kiosk?.stop()).toBe(0);
    copyCard(data, kept);
    await serves(await place.boot(), 2);
    await told(place);
    const before = await eventsOf(place);
    expect(await place.kiosk?.stop()).toBe(0);
    const written = ledgerIn(data);
    takeOut(data);
    copyCard(kept, data);

    const kiosk = await place.boot();
    const said = await kiosk.hear("link.disagreed");
    expect(said["detail"]).toMatch(/A new life of the ledger begins/);
    await kiosk.untilTrue(() => livesIn(ledgerIn(data)).length === 2, "a new life begins");
    await serves(kiosk, 2);
    await expect.poll(() => unknownOf(data), patience).toEqual([]);
    const events = await eventsOf(place);
    // What was there stands as it stood, and behind it comes the new life, whole.
    const [, life] = livesIn(ledgerIn(data));
    const reborn = ledgerIn(data).filter((entry) => entry.includes(`"life":${life},`));
    const old = events.slice(0, -reborn.length);
    expect(events.slice(old.length)).toEqual(reborn);
    // Its own stop may have reached the centre while it stopped.
    expect(old).toEqual(written.slice(0, old.length));
    expect(old.slice(0, before.length)).toEqual(before);
    expect(reborn.filter((entry) => entry.includes('"type":"outcome"'))).toHaveLength(2);
    // The copy wrote its own start under a number that was taken.
    expect((await alarms()).map(({ what, level }) => ({ what, level }))).toContainEqual({
      what: expect.stringMatching(/^(rolled-back|forked)$/),
      level: 1,
    });
    const { code, out } = await place.centre.status();
    expect(code).toBe(1);
    expect(out).toMatch(/an older copy of its card|two histories of one card/);

    // A restart finds nothing to complain of.
    await place.rebooted();
    await serves(place.kiosk ?? kiosk, 1);
    await expect.poll(() => unknownOf(data), patience).toEqual([]);
    expect(place.kiosk?.log.some(({ msg }) => msg === "link.disagreed")).toBe(false);
  },
);

/** The same station, with its keys, at a machine and a cable of its own. */
async function twin(): Promise<Street> {
  const { folder } = place.street;
  const street = await Street.lay(tcn);
  const wire = (text: string) => text.replaceAll(folder.wire, street.folder.wire);
  cpSync(folder.config, street.folder.config, { recursive: true });
  street.folder.write("station.json", wire(readFileSync(join(folder.config, "station.json"), "utf8")));
  for (const name of ["kiosk.key", "kiosk.pub"]) cpSync(join(folder.data, name), join(street.folder.data, name));
  copyCard(kept, street.folder.data);
  return street;
}

test(
  "a copied card in a second machine makes two histories: both are kept, apart, and the staff are told first of all",
  limit,
  async () => {
    const { data } = place.street.folder;
    await serves(await place.boot(), 1);
    await told(place);
    expect(await place.kiosk?.stop()).toBe(0);
    copyCard(data, kept);
    const second = await twin();

    // Both run and call under one name: the broker has one of them at a time, and sends the other away.
    const one = await place.boot();
    const other = await second.boot(["--broker", `mqtt://${place.lines.kiosk.host}`]);
    await Promise.all([
      serves(one, 1),
      // A code of the one is good at the other too: they have the same keys.
      serves(other, 1),
    ]);
    const all = async () => [...(await unknownOf(data)), ...(await unknownOf(second.folder.data))];
    await expect.poll(all, patience).toEqual([]);
    const forks = await forksOf(place);
    expect(forks.length).toBeGreaterThan(0);
    // Of each number one entry stands in its place, and the other is not lost.
    const events = await eventsOf(place);
    expect(new Set(events).size).toBe(events.length);
    for (const fork of forks) expect(events).not.toContain(fork);
    expect(await alarms()).toContainEqual(expect.objectContaining({ what: "forked", level: 1 }));
    const { out } = await place.centre.status();
    expect(out).toMatch(/real-1 .*[Ff]orked: two histories of one card/);
    // They do not meet in one life again.
    await expect
      .poll(() => livesIn(ledgerIn(data)).at(-1), patience)
      .not.toBe(livesIn(ledgerIn(second.folder.data)).at(-1));
  },
);

describe("an attacker at the broker who forges acknowledgements", () => {
  let attacker: MqttClient;
  const { ack, events } = topicsOf("local", "real-1");
  beforeEach(async () => {
    attacker = await mqtt.connectAsync(place.broker.url, { clientId: "attacker", reconnectPeriod: 200 });
    attacker.on("error", () => {});
    await attacker.subscribeAsync(events, { qos: 1 });
  });
  afterEach(() => void attacker.end(true));

  const forge = (life: number, upTo: number, hash: string) =>
    attacker.publishAsync(ack, Buffer.from(writeAck({ life, upTo, hash })), { qos: 1, retain: true });

  const nothingLost = async (): Promise<void> => {
    const { data } = place.street.folder;
    place.centre.run();
    await told(place);
    expect(await eventsOf(place)).toEqual(ledgerIn(data));
    expect(await forksOf(place)).toEqual([]);
    expect(broken(place.street, await ledgerOf(place.street))).toEqual([]);
  };

  test(
    "for entries that no centre has, with whatever hash and number, makes the kiosk forget nothing",
    limit,
    async () => {
      const kiosk = await place.boot();
      await serves(kiosk, 1);
      await told(place);
      await place.centre.kill();
      const [life = 0] = livesIn(ledgerIn(place.street.folder.data));
      await serves(kiosk, 1);
      const { length } = ledgerIn(place.street.folder.data);
      for (const upTo of [length + 1, 1_000_000, 1, length]) await forge(life, upTo, "ab".repeat(32));
      await forge(life + 1, 5, "cd".repeat(32));
      await forge(life - 1, 5, "cd".repeat(32));
      await kiosk.hear("link.disagreed");
      // Longer than it looks at acknowledgements.
      await sleep(1000);
      expect(await allDelivered(place)).toBe(false);
      // What the broker still had for the centre is gone too.
      await place.broker.restart();
      await serves(kiosk, 1);
      await nothingLost();
    },
  );

  test(
    "with the right hash, read from the wire, is found out by the gap, and the kiosk sends again",
    limit,
    async () => {
      const forged: number[] = [];
      const kiosk = await place.boot();
      await serves(kiosk, 1);
      await told(place);
      await place.centre.kill();
      attacker.on("message", (_, payload) => {
        const batch = readBatch(payload);
        if (!batch.ok) return;
        const { life, from, items } = batch.value;
        forged.push(from + items.length - 1);
        void forge(life, from + items.length - 1, hashesOf(batch.value).at(-1) ?? "").catch(() => {});
      });
      await serves(kiosk, 1);
      const { length } = ledgerIn(place.street.folder.data);
      await eventually(() => forged.includes(length), "the last entry to be acknowledged by the attacker");
      // What the broker still had for the centre is gone too.
      await place.broker.restart();
      await attacker.endAsync(true);
      place.centre.run();
      await kiosk.hear("link.up");
      await serves(kiosk, 1);
      await kiosk.hear("link.events-lost-at-the-centre");
      await nothingLost();
    },
  );
});
