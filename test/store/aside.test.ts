import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openDisk } from "../../controller/store/disk.ts";
import { verify } from "../../controller/store/verify.ts";
import {
  attempt,
  fill,
  flip,
  folderInMemory,
  lifeFloorSeconds,
  opened,
  optionsFor,
  removeFolder,
  seqs,
} from "./folder.ts";

let dir: string;
let db: string;
beforeEach(() => {
  dir = folderInMemory("aside");
  db = join(dir, "kiosk.db");
});
afterEach(() => removeFolder(dir));

async function ledgerOf(count: number): Promise<void> {
  const disk = await opened(dir);
  await Promise.all(Array.from({ length: count }, (_, n) => disk.append(attempt(n))));
  await disk.close();
}

/** Starts, and expects the ledger set aside for this reason, untouched, with a new one that works. */
async function expectSetAside(
  why: string | RegExp,
  life = lifeFloorSeconds + 1,
  name = "kiosk.db.set-aside-1",
): Promise<void> {
  const before = readFileSync(db);
  const disk = await opened(dir);
  expect(disk.setAside).toMatch(why);
  expect(disk.setAside).toContain(`It was set aside as ${name}, and a new one was begun as life ${life}.`);
  expect(readFileSync(join(dir, name)).equals(before)).toBe(true);
  const first = await disk.append(attempt(1));
  expect(first.ok && [first.value.life, first.value.seq]).toEqual([life, 1]);
  await disk.close();
  const next = await opened(dir);
  expect(next.setAside).toBeUndefined();
  expect(await seqs(next)).toEqual([1]);
  await next.close();
}

describe("set aside, never overwritten, with a sentence that says why, is", () => {
  test("a file that is no database", async () => {
    writeFileSync(db, "a shopping list");
    await expectSetAside("does not begin as a database begins");
  });

  test("an empty file", async () => {
    writeFileSync(db, "");
    await expectSetAside("does not begin as a database begins");
  });

  test("the database of another program", async () => {
    const other = new DatabaseSync(db);
    other.exec("CREATE TABLE ledger (x); PRAGMA user_version=1; PRAGMA journal_mode=WAL");
    other.close();
    await expectSetAside("it is the database of another program");
  });

  test("a ledger without its tables", async () => {
    await ledgerOf(2);
    const file = new DatabaseSync(db);
    file.exec("DROP TABLE kept");
    file.close();
    await expectSetAside("no such table: kept");
  });

  test("a ledger that was shortened", async () => {
    await ledgerOf(200);
    writeFileSync(db, readFileSync(db).subarray(0, 3 * 4096));
    await expectSetAside("malformed");
  });

  test("a ledger whose newest entry was changed", async () => {
    await ledgerOf(20);
    const file = new DatabaseSync(db);
    file.exec("DROP TRIGGER ledger_is_never_changed; UPDATE ledger SET at = at + 1 WHERE seq = 20");
    file.close();
    await expectSetAside("in its newest entry, 20, its content does not match its hash");
  });

  test("a ledger that has lost its newest entry", async () => {
    await ledgerOf(20);
    const file = new DatabaseSync(db);
    file.exec("DROP TRIGGER ledger_is_never_shortened; DELETE FROM ledger WHERE seq = 20");
    file.close();
    await expectSetAside("its newest entry is number 19 of the file");
  });

  test("a ledger whose header denies the -wal file with the newest entries", async () => {
    await ledgerOf(2);
    flip(db, [18, 19], 3);
    await expectSetAside("its header denies its -wal file");
  });
});

test("a ledger set aside later, by the same clock, begins a life of its own too", async () => {
  writeFileSync(db, "one");
  await expectSetAside("does not begin");
  writeFileSync(db, "two");
  await expectSetAside("does not begin", lifeFloorSeconds + 2, "kiosk.db.set-aside-2");
  expect(readFileSync(join(dir, "kiosk.db.set-aside-1"), "utf8")).toBe("one");
});

test("the life after a readable one is higher than that, however low the clock has fallen", async () => {
  await ledgerOf(20);
  flip(db, [18], 3);
  const disk = await openDisk({ ...optionsFor(dir), lifeFloorSeconds: 5 });
  if (!disk.ok) throw new Error(disk.error.says);
  const first = await disk.value.append(attempt(1));
  expect(first.ok && first.value.life).toBe(lifeFloorSeconds + 1);
  await disk.value.close();
});

test("a ledger of a newer release is refused and stays where it is", async () => {
  await ledgerOf(2);
  const file = new DatabaseSync(db);
  file.exec("PRAGMA user_version=2");
  file.close();
  const before = readFileSync(db);
  const refused = await openDisk(optionsFor(dir));
  expect(!refused.ok && refused.error.says).toBe(
    `The ledger in ${dir} has form 2, and this release knows forms up to 1. Install the newer release again.`,
  );
  expect(readFileSync(db).equals(before)).toBe(true);
});

test("a power cut between the renames does not part a ledger from its newest entries", async () => {
  const disk = await opened(dir);
  await fill(disk, 3);
  const wal = readFileSync(`${db}-wal`);
  await disk.close();
  writeFileSync(`${db}-wal`, wal);
  renameSync(db, `${db}.set-aside-1`);
  const next = await opened(dir);
  expect(next.setAside).toContain("its database file is missing");
  expect(readFileSync(`${db}.set-aside-1-wal`).equals(wal)).toBe(true);
  expect(await seqs(next)).toEqual([]);
  await next.close();
});

test("companions that belong to no ledger set aside get a number of their own", async () => {
  writeFileSync(`${db}.set-aside-1`, "older");
  writeFileSync(`${db}.set-aside-1-wal`, "its own");
  writeFileSync(`${db}-wal`, "another's");
  await (await opened(dir)).close();
  expect(readFileSync(`${db}.set-aside-1-wal`, "utf8")).toBe("its own");
  expect(readFileSync(`${db}.set-aside-2-wal`, "utf8")).toBe("another's");
});

test("a half-made ledger that the power cut left is made anew without a word", async () => {
  writeFileSync(`${db}.new`, "half");
  writeFileSync(`${db}.new-journal`, "half");
  const disk = await opened(dir);
  expect(disk.setAside).toBeUndefined();
  await disk.close();
  expect(readdirSync(dir).filter((name) => name.includes("new"))).toEqual([]);
});

test("damage that is met while the kiosk runs is never folded, and the next start sets the ledger aside", async () => {
  await ledgerOf(400);
  // The index of the eighteenth attempt, wherever pages have kept a copy of it.
  const digits = [...readFileSync(db, "latin1").matchAll(/"index":(?=17,)/g)].map((found) => found.index + 8);
  flip(db, digits, 1);

  const disk = await opened(dir);
  expect(disk.setAside).toBeUndefined();
  const read: number[] = [];
  const reading = (async () => {
    for await (const { seq } of disk.read(undefined)) read.push(seq);
  })();
  await expect(reading).rejects.toThrow(/in entry 18, its content does not match its hash.*Restart the kiosk/);
  expect(read).toEqual([]);
  await disk.close();
  expect(verify(dir)).toMatchObject({ ok: true, value: { is: "broken", seq: 18, good: 17 } });
  await expectSetAside("in entry 18, its content does not match its hash");
});

test("nothing is ever set aside in a folder where all is well", async () => {
  await ledgerOf(3);
  for (let start = 0; start < 3; start++) {
    const disk = await opened(dir);
    expect(disk.setAside).toBeUndefined();
    await disk.close();
  }
  expect(existsSync(`${db}.set-aside-1`)).toBe(false);
});
