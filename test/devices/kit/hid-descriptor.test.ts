import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { holds, readReportDescriptor, usageOf, valueOf, type HidField } from "../../../devices/kit/hid-descriptor.ts";
import { unhex } from "../../kit/wire.ts";

const fieldsOf = (hex: string): readonly HidField[] => {
  const read = readReportDescriptor(unhex(hex));
  if (!read.ok) throw new Error(read.error);
  return read.value;
};
const places = (fields: readonly HidField[]) =>
  fields.map(({ kind, report, at, bits, count }) => `${kind} ${report}: ${count} x ${bits} at ${at}`);

/** The boot keyboard [HID 1.11, E.6]. */
const keyboard =
  "05 01 09 06 A1 01 05 07 19 E0 29 E7 15 00 25 01 75 01 95 08 81 02 95 01 75 08 81 01 " +
  "95 05 75 01 05 08 19 01 29 05 91 02 95 01 75 03 91 01 95 06 75 08 15 00 25 65 05 07 19 00 29 65 81 00 C0";

describe("a report descriptor", () => {
  test("of the boot keyboard tells of its modifiers, its lamps and its six keys [HID 1.11, E.6]", () => {
    const fields = fieldsOf(keyboard);
    expect(places(fields)).toEqual([
      "input 0: 8 x 1 at 0",
      "input 0: 1 x 8 at 8",
      "output 0: 5 x 1 at 0",
      "output 0: 1 x 3 at 5",
      "input 0: 6 x 8 at 16",
    ]);
    expect(fields.map(({ form }) => form)).toEqual(["variable", "padding", "variable", "padding", "array"]);
    const [modifiers, , , , keys] = fields;
    expect(modifiers && usageOf(modifiers, 1)).toBe(0x0007_00e1);
    expect(keys && usageOf(keys, 0x27)).toBe(0x0007_0027);
  });

  test("whose reports have numbers keeps their places apart", () => {
    const fields = fieldsOf("85 01 75 08 95 02 81 02 85 02 95 03 81 02 85 01 95 01 81 02 B1 02");
    expect(places(fields)).toEqual([
      "input 1: 2 x 8 at 0",
      "input 2: 3 x 8 at 0",
      "input 1: 1 x 8 at 16",
      "feature 1: 1 x 8 at 0",
    ]);
  });

  test("remembers what was pushed, takes a long item for none, and a page of its own in four bytes", () => {
    const fields = fieldsOf(
      "05 8C 75 08 95 04 A4 95 07 05 01 81 02 B4 FE 02 10 AA BB 0B FE 00 8C 00 81 02 09 FF 81 02",
    );
    expect(places(fields)).toEqual(["input 0: 7 x 8 at 0", "input 0: 4 x 8 at 56", "input 0: 4 x 8 at 88"]);
    expect(fields.map((field) => usageOf(field, 3))).toEqual([undefined, 0x008c_00fe, 0x008c_00ff]);
  });

  test("takes the page that is set at the field, also where the usage came before it", () => {
    expect(fieldsOf("09 3B 05 01 75 08 95 01 81 02").map((field) => usageOf(field, 0))).toEqual([0x0001_003b]);
  });

  test("counts its usages through ranges and single ones, and the last stands for all behind it", () => {
    const [field] = fieldsOf("05 07 19 04 29 06 09 3B 19 60 29 61 75 01 95 08 81 02");
    const numbers = Array.from({ length: 8 }, (_, nth) => (field ? (usageOf(field, nth) ?? 0) % 0x1_0000 : 0));
    expect(numbers).toEqual([0x04, 0x05, 0x06, 0x3b, 0x60, 0x61, 0x61, 0x61]);
  });

  test.each([
    ["that ends in the middle of an item", "05 8C 26 FF", "middle of an item"],
    ["with a report longer than any", "75 20 97 FF FF FF 7F 81 02", "longer than any"],
  ])("%s is refused in a sentence", (_, hex, says) => {
    expect(readReportDescriptor(unhex(hex))).toMatchObject({ ok: false, error: expect.stringContaining(says) });
  });

  test("finds every value that was put into a report, whatever stands beside it", () => {
    const field = fc.record({ bits: fc.integer({ min: 1, max: 32 }), count: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(
        fc.array(field, { minLength: 1, maxLength: 8 }),
        fc.nat(255),
        fc.infiniteStream(fc.nat()),
        (list, id, rolls) => {
          const numbered = id > 0 ? [0x85, id] : [];
          const descriptor = Uint8Array.from([
            ...numbered,
            ...list.flatMap(({ bits, count }, i) => [0x09, i + 1, 0x75, bits, 0x95, count, 0x81, 0x02]),
          ]);
          const read = readReportDescriptor(descriptor);
          if (!read.ok) throw new Error(read.error);
          const total = list.reduce((sum, { bits, count }) => sum + bits * count, 0);
          const report = new Uint8Array(1 + Math.ceil(total / 8));
          report[0] = id;
          let bit = 8;
          const put: number[][] = list.map(({ bits, count }) =>
            Array.from({ length: count }, () => {
              const value = (rolls.next().value * 2_654_435_761) % 2 ** bits;
              for (let i = 0; i < bits; i++, bit++)
                if (Math.floor(value / 2 ** i) % 2 === 1) report[bit >> 3] = (report[bit >> 3] ?? 0) | (1 << (bit & 7));
              return value;
            }),
          );
          const found = read.value.map((one) =>
            Array.from({ length: one.count }, (__, nth) => valueOf(report, one, nth)),
          );
          expect(found).toEqual(put);
          expect(read.value.every((one) => one.report === id && holds(report, one))).toBe(true);
          expect(read.value.map((one) => usageOf(one, 5))).toEqual(list.map((__, i) => i + 1));
        },
      ),
      { numRuns: 300 },
    );
  });
});
