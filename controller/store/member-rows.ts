import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { MemberList } from "../../protocol/members/member-list.ts";
import { headLine } from "../../protocol/members/member-list.ts";
import { rowLength } from "../../protocol/members/rows.ts";
import { tagLength } from "../../protocol/members/secrets.ts";
import { blockLength, type MemberIndex } from "./member-index.ts";

export interface RowsAsked {
  readonly path: string;
  readonly list: MemberList;
  readonly index: MemberIndex;
  /** Told once: a sentence for the technician. */
  damaged(why: string): void;
}

/** The rows of a list on the disk. One block of 4 KiB is read for each look-up, and is believed only where it is as it was judged. */
export interface MemberRows {
  /** The pid of the row with this tag. Undefined where there is none, or where it cannot be known. */
  find(tag: Uint8Array): Uint8Array | undefined;
  close(): void;
}

export function openRows({ path, list, index, damaged }: RowsAsked): MemberRows {
  const begin = headLine(list).length;
  const size = begin + list.rows.count * rowLength;
  const block = Buffer.alloc(blockLength);
  let told = false;
  const tell = (why: string): undefined => {
    if (told) return;
    told = true;
    damaged(why);
  };
  let file = opened(path, tell);

  const read = (open: number, number: number): Buffer | undefined => {
    const { nlink, size: found } = fstatSync(open);
    if (nlink === 0)
      return tell(
        "Its file was removed, so that none of its members are known. Put it back and start the kiosk again.",
      );
    if (found !== size)
      return tell(`Its file has ${found} bytes instead of ${size}, so that none of its members are known. ${again}`);
    const from = number * blockLength;
    const bytes = block.subarray(0, Math.min(blockLength, size - begin - from));
    const came = readSync(open, bytes, 0, bytes.length, begin + from);
    if (came === bytes.length && index.vouchesFor(number, bytes)) return bytes;
    return tell(`Rows of its file were changed, so that some of its members are not known. ${again}`);
  };

  return {
    find(tag) {
      const number = index.blockOf(tag);
      if (file === undefined || number === undefined) return undefined;
      try {
        const rows = read(file, number);
        return rows && pidIn(rows, tag);
      } catch (thrown) {
        return tell(
          `Its file cannot be read (${saidBy(thrown)}), so that its members are not known. Check the card and its power supply.`,
        );
      }
    },
    close() {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

const again = "Start the kiosk again: it takes the list from its configuration folder, or the generation before.";

function opened(path: string, tell: (why: string) => void): number | undefined {
  try {
    return openSync(path, "r");
  } catch (thrown) {
    tell(`Its file cannot be opened (${saidBy(thrown)}), so that none of its members are known. ${again}`);
    return undefined;
  }
}

function pidIn(rows: Buffer, tag: Uint8Array): Uint8Array | undefined {
  let low = 0;
  let high = rows.length / rowLength;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = middle * rowLength;
    const order = rows.compare(tag, 0, tagLength, at, at + tagLength);
    if (order === 0) return new Uint8Array(rows.subarray(at + tagLength, at + rowLength));
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return undefined;
}

const saidBy = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
