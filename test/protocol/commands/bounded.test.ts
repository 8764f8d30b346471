import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readBounded } from "../../../protocol/commands/bounded.ts";

const bounds = { bytes: 4096, depth: 5 } as const;

describe("JSON of somebody who need not mean well", () => {
  test("is canonical where it is read: whatever is signed, hashed or kept of it later cannot throw", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4, stringUnit: "binary" }), (text) => {
        const read = readBounded(Buffer.from(text), bounds);
        if (read.ok) expect(typeof canonicalize(read.value)).toBe("string");
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ["half a character in a text", '{"a":"\\ud800"}'],
    ["half a character in a name", '{"\\udfff":1}'],
    ["a number beyond all numbers", '{"a":[1e999]}'],
    ["deeper brackets than are counted", "[[[[[[1]]]]]]"],
    ["more bytes than are read", `"${"x".repeat(5000)}"`],
  ])("is refused with %s", (_, text) => {
    expect(readBounded(Buffer.from(text), bounds).ok).toBe(false);
  });

  test("may have every true text and number", () => {
    expect(readBounded(Buffer.from('{"a":"\\ud83d\\ude00","b":[-1.5,{}]}'), bounds)).toEqual({
      ok: true,
      value: { a: "😀", b: [-1.5, {}] },
    });
  });
});
