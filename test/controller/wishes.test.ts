import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Entry } from "../../controller/domain/entry.ts";
import type { Event, State } from "../../controller/domain/state.ts";
import { stationInForce } from "../../controller/store/in-force.ts";
import { openKeys, type Keys } from "../../controller/store/keys.ts";
import { noMemberLists } from "../../controller/store/member-lists.ts";
import { openWishes, type Wishes, type WishesAsked } from "../../controller/wishes.ts";
import { signConfig } from "../../protocol/commands/desired.ts";
import { readReported, type Reported } from "../../protocol/commands/reported.ts";
import { seconds } from "../../devices/kit/clock.ts";
import { manualClock, type ManualClock } from "../kit/clock.ts";
import { folderInMemory } from "../store/folder.ts";
import { bundle, kioskKey, memory, own, release, station, summer } from "../store/issuing.ts";
import { Paper } from "./domain/on-paper.ts";

const example = JSON.parse(
  readFileSync(new URL("../../config/station.example.json", import.meta.url), "utf8"),
) as object;
const file = {
  ...example,
  station: station.station,
  trust: [own.trust],
  link: { group: "1", servers: ["mqtt://a:1"] },
};

let root: string;
let clock: ManualClock;
let wishes: Wishes;
let keys: Keys;
const reports: Reported[] = [];
const entries: Entry[] = [];
const events: Event[] = [];
const restarts: string[] = [];

beforeEach(async () => {
  root = folderInMemory("wishes");
  mkdirSync(join(root, "config"));
  mkdirSync(join(root, "data"));
  writeFileSync(join(root, "config/station.json"), JSON.stringify(file));
  clock = manualClock();
  await open();
});
afterEach(() => {
  wishes.stop();
  rmSync(root, { recursive: true });
  for (const list of [reports, entries, events, restarts]) list.length = 0;
});

async function open(): Promise<void> {
  const folder = join(root, "config");
  const dataFolder = join(root, "data");
  const inForce = await stationInForce(folder, dataFolder);
  if (!inForce.ok) throw new Error(JSON.stringify(inForce.error));
  const { loaded } = inForce.value;
  const { keep } = memory();
  const dice = { bytes: (n: number) => crypto.getRandomValues(new Uint8Array(n)) };
  keys = await openKeys({ loaded, memberLists: noMemberLists, keep, kioskKey, clock, dice });
  const state: State = { ...new Paper().state, link: { online: true, since: clock.mono() }, presence: new Map() };
  wishes = openWishes({
    world: { clock, dice, disk: { keep } as WishesAsked["world"]["disk"] },
    loaded,
    keys,
    kioskKey,
    configuration: { folder, dataFolder, inForce: inForce.value },
    state: () => state,
    send: (event) => events.push(event),
    write: (entry) => entries.push(entry),
    renewed: (renewed) => (keys = renewed),
    restart: (why) => restarts.push(why),
    report(payload) {
      const read = readReported(payload);
      if (!read.ok) throw new Error(read.error.join(" "));
      reports.push(read.value);
    },
  });
}
const hear = async (about: string, document: object): Promise<void> => {
  wishes.heard(about, Buffer.from(JSON.stringify(document)));
  await clock.until(() => false, 50);
};
const settled = (so: () => boolean) =>
  expect.poll(async () => (await clock.pass(1), so()), { timeout: 10_000 }).toBe(true);

const desired = (issuedAt: string) =>
  signConfig(
    {
      v: 1,
      kind: "config",
      station: station.station.id,
      version: "v1",
      issuedAt,
      kid: "r1",
      config: { ...file, keyDays: 5 },
    },
    release,
  );

test("what is in force is reported at the beginning, and again when a campaign and keys are adopted", async () => {
  expect(reports).toMatchObject([
    { config: { version: null, state: "local" }, campaigns: [], keys: null, refused: [] },
  ]);
  await hear("campaign/summer", own.campaign(summer));
  await hear("keys", await bundle(["20260701"]));
  await settled(() => entries.length === 2);
  expect(entries.map((entry) => entry.kind)).toEqual(["adopted", "adopted"]);
  expect(reports.at(-1)).toMatchObject({ campaigns: [{ id: "summer" }], keys: { until: "2026-07-01" } });
  expect(keys.codebook.offers.map(({ id }) => id)).toEqual(["summer"]);
});

test("a configuration restarts the kiosk, proves itself, and is reported", async () => {
  await hear("config", desired("2026-07-01T00:00:00Z"));
  await settled(() => restarts.length === 1);
  wishes.stop();
  await open();
  await clock.pass(seconds(2));
  expect(entries).toMatchObject([
    { kind: "configured", state: "trial" },
    { kind: "configured", state: "in-force" },
  ]);
  expect(reports.at(-1)).toMatchObject({ config: { version: "v1", state: "in-force" } });
});

test("one that nobody trusted has signed is counted with the refused commands", async () => {
  await hear("config", { ...desired("2026-07-01T00:00:00Z"), version: "v2" });
  await settled(() => events.length === 1);
  expect(events).toEqual([{ kind: "command-refused", counts: { "bad-signature": 1 } }]);
  expect(entries).toEqual([]);
});
