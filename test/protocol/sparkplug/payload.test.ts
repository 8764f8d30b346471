import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import sparkplugPayload from "sparkplug-payload";
import { describe, expect, test } from "vitest";
import { asType, dataTypes, type DataType, type Value } from "../../../protocol/sparkplug/datatype.ts";
import {
  decodePayload,
  encodePayload,
  payloadLimit,
  type Metric,
  type Payload,
} from "../../../protocol/sparkplug/payload.ts";
import { file_sparkplug_b } from "../../../protocol/sparkplug/sparkplug_b_pb.ts";

const other = sparkplugPayload.get("spBv1.0");
if (!other) throw new Error("sparkplug-payload has no spBv1.0");

const folder = new URL("../../../protocol/sparkplug/", import.meta.url).pathname;
const protoc = (words: readonly string[], input?: Uint8Array) => {
  const ran = spawnSync("protoc", [`-I${folder}`, ...words], { input, maxBuffer: 1 << 26 });
  if (ran.status !== 0) throw new Error(ran.stderr.toString());
  return ran.stdout;
};

/** Types that a kiosk uses: UInt32 is avoided, because known nodes carry it in the other field. */
const ranges: Partial<Record<DataType, readonly [bigint, bigint]>> = {
  Int8: [-128n, 127n],
  Int16: [-32_768n, 32_767n],
  Int32: [-(2n ** 31n), 2n ** 31n - 1n],
  Int64: [-(2n ** 63n), 2n ** 63n - 1n],
  UInt8: [0n, 255n],
  UInt16: [0n, 65_535n],
  UInt32: [0n, 2n ** 32n - 1n],
  UInt64: [0n, 2n ** 64n - 1n],
  DateTime: [0n, 2n ** 53n - 1n],
};
const plain = (whole: bigint): Value => asType(whole, whole < 0n ? "Int64" : "UInt64") ?? null;
const text = fc.string({ unit: "grapheme", maxLength: 40 }).filter((one) => one.isWellFormed());

const valueOf = (type: DataType): fc.Arbitrary<Value> => {
  const range = ranges[type];
  if (range) return fc.bigInt({ min: range[0], max: range[1] }).map(plain);
  switch (type) {
    case "Float":
      return fc.float({ noNaN: true });
    case "Double":
      return fc.double({ noNaN: true });
    case "Boolean":
      return fc.boolean();
    case "Bytes":
    case "File":
      return fc.uint8Array({ maxLength: 64 });
    default:
      return text;
  }
};
const metricOf = (types: readonly DataType[]): fc.Arbitrary<Metric> =>
  fc.constantFrom(...types).chain((type) =>
    fc.record(
      {
        name: text,
        alias: fc.nat(1_000_000),
        at: fc.nat(2 ** 42),
        historical: fc.constant(true as const),
        type: fc.constant(type),
        value: fc.oneof({ weight: 9, arbitrary: valueOf(type) }, { weight: 1, arbitrary: fc.constant(null) }),
      },
      { requiredKeys: ["name", "type", "value"] },
    ),
  );
const payloadOf = (types: readonly DataType[]): fc.Arbitrary<Payload> =>
  fc.record(
    {
      at: fc.nat(2 ** 42),
      seq: fc.integer({ min: 0, max: 255 }),
      metrics: fc.array(metricOf(types), { maxLength: 12 }),
    },
    { requiredKeys: ["metrics"] },
  );
const all = Object.keys(dataTypes) as DataType[];

