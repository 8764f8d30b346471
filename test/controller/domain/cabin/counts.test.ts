import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  counted,
  group,
  noCounts,
  told,
  untold,
  type Counts,
  type Telling,
  type Test,
} from "../../../../controller/domain/cabin/counts.ts";
import type { Item } from "../../../../devices/health/capability.ts";
import { misfitOf } from "../../../protocol/events/misfit.ts";

const items: readonly Item[] = ["systolic", "diastolic", "glucose", "urate", "temperature"];

/** So many people came on a day and measured this. */
const people = (counts: Counts, many: number, measured: readonly Item[], day: number): Counts =>
  Array.from({ length: many }).reduce<Counts>((sum) => counted(sum, measured, day), counts);

/** What is told from the next day on; fails where nothing is. */
function telling(counts: Counts, today: number): { readonly entry: Telling; readonly rest: Counts } {
  const said = told(counts, today);
  if (said === undefined) throw new Error("nothing was told");
  return said;
}

/** How many people, and of how many each item, counts and tellings hold together. */
const sums = (counts: Counts, tellings: readonly Telling[]): Readonly<Record<string, number>> =>
  [{ people: counts.people, ...counts.items }, ...tellings.map((one) => ({ people: one.people, ...one.items }))]
    .flatMap((part) => Object.entries(part))
    .reduce<Record<string, number>>((sum, [name, n]) => ({ ...sum, [name]: (sum[name] ?? 0) + n }), {});

const without0 = (sum: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(sum).filter(([, n]) => n > 0));

type Visit = readonly Item[];
const visit = fc.subarray([...items], { minLength: 1 });
/** Days with their visits; a clock may also go back. */
const days = fc.array(
  fc.record({ later: fc.integer({ min: -2, max: 9 }), visits: fc.array(visit, { maxLength: 14 }) }),
  {
    maxLength: 40,
  },
);

/** Lets days go by; tells after each, as the kiosk does at midnight. `of`: whom each telling is about. */
function live(all: readonly { readonly later: number; readonly visits: readonly Visit[] }[]) {
  let counts = noCounts;
  let today = 20_000;
  const tellings: { readonly entry: Telling; readonly rest: Counts; readonly fresh: number }[] = [];
  let fresh = 0;
  for (const { later, visits } of all) {
    today += later === 0 ? 1 : later;
    for (const measured of visits) counts = counted(counts, measured, today);
    fresh += visits.length;
    expect(told(counts, today) === undefined || visits.length === 0, "nothing is told on the day of a visit").toBe(
      true,
    );
    const said = told(counts, today + 1);
    if (said === undefined) continue;
    counts = said.rest;
    tellings.push({ ...said, fresh });
    fresh = 0;
  }
  return { counts, tellings };
}

