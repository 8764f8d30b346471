import { expect, test } from "vitest";
import * as fc from "fast-check";
import { dayOf, listsOf, signedList } from "../../../console/post/used.ts";
import { readUsed, recordsABatch, stationsABatch, writeUsed } from "../../../protocol/fleet/used.ts";

const use = (n: number, station = 1 + (n % 7)) => ({
  token: (n * 2_654_435_761).toString(16).padStart(16, "0").slice(-16).split("").reverse().join(""),
  until: 20_650,
  station,
  zh: `Z${station}`,
  en: `E${station}`,
  minute: 29_736_000 + n,
});
const many = (n: number, stations = 7) => Array.from({ length: n }, (_, at) => use(at, 1 + (at % stations)));
const tokens = (lists: ReturnType<typeof listsOf>) =>
  lists.flatMap(({ records }) => records.map(({ id }) => id)).sort();

test("few uses stand in one list, which a kiosk can read", () => {
  const lists = listsOf("320583", "20650", many(300));
  expect(lists.map(({ batch }) => batch)).toEqual(["20650"]);
  const [list] = lists;
  if (list === undefined) throw new Error("There is no list.");
  const read = readUsed(writeUsed(signedList(list, Date.UTC(2026, 6, 15), "r1", new Uint8Array(32).fill(7))));
  expect(read.ok && read.value.records.length).toBe(300);
});

test("more than a list holds are split by the beginning of the token, none lost, none twice", () => {
  for (const uses of [many(recordsABatch + 1), many(stationsABatch * 4, stationsABatch + 1)]) {
    const lists = listsOf("320583", "20650", uses);
    expect(lists.length).toBeGreaterThan(1);
    expect(tokens(lists)).toEqual([...new Set(uses.map(({ token }) => token))].sort());
    for (const { batch, records, stations } of lists) {
      expect(records.every(({ id }) => id.startsWith(batch.replace("20650-", "")))).toBe(true);
      expect(records.length).toBeLessThanOrEqual(recordsABatch);
      expect(Object.keys(stations).length).toBeLessThanOrEqual(stationsABatch);
    }
  }
});

test("a token stays in its list while others come and go", () => {
  const batchOf = (token: string, uses: ReturnType<typeof many>) =>
    listsOf("320583", "20650", uses).find(({ records }) => records.some(({ id }) => id === token))?.batch;
  const [all, fewer] = [many(recordsABatch + 5000), many(recordsABatch + 4000)];
  fc.assert(
    fc.property(fc.integer({ min: 0, max: recordsABatch + 3999 }), (n) => {
      const { token } = use(n);
      expect(batchOf(token, fewer)).toBe(batchOf(token, all));
    }),
    { numRuns: 5 },
  );
});

test("of several uses of one token the first is told", () => {
  const [first, later] = [use(1, 3), { ...use(1, 5), minute: use(1).minute + 60 }];
  expect(listsOf("320583", "20650", [later, first])[0]?.records).toEqual([
    { id: first.token, station: 3, minute: first.minute },
  ]);
});

test("a day begins at midnight in UTC+8", () => {
  const midnight = Date.UTC(2026, 6, 14, 16);
  expect(dayOf(midnight) - dayOf(midnight - 1)).toBe(1);
  expect(dayOf(midnight)).toBe(Date.UTC(2026, 6, 15) / 86_400_000);
});
