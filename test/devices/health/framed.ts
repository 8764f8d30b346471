import { expect } from "vitest";
import type { Framer } from "../../../devices/kit/framer.ts";
import { dice } from "../../kit/dice.ts";

/** All frames of some chunks. */
export function framesOf<F, S>(framer: Framer<F, S>, ...chunks: readonly Uint8Array[]): readonly F[] {
  let state = framer.start;
  return chunks.flatMap((chunk) => {
    const pushed = framer.push(state, chunk);
    state = pushed.state;
    return pushed.frames;
  });
}

const bytewise = (bytes: Uint8Array) => Array.from(bytes, (byte) => Uint8Array.of(byte));

/** The bytes are this one frame: whole, byte by byte, at every split, doubled, and behind 0 to 16 random bytes. */
export function expectFramed<F, S>(framer: Framer<F, S>, bytes: Uint8Array, frame: F): void {
  expect(framesOf(framer, bytes)).toEqual([frame]);
  expect(framesOf(framer, ...bytewise(bytes))).toEqual([frame]);
  for (let at = 1; at < bytes.length; at++)
    expect(framesOf(framer, bytes.slice(0, at), bytes.slice(at)), `cut at ${at}`).toEqual([frame]);
  expect(framesOf(framer, bytes, bytes)).toEqual([frame, frame]);
  for (let seed = 0; seed <= 50; seed++) {
    const { between } = dice(seed);
    const junk = Uint8Array.from({ length: seed % 17 }, () => between(0, 256));
    expect(framesOf(framer, junk, bytes).at(-1), `junk ${junk.join(" ")}`).toEqual(frame);
    expect(framesOf(framer, ...bytewise(Uint8Array.of(...junk, ...bytes))).at(-1)).toEqual(frame);
  }
}

/** The bytes with each of their bits flipped in turn. */
export function* flipped(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let bit = 0; bit < bytes.length * 8; bit++)
    yield bytes.with(bit >> 3, (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7)));
}

/** No single flipped bit leaves a frame. */
export function expectChecked<F, S>(framer: Framer<F, S>, bytes: Uint8Array): void {
  for (const wrong of flipped(bytes)) expect(framesOf(framer, wrong), wrong.join(" ")).toEqual([]);
}