describe("what is told of a cabin", () => {
  test("what is told and what is kept are all who came, and all that was measured", () => {
    fc.assert(
      fc.property(days, (all) => {
        const { counts, tellings } = live(all);
        const came = all.flatMap(({ visits }) => visits);
        expect(
          without0(
            sums(
              counts,
              tellings.map(({ entry }) => entry),
            ),
          ),
        ).toEqual(
          without0({
            people: came.length,
            ...Object.fromEntries(items.map((item) => [item, came.filter((one) => one.includes(item)).length])),
          }),
        );
      }),
    );
  });

  test("no number, no sum and no difference of what is told speaks of fewer than ten", () => {
    fc.assert(
      fc.property(days, (all) => {
        for (const { entry } of live(all).tellings) {
          for (const n of [entry.people, ...Object.values(entry.items)]) {
            expect(n).toBeGreaterThanOrEqual(group);
            expect(n % group).toBe(0);
          }
          expect(misfitOf(entry)).toEqual([]);
        }
      }),
    );
  });

  test("behind each telling stand ten people who came since the one before, whatever was left over", () => {
    fc.assert(
      fc.property(days, (all) => {
        for (const { fresh } of live(all).tellings) expect(fresh).toBeGreaterThanOrEqual(group);
      }),
    );
    const left = telling(people(noCounts, 19, ["glucose"], 100), 101).rest;
    expect(left).toMatchObject({ people: 9, items: { glucose: 9 } });
    const one = counted(left, ["glucose"], 105);
    expect(one).toMatchObject({ people: 10, items: { glucose: 10 } });
    expect(told(one, 106)).toBeUndefined();
  });

  test("no telling leaves ten of anything behind", () => {
    fc.assert(
      fc.property(days, (all) => {
        for (const { rest } of live(all).tellings)
          for (const n of [rest.people, ...Object.values(rest.items)]) expect(n).toBeLessThan(group);
      }),
    );
  });

  test("12 came and 11 measured their sugar: ten and ten are told, and nobody learns that one did not", () => {
    const counts = counted(people(noCounts, 11, ["systolic", "glucose"], 100), ["systolic"], 100);
    const { entry, rest } = telling(counts, 101);
    expect(entry).toEqual({
      kind: "checked",
      since: 100,
      until: 100,
      people: 10,
      items: { systolic: 10, glucose: 10 },
    });
    expect(rest).toMatchObject({ since: 101, people: 2, items: { systolic: 2, glucose: 1 } });
  });

  test("nine are not told, however long they wait, and not on the day of the tenth", () => {
    const nine = people(noCounts, 9, ["spo2"], 100);
    expect(told(nine, 400)).toBeUndefined();
    const ten = counted(nine, ["spo2"], 400);
    expect(told(ten, 400)).toBeUndefined();
    expect(told(ten, 401)?.entry).toMatchObject({ since: 100, until: 400, people: 10 });
  });

  test("an item of three people waits until seven more measured it", () => {
    const first = telling(people(people(noCounts, 7, ["pulse"], 1), 3, ["urate"], 1), 2);
    expect(first.entry).toMatchObject({ people: 10, items: {} });
    const second = telling(people(first.rest, 10, ["urate"], 5), 6);
    expect(second.entry).toMatchObject({ since: 2, until: 5, people: 10, items: { urate: 10 } });
    expect(second.rest.items).toEqual({ pulse: 7, urate: 3 });
  });

  test("the days of tellings say nothing of when somebody came: each begins where the last ended", () => {
    const first = telling(people(noCounts, 10, ["pulse"], 50), 51);
    const second = telling(people(people(first.rest, 5, ["pulse"], 60), 5, ["pulse"], 70), 75);
    expect([second.entry.since, second.entry.until]).toEqual([51, 74]);
  });

  test("a clock that went back neither loses anybody nor makes an empty time", () => {
    const counts = people(people(noCounts, 6, ["pulse"], 900), 6, ["pulse"], 100);
    expect(telling(counts, 101).entry).toMatchObject({ since: 100, until: 100, people: 10 });
    const wild = telling(people(noCounts, 10, ["pulse"], 900), 100);
    expect(wild.entry.until).toBeGreaterThanOrEqual(wild.entry.since);
  });

  test("a telling that the disk refused is told again with whoever came since", () => {
    fc.assert(
      fc.property(
        fc.array(visit, { minLength: 10, maxLength: 40 }),
        fc.array(visit, { maxLength: 12 }),
        (early, late) => {
          const before = early.reduce<Counts>((sum, one) => counted(sum, one, 100), noCounts);
          const { entry, rest } = telling(before, 101);
          const since = late.reduce<Counts>((sum, one) => counted(sum, one, 101), rest);
          const back = untold(since, entry);
          expect(without0(sums(back, []))).toEqual(without0(sums(since, [entry])));
          expect(told(back, 102)?.entry.since).toBe(100);
        },
      ),
    );
  });

  test("whoever measured nothing is nobody; twice the same is once; a failed measurement is a person", () => {
    expect(counted(noCounts, [], 100)).toBe(noCounts);
    expect(counted(noCounts, ["pulse", "pulse"], 100).items).toEqual({ pulse: 1 });
    expect(counted(noCounts, [], 100, [{ device: "cuff", ok: false }])).toMatchObject({ people: 1, items: {} });
  });
});

describe("what is told of the instruments", () => {
  const tests = (ok: number, fail: number) => [
    ...Array.from({ length: ok }, () => ({ device: "cuff", ok: true })),
    ...Array.from({ length: fail }, () => ({ device: "cuff", ok: false })),
  ];

  const many = (counts: Counts, count: number, of: readonly Test[], day: number): Counts =>
    Array.from({ length: count }).reduce<Counts>((sum) => counted(sum, ["pulse"], day, of), counts);

  test("full tens, as they were at the last telling", () => {
    let counts = many(noCounts, 27, tests(2, 0), 100);
    counts = many(counts, 9, tests(1, 1), 100);
    expect(counts.told).toEqual({});
    counts = telling(counts, 101).rest;
    expect(counts.told).toEqual({ cuff: { ok: 30, fail: 0 } });
    counts = many(counts, 4, tests(3, 1), 101);
    expect(counts.told).toEqual({ cuff: { ok: 30, fail: 0 } });
    counts = telling(people(counts, 9, ["pulse"], 101), 102).rest;
    expect(counts.told).toEqual({ cuff: { ok: 40, fail: 10 } });
  });

  test("a person who measures ten times is one of ten, and no ten of an instrument is fewer people", () => {
    const alone = counted(noCounts, ["glucose"], 100, tests(10, 10));
    expect(alone.tests).toEqual({ cuff: { ok: 1, fail: 1 } });
    expect(telling(people(alone, 9, ["pulse"], 100), 101).rest.told).toEqual({ cuff: { ok: 0, fail: 0 } });
  });

  test("a telling that the disk refused was seen: the next figures of instruments wait for ten people more", () => {
    const { entry, rest } = telling(many(noCounts, 19, tests(1, 0), 100), 101);
    expect(rest.told).toEqual({ cuff: { ok: 10, fail: 0 } });
    const again = telling(many(untold(rest, entry), 1, tests(1, 0), 101), 102);
    expect(again.entry.people).toBe(20);
    expect(again.rest.told).toEqual(rest.told);
    const later = telling(many(again.rest, 10, tests(1, 0), 102), 103);
    expect(later.rest.told).toEqual({ cuff: { ok: 30, fail: 0 } });
  });

  test("one person who fails twenty times is not seen until nine others came", () => {
    const alone = counted(noCounts, [], 100, tests(0, 20));
    expect(told(alone, 200)).toBeUndefined();
    expect(alone.told).toEqual({});
  });
});
