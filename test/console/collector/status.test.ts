import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { statusOf, type CentreFacts, type StationFacts } from "../../../console/collector/status.ts";
import { overview } from "../../../console/store/status.ts";
import { engineNames, startEngine, type Engine } from "../engines.ts";
import { Ledger } from "../ledger.ts";
import { group, openCentre } from "./centre.ts";

const now = Date.UTC(2026, 6, 1);
const minute = 60_000;
const works: readonly CentreFacts[] = [
  { name: "centre", what: "works", at: now - 5000, said: "" },
  { name: "centre", what: "listens", at: now - 600 * minute, said: "" },
];
const station = (kiosk: string, more: Partial<StationFacts> = {}): StationFacts => ({
  kiosk,
  group,
  zh: null,
  en: null,
  certificateExpires: null,
  metrics: [],
  alarms: [],
  waiting: 0,
  configFailed: null,
  presence: { online: true, since: now - 300 * minute, heard: now - 1000, losses: [] },
  ...more,
});
const gone = (minutes: number) => ({
  presence: { online: false, since: now - minutes * minute, heard: now - minutes * minute, losses: [] },
});
const says = (metrics: Readonly<Record<string, unknown>>) => ({
  metrics: Object.entries(metrics).map(([metric, value]) => ({
    device: metric === "Fault/Code" ? "vend" : "",
    metric,
    value,
  })),
});
const one = (facts: Partial<StationFacts>, centres = works) => {
  const [status] = statusOf([station("k1", facts)], centres, now).stations;
  if (status === undefined) throw new Error("One station has one status.");
  return status;
};

describe("presence", () => {
  test("a kiosk is unstable for five minutes after it was lost, and only then offline", () => {
    expect(one({})).toMatchObject({ state: "online", causes: [], todo: "", urgency: 9 });
    expect(one(gone(4.9))).toMatchObject({ state: "unstable", since: now - 4.9 * minute });
    expect(one(gone(5))).toMatchObject({ state: "offline", causes: ["silent for 5 min"], since: now - 5 * minute });
    expect(one({ presence: null })).toMatchObject({ state: "never", since: null });
  });

  test("a kiosk that comes and goes is unstable, and steady again an hour later", () => {
    const losses = (...minutes: readonly number[]) => ({
      presence: { online: true, since: now - minute, heard: now, losses: minutes.map((ago) => now - ago * minute) },
    });
    expect(one(losses(50, 20, 1)).state).toBe("unstable");
    expect(one(losses(70, 20, 1)).state).toBe("online");
  });

  test("a kiosk whose death nobody told is silent since its last word", () => {
    const heard = (minutes: number) => ({
      presence: { online: true, since: now - 600 * minute, heard: now - minutes * minute, losses: [] },
    });
    expect(one(heard(3)).state).toBe("online");
    expect(one(heard(4))).toMatchObject({ state: "unstable", since: now - 4 * minute });
    expect(one(heard(60))).toMatchObject({ state: "offline", causes: ["silent for 60 min"] });
  });

  test("silence while the centre itself did not listen is not the kiosk's", () => {
    const listens = (minutes: number): readonly CentreFacts[] => [
      { name: "centre", what: "works", at: now, said: "" },
      { name: "centre", what: "listens", at: now - minutes * minute, said: "" },
    ];
    const old = { presence: { online: true, since: 0, heard: now - 500 * minute, losses: [] } };
    expect(one(old, listens(2)).state).toBe("online");
    expect(one(old, listens(6))).toMatchObject({ state: "offline", since: now - 6 * minute });
  });

  test("a centre without its broker says so on top and calls no kiosk broken", () => {
    const lost = [
      ...works,
      { name: "centre", what: "broker mqtts://b", at: now - 10 * minute, said: "It closed the connection." },
    ];
    const { trouble, stations } = statusOf([station("k1", gone(60)), station("k2")], lost, now);
    expect(trouble).toEqual([
      'The centre "centre" lost its broker mqtts://b 10 min ago: It closed the connection. What kiosks do now is not known.',
    ]);
    expect(stations.map(({ state, causes, urgency }) => ({ state, causes, urgency }))).toEqual([
      { state: "unknown", causes: [], urgency: 9 },
      { state: "unknown", causes: [], urgency: 9 },
    ]);
    const asleep = [{ name: "centre", what: "works", at: now - 3 * minute, said: "" }];
    expect(statusOf([station("k1")], asleep, now).trouble[0]).toContain("has not worked for 3 min");
    expect(statusOf([station("k1")], [], now).trouble[0]).toContain("No centre has worked");
  });
});

