import { describe, expect, it } from "vitest";
import type { Entry } from "../../controller/domain/entry.ts";
import { healthOf, type Reason } from "../../controller/link/health.ts";
import { metricSet } from "../../controller/link/metric-set.ts";
import { partsOf, telemetry, type Sources } from "../../controller/link/telemetry.ts";
import { fault } from "../../devices/kit/fault.ts";
import { asType, type Value } from "../../protocol/sparkplug/datatype.ts";
import { nodeMetrics, schemaVersion } from "../../protocol/sparkplug/metrics.ts";
import {
  derived,
  fullShelf,
  hour,
  knowledge,
  noon,
  offer,
  Paper,
  refill,
  setting,
  today,
  written,
} from "../controller/domain/on-paper.ts";
import { standing } from "./edge/kiosk.ts";

const sources = (paper: Paper, more: Partial<Sources> = {}): Sources => ({
  standing,
  setting,
  state: paper.state,
  outbox: { depth: 3, oldestSeconds: 40, dropped: 0 },
  ...more,
});

function values(paper: Paper, more: Partial<Sources> = {}): ReadonlyMap<string, Value> {
  const { readings } = telemetry(sources(paper, more));
  return new Map(
    readings.map(({ device, name, value }) => [device === undefined ? name : `${device}: ${name}`, value]),
  );
}

const health = (paper: Paper, own = setting): readonly [number, Reason] => {
  const { state, reason } = healthOf(own, paper.state);
  return [state, reason];
};

const everything: Partial<Sources> = {
  vitals: {
    uptimeSeconds: 77,
    bootId: "b",
    cpuPercent: 12.5,
    memoryMb: 90.25,
    diskPercent: 40,
    temperatureC: 51.2,
    underVoltage: true,
  },
  network: { type: "wifi", rssiDbm: -60, sentMb: 1.5, receivedMb: 2.5 },
  cabinets: new Map([["cold", { open: true, moved: noon, temperatureC: 4.5, humidityPercent: 60 }]]),
  configuration: { version: "7", hash: "ab" },
  certificateDays: 12,
  clockOffset: -15,
};

describe("the telemetry of a kiosk", () => {
  const set = metricSet(nodeMetrics, partsOf(standing.devices));

  it("has a reading for every metric that will be born, once, and for no other", () => {
    const { readings } = telemetry(sources(new Paper()));
    const told = readings.map(({ name, device }) => set.named(name, device).alias);
    // What is being installed is told by whoever installs it.
    const missing = [...set.byAlias.values()].filter(({ alias }) => !told.includes(alias)).map(({ name }) => name);
    expect(missing).toEqual(["Update/Version", "Update/State"]);
    expect(new Set(told).size).toBe(told.length);
  });

  it("is of the types of its metrics, and null where nobody knows", () => {
    const paper = new Paper();
    for (const more of [{}, everything]) {
      const { readings } = telemetry(sources(paper, more));
      for (const { name, device, value } of readings)
        expect(asType(value, set.named(name, device).type), name).toEqual(value);
    }
    expect(values(paper).get("Sys/Temp_c")).toBeNull();
    expect(values(paper).get("cold: Temp_c")).toBeNull();
    expect(values(paper).get("Clock/Offset_ms")).toBeNull();
    expect(values(paper).get("Cert/Days Left")).toBeNull();
  });

  it("says what there is to say of the computer, the cabinet, the outbox and the ledger", () => {
    expect(Object.fromEntries(values(new Paper(), everything))).toMatchObject({
      "Station/Code": "ZP-001",
      "Properties/FW": "0.1.0",
      "Properties/Schema": schemaVersion,
      "Sys/Uptime_s": 77,
      "Sys/Mem_mb": 90.25,
      "Sys/Undervoltage": true,
      "Net/Rssi_dbm": -60,
      "Clock/Synced": true,
      "Clock/Offset_ms": -15,
      "Outbox/Depth": 3,
      "Outbox/Oldest_s": 40,
      "Config/Version": "7",
      "Cert/Days Left": 12,
      "Ledger/Seq": 4,
      "cold: Door/Open": true,
      "cold: Door/Last": noon,
      "cold: Temp_c": 4.5,
      "vend: Door/Open": null,
    });
  });

  it("counts each good that was given, and what is left", () => {
    const paper = new Paper();
    paper.start().drops().saveAll();
    const now = values(paper);
    expect([now.get("vend: Sales/Count"), now.get("vend: Slot/1/Stock"), now.get("vend: Slot/1/Par")]).toEqual([
      1, 9, 10,
    ]);
  });

  it("says why a slot gives nothing", () => {
    const paper = new Paper({
      disk: written([refill("1", 0), refill("2", 5, "2026-07-01"), refill("3"), refill("4")]),
    });
    paper.send({ kind: "slot", device: "vend", report: { slot: "4", sells: false } });
    const now = values(paper);
    expect(["1", "2", "3", "4"].map((slot) => now.get(`vend: Slot/${slot}/State`))).toEqual([
      "empty",
      "expired",
      "ready",
      "off",
    ]);
  });

  it("names the fault of a machine until it is mended", () => {
    const paper = new Paper();
    expect(values(paper).get("vend: Fault/Code")).toBe("");
    paper.device("broken", fault("silent", "as the test wants it")).saveAll();
    expect(values(paper).get("vend: Fault/Code")).toBe("silent");
    paper.device("working").pass(70_000);
    paper.saveAll();
    expect(values(paper).get("vend: Fault/Code")).toBe("");
  });

  it("knows a device as there while it answers", () => {
    const paper = new Paper();
    const there = () => [...telemetry(sources(paper)).there];
    const seen = (["working", "stale", "broken", "absent", "starting", "off"] as const).map((presence) => {
      paper.device(presence);
      return there().length;
    });
    expect(seen).toEqual([1, 1, 0, 0, 0, 0]);
  });

  it("holds no code that was typed", () => {
    const paper = new Paper();
    paper.type("111111111");
    expect(JSON.stringify([...values(paper)])).not.toContain("1111");
    paper.type("1").pass(2000);
    expect(JSON.stringify([...values(paper)])).not.toContain("1111");
  });
});

