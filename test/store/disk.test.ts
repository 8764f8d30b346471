import { readdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDisk } from "../../controller/store/disk.ts";
import {
  attempt,
  fill,
  freshFolder,
  lifeFloorSeconds,
  noon,
  opened,
  optionsFor,
  removeFolder,
  seqs,
} from "./folder.ts";

let dir: string;
beforeEach(() => {
  dir = freshFolder("disk");
});
afterEach(() => removeFolder(dir));

describe("a ledger", () => {
  test("is begun as a life that is not lower than the floor, and numbers its entries from 1", async () => {
    const disk = await opened(dir);
    const first = await disk.append(attempt(7));
    expect(first).toEqual({
      ok: true,
      value: { life: lifeFloorSeconds, seq: 1, at: noon, trusted: true, entry: attempt(7) },
    });
    expect(disk.setAside).toBeUndefined();
    await disk.close();
  });

  test("gives back after a restart what was appended and kept, in the same life", async () => {
    const before = await opened(dir);
    await before.append(attempt(1), { guesses: new Uint8Array([3]) });
    await before.keep.put("floor", new Uint8Array([4, 5]));
    const hash = await before.hashAt(1);
    await before.close();

    const after = await opened(dir);
    for await (const entry of after.read(0)) {
      expect(entry).toEqual({ life: lifeFloorSeconds, seq: 1, at: noon, trusted: true, entry: attempt(1) });
    }
    expect(await seqs(after)).toEqual([1]);
    expect(after.keep.get("guesses")).toEqual(new Uint8Array([3]));
    expect(after.keep.get("floor")).toEqual(new Uint8Array([4, 5]));
    expect(after.keep.get("never kept")).toBeUndefined();
    expect(await after.hashAt(1)).toBe(hash);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const next = await after.append(attempt(2));
    expect(next.ok && next.value.seq).toBe(2);
    await after.close();
  });

  test("reads only what comes after a number, over any number of pages, and knows the hash of no entry that is not there", async () => {
    const disk = await opened(dir);
    await Promise.all(Array.from({ length: 2500 }, (_, n) => disk.append(attempt(n))));
    expect(await seqs(disk)).toEqual(Array.from({ length: 2500 }, (_, n) => n + 1));
    expect(await seqs(disk, 2498)).toEqual([2499, 2500]);
    expect(await seqs(disk, 2500)).toEqual([]);
    expect(await disk.hashAt(0)).toBeUndefined();
    expect(await disk.hashAt(2501)).toBeUndefined();
    await disk.close();
  });

  test("serves calls in the order they were made, entries and kept things alike", async () => {
    const disk = await opened(dir);
    const order: string[] = [];
    await Promise.all([
      disk.append(attempt(1)).then((done) => order.push(`entry ${done.ok ? done.value.seq : "?"}`)),
      disk.keep.put("a", new Uint8Array([1])).then(() => order.push("kept")),
      disk.append(attempt(2)).then((done) => order.push(`entry ${done.ok ? done.value.seq : "?"}`)),
      disk.keep.put("a", new Uint8Array([2])).then(() => order.push("kept again")),
    ]);
    expect(order).toEqual(["entry 1", "kept", "entry 2", "kept again"]);
    expect(disk.keep.get("a")).toEqual(new Uint8Array([2]));
    await disk.close();
  });

  test("keeps the bytes as they were at the call, although the commit comes later", async () => {
    const disk = await opened(dir);
    const bytes = new Uint8Array([1]);
    const busy = disk.append(attempt(1));
    const kept = disk.keep.put("a", bytes);
    bytes[0] = 9;
    await Promise.all([busy, kept]);
    expect(disk.keep.get("a")).toEqual(new Uint8Array([1]));
    await disk.close();
  });

  test("finishes what was asked for before it closes, and refuses what comes after", async () => {
    const disk = await opened(dir);
    const asked = [disk.append(attempt(1)), disk.append(attempt(2))];
    await disk.close();
    expect((await Promise.all(asked)).map((done) => done.ok && done.value.seq)).toEqual([1, 2]);
    const late = await disk.append(attempt(3));
    expect(!late.ok && late.error).toEqual({ kind: "refused", detail: `The ledger in ${dir} is closed.` });
  });

  test("closed in good order leaves one whole file and no companions", async () => {
    const disk = await opened(dir);
    await fill(disk, 3);
    await disk.close();
    expect(readdirSync(dir).sort()).toEqual(["kiosk.db", "kiosk.lock", "kiosk.pid"]);
  });
});

describe("a data folder that cannot be used gets a sentence", () => {
  test("where it is missing", async () => {
    const disk = await openDisk(optionsFor(`${dir}/missing`));
    expect(disk).toEqual({
      ok: false,
      error: {
        held: false,
        says: `The data folder ${dir}/missing does not exist. Make it, or name another with --data.`,
      },
    });
  });
});
