import { afterAll, beforeAll, expect, test } from "vitest";
import { writeReported } from "../../../protocol/commands/reported.ts";
import { rows, startEngine, type Engine } from "../engines.ts";
import { group, openCentre } from "./centre.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine("PGlite");
});
afterAll(() => engine.stop());

test("for a demonstration a kiosk is taken also where the first that is heard of it is what it has in force", async () => {
  const centre = await openCentre(await engine.place(), { kiosks: [], acceptAll: true });
  const config = { version: null, hash: "ab".repeat(32), state: "local" } as const;
  const payload = writeReported({ v: 1, at: 1_784_088_000_000, config, campaigns: [], keys: null, refused: [] });
  await centre.collector.heard({ group, kiosk: "anybody", what: "reported" }, payload);
  expect(await rows(centre.store, "SELECT kiosk FROM reported")).toEqual([{ kiosk: "anybody" }]);
  expect(await rows(centre.store, "SELECT kiosk, district FROM stations")).toEqual([
    { kiosk: "anybody", district: group },
  ]);
  expect(centre.collector.tally.refused).toBe(0);
  await centre.close();
});
