/** Speakable signs, without 0, O, 1 and I: 32 of them, five bits each. */
const signs = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/** Times x in the field of 32 elements with x^5 = x^2 + 1: turns a sum into one that notices swapped neighbours. */
const times = (value: number): number => ((value << 1) ^ (value & 16 ? 0b100101 : 0)) & 31;

/**
 * What the worker reads out on the phone and the centre finds: the ledger's sequence modulo 2^25 as five signs,
 * and a check sign that catches every single wrong sign and every swap of neighbours.
 */
export function reference(seq: number): string {
  const digits = [20, 15, 10, 5, 0].map((shift) => (seq >>> shift) & 31);
  const check = digits.reduce((sum, digit) => times(sum) ^ digit, 0);
  return [...digits, times(check)].map((digit) => signs[digit]).join("");
}

/** The sequence number modulo 2^25, or undefined where it was misheard. */
export function sequenceOf(spoken: string): number | undefined {
  const digits = Array.from(spoken.toUpperCase().replaceAll(/[\s-]/g, "")).map((sign) => signs.indexOf(sign));
  if (digits.length !== 6 || digits.includes(-1)) return undefined;
  const seq = digits.slice(0, 5).reduce((sum, digit) => sum * 32 + digit, 0);
  return reference(seq) === spoken.toUpperCase().replaceAll(/[\s-]/g, "") ? seq : undefined;
}
