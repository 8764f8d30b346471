import { beforeEach, describe, expect, it } from "vitest";
import { takenLists } from "../../controller/link/taken-lists.ts";
import { dayOf } from "../../protocol/pickup-code/calendar.ts";
import { rowsAList, signTaken, takenLimit, writeTaken, type TakenDraft } from "../../protocol/fleet/taken.ts";
import type { TakenRow } from "../../protocol/fleet/taken-rows.ts";
import { memory, release } from "../store/issuing.ts";
import { later, names, noon, Street } from "./neighbourhood.ts";

const group = "320583";
const minute = 60_000;
const today = dayOf(noon * minute);
const [anna, bela] = ["0123456789abcdef", "fedcba9876543210"];
const annasKey = `drivers:${anna}`;
/** Station 42 is this kiosk itself. */
const stations = { ...names, 42: { zh: "本站", en: "This one" } };
const row = (over: Partial<TakenRow> = {}): TakenRow => ({
  pid: anna,
  station: 7,
  product: "water",
  minute: noon,
  count: 1,
  ...over,
});
interface Over extends Partial<TakenDraft> {
  readonly issuedAt?: string;
  readonly kid?: string;
}
function hours(rows: readonly TakenRow[], { issuedAt = later(1), kid = "r1", ...over }: Over = {}, key = release) {
  const head = { group, batch: `drivers.${today}-12`, list: "drivers", day: today, hour: 12, part: "", stations };
  return writeTaken(signTaken({ ...head, rows, ...over }, { issuedAt, kid }, key));
}
const aDay = 1440;
function sums(rows: readonly TakenRow[], { issuedAt = later(1), kid = "r1", ...over }: Over = {}) {
  const head = { group, batch: "drivers.before", list: "drivers", day: today, part: "", stations };
  const days = rows.map((one) => ({ ...one, minute: one.minute - aDay }));
  return writeTaken(signTaken({ ...head, rows: days, ...over }, { issuedAt, kid }, release));
}

let street: Street;
const hear = (batch: string, payload: Uint8Array, of = group): boolean =>
  street.talk.heard({ topic: `yz/v1/${of}/taken/${batch}`, payload });
const hear12 = (payload: Uint8Array): boolean => hear(`drivers.${today}-12`, payload);
/** What others gave to a member, as "station product minutes after noon". */
const given = (key: string, from = street): readonly string[] =>
  (from.talk.known.taken.get(key) ?? [])
    .toSorted((a, b) => a.at - b.at)
    .map(({ station, product, at }) => `${station.en} ${product} ${at / minute - noon}`);
beforeEach(() => {
  street = new Street();
});

describe("a list of what members took", () => {
  it("says what other stations gave, and leaves out what this one gave itself", () => {
    hear12(hours([row(), row({ station: 8, product: "tea", minute: noon + 3 }), row({ station: 42 })]));
    expect(given(annasKey)).toEqual(["Seventh water 0", "Eighth tea 3"]);
    expect(street.taken?.get(annasKey)?.[0]?.station).toEqual(names[7]);
    expect([given(`drivers:${bela}`), given(`nurses:${anna}`), given("drivers"), given("")]).toEqual([[], [], [], []]);
    expect(street.changes).toBe(1);
    expect(hear12(hours([], { group: "320584" }))).toBe(true);
    expect(hear("drivers.x", hours([]), "320584")).toBe(false);
  });

  it("counts every good of a sum, and adds the hours since", () => {
    hear("drivers.before", sums([row({ count: 3 }), row({ station: 42, count: 9 })]));
    hear12(hours([row({ count: 2 })]));
    expect(given(annasKey)).toEqual([
      ...Array<string>(3).fill("Seventh water -1440"),
      ...Array<string>(2).fill("Seventh water 0"),
    ]);
  });

  it("counts nothing twice while sums take up the hours of a day, and nothing is missing in between", () => {
    const yesterday = `drivers.${today - 1}-12`;
    hear(yesterday, hours([row({ minute: noon - aDay })], { batch: yesterday, day: today - 1 }));
    hear("drivers.before", sums([row({ minute: noon - aDay })], { day: today - 1 }));
    expect(given(annasKey)).toHaveLength(2);
    hear("drivers.before", sums([row({ count: 2 })], { day: today, issuedAt: later(2) }));
    expect(given(annasKey)).toHaveLength(2);
    hear(yesterday, new Uint8Array());
    expect(given(annasKey)).toHaveLength(2);
  });

  it("counts nothing twice while a list is split, and while it is put together again", () => {
    hear12(hours([row(), row({ pid: bela })]));
    const part = (of: string, minuteOf: number, rows: readonly TakenRow[]) =>
      hear(
        `drivers.${today}-12-${of}`,
        hours(rows, { batch: `drivers.${today}-12-${of}`, part: of, issuedAt: later(minuteOf) }),
      );
    part("0", 2, [row(), row({ minute: noon + 1 })]);
    expect([given(annasKey), given(`drivers:${bela}`)]).toEqual([
      ["Seventh water 0", "Seventh water 1"],
      ["Seventh water 0"],
    ]);
    part("f", 2, [row({ pid: bela })]);
    hear12(new Uint8Array());
    expect([given(annasKey).length, given(`drivers:${bela}`).length]).toEqual([2, 1]);
    hear12(
      hours([row(), row({ minute: noon + 1 }), row({ minute: noon + 2 }), row({ pid: bela })], { issuedAt: later(3) }),
    );
    expect([given(annasKey).length, given(`drivers:${bela}`).length]).toEqual([3, 1]);
  });

  it("takes the place of an older one of its batch, and goes when it is withdrawn", () => {
    hear12(hours([row()]));
    hear12(hours([row({ station: 8 })], { issuedAt: later(2) }));
    expect(given(annasKey)).toEqual(["Eighth water 0"]);
    hear12(hours([row()], { issuedAt: later(1) }));
    expect([given(annasKey), street.talk.refused]).toEqual([["Eighth water 0"], { older: 1 }]);
    hear12(new Uint8Array());
    expect(given(annasKey)).toEqual([]);
  });

  it.each<[string, () => boolean, object]>([
    ["another group's", () => hear12(hours([row()], { group: "320584" })), { foreign: 1 }],
    ["another batch's", () => hear("drivers.before", hours([row()])), { foreign: 1 }],
    ["a key's that the station does not trust", () => hear12(hours([row()], { kid: "r9" })), { "unknown-key": 1 }],
    ["a forger's", () => hear12(hours([row()], {}, new Uint8Array(32).fill(9))), { altered: 1 }],
    ["no list", () => hear12(Buffer.from("{}")), { malformed: 1 }],
    ["a batch that no list is called", () => hear("a b", hours([row()])), { malformed: 1 }],
    ["too large", () => hear12(new Uint8Array(takenLimit + 1)), { "too-large": 1 }],
  ])("is not believed where it is %s", (_, hears, refused) => {
    expect(hears()).toBe(true);
    expect([given(annasKey), street.talk.refused, street.changes]).toEqual([[], refused, 0]);
  });
});

