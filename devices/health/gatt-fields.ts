import type { CivilTime } from "../kit/civil.ts";
import { longDecimal, shortDecimal, type Decimal } from "../kit/medical-float.ts";

// The fields that values of Bluetooth characteristics are made of [instruments.md 2.9, S11], low byte first.

/** Reads one field after the other; beyond the end everything is 0 and `isWhole` is false. */
export interface Fields {
  u8(): number;
  u16(): number;
  u24(): number;
  i16(): number;
  /** SFLOAT; nothing for its five words that are no numbers. */
  short(): Decimal | undefined;
  /** FLOAT, likewise. */
  long(): Decimal | undefined;
  /** Date and time; nothing where year, month or day is unknown. */
  time(): CivilTime | undefined;
  /** Whether all that was read was there. What stands behind it is the maker's own. */
  isWhole(): boolean;
}

const signed = (value: number, bits: number): number => (value >= 2 ** (bits - 1) ? value - 2 ** bits : value);

export function fieldsOf(bytes: Uint8Array): Fields {
  let at = 0;
  const number = (length: number): number => {
    let value = 0;
    for (let i = length - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0);
    at += length;
    return value;
  };
  return {
    u8: () => number(1),
    u16: () => number(2),
    u24: () => number(3),
    i16: () => signed(number(2), 16),
    short: () => shortDecimal(number(2)),
    long: () => longDecimal(number(4)),
    time() {
      const year = number(2);
      const [month, day, hour, minute, second] = [number(1), number(1), number(1), number(1), number(1)];
      const isKnown = year >= 1582 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
      if (!isKnown || hour > 23 || minute > 59 || second > 59) return undefined;
      return { year, month, day, hour, minute, second };
    },
    isWhole: () => at <= bytes.length,
  };
}
