import { createHash } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";
import { bad, good, type Judged } from "../../protocol/pickup-code/judged.ts";
import { longestHead, parseMemberList, type MemberList } from "../../protocol/members/member-list.ts";
import { ascends, rowLength } from "../../protocol/members/rows.ts";
import { blockLength, IndexDraft, type MemberIndex } from "./member-index.ts";

/** A member list file whose first line was read and whose length is right. No row of it was looked at. */
export interface MemberFile {
  readonly path: string;
  readonly list: MemberList;
  /** The first line with its end, as it stands there. */
  readonly head: Buffer;
}

const lineEnd = 0x0a;
/** Read at once: so long that a card reads fast, so short that others have their turn soon. */
const chunkLength = 16 * blockLength;

/** Reads the first line, and looks whether as many rows follow as it says. */
export async function readMemberFile(path: string): Promise<Judged<MemberFile>> {
  return withFile(path, async (file) => {
    const head = await headOf(file);
    if (head === undefined)
      return bad("It is no member list: its first line does not end. Copy the file again from where it was made.");
    const parsed = parseMemberList(head.toString("utf8", 0, head.length - 1));
    if (!parsed.ok) return parsed;
    const { size } = await file.stat();
    const expected = head.length + parsed.value.rows.count * rowLength;
    if (size === expected) return good({ path, list: parsed.value, head });
    return bad(
      `It has ${size} bytes, and with its ${parsed.value.rows.count} rows it must have ${expected}. Copy the file again from where it was made.`,
    );
  });
}

async function headOf(file: FileHandle): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  for (let at = 0; at <= longestHead; at += chunkLength) {
    const part = Buffer.alloc(chunkLength);
    const bytesRead = await read(file, part, 0, chunkLength, at);
    const end = part.subarray(0, bytesRead).indexOf(lineEnd);
    parts.push(part.subarray(0, end < 0 ? bytesRead : end + 1));
    if (end >= 0) return Buffer.concat(parts);
    if (bytesRead < chunkLength) return undefined;
  }
  return undefined;
}

/**
 * Reads all rows once: whether they are those that were signed and stand in their order. Gives way after each 64 KiB.
 * `passing`: gets every byte of the file, the first line too; what it throws is thrown on.
 */
export async function judgeRows(
  { path, list, head }: MemberFile,
  passing: (bytes: Uint8Array) => Promise<void> = async () => {},
): Promise<Judged<MemberIndex>> {
  return withFile(path, async (file) => {
    await passing(head);
    const hash = createHash("sha256");
    const draft = new IndexDraft();
    const end = list.rows.count * rowLength;
    // The row before a chunk stands before it, so that their order is seen.
    const bytes = Buffer.alloc(rowLength + chunkLength);
    for (let done = 0; done < end; done += chunkLength) {
      const length = Math.min(chunkLength, end - done);
      const came = await read(file, bytes, rowLength, length, head.length + done);
      if (came < length) return bad("It became shorter while it was read, or its disk fails. Copy the file again.");
      const chunk = bytes.subarray(rowLength, rowLength + length);
      for (let row = done === 0 ? 2 : 1; row * rowLength <= length; row++)
        if (!ascends(bytes, row))
          return bad(`Row ${done / rowLength + row} does not lie after the one before it, as rows must.`);
      hash.update(chunk);
      for (let at = 0; at < length; at += blockLength) draft.add(chunk.subarray(at, at + blockLength));
      await passing(chunk);
      bytes.copyWithin(0, length, length + rowLength);
    }
    if (hash.digest("hex") === list.rows.sha256) return good(draft.done());
    return bad("Its rows are not those that were signed. Copy the file again from where it was made.");
  });
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<Judged<T>>): Promise<Judged<T>> {
  const file = await open(path, "r").catch(unreadable);
  if ("ok" in file) return file;
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

function unreadable(thrown: unknown): ReturnType<typeof bad> {
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  return bad(`It cannot be read (${said}). Give this user the right to read it, or copy it again.`);
}

/** How many bytes came; fewer than asked for where the file ends or its disk gives no more. */
const read = async (file: FileHandle, into: Buffer, offset: number, length: number, at: number): Promise<number> => {
  try {
    return (await file.read(into, offset, length, at)).bytesRead;
  } catch {
    return 0;
  }
};
