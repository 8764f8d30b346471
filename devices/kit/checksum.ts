/** Exclusive or of all bytes: XY and most Chinese vending boards. A frame that ends in it gives 0 as a whole. */
export function xor(bytes: Iterable<number>): number {
  let check = 0;
  for (const byte of bytes) check ^= byte;
  return check;
}

/** Low byte of the sum of all bytes: TCN boards, and most thermometers and scales. */
export function sum(bytes: Iterable<number>): number {
  let check = 0;
  for (const byte of bytes) check = (check + byte) & 0xff;
  return check;
}
