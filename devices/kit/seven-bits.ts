import type { Framer } from "./framer.ts";

// Scales as they leave the factory often speak 7E1: seven bits and one that makes the number of ones even. Over a line that
// is set to 8N1 that bit arrives as the highest of eight, so that it is looked at here and the port needs no other setting.

/** Stands for a byte whose parity is wrong; no seven bits make it. */
const damaged = 0xff;

/** The seven bits of a byte, or 0xFF where its ones are odd in number. */
export function sevenBits(byte: number): number {
  let ones = byte;
  ones ^= ones >> 4;
  ones ^= ones >> 2;
  ones ^= ones >> 1;
  return (ones & 1) === 0 ? byte & 0x7f : damaged;
}

/** A framer behind a line that speaks 7E1. */
export const ofSevenBits = <F, S>(framer: Framer<F, S>): Framer<F, S> => ({
  ...framer,
  push: (state, chunk) => framer.push(state, chunk.map(sevenBits)),
});
