/** A command as ISO 7816-4 writes it, in its short form: at most 255 bytes of data. */
export interface Command {
  readonly cla: number;
  readonly ins: number;
  readonly p1: number;
  readonly p2: number;
  readonly data: Uint8Array;
  /** How many bytes are wanted at most; 256 where the byte says 00; absent where none are. */
  readonly le?: number;
}

/** Undefined where the lengths do not fit together [ISO/IEC 7816-4, 5.1]. */
export function readCommand(bytes: Uint8Array): Command | undefined {
  const [cla, ins, p1, p2, lc] = bytes;
  if (cla === undefined || ins === undefined || p1 === undefined || p2 === undefined) return undefined;
  const head = { cla, ins, p1, p2 };
  if (lc === undefined) return { ...head, data: new Uint8Array() };
  if (bytes.length === 5) return { ...head, data: new Uint8Array(), le: lc || 256 };
  const data = bytes.subarray(5, 5 + lc);
  const le = bytes[5 + lc];
  if (lc === 0 || data.length < lc || bytes.length > 6 + lc) return undefined;
  return { ...head, data, ...(le === undefined ? {} : { le: le || 256 }) };
}

/** An answer: data, then two status bytes. */
export const answer = (status: number, data: Iterable<number> = []): Uint8Array =>
  Uint8Array.of(...data, status >> 8, status & 0xff);

/** The status bytes that the cards here give [ISO/IEC 7816-4, 5.1.3]. */
export const status = {
  good: 0x9000,
  wrongLength: 0x6700,
  noFileSelected: 0x6985,
  notAllowed: 0x6982,
  notFound: 0x6a82,
  wrongParameters: 0x6a86,
  wrongOffset: 0x6b00,
  unknownCommand: 0x6d00,
  unknownClass: 0x6e00,
} as const;

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);
