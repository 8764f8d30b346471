import { createHash, createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { rowLength } from "../../protocol/members/rows.ts";
import { tagLength } from "../../protocol/members/secrets.ts";

/** Rows that are read together: 4 KiB, what a card reads at once anyway. */
export const blockRows = 256;
export const blockLength = blockRows * rowLength;
/** No rot is overlooked, and nobody finds other rows of the same hash. */
const digestLength = 16;
const entryLength = tagLength + digestLength;
const macLength = 32;

const digestOf = (block: Uint8Array): Buffer => createHash("sha256").update(block).digest().subarray(0, digestLength);

/** What stays in memory of the rows of a list: the first tag of each block and a hash of the block, 24 bytes for 256 rows. */
export class MemberIndex {
  readonly #entries: Buffer;

  constructor(entries: Buffer) {
    this.#entries = entries;
  }

  get blocks(): number {
    return this.#entries.length / entryLength;
  }

  /** Number of the block in which a tag must lie; undefined where it would lie before the first. */
  blockOf(tag: Uint8Array): number | undefined {
    let low = 0;
    let high = this.blocks;
    while (low < high) {
      const middle = (low + high) >> 1;
      const first = this.#entries.subarray(middle * entryLength, middle * entryLength + tagLength);
      if (Buffer.compare(first, tag) <= 0) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? undefined : low - 1;
  }

  /** Whether these are the bytes that were judged when the list was taken. */
  vouchesFor(block: number, bytes: Uint8Array): boolean {
    const from = block * entryLength + tagLength;
    return digestOf(bytes).equals(this.#entries.subarray(from, from + digestLength));
  }

  /**
   * For the disk. `sig`: the signature of the list, so that it stands for no other. It bears a hash under a key made of
   * the kiosk's own: only this kiosk says of rows that it has judged them.
   */
  written(sig: string, kioskKey: Uint8Array): Buffer {
    return Buffer.concat([this.#entries, macOf(this.#entries, sig, kioskKey)]);
  }
}

const macOf = (entries: Uint8Array, sig: string, kioskKey: Uint8Array): Buffer => {
  const key = new Uint8Array(hkdfSync("sha256", kioskKey, "yizhan/v1", "members:index", 32));
  return createHmac("sha256", key).update(`${sig}\0`).update(entries).digest();
};

/** Undefined where it is of another list, of so many rows, or not as this kiosk wrote it. */
export function readIndex(
  bytes: Buffer,
  { sig, count }: { readonly sig: string; readonly count: number },
  kioskKey: Uint8Array,
): MemberIndex | undefined {
  const entries = bytes.subarray(0, -macLength);
  if (entries.length !== Math.ceil(count / blockRows) * entryLength) return undefined;
  const mac = bytes.subarray(entries.length);
  return timingSafeEqual(mac, macOf(entries, sig, kioskKey)) ? new MemberIndex(entries) : undefined;
}

/** Makes an index while rows go by, block after block. */
export class IndexDraft {
  readonly #entries: Buffer[] = [];

  add(block: Uint8Array): void {
    this.#entries.push(Buffer.concat([block.subarray(0, tagLength), digestOf(block)]));
  }

  done(): MemberIndex {
    return new MemberIndex(Buffer.concat(this.#entries));
  }
}
