import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { envelopeBounds, longestLife, readEnvelope } from "../../../protocol/commands/envelope.ts";
import { ops } from "../../../protocol/commands/ops.ts";
import type { Order } from "../../../protocol/commands/order.ts";
import { isSigned, publicOf } from "../../../protocol/pickup-code/sign.ts";
import { noon, opsSecret, order, sent } from "./signing.ts";

const orders: readonly Order[] = [
  { op: "restart" },
  { op: "lock", why: "a wasps' nest in the tray" },
  { op: "unlock" },
  { op: "slot", device: "vend", slot: "12", on: false },
  { op: "vend", product: "water", why: "paid twice: 重复" },
  { op: "refill", device: "vend", slot: "3", count: 8, expires: "2026-09-30" },
  { op: "refill", device: "vend", slot: "3", count: 0 },
  { op: "log", lines: 200 },
  { op: "beacon", utc: noon },
];

const text = (value: unknown): Uint8Array => Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
const ownKey = publicOf("ed25519", opsSecret);

test("there is an example of every op", () => {
  expect([...new Set(orders.map(({ op }) => op))].sort()).toEqual(Object.keys(ops).sort());
});

it.each(orders)("$op is read as it was signed", (one) => {
  const read = readEnvelope(sent(one));
  expect(read.ok && read.value.order).toEqual(one);
  expect(read.ok && isSigned("command", read.value.envelope, ownKey)).toBe(true);
});

test("a signature holds for nothing but what was signed", () => {
  const signed = order({ op: "lock", why: "test" });
  for (const changed of [
    { id: "0123456789abcdeg" },
    { kid: "r1" },
    { aud: "zp-002" },
    { op: "unlock" as const, args: {} },
    { args: { why: "tests" } },
    { iat: signed.iat + 1 },
    { exp: signed.exp + 1 },
  ])
    expect(isSigned("command", { ...signed, ...changed }, ownKey)).toBe(false);
  expect(isSigned("campaign", signed, ownKey)).toBe(false);
  expect(isSigned("command", signed, ownKey)).toBe(true);
});

describe("what has not the form of a command is refused", () => {
  const good = order({ op: "lock", why: "test" });
  it.each([
    ["no JSON", "lock"],
    ["a list", []],
    ["null", null],
    ["no UTF-8", Uint8Array.of(0x22, 0xff, 0x22)],
    ["a field too much", { ...good, more: 1 }],
    ["another version", { ...good, v: 2 }],
    ["a short id", { ...good, id: "0123456789abcde" }],
    ["a long id", { ...good, id: "0".repeat(37) }],
    ["an id with a slash", { ...good, id: "0123456789abcde/" }],
    ["an op that nobody knows", { ...good, op: "explode" }],
    ["an op of the prototype", { ...good, op: "toString" }],
    ["arguments of another op", { ...good, args: { lines: 3 } }],
    ["a list of arguments", { ...order({ op: "restart" }), args: [] }],
    ["an argument too much", { ...good, args: { why: "a", also: 1 } }],
    ["a second op in its arguments", { ...good, args: { why: "a", op: "lock" } }],
    ["an empty reason", { ...good, args: { why: " " } }],
    ["half a letter", { ...good, args: { why: "\ud800" } }],
    ["a time that is a text", { ...good, iat: "now" }],
    ["a time with a fraction", { ...good, iat: noon + 0.5 }],
    ["an end before its beginning", { ...good, exp: good.iat }],
    ["a life of more than a week", { ...good, exp: good.iat + longestLife + 1 }],
    ["no signature", { ...good, sig: "" }],
    ["a number beyond all numbers", JSON.stringify(good).replace(`${good.exp}`, "1e999")],
    ["more brackets than there can be", "[".repeat(5) + "]".repeat(5)],
    ["brackets to the brim", "[".repeat(envelopeBounds.bytes)],
    ["more bytes than are read", " ".repeat(envelopeBounds.bytes) + JSON.stringify(good)],
  ] as const)("%s", (_, raw) => {
    expect(readEnvelope(raw instanceof Uint8Array ? raw : text(raw)).ok).toBe(false);
  });

  it("but not a week, nor blanks up to the brim", () => {
    expect(readEnvelope(text({ ...good, exp: good.iat + longestLife })).ok).toBe(true);
    expect(readEnvelope(text(JSON.stringify(good).padEnd(envelopeBounds.bytes))).ok).toBe(true);
  });
});

test("ten thousand payloads of any kind are read or refused, quickly and without a throw", () => {
  const good = sent({ op: "lock", why: "test" });
  const spoilt = fc
    .tuple(fc.nat(good.length - 1), fc.integer({ min: 0, max: 255 }))
    .map(([at, byte]) => Uint8Array.from(good, (old, place) => (place === at ? byte : old)));
  const deep = fc
    .tuple(fc.constantFrom("[", '{"a":', '[{"a":'), fc.nat(20_000))
    .map(([bracket, depth]) => text(bracket.repeat(depth)));
  const any = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.json().map(text),
    fc.constantFrom(" ", "0", "[],", '"\\u0000"').map((sign) => text(sign.repeat(200_000))),
    deep,
    spoilt,
  );
  const before = process.memoryUsage().heapUsed;
  const began = performance.now();
  let read = 0;
  fc.assert(
    fc.property(any, (payload) => {
      const judged = readEnvelope(payload);
      if (judged.ok) read += 1;
      return typeof judged.ok === "boolean";
    }),
    { numRuns: 10_000 },
  );
  expect(performance.now() - began).toBeLessThan(20_000);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(300e6);
  expect(read).toBeGreaterThan(10);
});
