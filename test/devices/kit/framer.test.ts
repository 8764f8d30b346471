import * as fc from "fast-check";
import { expect, test } from "vitest";
import { sum } from "../../../devices/kit/checksum.ts";
import { searching, type Framer } from "../../../devices/kit/framer.ts";

/** AA, length, that many bytes, sum. */
const framer = searching(null, (bytes) => {
  const [head, length] = bytes;
  if (head !== 0xaa || (length !== undefined && length > 8)) return { is: "noise" };
  if (length === undefined || bytes.length < length + 3) return { is: "part" };
  if (sum(bytes.subarray(0, length + 2)) !== bytes[length + 2]) return { is: "noise" };
  return { is: "frame", frame: Array.from(bytes.subarray(2, length + 2)), length: length + 3 };
});

function hear<F, S>(framer: Framer<F, S>, chunks: readonly Uint8Array[]) {
  let state = framer.start;
  let junk = 0;
  const frames: F[] = [];
  for (const chunk of chunks) {
    const pushed = framer.push(state, chunk);
    state = pushed.state;
    junk += pushed.junk;
    frames.push(...pushed.frames);
  }
  return { frames, junk };
}
const frame = (...body: number[]) => {
  const head = [0xaa, body.length, ...body];
  return [...head, sum(head)];
};

test("any split of any bytes gives the same frames and the same junk", () => {
  const stream = fc.array(fc.oneof(fc.uint8Array({ maxLength: 6 }), fc.constant(Uint8Array.from(frame(1, 0xaa, 3)))));
  fc.assert(
    fc.property(stream, fc.array(fc.nat(80)), (parts, cuts) => {
      const whole = Uint8Array.from(parts.flatMap((part) => Array.from(part)));
      const at = [0, ...cuts.map((cut) => Math.min(cut, whole.length)), whole.length].sort((a, b) => a - b);
      const chunks = at.slice(1).map((end, i) => whole.subarray(at[i], end));
      expect(hear(framer, chunks)).toEqual(hear(framer, [whole]));
    }),
  );
});

test("a false start swallows no true frame", () => {
  expect(hear(framer, [Uint8Array.from([0xaa, 0x02, ...frame(7)])])).toEqual({ frames: [[7]], junk: 2 });
});

test("what is held does not change when the port uses its buffer again", () => {
  const buffer = Uint8Array.from(frame(1, 2, 3).slice(0, 4));
  const { state } = framer.push(framer.start, buffer);
  buffer.fill(0);
  expect(framer.push(state, Uint8Array.from(frame(1, 2, 3).slice(4))).frames).toEqual([[1, 2, 3]]);
});

test("of what was taken nothing is kept beside the rest, however the bytes are cut", () => {
  const whole = Uint8Array.from([...frame(1, 2, 3), ...frame(4, 5, 6).slice(0, 4)]);
  for (let at = 0; at <= whole.length; at++) {
    const { state } = framer.push(framer.push(framer.start, whole.subarray(0, at)).state, whole.subarray(at));
    expect(Array.from(state), `${at}`).toEqual(frame(4, 5, 6).slice(0, 4));
    expect(state.buffer.byteLength, `${at}`).toBe(state.length);
  }
});
