import { describe, expect, test } from "vitest";
import { noCounts, type Counts } from "../../controller/domain/cabin/counts.ts";
import type { Entry } from "../../controller/domain/entry.ts";
import type { Setting } from "../../controller/domain/state.ts";
import { healthOf, type Reason } from "../../controller/link/health.ts";
import { metricSet } from "../../controller/link/metric-set.ts";
import { partsOf, telemetry, type Standing } from "../../controller/link/telemetry.ts";
import { delays } from "../../controller/delays.ts";
import type { Value } from "../../protocol/sparkplug/datatype.ts";
import { nodeMetrics } from "../../protocol/sparkplug/metrics.ts";
import { decodePayload, encodePayload } from "../../protocol/sparkplug/payload.ts";
import { alone, beside, cabin } from "../controller/domain/cabin/instruments.ts";
import { day, fullShelf, noon, Paper, refill, written } from "../controller/domain/on-paper.ts";

const standing: Standing = {
  code: "ZP-001",
  name: "Example station",
  release: "0.1.0",
  devices: [
    { id: "vend", can: ["vending", "board"], slots: [{ slot: "1", par: 10 }] },
    { id: "cuff", can: ["health"], slots: [] },
    { id: "finger", can: ["health"], slots: [] },
    { id: "slips", can: [], slots: [] },
  ],
};
const metrics = metricSet(nodeMetrics, partsOf(standing.devices));

const all = ["cuff", "finger", "slips"] as const;
/** A cabin whose devices are there, but for these. */
function kiosk(setting: Setting, away: readonly string[] = [], over: ConstructorParameters<typeof Paper>[0] = {}) {
  const paper = new Paper({ setting, ...over });
  for (const id of all) paper.device(away.includes(id) ? "absent" : "working", undefined, id);
  return paper.saveAll();
}

/** What a host reads of one instrument, after the bytes of Sparkplug. */
function heard(paper: Paper, id: string, setting = beside): Readonly<Record<string, Value>> {
  const { readings } = telemetry({
    standing,
    setting,
    state: paper.state,
    outbox: { depth: 0, oldestSeconds: 0, dropped: 0 },
  });
  const bytes = encodePayload({
    at: noon,
    metrics: readings
      .filter(({ device }) => device === id)
      .map(({ name, value }) => {
        const { alias, type } = metrics.named(name, id);
        return { name, alias, type, at: noon, value };
      }),
  });
  const read = decodePayload(bytes);
  if (!read.ok) throw new Error("what was encoded cannot be read");
  return Object.fromEntries(read.value.metrics.map(({ name = "", value }) => [name, value]));
}

describe("the telemetry of an instrument", () => {
  const counts: Counts = {
    ...noCounts,
    fresh: 9,
    people: 9,
    tests: { cuff: { ok: 38, fail: 9 } },
    told: { cuff: { ok: 20, fail: 0 } },
  };

  test("has its tests as they were last told, in full tens, and never as they are now", () => {
    const paper = kiosk(beside, [], { counts });
    expect(heard(paper, "cuff")).toEqual({
      State: "working",
      "Tests/Ok": 20,
      "Tests/Fail": 0,
      "Calibration/Days Left": 40,
    });
    expect(heard(paper, "finger")).toMatchObject({ "Tests/Ok": 0, "Tests/Fail": 0, "Calibration/Days Left": null });
    expect(heard(paper, "slips")).toEqual({ State: "working" });
  });

  test("counts the days of its calibration down to the last, and on", () => {
    const paper = kiosk(beside);
    paper.utc += 40 * day;
    paper.send({ kind: "tick" });
    expect(heard(paper, "cuff")["Calibration/Days Left"]).toBe(0);
    paper.utc += 2 * day;
    paper.send({ kind: "tick" });
    expect(heard(paper, "cuff")["Calibration/Days Left"]).toBe(-2);
  });

  test("does not tell that it was unplugged before the day is over, and tells of a machine at once", () => {
    const paper = kiosk(beside);
    paper.pass(delays.instrumentsSettle);
    const there = () => [
      ...telemetry({
        standing,
        setting: beside,
        state: paper.state,
        outbox: { depth: 0, oldestSeconds: 0, dropped: 0 },
      }).there,
    ];
    paper.device("absent", undefined, "cuff").device("absent");
    expect(there()).toEqual(["cuff", "finger", "slips"]);
    expect(heard(paper, "cuff")["State"]).toBe("working");
    expect(heard(paper, "vend")["State"]).toBe("absent");
  });
});

describe("the light of a station with a cabin", () => {
  const light = (paper: Paper, setting: Setting): readonly [number, Reason] => {
    const { state, reason } = healthOf(setting, paper.state);
    return [state, reason];
  };
  const none = ["cuff", "finger"];

  test("that is alone is that of its instruments", () => {
    expect(light(kiosk(alone), alone)).toEqual([0, ""]);
    expect(light(kiosk(alone, ["cuff"]), alone)).toEqual([1, "instruments"]);
    expect(light(kiosk(alone, none), alone)).toEqual([2, "instruments"]);
    expect(light(kiosk(alone, [], { trusted: false }), alone)).toEqual([1, "clock"]);
  });

  test("is 1 where it gives goods and measures nothing, or the other way round", () => {
    const soldOut = written(["1", "2", "3", "4"].map((slot) => refill(slot, 0)));
    expect(light(kiosk(beside), beside)).toEqual([0, ""]);
    expect(light(kiosk(beside, none), beside)).toEqual([1, "instruments"]);
    expect(light(kiosk(beside, [], { disk: soldOut }), beside)).toEqual([1, "sold-out"]);
    expect(light(kiosk(beside, ["cuff"], { disk: soldOut }), beside)).toEqual([1, "sold-out"]);
    expect(light(kiosk(beside, none, { disk: soldOut }), beside)).toEqual([2, "sold-out"]);
  });

  test("is 1 for an instrument that may not measure any more, and 0 where it only says so", () => {
    const later = { utc: noon + 41 * day };
    const refuses: Setting = { ...alone, cabin: { ...cabin, overdue: "refuse" } };
    expect(light(kiosk(alone, [], later), alone)).toEqual([0, ""]);
    expect(light(kiosk(refuses, [], later), refuses)).toEqual([1, "instruments"]);
  });

  test("is 2 where the centre locked it", () => {
    const lock: Entry = { kind: "command", id: "c1", kid: "o1", order: { op: "lock", why: "a test" }, until: noon };
    expect(light(kiosk(alone, [], { disk: written([...fullShelf, lock]) }), alone)).toEqual([2, "locked"]);
  });
});
