import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { millis } from "../../devices/kit/clock.ts";
import { openDisk, type DiskOptions } from "../../controller/store/disk.ts";
import type { Entry, Mark } from "../../controller/domain/entry.ts";
import type { Disk } from "../../controller/world.ts";

const work = join(import.meta.dirname, "../.work");

/** A data folder of its own for one test. */
export function freshFolder(name: string): string {
  mkdirSync(work, { recursive: true });
  return mkdtempSync(join(work, `${name}-`));
}

/** The same in memory where there is such a place, for tests whose promise does not depend on the disk below. */
export const folderInMemory = (name: string): string =>
  mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), `yizhan-${name}-`));

export const removeFolder = (dir: string) => rmSync(dir, { recursive: true, force: true });

/** Changes bytes of a file in place. */
export function flip(path: string, places: readonly number[], mask = 0xff): void {
  const bytes = readFileSync(path);
  for (const place of places) bytes.writeUInt8(bytes.readUInt8(place) ^ mask, place);
  writeFileSync(path, bytes);
}

/** 2026-07-15 12:00 in UTC+8. */
export const noon = millis(1_784_088_000_000);
export const lifeFloorSeconds = 1_780_000_000;

export const optionsFor = (dir: string): DiskOptions => ({
  dir,
  pid: process.pid,
  lifeFloorSeconds,
  now: () => ({ utc: noon, trusted: true }),
});

/** Opens the ledger in `dir`, or fails the test with the sentence. */
export async function opened(dir: string): Promise<Disk> {
  const disk = await openDisk(optionsFor(dir));
  if (!disk.ok) throw new Error(disk.error.says);
  return disk.value;
}

export const attempt = (index: number): Entry => ({
  kind: "attempt",
  credential: { kind: "derived", epoch: "20260715", index },
  device: "vend",
  slot: "1",
  product: "water",
  until: 20_649,
});

/** Appends `count` attempts, one after the other. */
export async function fill(disk: Disk, count: number): Promise<void> {
  for (let n = 1; n <= count; n++) {
    const done = await disk.append(attempt(n));
    if (!done.ok) throw new Error(done.error.detail);
  }
}

export async function seqs(disk: Disk, after?: Mark): Promise<readonly number[]> {
  const read: number[] = [];
  for await (const { seq } of disk.read(after)) read.push(seq);
  return read;
}

/** What can be read after a mark, by life and number. */
export async function marks(disk: Disk, after?: Mark): Promise<readonly Mark[]> {
  const read: Mark[] = [];
  for await (const { life, seq } of disk.read(after)) read.push({ life, seq });
  return read;
}
