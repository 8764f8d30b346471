import * as fc from "fast-check";
import { expect, test } from "vitest";
import { sum, xor } from "../../../devices/kit/checksum.ts";

const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 });

test("the published frames carry the checksums we compute", () => {
  expect(xor([0xfa, 0xfb, 0x41, 0x00])).toBe(0x40); // [S-XY] POLL, printed
  expect(sum([0x00, 0x5d, 0x00, 0xaa])).toBe(0x07); // [S-TCN] drop seen, printed
});

test("both find every single flipped bit", () => {
  fc.assert(
    fc.property(bytes, fc.nat(), fc.nat(7), (frame, where, bit) => {
      const bad = frame.slice();
      const at = where % frame.length;
      bad[at] = (bad[at] ?? 0) ^ (1 << bit);
      expect(xor(bad)).not.toBe(xor(frame));
      expect(sum(bad)).not.toBe(sum(frame));
    }),
  );
});