describe("a Sparkplug payload", () => {
  test("is read as it was written", () => {
    fc.assert(
      fc.property(payloadOf(all), (payload) => {
        expect(decodePayload(encodePayload(payload))).toEqual({ ok: true, value: payload });
      }),
      { numRuns: 300 },
    );
  });

  test("keeps its values when data leave the types out", () => {
    fc.assert(
      fc.property(payloadOf(all), (payload) => {
        const read = decodePayload(encodePayload(payload, "values"));
        if (!read.ok) throw new Error(read.error.join(" "));
        const typed = read.value.metrics.map((metric, n) => asType(metric.value, payload.metrics[n]?.type ?? "String"));
        expect(typed).toEqual(payload.metrics.map(({ value }) => value));
        expect(read.value.metrics.every(({ type }) => type === undefined)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("is read by protoc with the same numbers", () => {
    fc.assert(
      fc.property(payloadOf(["Int32", "Int64", "Boolean", "DateTime"]), (payload) => {
        const said = protoc(
          ["--decode=yizhan.sparkplug.Payload", `${folder}sparkplug_b.proto`],
          encodePayload(payload),
        ).toString();
        const count = (form: RegExp): number => [...said.matchAll(form)].length;
        expect(count(/^metrics \{/gm)).toBe(payload.metrics.length);
        expect(count(/^ {2}is_null: true/gm)).toBe(payload.metrics.filter(({ value }) => value === null).length);
        expect([...said.matchAll(/^ {2}datatype: (\d+)/gm)].map(([, number]) => Number(number))).toEqual(
          payload.metrics.map(({ type = "String" }) => dataTypes[type]),
        );
        expect(said.includes("seq: ")).toBe(payload.seq !== undefined);
        // protoc numbers what it does not know.
        expect(said).not.toMatch(/^\s*\d+[:{ ]/m);
      }),
      { numRuns: 25 },
    );
  });

  /** What sparkplug-payload gives back for bytes is a Buffer. */
  const undressed = (value: unknown): unknown => (value instanceof Uint8Array ? new Uint8Array(value) : value);
  const both: readonly DataType[] = [
    "Int8",
    "Int16",
    "Int32",
    "UInt8",
    "UInt16",
    "Float",
    "Double",
    "Boolean",
    "String",
    "Text",
    "UUID",
    "Bytes",
  ];

  test("is read by sparkplug-payload", () => {
    fc.assert(
      fc.property(payloadOf(both), (payload) => {
        const read = other.decodePayload(encodePayload(payload));
        expect((read.metrics ?? []).map(({ name }) => name)).toEqual(payload.metrics.map(({ name }) => name));
        expect((read.metrics ?? []).map(({ type }) => type)).toEqual(payload.metrics.map(({ type }) => type));
        const values = (read.metrics ?? []).map(({ value }, n) =>
          payload.metrics[n]?.value === null ? null : undressed(value),
        );
        expect(values).toEqual(payload.metrics.map(({ value }) => value));
      }),
      { numRuns: 300 },
    );
  });

  test("of sparkplug-payload is read here, whichever field it uses for a whole number", () => {
    const types: readonly DataType[] = [...both, "UInt32", "Int64", "UInt64", "DateTime"];
    fc.assert(
      fc.property(payloadOf(types), (payload) => {
        const metrics = payload.metrics
          .filter(({ value }) => value !== null && typeof value !== "bigint")
          .map(({ name, type, value }) => ({ name, type, value }));
        const read = decodePayload(other.encodePayload({ timestamp: 1, metrics: metrics as never }));
        if (!read.ok) throw new Error(read.error.join(" "));
        expect(read.value.metrics.map(({ name, type, value }) => ({ name, type, value }))).toEqual(metrics);
      }),
      { numRuns: 300 },
    );
  });

  test("that is no payload is refused, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(typeof decodePayload(bytes).ok).toBe("boolean");
      }),
      { numRuns: 3000 },
    );
    expect(decodePayload(Buffer.from("{}")).ok).toBe(false);
    expect(decodePayload(new Uint8Array(payloadLimit + 1)).ok).toBe(false);
  });

  test("whose value is not of its type is refused with the metric's name", () => {
    const lying = encodePayload({ metrics: [{ name: "Door/Open", type: "Boolean", value: "yes" }] });
    expect(decodePayload(lying)).toEqual({ ok: false, error: ["The value of Door/Open is no Boolean."] });
  });

  test("is described by the file that the code was generated from", () => {
    expect(
      file_sparkplug_b.messages.flatMap(({ fields }) => fields.map(({ name, number }) => `${name}=${number}`)),
    ).toEqual(
      [...readFileSync(`${folder}sparkplug_b.proto`, "utf8").matchAll(/(\w+) = (\d+);/g)].map(
        ([, name, number]) => `${name}=${number}`,
      ),
    );
  });
});