describe("the light of a station", () => {
  it("is 0 while everybody is served", () => {
    expect(health(new Paper())).toEqual([0, ""]);
  });

  it("is 2 where nobody is served, with the reason that needs a person", () => {
    const { typed: _, ...unlocked } = knowledge;
    expect(health(new Paper({ knowledge: unlocked }))).toEqual([2, "offers"]);
    expect(health(new Paper({ presence: "absent" }))).toEqual([2, "machine"]);
    expect(health(new Paper({ disk: written(["1", "2", "3", "4"].map((slot) => refill(slot, 0))) }))).toEqual([
      2,
      "sold-out",
    ]);
    const lock: Entry = {
      kind: "command",
      id: "c1",
      kid: "o1",
      order: { op: "lock", why: "a test" },
      until: noon,
    };
    expect(health(new Paper({ disk: written([...fullShelf, lock]) }))).toEqual([2, "locked"]);
    const sick = new Paper();
    sick.choose().refuse();
    expect(health(sick)).toEqual([2, "disk"]);
  });

  it("is 1 where not everything can be had", () => {
    expect(health(new Paper({ disk: written([refill("1"), refill("2", 0), refill("3"), refill("4", 0)]) }))).toEqual([
      1,
      "sold-out",
    ]);
    expect(health(new Paper({ trusted: false }))).toEqual([1, "clock"]);
    const jammed = [5, 7].flatMap((seq): readonly Entry[] => [
      {
        kind: "attempt",
        credential: derived(seq).credential,
        device: "vend",
        slot: "1",
        product: "water",
        until: today + 1,
      },
      { kind: "outcome", of: seq, delivery: "not-delivered", started: true, why: "jammed", frees: true },
    ]);
    const resting = new Paper({ disk: written([...fullShelf, ...jammed]) });
    expect(health(resting)).toEqual([1, "slots"]);
    expect(values(resting).get("vend: Slot/1/State")).toBe("resting");
    const two = { ...setting, machines: [...setting.machines, { id: "second", remembers: false }] };
    expect(health(new Paper({ setting: two }), two)).toEqual([1, "machine"]);
  });

  it("is 0 out of hours and out of season: nobody need go there", () => {
    const closed = { ...setting, opens: 0, closes: 60 };
    expect(health(new Paper({ setting: closed }), closed)).toEqual([0, "hours"]);
    const over = { ...knowledge, offers: [offer({ from: today - 60, to: today - 30 })] };
    expect(health(new Paper({ knowledge: over }))).toEqual([0, "season"]);
    const coming = { ...knowledge, offers: [offer({ from: today + 3, to: today + 30 })] };
    expect(health(new Paper({ knowledge: coming, utc: noon + hour }))).toEqual([0, "season"]);
  });

  it("is 1 out of hours where something is amiss all the same", () => {
    const closed = { ...setting, opens: 0, closes: 60 };
    const paper = new Paper({
      setting: closed,
      disk: written([refill("1"), refill("2", 0), refill("3"), refill("4", 0)]),
    });
    expect(health(paper, closed)).toEqual([1, "sold-out"]);
  });
});
