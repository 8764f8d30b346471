import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { inParts, hoursFrom, sumsBefore } from "../../../console/post/taken.ts";
import { takenTeller } from "../../../console/post/taken-teller.ts";
import type { ListTeller } from "../../../console/post/list-teller.ts";
import { openStore } from "../../../console/store/open.ts";
import { register } from "../../../console/store/stations.ts";
import type { Store } from "../../../console/store/store.ts";
import { millis } from "../../../devices/kit/clock.ts";
import {
  readTaken,
  rowsAList,
  signTaken,
  stationsAList,
  writeTaken,
  type TakenDraft,
} from "../../../protocol/fleet/taken.ts";
import { eventually } from "../../kit/broker.ts";
import { manualClock, type ManualClock } from "../../kit/clock.ts";
import { engineNames, startEngine, type Engine } from "../engines.ts";

const group = "320583";
const release = new Uint8Array(32).fill(7);
const today = 20_649; // 2026-07-15
const noon = Date.UTC(2026, 6, 15, 4);
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
const [anna, bela] = ["0123456789abcdef", "fedcba9876543210"];
const head = { group, list: "drivers", day: today, hour: 12, span: `${today}-12` };
const row = (n: number, station = 1 + (n % 7)) => ({
  district: group,
  list: "drivers",
  pid: ((n * 2_654_435_761) >>> 0).toString(16).padStart(8, "0").padEnd(16, "0"),
  product: "water",
  station,
  zh: null,
  en: `E${station}`,
  kiosk: `k${station}`,
  at: noon + (n % 60) * minute,
  count: 1,
});
const many = (n: number, stations = 7) => Array.from({ length: n }, (_, at) => row(at, 1 + (at % stations)));
const signable = (draft: TakenDraft): boolean =>
  signTaken(draft, { issuedAt: "2026-07-15T05:00:00Z", kid: "r1" }, release).rows !== "";

describe("the takings of one hour", () => {
  test("stand in one list that a kiosk can read, two of one minute in one row, a station without a name by its kiosk's", () => {
    const [list, ...more] = inParts(head, [row(1), row(1), row(2)]);
    expect(more).toEqual([]);
    expect(list).toMatchObject({ batch: `drivers.${today}-12`, part: "", stations: { 2: { zh: "k2", en: "E2" } } });
    expect(list?.rows.map(({ count }) => count).sort()).toEqual([1, 2]);
    expect(list && signable(list)).toBe(true);
  });

  test("are split by the beginning of the pid where they are too many, none lost, none twice", () => {
    const named = many(stationsAList, stationsAList).map((one) => ({
      ...one,
      en: "E".repeat(60),
      zh: "站".repeat(60),
    }));
    for (const rows of [many(rowsAList + 1), many(stationsAList * 3, stationsAList + 1), named]) {
      const lists = inParts(head, rows);
      expect(lists.length).toBeGreaterThan(1);
      const told = lists.flatMap(({ rows }) => rows.map(({ pid, minute, station }) => `${pid} ${minute} ${station}`));
      const asked = rows.map(({ pid, at, station }) => `${pid} ${Math.floor(at / minute)} ${station}`);
      expect(told.sort()).toEqual([...new Set(asked)].sort());
      for (const list of lists) {
        expect(list.batch).toBe(`drivers.${today}-12-${list.part}`);
        expect(list.rows.every(({ pid }) => pid.startsWith(list.part))).toBe(true);
        expect(signable(list)).toBe(true);
      }
    }
  });

  test("of one member who takes without end are cut, the newest first", () => {
    const rows = Array.from({ length: rowsAList + 5 }, (_, n) => ({ ...row(0), at: noon - n * minute }));
    const [list, ...more] = inParts(head, rows);
    expect(more).toEqual([]);
    expect(list?.rows).toHaveLength(rowsAList);
    expect(list?.rows[0]?.minute).toBe(noon / minute);
  });
});

