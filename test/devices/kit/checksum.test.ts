import * as fc from "fast-check";
import { expect, test } from "vitest";
import { crc16, sum, xor } from "../../../devices/kit/checksum.ts";

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

test("the CRC of a Grow module is the one that its manual prints", () => {
  // [GM65 9.2 to 9.4]: read and write of 000A, save, the two answers.
  expect(crc16([0x07, 0x01, 0x00, 0x0a, 0x01])).toBe(0xee8a);
  expect(crc16([0x08, 0x01, 0x00, 0x0a, 0x3e])).toBe(0x4ccf);
  expect(crc16([0x09, 0x01, 0x00, 0x00, 0x00])).toBe(0xdec8);
  expect(crc16([0x00, 0x01, 0x00])).toBe(0x3331);
  expect(crc16([0x00, 0x01, 0x3e])).toBe(0xe4ac);
});