describe("causes", () => {
  test("are told in words, with what to do first", () => {
    expect(one(says({ "Health/State": 2, "Health/Reason": "machine", "Fault/Code": "jammed" }))).toMatchObject({
      causes: ["cannot give: machine, vend jammed"],
      todo: "Send a technician.",
    });
    expect(one(says({ "Health/State": 2, "Health/Reason": "sold-out" }))).toMatchObject({
      causes: ["cannot give: sold out"],
      todo: "Send a keeper with goods.",
    });
    expect(one(says({ "Health/State": 1, "Health/Reason": "slots" })).causes).toEqual(["gives only in part: slots"]);
    expect(one(says({ "Health/State": 0, "Health/Reason": "hours" })).causes).toEqual([]);
    expect(one(says({ "Clock/Synced": false })).causes).toEqual(["clock unsure"]);
    expect(one(says({ "Sys/Disk_pct": 93.4 })).causes).toEqual(["card is full (93 %)"]);
    expect(one(says({ "Sys/Undervoltage": true })).causes).toEqual(["its power supply is too weak"]);
    expect(one({ certificateExpires: now + 10 * 86_400_000 }).causes).toEqual(["its certificate expires in 10 days"]);
    expect(one({ certificateExpires: now - 1 })).toMatchObject({ causes: ["its certificate has expired"], urgency: 2 });
    expect(one(says({ "Health/State": 2, "Health/Reason": "instruments" })).todo).toContain("cables");
    expect(one({ waiting: 2 }).causes).toEqual(["events are missing"]);
    expect(one({ configFailed: "No such slot." }).todo).toContain("No such slot.");
  });

  test("a calibration is told thirty days before it ends, and more urgently afterwards", () => {
    const left = (value: unknown) => one({ metrics: [{ device: "cuff", metric: "Calibration/Days Left", value }] });
    expect(left(31).causes).toEqual([]);
    expect(left(null).causes).toEqual([]);
    expect(left(30)).toMatchObject({ causes: ["the calibration of cuff ends in 30 days"], urgency: 7 });
    expect(left(-1)).toMatchObject({ causes: ["the calibration of cuff has ended"], urgency: 4 });
    expect(left(-1).todo).toContain("cuff");
  });

  test("what a kiosk said of itself before it was gone is not told of it now", () => {
    expect(one({ ...gone(60), ...says({ "Health/State": 2, "Health/Reason": "machine" }) }).causes).toEqual([
      "silent for 60 min",
    ]);
  });

  test("stations stand by urgency: a fork, a broken machine, the longest silent, empty, in part, well", () => {
    const { stations } = statusOf(
      [
        station("well"),
        station("part", says({ "Health/State": 1, "Health/Reason": "slots" })),
        station("shaky", gone(2)),
        station("gone", gone(30)),
        station("long-gone", gone(600)),
        station("empty", says({ "Health/State": 2, "Health/Reason": "sold-out" })),
        station("disk", says({ "Health/State": 2, "Health/Reason": "disk" })),
        station("forked", { alarms: [{ what: "forked", level: 1, detail: "Look which card is right." }] }),
        station("new", { presence: null }),
      ],
      works,
      now,
    );
    expect(stations.map(({ kiosk }) => kiosk)).toEqual(
      "forked disk long-gone gone empty part shaky new well".split(" "),
    );
    expect(stations[0]).toMatchObject({
      causes: ["forked: two histories of one card"],
      todo: "Look which card is right.",
    });
  });
});

describe.each(engineNames)("on %s", (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine(name);
  });
  afterAll(() => engine.stop());

  test("the overview is read from what the collector stored", async () => {
    const centre = await openCentre(await engine.place(), { kiosks: ["k1", "k2"] });
    const { collector, store, clock } = centre;
    const seen = { group, at: now, heard: now };
    const metric = (name: string, type: "Int32" | "String", value: number | string) => ({
      name,
      type,
      value,
      at: now,
      historical: false,
    });
    collector.sighted({ is: "born", node: "k1", ...seen, metrics: [metric("Health/State", "Int32", 2)] });
    collector.sighted({ is: "data", node: "k1", ...seen, metrics: [metric("Health/Reason", "String", "sold-out")] });
    await collector.stored();
    await centre.hear("k1", new Ledger(1, 3).batch(3, 3));
    expect(await overview(store, clock.wall().utc)).toMatchObject({
      trouble: [],
      stations: [
        { kiosk: "k1", group, state: "online", causes: ["cannot give: sold out", "events are missing"] },
        { kiosk: "k2", state: "never", name: null },
      ],
    });
    collector.lost({ server: "mqtt://b", at: now, reason: "It is gone.", nodes: [] });
    await clock.pass(20_000);
    await expect.poll(async () => (await overview(store, now)).trouble).toHaveLength(1);
    expect((await overview(store, now)).stations.map(({ state }) => state)).toEqual(["unknown", "unknown"]);
    collector.regained("mqtt://b");
    await expect.poll(async () => (await overview(store, clock.wall().utc)).trouble).toEqual([]);
    await centre.close();
  });
});