describe.each(engineNames)("on %s", (name) => {
  let engine: Engine;
  let store: Store;
  let seq = 0;
  const took = (kiosk: string, pid: string, at: number, more: { product?: string; until?: number } = {}) =>
    store.query(
      `INSERT INTO takings (kiosk, life, seq, list, pid, product, at, day, until_day, freed)
       VALUES ($1, 1, $2, 'drivers', $3, $4, $5, $6, $7, false)`,
      [
        kiosk,
        (seq += 1),
        pid,
        more.product ?? "water",
        at,
        Math.floor((at + 8 * hour) / day),
        more.until ?? today + 50,
      ],
    );
  beforeAll(async () => {
    engine = await startEngine(name);
    store = await openStore(await engine.place());
    for (const [number, kiosk] of ["k1", "k2"].entries())
      await register(store, { kiosk, district: group, number: number + 1, at: 0 });
    await register(store, { kiosk: "nameless", district: group, at: 0 });
    await register(store, { kiosk: "far", district: "530100", number: 1, at: 0 });
  });
  beforeEach(() => store.query("DELETE FROM takings"));
  afterAll(async () => {
    await store.close();
    await engine.stop();
  });

  test("older days are one sum a member, station and product; the days since are told hour by hour, each group by itself", async () => {
    await took("k1", anna, noon - 9 * day);
    await took("k1", anna, noon - 3 * day);
    await took("k1", anna, noon - 3 * day, { product: "tea" });
    await took("k2", anna, noon - 2 * day);
    await took("k1", anna, noon - day);
    await took("k1", anna, noon + minute);
    await took("k1", bela, noon + hour);
    await took("nameless", anna, noon);
    await took("far", anna, noon);
    await store.query("UPDATE takings SET freed = true WHERE kiosk = 'k1' AND pid = $1", [bela]);
    const told = (drafts: readonly TakenDraft[]) =>
      drafts.map(({ group, batch, rows }) => [
        `${group} ${batch}`,
        ...rows
          .map((r) => `${r.pid.slice(0, 2)} ${r.station} ${r.product} ${r.minute - noon / minute} x${r.count}`)
          .sort(),
      ]);
    const dayMinutes = day / minute;
    expect(told(await sumsBefore(store, today - 1, today))).toEqual([
      [
        `${group} drivers.before`,
        `01 1 tea ${-3 * dayMinutes} x1`,
        `01 1 water ${-3 * dayMinutes} x2`,
        `01 2 water ${-2 * dayMinutes} x1`,
      ],
    ]);
    const hours = told(await hoursFrom(store, today - 1));
    expect(hours.toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1))).toEqual([
      [`${group} drivers.${today - 1}-12`, `01 1 water ${-dayMinutes} x1`],
      [`${group} drivers.${today}-12`, "01 1 water 1 x1"],
      [`530100 drivers.${today}-12`, "01 1 water 0 x1"],
    ]);
  });

  test("a list whose last day is a hundred days gone is told no more", async () => {
    await took("k1", anna, noon - 100 * day, { until: today - 100 });
    expect(await sumsBefore(store, today - 1, today)).toHaveLength(1);
    expect(await sumsBefore(store, today, today + 1)).toHaveLength(0);
  });

  describe("the centre", () => {
    let clock: ManualClock;
    let start: number;
    let teller: ListTeller;
    /** What stands on the broker, and what was put there in order. */
    const standing = new Map<string, Uint8Array>();
    const puts: string[] = [];
    const tell = (at: number) => {
      start = at;
      clock = manualClock();
      const wall = () => ({ utc: millis(start + clock.mono()), trusted: true });
      standing.clear();
      teller = takenTeller({
        store,
        clock: { ...clock, wall },
        publish: (topic, payload, retain) => {
          if (!retain) throw new Error("It must stand on the broker.");
          if (payload.length === 0) standing.delete(topic);
          else standing.set(topic, payload);
          puts.push(`${payload.length === 0 ? "-" : "+"}${topic.replace(`yz/v1/${group}/taken/drivers.`, "")}`);
          teller.stands(topic, payload);
          return Promise.resolve({ ok: true, value: undefined });
        },
        groups: [group],
        release,
        kid: "r1",
        failed: (sentence) => puts.push(sentence),
      });
    };
    /** Lets time pass until so many lists were put there or taken away, and a second more. */
    const said = async (count: number, span = 1000): Promise<readonly string[]> => {
      puts.length = 0;
      await clock.pass(span);
      await eventually(() => puts.length >= count, `${count} lists`);
      await clock.pass(1000);
      await store.query("SELECT 1");
      return [...puts];
    };

    test("puts there what is new and takes away what is over, and says nothing twice", async () => {
      await took("k1", anna, noon - 3 * day);
      await took("k1", anna, noon - day);
      tell(noon);
      expect(await said(2)).toEqual(["+before", `+${today - 1}-12`]);
      await took("k2", anna, noon + minute);
      teller.changed();
      expect(await said(1)).toEqual([`+${today}-12`]);
      teller.changed();
      expect(await said(0)).toEqual([]);
      // The day ends: sums first, so that a kiosk never lacks one, and then the hour that they include.
      start += 12 * hour;
      expect(await said(2, minute)).toEqual(["+before", `-${today - 1}-12`]);
      const sums = readTaken(standing.get(`yz/v1/${group}/taken/drivers.before`) ?? new Uint8Array());
      expect(sums.ok && sums.value.rows.of(anna)).toMatchObject([{ count: 2, minute: (noon - day) / minute }]);
      await teller.close();
    });

    test("replaces what is not its own, and takes it away where nobody wants it", async () => {
      await took("k1", anna, noon);
      tell(noon);
      expect(await said(1)).toEqual([`+${today}-12`]);
      const topic = `yz/v1/${group}/taken/drivers.${today}-12`;
      const ours = readTaken(standing.get(topic) ?? new Uint8Array());
      for (const strange of [topic, `yz/v1/${group}/taken/drivers.1-00`]) {
        standing.set(strange, Buffer.from("{}"));
        teller.stands(strange, Buffer.from("{}"));
      }
      expect(await said(2)).toEqual([`+${today}-12`, "-1-00"]);
      expect([...standing.keys()]).toEqual([topic]);
      const again = readTaken(standing.get(topic) ?? new Uint8Array());
      expect(again.ok && ours.ok && again.value.list.rows).toBe(ours.ok && ours.value.list.rows);
      await teller.close();
    });

    test("of sums that another centre made it makes its own anew, and leaves them where both are the same", async () => {
      await took("k1", anna, noon - 3 * day);
      tell(noon);
      expect(await said(1)).toEqual(["+before"]);
      await took("k2", bela, noon - 3 * day);
      const [theirs] = await sumsBefore(store, today - 1, today);
      if (theirs === undefined) throw new Error("There are no sums.");
      const list = signTaken(theirs, { issuedAt: "2026-07-15T04:00:09Z", kid: "r1" }, release);
      teller.stands(`yz/v1/${group}/taken/drivers.before`, writeTaken(list));
      expect(await said(0)).toEqual([]);
      await teller.close();
    });
  });
});
