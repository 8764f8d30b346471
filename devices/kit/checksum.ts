/** Exclusive or of all bytes: XY and most Chinese vending boards. A frame that ends in it gives 0 as a whole. */
export function xor(bytes: Iterable<number>): number {
  let check = 0;
  for (const byte of bytes) check ^= byte;
  return check;
}

/** Low byte of the sum of all bytes: TCN boards, and most thermometers and scales. */
export function sum(bytes: ArrayLike<number>): number {
  let check = 0;
  for (let at = 0; at < bytes.length; at++) check += bytes[at] ?? 0;
  return check & 0xff;
}

/**
 * CRC-16: x^16 + x^12 + x^5 + 1, nothing reflected. First value 0 makes it XMODEM: Grow modules [B9]; FFFF makes it
 * CCITT-FALSE: OneTouch and CareSens meters [S19, S20].
 */
export function crc16(bytes: Iterable<number>, first = 0): number {
  let crc = first;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return crc;
}

/**
 * CRC-8/MAXIM: x^8 + x^5 + x^4 + 1, the low bit first: 1-Wire chips [DS18B20, data sheet], the oximeter PC-60FW [S16].
 * Bytes that end in it give 0.
 */
export function crc8(bytes: Iterable<number>): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0x8c : crc >> 1;
  }
  return crc;
}
