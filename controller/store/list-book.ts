import { createHmac, type KeyObject } from "node:crypto";
import { millis, type Millis } from "../../devices/kit/clock.ts";
import { parseInstant } from "../../protocol/pickup-code/calendar.ts";
import { ready } from "../../protocol/pickup-code/derive.ts";
import { couldBeOf, type ImportedList } from "../../protocol/pickup-code/list.ts";
import type { Candidate, Day, Offer } from "../domain/credential.ts";
import { offerOf } from "./epoch-book.ts";

/** One imported list: 8 bytes a code, in order, found by halving. */
export class ListBook {
  readonly offer: Offer;
  readonly codeLength: number;
  /** True where a keypad of digits can type its codes. */
  readonly typable: boolean;
  readonly issuedAt: Millis;
  readonly #list: ImportedList;
  readonly #key: KeyObject;
  readonly #tags: BigUint64Array;

  constructor(list: ImportedList, key: Uint8Array) {
    this.offer = offerOf(list);
    this.codeLength = list.codeLength;
    this.typable = list.alphabet === "digits";
    this.issuedAt = millis(parseInstant(list.issuedAt) ?? 0);
    this.#tags = BigUint64Array.from(list.tags, (tag) => BigInt(`0x${tag}`));
    this.#list = { ...list, tags: [] };
    this.#key = ready(key);
  }

  couldHold(text: string): boolean {
    return couldBeOf(this.#list, text);
  }

  /** Whether it may still give something, or explain, around this day. */
  touches(first: Day, last: Day): boolean {
    return this.offer.from <= last && this.offer.to >= first;
  }

  /** Undefined where the list has no such code. `text` must have the form of its codes. */
  find(text: string): Candidate | undefined {
    const tag = createHmac("sha256", this.#key).update(text).digest().readBigUInt64BE(0);
    if (!this.#has(tag)) return undefined;
    const credential = { kind: "list", list: this.#list.id, tag: tag.toString(16).padStart(16, "0") } as const;
    return { credential, offer: this.offer, validFrom: this.offer.from, validTo: this.offer.to };
  }

  #has(tag: bigint): boolean {
    let low = 0;
    let high = this.#tags.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#tags[middle] ?? 0n) < tag) low = middle + 1;
      else high = middle;
    }
    return this.#tags[low] === tag;
  }
}
