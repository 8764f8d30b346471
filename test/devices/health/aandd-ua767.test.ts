import { expect, test } from "vitest";
import { commands, framer } from "../../../devices/health/aandd-ua767-wire.ts";
import { hex, unhex } from "../../kit/wire.ts";
import { framesOf } from "./framed.ts";

const text = (letters: string) => new TextEncoder().encode(letters);
const bytewise = (bytes: Uint8Array) => Array.from(bytes, (byte) => Uint8Array.of(byte));

test("the commands are those of ua767-open, captured, and ua767-close, whose sum was reckoned anew [S3]", () => {
  expect(hex(commands.open)).toBe("02 43 50 43 30 35 3B");
  expect(hex(commands.close)).toBe("02 43 50 43 30 34 3A");
});

test.each([
  // ua767-ack and ua767-result, captured [S3]; the others after them.
  ["ACK", unhex("01 37 30 50 43 06"), { is: "answer", taken: true }],
  ["NAK", unhex("01 37 30 50 43 15"), { is: "answer", taken: false }],
  ["result", text("804C4C4960"), { is: "result", systolic: 152, diastolic: 76, pulse: 73 }],
  ["result above 255", text("83FF2A3C00"), { is: "result", systolic: 297, diastolic: 42, pulse: 60 }],
  ["another code", text("844C4C4960"), { is: "error", code: "84" }],
  ["no pressure", text("8000000000"), { is: "error", code: "80" }],
])("%s is understood whole, byte by byte, cut anywhere, twice, and behind noise", (_, bytes, said) => {
  expect(framesOf(framer, bytes)).toEqual([said]);
  expect(framesOf(framer, ...bytewise(bytes))).toEqual([said]);
  for (let at = 1; at < bytes.length; at++)
    expect(framesOf(framer, bytes.slice(0, at), bytes.slice(at))).toEqual([said]);
  expect(framesOf(framer, bytes, bytes)).toEqual([said, said]);
  for (let noise = 0; noise <= 16; noise++) {
    // Digits before it would be taken for its own: nothing in these results says where one begins.
    const junk = Uint8Array.from({ length: noise }, (_, i) => 0x80 + ((i * 37 + noise) % 0x80));
    expect(framesOf(framer, junk, bytes)).toEqual([said]);
  }
});

test("a flipped bit is no other answer; of a result it makes another value or none: there is no check", () => {
  const answer = unhex("01 37 30 50 43 06");
  for (let bit = 0; bit < answer.length * 8; bit++)
    expect(framesOf(framer, answer.with(bit >> 3, (answer[bit >> 3] ?? 0) ^ (1 << (bit & 7))))).toEqual([]);
});
