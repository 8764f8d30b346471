import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isUsedSigned,
  readUsed,
  recordsABatch,
  signUsed,
  stationsABatch,
  usedLimit,
  writeUsed,
  type UsedDraft,
  type UsedList,
  type UsedRecord,
} from "../../../protocol/fleet/used.ts";
import { hexOf, publicOf, signed } from "../../../protocol/pickup-code/sign.ts";

const release = new Uint8Array(32).fill(21);
const key = publicOf("ed25519", release);
const another = publicOf("ed25519", new Uint8Array(32).fill(22));

const name = (number: number) => ({ zh: `${number}号站`, en: `Station ${number}` });
const idOf = (n: number): string => n.toString(16).padStart(16, "0");
const record = (n: number, over: Partial<UsedRecord> = {}): UsedRecord => ({
  id: idOf(n),
  station: 7,
  minute: 29_732_640,
  ...over,
});
const draft = (records: readonly UsedRecord[], over: Partial<UsedDraft> = {}): UsedDraft => ({
  group: "320583",
  batch: "20260715",
  issuedAt: "2026-07-15T04:00:00Z",
  kid: "r1",
  records,
  stations: Object.fromEntries([...new Set(records.map(({ station }) => station))].map((n) => [n, name(n)])),
  ...over,
});
const read = (payload: Uint8Array) => {
  const judged = readUsed(payload);
  if (!judged.ok) throw new Error(judged.error.join(" "));
  return judged.value;
};
const bytesOf = (list: object): Uint8Array => Buffer.from(JSON.stringify(list));
const refusal = (list: object): string => {
  const judged = readUsed(bytesOf(list));
  return judged.ok ? "read" : judged.error.join(" ");
};

describe("a used list", () => {
  it("says of every token that was used where and when, and of no other", () => {
    const uses = fc.uniqueArray(
      fc.record({
        id: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((id) => id.toString(16).padStart(16, "0")),
        station: fc.integer({ min: 1, max: 32_767 }),
        minute: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      }),
      { selector: ({ id }) => id, maxLength: 40 },
    );
    fc.assert(
      fc.property(uses, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (records, stranger) => {
        const { list, records: told } = read(writeUsed(signUsed(draft(records), release)));
        expect(isUsedSigned(list, key)).toBe(true);
        expect(told.length).toBe(records.length);
        for (const one of records) expect(told.find(one.id)).toEqual(one);
        const id = stranger.toString(16).padStart(16, "0");
        expect(told.find(id)).toEqual(records.find((one) => one.id === id));
      }),
    );
  });

  it("may be empty, and then says that nothing was used", () => {
    const { records } = read(writeUsed(signUsed(draft([]), release)));
    expect([records.length, records.find(idOf(1))]).toEqual([0, undefined]);
  });

  it("tells the first of two uses of one token, and names only stations that occur", () => {
    const late = record(1, { station: 9, minute: 30_000_000 });
    const list = signUsed(draft([late, record(1)], { stations: { 7: name(7), 9: name(9) } }), release);
    expect(read(writeUsed(list)).records.find(idOf(1))).toEqual(record(1));
    expect(Object.keys(list.stations)).toEqual(["7"]);
  });

  it("is signed as a used list: another key's signature, one for another kind, and a changed byte are seen", () => {
    const list = signUsed(draft([record(1)]), release);
    expect(isUsedSigned(list, another)).toBe(false);
    expect(isUsedSigned({ ...list, issuedAt: "2026-07-15T04:00:01Z" }, key)).toBe(false);
    expect(isUsedSigned({ ...list, group: "320584" }, key)).toBe(false);
    const { sig: _, ...rest } = list;
    expect(isUsedSigned({ ...list, sig: signed("campaign", rest, release).sig }, key)).toBe(false);
    expect(isUsedSigned({ ...list, sig: signed("used", rest, release).sig }, key)).toBe(true);
  });

  it("has the layout that the manual gives: token id, station, minute, big-endian", () => {
    const list = signUsed(draft([record(0xab, { station: 0x0102, minute: 0x01020304 })]), release);
    expect(hexOf(Buffer.from(list.records, "base64"))).toBe("00000000000000ab010201020304");
  });

  it("holds 10,000 records of 500 stations, and cannot be signed with more", () => {
    const many = (count: number, stations: number) =>
      draft(Array.from({ length: count }, (_, n) => record(n, { station: 1 + (n % stations) })));
    const list = writeUsed(signUsed(many(recordsABatch, stationsABatch), release));
    expect(list.length).toBeLessThan(usedLimit);
    expect(read(list).records.find(idOf(9999))).toEqual(record(9999, { station: 500 }));
    expect(() => signUsed(many(recordsABatch + 1, 1), release)).toThrow(/at most 10000, found 10001/);
    expect(() => signUsed(many(600, stationsABatch + 1), release)).toThrow(/at most 500 stations/);
  });

  it("cannot be signed with what does not fit", () => {
    expect(() => signUsed(draft([record(1, { id: "12" })]), release)).toThrow(/16 hex digits/);
    expect(() => signUsed(draft([record(1, { minute: -1 })]), release)).toThrow(/no minute/);
    expect(() => signUsed(draft([record(1)], { stations: {} }), release)).toThrow(/name of each station/);
    expect(() => signUsed(draft([record(1)], { batch: "a/b" }), release)).toThrow(/batch: expected/);
  });
});

