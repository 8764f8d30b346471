// The -wal file as https://sqlite.org/fileformat2.html, section 4, describes it.
const headLength = 32;
const frameHeadLength = 24;
/** The last bit tells in which byte order the checksums are computed. */
const magic = 0x377f0682;
const magicAt = 0;
const pageSizeAt = 8;
const saltsAt = 16;
const headSumAt = 24;
const commitAt = 4;
const frameSaltsAt = 8;
const frameSumAt = 16;

interface Sum {
  readonly a: number;
  readonly b: number;
}

/**
 * The sentence about commits in a -wal file that were on the medium once and cannot be read any more, or undefined.
 *
 * SQLite stops at the first frame whose checksum is wrong and forgets the rest without a word, which is right for what
 * a power cut left of one commit, and wrong for a card that rots. The two can be told apart: with synchronous=FULL
 * nothing is written behind a commit before the commit is on the medium. So a sound commit followed by a sound frame,
 * both behind a bad one, were not left by a power cut. Of the newest two commits this cannot be known.
 */
export function lostCommits(wal: Uint8Array): string | undefined {
  const bytes = Buffer.from(wal.buffer, wal.byteOffset, wal.byteLength);
  if (bytes.length < headLength || bytes.subarray(0, headLength).every((byte) => byte === 0)) return undefined;
  const file = new WalFile(bytes);
  // These 32 bytes lie in one sector and are waited for before any frame: a power cut leaves them whole.
  if (!file.headIsSound()) return "the head of its -wal file is damaged";
  const bad = file.firstBad();
  for (let n = bad + 1; n + 1 < file.frames; n++) {
    if (file.isCommit(n) && file.isSound(n) && file.isSound(n + 1)) {
      return `frame ${bad + 1} of its -wal file is damaged, and entries that were saved behind it cannot be reached`;
    }
  }
  return undefined;
}

class WalFile {
  readonly frames: number;
  readonly #bytes: Buffer;
  readonly #frameLength: number;
  readonly #littleEndian: boolean;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#littleEndian = (bytes.readUInt32BE(magicAt) & 1) === 0;
    this.#frameLength = frameHeadLength + bytes.readUInt32BE(pageSizeAt);
    this.frames = Math.floor((bytes.length - headLength) / this.#frameLength);
  }

  headIsSound(): boolean {
    if ((this.#bytes.readUInt32BE(magicAt) & ~1) !== magic) return false;
    return same(this.#summed({ a: 0, b: 0 }, 0, headSumAt), this.#sumAt(headSumAt));
  }

  /** The first frame at which SQLite stops; `frames` where it reads them all. */
  firstBad(): number {
    for (let n = 0; n < this.frames; n++) if (!this.isSound(n)) return n;
    return this.frames;
  }

  /** Of the present round, and with the checksum that follows from the one written in the frame before. */
  isSound(n: number): boolean {
    const at = this.#at(n);
    if (this.#bytes.compare(this.#bytes, saltsAt, saltsAt + 8, at + frameSaltsAt, at + frameSaltsAt + 8) !== 0) {
      return false;
    }
    const before = this.#sumAt(n === 0 ? headSumAt : this.#at(n - 1) + frameSumAt);
    const head = this.#summed(before, at, at + frameSaltsAt);
    return same(this.#summed(head, at + frameHeadLength, at + this.#frameLength), this.#sumAt(at + frameSumAt));
  }

  isCommit(n: number): boolean {
    return this.#bytes.readUInt32BE(this.#at(n) + commitAt) !== 0;
  }

  #at(n: number): number {
    return headLength + n * this.#frameLength;
  }

  #sumAt(at: number): Sum {
    return { a: this.#bytes.readUInt32BE(at), b: this.#bytes.readUInt32BE(at + 4) };
  }

  #summed(before: Sum, from: number, to: number): Sum {
    let { a, b } = before;
    for (let at = from; at < to; at += 8) {
      a = (a + this.#word(at) + b) >>> 0;
      b = (b + this.#word(at + 4) + a) >>> 0;
    }
    return { a, b };
  }

  #word(at: number): number {
    return this.#littleEndian ? this.#bytes.readUInt32LE(at) : this.#bytes.readUInt32BE(at);
  }
}

const same = (one: Sum, other: Sum) => one.a === other.a && one.b === other.b;
