import fc from "fast-check";
import canonicalize from "canonicalize";
import { describe, expect, it } from "vitest";
import { readAck, writeAck } from "../../../protocol/events/ack.ts";
import { batchBounds, batchFrame, hashesOf, readBatch, writeBatch } from "../../../protocol/events/batch.ts";
import { beginning, itemInBatch, link, type Item } from "../../../protocol/events/chain.ts";

const zeros = "0".repeat(64);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const items = (count: number, life = 1_780_000_000): readonly Item[] =>
  Array.from({ length: count }, (_, n) => ({
    life,
    seq: n + 1,
    at: 1_784_088_000_000 + n,
    trusted: true,
    kind: "rating",
    dev: n % 2 === 0 ? null : "vend",
    body: `{"face":"good","of":${n}}`,
  }));

const sent = (of: readonly Item[], prev = zeros) =>
  writeBatch({ life: of[0]?.life ?? 1, from: of[0]?.seq ?? 1, prev }, of.map(itemInBatch));

const said = (change: (batch: Record<string, unknown>) => unknown): Uint8Array =>
  Buffer.from(JSON.stringify(change(JSON.parse(Buffer.from(sent(items(3))).toString()) as Record<string, unknown>)));

const anyItem = fc.record({
  kind: fc.constantFrom("attempt", "fault", "new-life"),
  dev: fc.option(fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 })),
  at: fc.nat(),
  trusted: fc.boolean(),
  data: fc.dictionary(
    fc.string({ maxLength: 8 }).filter((name) => name !== "__proto__"),
    fc.oneof(fc.integer(), fc.boolean(), fc.string({ unit: "binary", maxLength: 20 }), fc.constant(null)),
    { maxKeys: 4 },
  ),
});

describe("a batch", () => {
  it("is read as it was written, and its chain comes out the same on the other side", () => {
    fc.assert(
      fc.property(fc.array(anyItem, { minLength: 1, maxLength: 20 }), fc.nat(1000), (raw, before) => {
        const all: readonly Item[] = raw.map(({ kind, dev, at, trusted, data }, n) => {
          const body = canonicalize(data) ?? "";
          return { life: 7, seq: before + n + 1, at, trusted, kind, dev, body };
        });
        const start = before === 0 ? beginning : new Uint8Array(32).fill(9);
        const read = readBatch(sent(all, hex(start)));
        if (!read.ok) throw new Error(read.error.join());
        expect(read.value).toEqual({ life: 7, from: before + 1, prev: hex(start), items: all });
        const hashes: string[] = [];
        all.reduce((previous: Uint8Array, item) => {
          const next = link(previous, item);
          hashes.push(hex(next));
          return next;
        }, start);
        expect(hashesOf(read.value)).toEqual(hashes);
      }),
    );
  });

  it("may come from a writer that orders members otherwise: the chain is over the canonical form", () => {
    const turned = said(({ items: inner, ...rest }) => ({
      items: (inner as object[]).map((item) => Object.fromEntries(Object.entries(item).toReversed())),
      ...rest,
    }));
    const [straight, other] = [readBatch(sent(items(3))), readBatch(turned)];
    expect(straight.ok).toBe(true);
    expect(other).toEqual(straight);
  });

  it("has no more bytes around its items than are set apart for them", () => {
    const [item] = items(1);
    if (item === undefined) throw new Error("one item was made");
    const text = itemInBatch({ ...item, seq: Number.MAX_SAFE_INTEGER });
    const head = { life: Number.MAX_SAFE_INTEGER, from: Number.MAX_SAFE_INTEGER, prev: zeros };
    expect(writeBatch(head, [text])).toHaveLength(batchFrame + text.length);
  });

  const refused: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ["nothing", new Uint8Array(), /not JSON/],
    ["no JSON", Buffer.from("{"), /not JSON/],
    ["another version", said((b) => ({ ...b, v: 2 })), /expected 1/],
    ["a field too much", said((b) => ({ ...b, more: 1 })), /form of a batch/],
    ["a life of 0", said((b) => ({ ...b, life: 0 })), /whole number/],
    ["a life that is no whole number", said((b) => ({ ...b, life: 1.5 })), /whole number/],
    ["a number beyond all numbers", Buffer.from('{"v":1,"life":1e999}'), /too large/],
    ["no items", said((b) => ({ ...b, items: [] })), /at least one/],
    ["a gap", said((b) => ({ ...b, items: (b["items"] as object[]).filter((_, n) => n !== 1) })), /Entry 3 stands/],
    ["another beginning than it says", said((b) => ({ ...b, from: 2, prev: "a".repeat(64) })), /Entry 1 stands/],
    ["something before the first entry", said((b) => ({ ...b, prev: "a".repeat(64) })), /nothing before/],
    ["a hash that is none", said((b) => ({ ...b, prev: "A".repeat(64) })), /hex digits/],
    ["data that is no object", said((b) => ({ ...b, items: [{ ...(b["items"] as object[])[0], data: 3 }] })), /fields/],
    [
      "half a surrogate pair",
      Buffer.from(sent(items(1)).toString().replace('"face":"good"', '"face":"\\ud83d"')),
      /not well formed/,
    ],
    ["deep brackets", Buffer.from(`{"v":${"[".repeat(40)}${"]".repeat(40)}}`), /brackets/],
    ["too many bytes", Buffer.alloc(batchBounds.bytes + 1, " "), /at most 65536/],
  ];
  it.each(refused)("with %s is refused with a reason, and nothing is thrown", (_, payload, why) => {
    const read = readBatch(payload);
    expect(!read.ok && read.error.join()).toMatch(why);
  });

  it("of any bytes at all throws nothing", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(readBatch(bytes).ok || readAck(bytes).ok).toBe(false);
      }),
    );
  });
});

describe("an acknowledgement", () => {
  it("is read as it was written", () => {
    for (const need of [undefined, 5]) {
      const ack = { life: 7, upTo: 4, hash: "ab".repeat(32), ...(need === undefined ? {} : { need }) };
      expect(readAck(writeAck(ack))).toEqual({ ok: true, value: ack });
    }
  });

  it.each([
    ["a life of -1", { life: -1, upTo: 0, hash: zeros }],
    ["a number that is a text", { life: 1, upTo: "9", hash: zeros }],
    ["no hash", { life: 1, upTo: 9 }],
    ["a short hash", { life: 1, upTo: 9, hash: "00" }],
    ["more than it may say", { life: 1, upTo: 9, hash: zeros, obey: true }],
    ["a number larger than any", { life: 1, upTo: 2 ** 60, hash: zeros }],
    ["depth", { life: [[1]], upTo: 9, hash: zeros }],
    ["too many bytes", { life: 1, upTo: 9, hash: zeros, more: " ".repeat(2000) }],
  ])("with %s is refused", (_, ack) => {
    expect(readAck(Buffer.from(JSON.stringify(ack))).ok).toBe(false);
  });
});
