// SFLOAT of 16 bits and FLOAT of 32, in which medical instruments tell numbers over Bluetooth and USB
// [IEEE 11073-20601, annex F; instruments.md 2.9, S11].

/** A decimal number as it travels: exact until it is read. */
export interface Decimal {
  readonly mantissa: number;
  readonly exponent: number;
}

/** NaN, not at this resolution, + infinity, - infinity, reserved [S11]. */
const shortWords: ReadonlySet<number> = new Set([0x07ff, 0x0800, 0x07fe, 0x0802, 0x0801]);
const longWords: ReadonlySet<number> = new Set([0x007fffff, 0x00800000, 0x007ffffe, 0x00800002, 0x00800001]);

const signed = (value: number, bits: number): number => (value >= 2 ** (bits - 1) ? value - 2 ** bits : value);

export function shortDecimal(raw: number): Decimal | undefined {
  if (shortWords.has(raw)) return undefined;
  return { mantissa: signed(raw & 0x0fff, 12), exponent: signed(raw >> 12, 4) };
}

export function longDecimal(raw: number): Decimal | undefined {
  if (longWords.has(raw)) return undefined;
  return { mantissa: signed(raw % 0x1000000, 24), exponent: signed(Math.floor(raw / 0x1000000), 8) };
}

/** Nothing for 0, by which some instruments say that they have no number. */
export const unlessZero = (value: Decimal | undefined): Decimal | undefined =>
  value?.mantissa === 0 ? undefined : value;

/** The number, times a power of ten: 0.0056 mol/L are 5.6 mmol/L, not 5.6000000000000005. */
export function valueOf({ mantissa, exponent }: Decimal, power = 0): number {
  const all = exponent + power;
  return all < 0 ? mantissa / 10 ** -all : mantissa * 10 ** all;
}
