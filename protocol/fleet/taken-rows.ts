/** So many goods of one product that one member took at one station, the newest in this minute. */
export interface TakenRow {
  /** The pseudonym by which ledgers name the member, 16 hex digits. */
  readonly pid: string;
  /** The `number` of the kiosk in its station file, 1 to 32767. */
  readonly station: number;
  readonly product: string;
  /** UTC minutes since 1970. */
  readonly minute: number;
  readonly count: number;
}

/** pid 8, station u16, product u8, minute u32, count u16; big-endian. */
export const rowLength = 17;
const at = { pid: 0, station: 8, product: 10, minute: 11, count: 15 } as const;
const pidLength = 8;
const mostGoods = 0xffff;
const newestMinute = 0xffff_ffff;

/** The rows of one list, packed as they came: found by halving, 17 bytes of memory each. */
export class TakenRows {
  readonly length: number;
  readonly #bytes: Buffer;
  readonly #products: readonly string[];

  constructor(packed: Uint8Array, products: readonly string[]) {
    this.#bytes = Buffer.from(packed);
    this.length = packed.length / rowLength;
    this.#products = products;
  }

  /** Undefined where it names a product that is not there, or no good. */
  at(index: number): TakenRow | undefined {
    const start = index * rowLength;
    const product = this.#products[this.#bytes.readUInt8(start + at.product)];
    const count = this.#bytes.readUInt16BE(start + at.count);
    if (product === undefined || count === 0) return undefined;
    return {
      pid: this.#bytes.toString("hex", start, start + pidLength),
      station: this.#bytes.readUInt16BE(start + at.station),
      product,
      minute: this.#bytes.readUInt32BE(start + at.minute),
      count,
    };
  }

  /** All rows of one member. `pid`: 16 hex digits. */
  of(pid: string): readonly TakenRow[] {
    const wanted = Buffer.from(pid, "hex");
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#order(middle, wanted) < 0) low = middle + 1;
      else high = middle;
    }
    const rows: TakenRow[] = [];
    for (let index = low; index < this.length && this.#order(index, wanted) === 0; index++) {
      const row = this.at(index);
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }

  /** Whether each row is greater than the one before: then none occurs twice. */
  get ascends(): boolean {
    for (let start = rowLength; start < this.#bytes.length; start += rowLength) {
      const before = start - rowLength;
      if (this.#bytes.compare(this.#bytes, before, start, start, start + rowLength) <= 0) return false;
    }
    return true;
  }

  #order(index: number, pid: Buffer): number {
    const start = index * rowLength;
    return this.#bytes.compare(pid, 0, pidLength, start, start + pidLength);
  }
}

/** Packs rows in order. `products`: all that occur, ascending. Throws at a row that does not fit: it is our own. */
export function packRows(rows: readonly TakenRow[], products: readonly string[]): Buffer {
  const places = new Map(products.map((product, place) => [product, place]));
  const packed = rows.map(({ pid, station, product, minute, count }) => {
    if (!/^[0-9a-f]{16}$/.test(pid)) throw new Error("A pid has 16 hex digits.");
    if (!Number.isInteger(minute) || minute < 0 || minute > newestMinute)
      throw new Error(`${minute} is no minute since 1970.`);
    const bytes = Buffer.alloc(rowLength);
    bytes.write(pid, at.pid, "hex");
    bytes.writeUInt16BE(station, at.station);
    bytes.writeUInt8(places.get(product) ?? 0xff, at.product);
    bytes.writeUInt32BE(minute, at.minute);
    bytes.writeUInt16BE(Math.min(count, mostGoods), at.count);
    return bytes;
  });
  return Buffer.concat(packed.sort((a, b) => a.compare(b)));
}
