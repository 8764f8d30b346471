import { expect, it } from "vitest";
import type { LoadedStation } from "../../config/load.ts";
import { noCounts } from "../../controller/domain/cabin/counts.ts";
import type { CabinSetting } from "../../controller/domain/cabin/setting.ts";
import { calibrationDay } from "../../controller/domain/cabin/calibration.ts";
import { openReaders } from "../../controller/readers.ts";
import { reportOf } from "../../controller/report.ts";
import type { Keys } from "../../controller/store/keys.ts";
import { Secret } from "../../devices/kit/secret.ts";
import { dateOf } from "../../protocol/pickup-code/calendar.ts";
import { manualClock } from "../kit/clock.ts";
import { Paper, setting } from "./domain/on-paper.ts";

const listOf = (id: string, texts: number, uids: number) => ({
  id,
  identifiers: { texts: Array.from({ length: texts }, () => ({})), uids },
});
const keysOf = (inForce: readonly string[], ...files: readonly ReturnType<typeof listOf>[]) =>
  ({ members: inForce.map((id) => ({ id })), memberLists: { files } }) as unknown as Pick<
    Keys,
    "members" | "memberLists"
  >;

function told(keys: Pick<Keys, "members" | "memberLists">, cabin?: CabinSetting, state = new Paper().state) {
  const clock = manualClock();
  const readers = openReaders(clock, () => {});
  const loaded = {
    station: { station: { id: "ZP-001" } },
    devices: [{ id: "vend" }, { id: "tap" }],
  } as unknown as LoadedStation;
  const report = () =>
    reportOf({
      loaded,
      release: { version: "1.0.0", releasedAt: clock.mono() },
      state,
      faults: new Map(),
      link: { is: "none" },
      clock,
      setting: { ...setting, readers: [{ id: "tap", reads: ["card"] }], ...(cabin && { cabin }) },
      readers,
      keys,
    });
  return { clock, readers, report };
}

it("tells of a reader alone what it reads and when it last saw something, and never what", async () => {
  const { clock, readers, report } = told(keysOf([]));
  expect(report().devices).toMatchObject([{ id: "vend" }, { id: "tap", reader: { reads: ["card"] } }]);
  expect(report().devices[0]).not.toHaveProperty("reader");
  readers.seen("tap", { is: "card", technology: "em4100", uid: new Secret("6200A1B2C3") });
  await clock.pass(75_000);
  expect(report().devices[1]).toMatchObject({ reader: { last: { what: "card", ago: 75 } } });
  expect(JSON.stringify(report())).not.toContain("6200A1B2C3");
});

it("names bare identifiers of lists in force, and of no list that is over", () => {
  const bare = (...parts: Parameters<typeof keysOf>) => told(keysOf(...parts)).report().bare;
  expect(bare(["union"], listOf("union", 0, 5))).toEqual(["card"]);
  expect(bare(["union"], listOf("union", 2, 0))).toEqual(["code"]);
  expect(bare(["union"], listOf("union", 0, 0))).toEqual([]);
  expect(bare(["union"], listOf("union", 0, 0), listOf("last-year", 1, 1))).toEqual([]);
});

it("tells of an instrument what it measures, its calibration and its counts in full tens, and of no person", () => {
  const state = new Paper().state;
  const day = calibrationDay(state);
  const instrument = {
    id: "vend",
    name: { zh: "血压计", en: "Cuff" },
    model: "cuff",
    items: ["systolic"],
    due: day + 9,
  };
  const cabin = { instruments: [instrument], printers: ["tap"] } as unknown as CabinSetting;
  // Anybody finds this page: whoever is next would see what the one before has measured.
  const counts = { ...noCounts, tests: { vend: { ok: 37, fail: 12 } }, told: { vend: { ok: 30, fail: 10 } } };
  const [first, second] = told(keysOf([]), cabin, { ...state, counts }).report().devices;
  expect(first).toMatchObject({
    id: "vend",
    instrument: {
      measures: ["systolic"],
      calibration: { due: dateOf(day + 9), days: 9, is: "soon" },
      tests: { ok: 30, fail: 10 },
    },
  });
  expect(first).not.toHaveProperty("printer");
  expect(second).toMatchObject({ id: "tap", printer: true });
  expect(second).not.toHaveProperty("instrument");
  const untold = { ...state, counts: { ...counts, told: {} } };
  expect(told(keysOf([]), cabin, untold).report().devices[0]).toMatchObject({
    instrument: { tests: { ok: 0, fail: 0 } },
  });
});
