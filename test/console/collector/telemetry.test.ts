import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Observed, Sighting } from "../../../console/host/sighting.ts";
import { engineNames, rows, startEngine, type Engine } from "../engines.ts";
import { group, openCentre } from "./centre.ts";

/** The manual clock's beginning. */
const start = Date.UTC(2026, 6, 1);
const value = (name: string, of: Observed["value"], at = start, historical = false): Observed => ({
  name,
  value: of,
  at,
  historical,
  type: typeof of === "string" ? "String" : typeof of === "boolean" ? "Boolean" : "Int64",
});
const saw = (is: Sighting["is"], metrics: readonly Observed[] = [], more: Partial<Sighting> = {}): Sighting => ({
  is,
  group,
  node: "k1",
  at: start,
  heard: start,
  metrics,
  ...more,
});
const latest = "SELECT device, metric, value, at, stale FROM latest ORDER BY device, metric";
const history =
  "SELECT device, metric, extract(epoch FROM at)::float8 * 1000 AS at, value, said FROM read.metrics ORDER BY metric, at";

describe.each(engineNames)("on %s", (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine(name);
  });
  afterAll(() => engine.stop());

  test("the newest of each metric is kept, values of an outage go into the history alone", async () => {
    const centre = await openCentre(await engine.place());
    const { collector, store } = centre;
    collector.sighted(saw("born", [value("bdSeq", 7), value("Sys/Uptime_s", 5n)]));
    collector.sighted(saw("data", [value("Sys/Uptime_s", 65, start + 60_000)]));
    collector.sighted(saw("data", [value("Sys/Uptime_s", 35, start + 30_000)]));
    collector.sighted(saw("data", [value("Temp_c", 3, start - 5000, true)], { device: "vend" }));
    collector.sighted(saw("data", [value("State", "wörking\0"), value("Open", true)], { device: "vend" }));
    await collector.stored();
    expect(await rows(store, latest)).toEqual([
      { device: "", metric: "Sys/Uptime_s", value: 65, at: start + 60_000, stale: false },
      { device: "", metric: "bdSeq", value: 7, at: start, stale: false },
      { device: "vend", metric: "Open", value: true, at: start, stale: false },
      { device: "vend", metric: "State", value: "wörking\uFFFD", at: start, stale: false },
    ]);
    const point = (device: string, metric: string, at: number, value: number | null, said: string | null = null) => ({
      device,
      metric,
      at,
      value,
      said,
    });
    expect(await rows(store, history)).toEqual(
      expect.arrayContaining([
        point("vend", "Open", start, 1),
        point("vend", "State", start, null, "wörking\uFFFD"),
        ...[
          [5, 0],
          [35, 30_000],
          [65, 60_000],
        ].map(([seen = 0, after = 0]) => point("", "Sys/Uptime_s", start + after, seen)),
        point("vend", "Temp_c", start - 5000, 3),
        point("", "bdSeq", start, 7),
      ]),
    );
    // The same history again, as a kiosk that was cut off in the middle sends it, changes nothing.
    collector.sighted(saw("data", [value("Temp_c", 3, start - 5000, true)], { device: "vend" }));
    collector.sighted(saw("data", [value("Sys/Uptime_s", 1, start - 1)]));
    await collector.stored();
    expect((await rows(store, history)).length).toBe(8);
    expect(await rows(store, "SELECT value FROM latest WHERE metric = 'Sys/Uptime_s'")).toEqual([{ value: 65 }]);
    await centre.close();
  });

  test("a birth forgets what it does not name, a death makes all stale", async () => {
    const centre = await openCentre(await engine.place());
    const { collector, store } = centre;
    for (const stored of [true, false]) {
      collector.sighted(saw("born", [value("A", 1), value("B", 1)], { device: "vend" }));
      if (stored) await collector.stored();
      collector.sighted(saw("died", [], { device: "vend" }));
      if (stored) await collector.stored();
      if (stored)
        expect(await rows(store, "SELECT metric, stale FROM latest ORDER BY metric")).toEqual([
          { metric: "A", stale: true },
          { metric: "B", stale: true },
        ]);
      collector.sighted(saw("born", [value("B", 2, start + 1)], { device: "vend" }));
      collector.sighted(saw("stale", [], { device: "vend", why: "lost-order" }));
      await collector.stored();
      expect(await rows(store, "SELECT metric, value, stale FROM latest ORDER BY metric")).toEqual([
        { metric: "B", value: 2, stale: true },
      ]);
    }
    await centre.close();
  });

  test("who is there, since when, and how often it was lost", async () => {
    const centre = await openCentre(await engine.place());
    const { collector, store } = centre;
    const at = (minutes: number) => start + minutes * 60_000;
    const presence = async () => (await rows(store, "SELECT online, since, heard, bdseq, losses FROM presence"))[0];
    collector.sighted(saw("born", [value("bdSeq", 1)], { heard: at(0) }));
    await collector.stored();
    collector.sighted(saw("data", [value("A", 1)], { heard: at(3) }));
    await collector.stored();
    expect(await presence()).toEqual({ online: true, since: at(0), heard: at(3), bdseq: 1, losses: [] });
    collector.sighted(saw("died", [], { heard: at(4) }));
    collector.sighted(saw("died", [], { heard: at(4), device: "vend" }));
    await collector.stored();
    collector.sighted(saw("died", [], { heard: at(5) }));
    await collector.stored();
    expect(await presence()).toEqual({ online: false, since: at(4), heard: at(3), bdseq: 1, losses: [at(4)] });
    collector.sighted(saw("born", [value("bdSeq", 2)], { heard: at(6) }));
    collector.sighted(saw("died", [], { heard: at(7) }));
    collector.sighted(saw("born", [value("bdSeq", 3)], { heard: at(8) }));
    await collector.stored();
    expect(await presence()).toEqual({ online: true, since: at(8), heard: at(8), bdseq: 3, losses: [at(4), at(7)] });
    await centre.close();
  });

  test("strangers, impossible times and names without end are counted and keep nobody out", async () => {
    const centre = await openCentre(await engine.place());
    const { collector, store } = centre;
    collector.sighted(saw("born", [value("A", 1)], { node: "stranger" }));
    collector.sighted(saw("born", [value("A", 1)], { node: "NO NAME" }));
    collector.sighted(saw("data", [value("Old", 1, 1), value("Half", 1, 1.5), value("x".repeat(9000), 1)]));
    await collector.stored();
    expect(await rows(store, "SELECT DISTINCT kiosk FROM latest")).toEqual([{ kiosk: "k1" }]);
    expect(await rows(store, "SELECT count(*) AS n FROM metrics")).toEqual([{ n: 1 }]);
    await collector.close();
    expect(await rows(store, "SELECT kiosk, reason, times FROM refused ORDER BY reason")).toEqual([
      { kiosk: "", reason: "unknown-kiosk", times: 2 },
      { kiosk: "k1", reason: "wrong-time", times: 2 },
    ]);
    await store.close();
  });

  test("while the database is away sightings are folded, and stored when it is back", async () => {
    let away = false;
    const centre = await openCentre(await engine.place(), {
      store: (store) => ({
        ...store,
        transaction: (work) => (away ? Promise.reject(new Error("away")) : store.transaction(work)),
      }),
    });
    const { collector, store, clock } = centre;
    // The partition of the month is there before.
    collector.sighted(saw("born", [value("A", 1)]));
    await collector.stored();
    away = true;
    collector.sighted(saw("data", [value("A", 2, start + 1)]));
    await clock.pass(150);
    collector.sighted(saw("died", [], { heard: start + 2 }));
    await clock.pass(3000);
    away = false;
    await collector.stored();
    expect(await rows(store, "SELECT value, stale FROM latest")).toEqual([{ value: 2, stale: true }]);
    expect(await rows(store, "SELECT online FROM presence")).toEqual([{ online: false }]);
    await centre.close();
  });
});