describe("what is no used list", () => {
  const list = signUsed(draft([record(1), record(2)]), release);
  const packed = Buffer.from(list.records, "base64");
  const withRecords = (bytes: Uint8Array): UsedList => ({ ...list, records: Buffer.from(bytes).toString("base64") });

  it.each<[string, object, RegExp]>([
    ["a field more", { ...list, extra: 1 }, /extra: this field is not known/],
    ["a field less", { ...list, kid: undefined }, /kid: expected/],
    ["another version", { ...list, v: 2 }, /v: expected 1/],
    ["another kind", { ...list, kind: "list" }, /kind: expected "used"/],
    ["a group with a slash", { ...list, group: "a/b" }, /group: expected/],
    ["no time", { ...list, issuedAt: "yesterday" }, /issuedAt: expected/],
    ["records that are no base64", { ...list, records: "??" }, /records: expected records/],
    ["base64 with loose bits", { ...list, records: "AB==" }, /whole records/],
    ["half a record", withRecords(packed.subarray(0, 20)), /whole records/],
    ["a token twice", withRecords(Buffer.concat([packed, packed.subarray(14)])), /ascending/],
    ["tokens in disorder", withRecords(Buffer.concat([packed.subarray(14), packed.subarray(0, 14)])), /ascending/],
    ["a station without a name", { ...list, stations: {} }, /stations: expected the name/],
    ["a name too many", { ...list, stations: { 7: name(7), 8: name(8) } }, /stations: expected the name/],
    ["a number with a nought before it", { ...list, stations: { "07": name(7) } }, /station's number/],
    ["a name with a line in it", { ...list, stations: { 7: { zh: "站\n", en: "x" } } }, /a name of at most/],
    ["a name of a page", { ...list, stations: { 7: { zh: "站".repeat(61), en: "x" } } }, /a name of at most/],
    ["a short signature", { ...list, sig: "abc" }, /sig: expected/],
    ["a list", [list], /expected/],
  ])("is refused with its reason: %s", (_, wrong, why) => {
    expect(refusal(wrong)).toMatch(why);
  });

  it("is refused unread where it is too large, and as no JSON where it is none, also nested deeply", () => {
    const told = (payload: Uint8Array): string => {
      const judged = readUsed(payload);
      return judged.ok ? "read" : judged.error.join(" ");
    };
    expect(told(new Uint8Array(usedLimit + 1))).toMatch(/262145 bytes/);
    expect(told(new Uint8Array(0))).toMatch(/not JSON/);
    expect(told(Buffer.from("[".repeat(200_000)))).toMatch(/not JSON/);
    expect(told(Buffer.from('{"__proto__":{"v":1}}'))).not.toBe("read");
  });

  it("never throws, whatever bytes come", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          expect(readUsed(bytes).ok).toBe(false);
        },
      ),
    );
  });
});
