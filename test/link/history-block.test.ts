import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  blockLimit,
  BlockWriter,
  readHeader,
  readRecords,
  type Header,
  type Remembered,
} from "../../controller/link/history-block.ts";

const value = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: 1n << 53n, max: (1n << 63n) - 1n }),
  fc.float({ noNaN: true, noDefaultInfinity: true }).filter((real) => !Object.is(real, -0)),
  fc.string({ maxLength: 60 }),
  fc.string({ unit: "grapheme", maxLength: 20 }),
);
const record = fc.record({
  alias: fc.nat(70_000),
  sum: fc.nat(0xffff_ffff),
  at: fc.integer({ min: -10_000_000, max: 2_000_000_000 }).map((second) => second * 1000),
  value,
});
const header = fc.record({
  number: fc.nat(0xffff_ffff),
  run: fc.nat(0xffff_ffff),
  timed: fc.boolean(),
  from: fc.nat(2_000_000_000),
});

function filled(header: Header, records: readonly Remembered[]) {
  const writer = new BlockWriter(header);
  const taken = records.filter((one) => writer.write(one));
  return { writer, taken };
}

describe("a block of history", () => {
  it("gives back what was written into it, to the second", () => {
    fc.assert(
      fc.property(header, fc.array(record, { maxLength: 200 }), (header, records) => {
        // A metric keeps its name while a block is open.
        const meant = new Map(records.map(({ alias, sum }) => [alias, sum]));
        const { writer, taken } = filled(
          header,
          records.map((one) => ({ ...one, sum: meant.get(one.alias) ?? 0 })),
        );
        const block = writer.bytes();
        expect(readHeader(block)).toEqual(header);
        expect(readRecords(block)).toEqual(taken);
        expect(writer.count).toBe(taken.length);
        expect(block.length).toBeLessThanOrEqual(blockLimit);
      }),
    );
  });

  it("keeps the time of a value in whole seconds", () => {
    const { writer } = filled({ number: 1, run: 2, timed: true, from: 1000 }, [
      { alias: 5, sum: 6, at: 1_000_999, value: 7 },
    ]);
    expect(readRecords(writer.bytes())).toEqual([{ alias: 5, sum: 6, at: 1_000_000, value: 7 }]);
  });

  it("of any bytes gives what can be read of them, and throws nothing", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        bytes[0] = 1;
        expect(readRecords(bytes).length).toBeLessThan(400);
      }),
    );
    expect(readHeader(undefined)).toBeUndefined();
    expect(readHeader(new Uint8Array())).toBeUndefined();
    expect(readHeader(new Uint8Array(40))).toBeUndefined();
  });

  it("that was cut off gives all records before the cut", () => {
    const records = Array.from({ length: 20 }, (_, index) => ({
      alias: index,
      sum: 9,
      at: index * 1000,
      value: index,
    }));
    const { writer } = filled({ number: 1, run: 2, timed: true, from: 0 }, records);
    const block = writer.bytes();
    for (let length = 18; length < block.length; length += 1) {
      const some = readRecords(block.slice(0, length));
      expect(some).toEqual(records.slice(0, some.length));
    }
  });
});
