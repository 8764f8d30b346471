import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isTakenSigned,
  readTaken,
  rowsAList,
  signTaken,
  stationsAList,
  takenLimit,
  writeTaken,
  type TakenDraft,
  type TakenList,
} from "../../../protocol/fleet/taken.ts";
import type { TakenRow } from "../../../protocol/fleet/taken-rows.ts";
import { hexOf, publicOf, signed } from "../../../protocol/pickup-code/sign.ts";
import { believesNothing } from "./mangled-lists.ts";

const release = new Uint8Array(32).fill(21);
const key = publicOf("ed25519", release);
const another = publicOf("ed25519", new Uint8Array(32).fill(22));
const by = { issuedAt: "2026-07-15T04:00:00Z", kid: "r1" };

/** 2026-07-15 in UTC+8, and noon of it. */
const day = 20_649;
const noon = 29_734_800;
const name = (number: number) => ({ zh: `${number}号站`, en: `Station ${number}` });
const pidOf = (n: number): string => n.toString(16).padStart(16, "0");
const row = (n: number, over: Partial<TakenRow> = {}): TakenRow => ({
  pid: pidOf(n),
  station: 7,
  product: "water",
  minute: noon + 3,
  count: 1,
  ...over,
});
const draft = (rows: readonly TakenRow[], over: Partial<TakenDraft> = {}): TakenDraft => ({
  group: "320583",
  batch: `drivers.${day}-12`,
  list: "drivers",
  day,
  hour: 12,
  part: "",
  rows,
  stations: Object.fromEntries([...new Set(rows.map(({ station }) => station))].map((n) => [n, name(n)])),
  ...over,
});
const sums = (rows: readonly TakenRow[]) => {
  const { hour: _, ...rest } = draft(rows, { batch: "drivers.before", day: day + 1 });
  return rest;
};
const sign = (asked: TakenDraft): TakenList => signTaken(asked, by, release);
const read = (payload: Uint8Array) => {
  const judged = readTaken(payload);
  if (!judged.ok) throw new Error(judged.error.join(" "));
  return judged.value;
};
const refusal = (list: object): string => {
  const judged = readTaken(Buffer.from(JSON.stringify(list)));
  return judged.ok ? "read" : judged.error.join(" ");
};

describe("a list of what members took", () => {
  it("says of every member all that was taken, and of nobody else anything", () => {
    const pid = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((n) => n.toString(16).padStart(16, "0"));
    const taken = fc.record({
      pid: fc.oneof(pid, fc.constantFrom(pidOf(1), pidOf(2))),
      station: fc.integer({ min: 1, max: 32_767 }),
      product: fc.constantFrom("water", "salt-soda", "tea"),
      minute: fc.integer({ min: 0, max: (day + 1) * 1440 - 481 }),
      count: fc.integer({ min: 1, max: 65_535 }),
    });
    const selector = ({ pid, station, product, minute }: TakenRow) => `${pid} ${station} ${product} ${minute}`;
    fc.assert(
      fc.property(fc.uniqueArray(taken, { selector, maxLength: 40 }), pid, (rows, stranger) => {
        const { list, rows: told } = read(writeTaken(sign(sums(rows))));
        expect(isTakenSigned(list, key)).toBe(true);
        for (const one of [...rows.map((row) => row.pid), stranger]) {
          const own = rows.filter((row) => row.pid === one);
          expect(new Set(told.of(one))).toEqual(new Set(own));
          expect(told.of(one)).toHaveLength(own.length);
        }
      }),
    );
  });

  it("has the layout that the manual gives: pid, station, product, minute, count, big-endian", () => {
    const { rows } = sign(sums([row(0xab, { station: 0x0102, minute: 0x01020304, count: 0x0506 })]));
    expect(hexOf(Buffer.from(rows, "base64"))).toBe("00000000000000ab010200010203040506");
  });

  it("is signed as a taken list: another key's signature, one for another kind, and a changed byte are seen", () => {
    const list = sign(draft([row(1)]));
    expect(isTakenSigned(list, another)).toBe(false);
    for (const change of [{ issuedAt: "2026-07-15T04:00:01Z" }, { list: "nurses" }, { day: day + 1 }, { part: "a" }])
      expect(isTakenSigned({ ...list, ...change }, key)).toBe(false);
    const { sig: _, ...rest } = list;
    expect(isTakenSigned({ ...list, sig: signed("used", rest, release).sig }, key)).toBe(false);
    expect(isTakenSigned({ ...list, sig: signed("taken", rest, release).sig }, key)).toBe(true);
  });

  it("may be empty, holds 8,000 rows of 500 stations, and cannot be signed with more", () => {
    expect(read(writeTaken(sign(draft([])))).rows.of(pidOf(1))).toEqual([]);
    const many = (count: number, stations: number) =>
      draft(Array.from({ length: count }, (_, n) => row(n, { station: 1 + (n % stations) })));
    const list = writeTaken(sign(many(rowsAList, stationsAList)));
    expect(list.length).toBeLessThan(takenLimit);
    expect(read(list).rows.of(pidOf(7999))).toEqual([row(7999, { station: 500 })]);
    expect(() => sign(many(rowsAList + 1, 1))).toThrow(/at most 8000, found 8001/);
    expect(() => sign(many(600, stationsAList + 1))).toThrow(/at most 500 stations/);
  });

  it("cannot be signed with what does not fit", () => {
    expect(() => sign(draft([row(1, { pid: "12" })]))).toThrow(/16 hex digits/);
    expect(() => sign(draft([row(1, { minute: -1 })]))).toThrow(/no minute/);
    expect(() => sign(draft([row(1), row(1)]))).toThrow(/none twice/);
    expect(() => sign(draft([row(1, { count: 0 })]))).toThrow(/at least one good/);
    expect(() => sign(draft([row(1)], { stations: {} }))).toThrow(/name of each station/);
    expect(() => sign(draft([row(1)], { part: "a" }))).toThrow(/begin with part/);
    expect(() => sign(draft([row(1)], { hour: 13 }))).toThrow(/day and hour/);
    expect(() => sign(draft([row(1)], { day: day - 1 }))).toThrow(/day and hour/);
    expect(() => sign({ ...sums([row(1)]), day })).toThrow(/days before/);
    expect(() => sign(draft([row(1)], { batch: "nurses.1" }))).toThrow(/id of the member list/);
  });

  it("knows the hours of UTC+8: the first minute of a day, and the last of the day before", () => {
    const midnight = day * 1440 - 480;
    expect(() => sign(draft([row(1, { minute: midnight })], { hour: 0 }))).not.toThrow();
    expect(() => sign(draft([row(1, { minute: midnight - 1 })], { hour: 23, day: day - 1 }))).not.toThrow();
    expect(() => sign(draft([row(1, { minute: midnight - 1 })], { hour: 0 }))).toThrow(/day and hour/);
  });
});