describe("over a restart", () => {
  it("what was taken elsewhere is still known, and what was withdrawn is not", async () => {
    hear("drivers.before", sums([row()]));
    hear12(hours([row({ station: 8 })]));
    await street.clock.pass(minute);
    expect(given(annasKey, new Street(street.disk))).toEqual(["Seventh water -1440", "Eighth water 0"]);
    hear12(new Uint8Array());
    await street.clock.finish(street.talk.close());
    expect(given(annasKey, new Street(street.disk))).toEqual(["Seventh water -1440"]);
  });

  it("a year of hours takes no more names on the disk than two days of them", async () => {
    for (let day = 0; day < 60; day++) {
      const batch = `drivers.${today + day}-12`;
      hear(batch, hours([row({ minute: noon + day * aDay })], { batch, day: today + day }));
      if (day > 1) hear(`drivers.${today + day - 2}-12`, new Uint8Array());
      await street.clock.pass(700_000);
    }
    expect([...street.disk.kept.keys()].sort()).toEqual(["taken", "taken/0", "taken/1"]);
    expect(given(annasKey, new Street(street.disk))).toEqual([
      `Seventh water ${58 * aDay}`,
      `Seventh water ${59 * aDay}`,
    ]);
  });

  it("a list that the card has changed, or that lies in another's place, is not believed", async () => {
    hear("drivers.before", sums([row()]));
    hear12(hours([row({ station: 8 })]));
    await street.clock.pass(minute);
    const { kept } = street.disk;
    kept.set("taken/0", kept.get("taken/1") ?? new Uint8Array());
    expect(given(annasKey, new Street(street.disk))).toEqual(["Seventh water -1440"]);
    const bytes = Uint8Array.from(kept.get("taken/1") ?? []);
    bytes[60] = (bytes[60] ?? 0) ^ 4;
    kept.set("taken/1", bytes);
    expect(given(annasKey, new Street(street.disk))).toEqual([]);
    kept.set("taken", Buffer.from('{"drivers.before":"x","a":-1}'));
    expect(given(annasKey, new Street(street.disk))).toEqual([]);
  });

  it("a disk that takes nothing is said, and what is known stays known", async () => {
    street = new Street(memory(true));
    hear12(hours([row()]));
    await street.clock.pass(minute);
    expect([given(annasKey), street.notes]).toEqual([["Seventh water 0"], ["neighbours.taken-unkept"]]);
  });
});

describe("so many lists", () => {
  const full = (n: number): readonly TakenRow[] =>
    Array.from({ length: rowsAList }, (_, at) => row({ pid: (n * rowsAList + at).toString(16).padStart(16, "0") }));

  it("fill the memory only so far: sums make room before what was taken today", async () => {
    hear12(hours([row()]));
    const size = sums(full(0)).length;
    for (let n = 0; n < 26; n++) {
      const batch = `list${n}.before`;
      hear(batch, sums(full(n), { batch, list: `list${n}`, issuedAt: later(n + 2) }));
      await street.clock.pass(5000);
    }
    const held = Array.from(
      { length: 26 },
      (_, n) => given(`list${n}:${(n * rowsAList).toString(16).padStart(16, "0")}`).length,
    );
    const fits = Math.floor((takenLists.bytesHeld - hours([row()]).length) / size);
    expect(held).toEqual([...Array<number>(26 - fits).fill(0), ...Array<number>(fits).fill(1)]);
    expect(given(annasKey)).toEqual(["Seventh water 0"]);
    expect(street.notes).toContain("neighbours.taken-dropped");
  });

  it("in one minute are too many, and leave used lists their own share", async () => {
    const payload = (n: number) =>
      hours([row({ minute: noon + (n % 60) })], { issuedAt: `2026-07-15T04:00:00.${String(n).padStart(3, "0")}Z` });
    for (let n = 0; n < 500; n++) hear12(payload(n));
    const { "too-many": refused = 0 } = street.talk.refused;
    expect(refused).toBeGreaterThan(50);
    expect(refused).toBeLessThan(150);
    await street.clock.pass(minute);
    hear12(payload(999));
    expect(given(annasKey)).toEqual(["Seventh water 39"]);
  });
});
