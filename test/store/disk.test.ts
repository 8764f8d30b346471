import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Entry } from "../../controller/domain/entry.ts";
import { openDisk } from "../../controller/store/disk.ts";
import { verify } from "../../controller/store/verify.ts";
import type { Disk, Outgoing } from "../../controller/world.ts";
import {
  attempt,
  fill,
  freshFolder,
  lifeFloorSeconds,
  marks,
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

const at = (seq: number) => ({ life: lifeFloorSeconds, seq });

test("what was kept and is replaced is nowhere in the folder any more after a stop, however long it was", async () => {
  const mark = "somebody's ticks; ";
  const found = () => readdirSync(dir).filter((name) => readFileSync(join(dir, name)).includes(mark));
  const disk = await opened(dir);
  const lengths = [1, 20, 300, 2000];
  for (const length of lengths) await disk.keep.put(`passes-${length}`, Buffer.from(mark.repeat(length)));
  expect(found()).not.toEqual([]);
  for (const length of lengths) await disk.keep.put(`passes-${length}`, Buffer.from("[]"));
  await disk.close();
  expect(found()).toEqual([]);
});

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
    const hash = await before.hashAt(at(1));
    await before.close();

    const after = await opened(dir);
    for await (const entry of after.read(undefined)) {
      expect(entry).toEqual({ life: lifeFloorSeconds, seq: 1, at: noon, trusted: true, entry: attempt(1) });
    }
    expect(await seqs(after)).toEqual([1]);
    expect(after.keep.get("guesses")).toEqual(new Uint8Array([3]));
    expect(after.keep.get("floor")).toEqual(new Uint8Array([4, 5]));
    expect(after.keep.get("never kept")).toBeUndefined();
    expect(await after.hashAt(at(1))).toBe(hash);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const next = await after.append(attempt(2));
    expect(next.ok && next.value.seq).toBe(2);
    await after.close();
  });

  test("reads only what comes after a number, over any number of pages, and knows the hash of no entry that is not there", async () => {
    const disk = await opened(dir);
    await Promise.all(Array.from({ length: 2500 }, (_, n) => disk.append(attempt(n))));
    expect(await seqs(disk)).toEqual(Array.from({ length: 2500 }, (_, n) => n + 1));
    expect(await seqs(disk, at(2498))).toEqual([2499, 2500]);
    expect(await seqs(disk, at(2500))).toEqual([]);
    expect(await disk.hashAt(at(0))).toBeUndefined();
    expect(await disk.hashAt(at(2501))).toBeUndefined();
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

const reborn: Entry = { kind: "new-life", before: lifeFloorSeconds, why: "forked" };
const noonSeconds = noon / 1000;

/** Three entries of a first life, two of a second, one of a third. */
async function threeLives(): Promise<Disk> {
  const disk = await opened(dir);
  await fill(disk, 3);
  await disk.newLife(reborn);
  await disk.append(attempt(4));
  await disk.newLife(reborn);
  return disk;
}
const lives = [lifeFloorSeconds, noonSeconds, noonSeconds + 1] as const;
const everyMark = [
  ...[1, 2, 3].map((seq) => ({ life: lives[0], seq })),
  ...[1, 2].map((seq) => ({ life: lives[1], seq })),
  { life: lives[2], seq: 1 },
];

describe("a new life of a ledger", () => {
  test("begins with the entry that says why, numbered from 1, and is not lower than the time at which it began", async () => {
    const disk = await threeLives();
    expect(await marks(disk)).toEqual(everyMark);
    const last = await disk.append(attempt(5));
    expect(last.ok && last.value).toMatchObject({ life: lives[2], seq: 2 });
    await disk.close();
  });

  test("keeps apart from the one before it also where no clock tells the time", async () => {
    const untold = await openDisk({ ...optionsFor(dir), now: () => ({ utc: noon, trusted: false }) });
    if (!untold.ok) throw new Error(untold.error.says);
    const first = await untold.value.newLife(reborn);
    expect(first.ok && first.value).toMatchObject({ life: lifeFloorSeconds + 1, seq: 1, trusted: false });
    await untold.value.close();
  });

  test("lasts over a restart, and so do all before it", async () => {
    await (await threeLives()).close();
    const after = await opened(dir);
    expect(after.setAside).toBeUndefined();
    expect(await marks(after)).toEqual(everyMark);
    expect(await after.append(attempt(5))).toMatchObject({ value: { life: lives[2], seq: 2 } });
    await after.close();
    expect(verify(dir)).toMatchObject({ ok: true, value: { is: "whole", entries: 7, lives: 3 } });
  });

  test("says where the life before it ended, whatever was still on its way when it was asked for", async () => {
    const disk = await opened(dir);
    await fill(disk, 2);
    const [last, first] = await Promise.all([disk.append(attempt(3)), disk.newLife(reborn)]);
    const hash = await disk.hashAt(at(3));
    expect(last.ok && last.value.seq).toBe(3);
    expect(first.ok && first.value.entry).toEqual({ ...reborn, end: { seq: 3, hash } });
    await disk.close();
  });

  test("comes in its turn: what was asked for before belongs to the old life, what comes after to the new one", async () => {
    const disk = await opened(dir);
    const done = await Promise.all([disk.append(attempt(1)), disk.newLife(reborn), disk.append(attempt(2))]);
    expect(done.map((one) => one.ok && [one.value.life, one.value.seq])).toEqual([
      [lifeFloorSeconds, 1],
      [noonSeconds, 1],
      [noonSeconds, 2],
    ]);
    await disk.close();
  });

  test("is read from any mark on, also from one that no entry has", async () => {
    const disk = await threeLives();
    for (const [n, mark] of everyMark.entries()) expect(await marks(disk, mark)).toEqual(everyMark.slice(n + 1));
    expect(await marks(disk, { life: lives[0], seq: 0 })).toEqual(everyMark);
    expect(await marks(disk, { life: lives[0], seq: 99 })).toEqual(everyMark.slice(3));
    expect(await marks(disk, { life: lives[0] + 7, seq: 99 })).toEqual(everyMark.slice(3));
    expect(await marks(disk, { life: 1, seq: 99 })).toEqual(everyMark);
    expect(await marks(disk, { life: lives[2] + 1, seq: 0 })).toEqual([]);
    await disk.close();
  });

  test("has a chain of its own, and the hash of each entry is known by life and number", async () => {
    const disk = await threeLives();
    const hashes = await Promise.all(everyMark.map((mark) => disk.hashAt(mark)));
    expect(new Set(hashes).size).toBe(everyMark.length);
    expect(hashes).not.toContain(undefined);
    expect(await disk.hashAt({ life: lives[1], seq: 3 })).toBeUndefined();
    expect(await disk.hashAt({ life: lives[1] + 9, seq: 1 })).toBeUndefined();
    await disk.close();
  });
});

describe("what goes out", () => {
  test("is each entry's own text and hash, of one life at a time, linked to the entry before it", async () => {
    const disk = await threeLives();
    const sent: Outgoing[] = [];
    for (;;) {
      const page = await disk.outgoing(sent.at(-1), 2);
      if (!page.ok) throw new Error(page.error.detail);
      if (page.value.length === 0) break;
      expect(new Set(page.value.map(({ life }) => life)).size).toBe(1);
      expect(page.value.length).toBeLessThanOrEqual(2);
      sent.push(...page.value);
    }
    expect(sent.map(({ life, seq }) => ({ life, seq }))).toEqual(everyMark);
    for (const [n, { life, seq, text, before, hash }] of sent.entries()) {
      const whole = text.replace(`"seq":${seq},`, `"life":${life},"seq":${seq},`);
      const computed = createHash("sha256").update(Buffer.from(before, "hex")).update(whole).digest("hex");
      expect(computed).toBe(hash);
      expect(await disk.hashAt({ life, seq })).toBe(hash);
      expect(before).toBe(seq === 1 ? "0".repeat(64) : sent[n - 1]?.hash);
    }
    await disk.close();
  });

  test("a closed disk says that it is closed", async () => {
    const disk = await opened(dir);
    await disk.close();
    expect(await disk.outgoing(undefined, 5)).toMatchObject({ ok: false, error: { kind: "refused" } });
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