describe("what is no taken list", () => {
  const list = sign(draft([row(1), row(2)]));
  const packed = Buffer.from(list.rows, "base64");
  const withRows = (bytes: Uint8Array): TakenList => ({ ...list, rows: Buffer.from(bytes).toString("base64") });

  it.each<[string, object, RegExp]>([
    ["a field more", { ...list, extra: 1 }, /extra: this field is not known/],
    ["a field less", { ...list, kid: undefined }, /kid: expected/],
    ["another version", { ...list, v: 2 }, /v: expected 1/],
    ["another kind", { ...list, kind: "used" }, /kind: expected "taken"/],
    ["a group with a slash", { ...list, group: "a/b" }, /group: expected/],
    ["a batch without a point", { ...list, batch: "drivers" }, /batch: expected/],
    ["no time", { ...list, issuedAt: "yesterday" }, /issuedAt: expected/],
    ["an hour too late", { ...list, hour: 24 }, /hour: expected/],
    ["a part that is no hex", { ...list, part: "x" }, /part: expected/],
    ["rows that are no base64", { ...list, rows: "??" }, /rows: expected rows/],
    ["base64 with loose bits", { ...list, rows: "AB==" }, /whole rows/],
    ["half a row", withRows(packed.subarray(0, 25)), /whole rows/],
    ["a row twice", withRows(Buffer.concat([packed, packed.subarray(17)])), /ascending/],
    ["rows in disorder", withRows(Buffer.concat([packed.subarray(17), packed.subarray(0, 17)])), /ascending/],
    ["a product that is not there", { ...list, products: [] }, /place of a product/],
    ["a product too many", { ...list, products: ["water", "zinc"] }, /products: expected each/],
    ["products in disorder", { ...list, products: ["water", "tea"] }, /ascending product ids/],
    ["a station without a name", { ...list, stations: {} }, /stations: expected the name/],
    ["a name too many", { ...list, stations: { 7: name(7), 8: name(8) } }, /stations: expected the name/],
    ["a name with a line in it", { ...list, stations: { 7: { zh: "站\n", en: "x" } } }, /a name of at most/],
    ["a short signature", { ...list, sig: "abc" }, /sig: expected/],
    ["a list", [list], /expected/],
  ])("is refused with its reason: %s", (_, wrong, why) => {
    expect(refusal(wrong)).toMatch(why);
  });

  it("is refused unread where it is too large, and as no JSON where it is none, also nested deeply", () => {
    const told = (payload: Uint8Array): string => {
      const judged = readTaken(payload);
      return judged.ok ? "read" : judged.error.join(" ");
    };
    expect(told(new Uint8Array(takenLimit + 1))).toMatch(/262145 bytes/);
    expect(told(new Uint8Array(0))).toMatch(/not JSON/);
    expect(told(Buffer.from("[".repeat(200_000)))).toMatch(/not JSON/);
    expect(told(Buffer.from('{"__proto__":{"v":1}}'))).not.toBe("read");
  });

  it("is none that anybody mangled, and nothing is thrown", () => {
    believesNothing(3000);
  });
});
