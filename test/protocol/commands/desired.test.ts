import fc from "fast-check";
import { expect, it, test } from "vitest";
import { documentHash, readDesiredConfig, readDesiredFile, signConfig } from "../../../protocol/commands/desired.ts";
import { readReported } from "../../../protocol/commands/reported.ts";
import { commandRefusals, readResult } from "../../../protocol/commands/result.ts";
import { isSigned, publicOf } from "../../../protocol/pickup-code/sign.ts";
import { releaseSecret } from "./signing.ts";

const config = signConfig(
  {
    v: 1,
    kind: "config",
    station: "ZP-001",
    version: "2026-07-15.1",
    issuedAt: "2026-07-15T04:00:00Z",
    kid: "r1",
    config: { v: 1, station: { id: "ZP-001" }, devices: [{ options: { deep: [1, 2.5, null, true] } }] },
  },
  releaseSecret,
);
const text = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

test("a configuration is read as it was signed, in whatever order its fields come", () => {
  const turned = Object.fromEntries(Object.entries(config).toReversed());
  const read = readDesiredConfig(text(turned));
  expect(read.ok && read.value).toEqual(config);
  expect(read.ok && isSigned("config", read.value, publicOf("ed25519", releaseSecret))).toBe(true);
  expect(documentHash(turned)).toBe(documentHash(config));
  expect(isSigned("command", config, publicOf("ed25519", releaseSecret))).toBe(false);
});

it.each([
  ["a version with a slash", { ...config, version: "a/b" }],
  ["a list for a station file", { ...config, config: [] }],
  ["no time", { ...config, issuedAt: "yesterday" }],
  ["a field too much", { ...config, more: 1 }],
])("%s is refused", (_, document) => {
  expect(readDesiredConfig(text(document)).ok).toBe(false);
});

test("whatever comes, nothing throws and nothing takes long", () => {
  const any = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map((json) => Buffer.from(json)),
    fc
      .tuple(fc.constantFrom("[", '{"config":', '{"kind":"config","config":['), fc.constantFrom(1, 100, 100_000))
      .map(([sign, times]) => Buffer.from(sign.repeat(times))),
    fc.nat(text(config).length - 1).map((at) => text(config).map((byte, place) => (place === at ? byte ^ 1 : byte))),
  );
  const began = performance.now();
  fc.assert(
    fc.property(any, (payload) => {
      for (const read of [readDesiredConfig, readDesiredFile, readReported, readResult])
        if (typeof read(payload).ok !== "boolean") return false;
      return true;
    }),
    { numRuns: 2000 },
  );
  expect(performance.now() - began).toBeLessThan(20_000);
});

test("every reason for a refusal says what to do", () => {
  for (const [why, says] of Object.entries(commandRefusals)) {
    expect(why).toMatch(/^[a-z-]+$/);
    expect(says).toMatch(/^[A-Z].*\.$/);
  }
});
