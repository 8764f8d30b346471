import type { Value } from "../../protocol/sparkplug/datatype.ts";
import type { Metered } from "./metric-set.ts";

/**
 * A block of history: header, then records of some eight bytes. It stays below the 1,002 bytes that SQLite keeps within
 * one page of the table of kept things, so that a minute of an outage costs one page of the card.
 */
export const blockLimit = 960;

/** What all records of a block share. */
export interface Header {
  /** Counts on over restarts; its place in the ring is this modulo the ring's length. */
  readonly number: number;
  /** A random number of the process that wrote it. */
  readonly run: number;
  /** Whether times are UTC, or the monotonic times of that process because nobody vouched for its clock. */
  readonly timed: boolean;
  /** From which times are counted, in whole seconds. */
  readonly from: number;
}

/** `at`: UTC or monotonic, see `timed`; milliseconds, kept in whole seconds. `sum`: of the metric's name. */
export interface Remembered {
  readonly alias: number;
  readonly sum: number;
  readonly at: number;
  readonly value: Value;
}

const version = 1;
const headerLength = 18;
const kinds = { nothing: 0, no: 1, yes: 2, whole: 3, real: 4, text: 5 } as const;
/** Bit 3 of a record's first number: the alias is new in this block, and the sum of its name follows. */
const newcomer = 8;

/** Says under one alias whether it still means the same: FNV-1a over names and type. */
export function sumOf({ device = "", name, type }: Metered): number {
  let sum = 0x811c9dc5;
  for (const byte of Buffer.from(`${device}\n${name}\n${type}`)) sum = Math.imul(sum ^ byte, 0x01000193) >>> 0;
  return sum;
}

/** Fills one block, record by record. */
export class BlockWriter {
  readonly header: Header;
  #count = 0;
  #last: number;
  readonly #bytes: number[] = [];
  readonly #sums = new Map<number, number>();

  constructor(header: Header) {
    this.header = header;
    this.#last = header.from;
  }

  get count(): number {
    return this.#count;
  }

  /** False where it has no room left. */
  write({ alias, sum, at, value }: Remembered): boolean {
    const second = Math.floor(at / 1000);
    const known = this.#sums.get(alias) === sum;
    const record: number[] = [];
    number(record, BigInt(alias) * 16n + BigInt((known ? 0 : newcomer) + kindOf(value)));
    if (!known) record.push(sum & 255, (sum >> 8) & 255, (sum >> 16) & 255, sum >>> 24);
    number(record, zigzag(BigInt(second - this.#last)));
    if (typeof value === "string") {
      const text = Buffer.from(value);
      number(record, BigInt(text.length));
      record.push(...text);
    } else if (kindOf(value) === kinds.real) record.push(...new Uint8Array(Float32Array.of(Number(value)).buffer));
    else if (kindOf(value) === kinds.whole) number(record, zigzag(BigInt(value as number | bigint)));
    if (headerLength + this.#bytes.length + record.length > blockLimit) return false;
    this.#bytes.push(...record);
    this.#sums.set(alias, sum);
    this.#last = second;
    this.#count += 1;
    return true;
  }

  bytes(): Uint8Array {
    const block = new Uint8Array(headerLength + this.#bytes.length);
    const view = new DataView(block.buffer);
    const { number, run, timed, from } = this.header;
    block[0] = version;
    block[1] = timed ? 1 : 0;
    view.setUint32(2, number);
    view.setUint32(6, run);
    view.setFloat64(10, from);
    block.set(this.#bytes, headerLength);
    return block;
  }
}

function kindOf(value: Value): number {
  switch (typeof value) {
    case "boolean":
      return value ? kinds.yes : kinds.no;
    case "bigint":
      return kinds.whole;
    case "number":
      return Number.isSafeInteger(value) ? kinds.whole : kinds.real;
    case "string":
      return kinds.text;
    default:
      return kinds.nothing;
  }
}

/** Undefined where these bytes are no block. */
export function readHeader(block: Uint8Array | undefined): Header | undefined {
  if (block === undefined || block.length < headerLength || block[0] !== version) return undefined;
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  return { number: view.getUint32(2), run: view.getUint32(6), timed: block[1] === 1, from: view.getFloat64(10) };
}

/** All records up to the first that cannot be read. */
export function readRecords(block: Uint8Array): readonly Remembered[] {
  const header = readHeader(block);
  const records: Remembered[] = [];
  if (header === undefined) return records;
  const sums = new Map<number, number>();
  const reader = new Reader(block, headerLength);
  let second = header.from;
  try {
    while (!reader.ended) {
      const key = Number(reader.number());
      const alias = Math.floor(key / 16);
      if ((key & newcomer) !== 0) sums.set(alias, reader.view(4).getUint32(0, true));
      second += Number(unzigzag(reader.number()));
      const value = reader.value(key & 7);
      records.push({ alias, sum: sums.get(alias) ?? 0, at: second * 1000, value });
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return records;
}

/** Throws a RangeError beyond the end. */
class Reader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get ended(): boolean {
    return this.#at >= this.#bytes.length;
  }

  view(length: number): DataView {
    const view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset + this.#at, length);
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new RangeError("the block ends within a record");
    return view;
  }

  number(): bigint {
    let whole = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.view(1).getUint8(0);
      whole |= BigInt(byte & 127) << shift;
      if (byte < 128) return whole;
    }
    throw new RangeError("a number without an end");
  }

  value(kind: number): Value {
    switch (kind) {
      case kinds.no:
        return false;
      case kinds.yes:
        return true;
      case kinds.whole: {
        const whole = unzigzag(this.number());
        const plain = Number(whole);
        return Number.isSafeInteger(plain) ? plain : whole;
      }
      case kinds.real:
        return this.view(4).getFloat32(0, true);
      case kinds.text: {
        const text = this.view(Number(this.number()));
        return Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString();
      }
      default:
        return null;
    }
  }
}

const zigzag = (whole: bigint): bigint => (whole >= 0n ? whole * 2n : -whole * 2n - 1n);
const unzigzag = (whole: bigint): bigint => (whole % 2n === 0n ? whole / 2n : -(whole + 1n) / 2n);

/** Seven bits a byte, the lowest first. */
function number(bytes: number[], whole: bigint): void {
  let rest = whole;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
}
