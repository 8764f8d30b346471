import { kill } from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { openDisk } from "../../controller/store/disk.ts";
import type { Disk } from "../../controller/world.ts";
import { mount, type Forgetful } from "../powercut/forgetful.ts";
import { attempt, fill, opened, optionsFor, seqs } from "./folder.ts";

let folder: Forgetful | undefined;
let disk: Disk | undefined;
afterEach(async () => {
  await disk?.close();
  await folder?.unmount();
  disk = undefined;
  folder = undefined;
});

describe("a full disk", () => {
  test("refuses entries with a sentence, and the next one that fits goes on without a hole", async () => {
    folder = await mount();
    disk = await opened(folder.path);
    await fill(disk, 3);
    folder.trouble("full");
    const refused = await Promise.all([disk.append(attempt(4)), disk.append(attempt(5), { a: new Uint8Array([1]) })]);
    const sentence = `The disk of the data folder ${folder.path} is full. Free some space there; nothing is lost and the next entry tries again.`;
    for (const one of refused) expect(one).toEqual({ ok: false, error: { kind: "refused", detail: sentence } });
    expect(disk.keep.get("a")).toBeUndefined();
    const put = await disk.keep.put("a", new Uint8Array([2]));
    expect(!put.ok && put.error.detail).toBe(sentence);
    expect(disk.keep.get("a")).toBeUndefined();
    folder.trouble("none");
    const next = await disk.append(attempt(6));
    expect(next.ok && next.value.seq).toBe(4);
    expect(await seqs(disk)).toEqual([1, 2, 3, 4]);
  });

  test("at the first start is a sentence, and leaves nothing that would keep the next start from working", async () => {
    folder = await mount();
    folder.trouble("full");
    expect(await openDisk(optionsFor(folder.path))).toEqual({
      ok: false,
      error: {
        held: false,
        says: `The disk of the data folder ${folder.path} is full. Free some space there; nothing is lost and the next entry tries again.`,
      },
    });
    folder.trouble("none");
    disk = await opened(folder.path);
    expect(disk.setAside).toBeUndefined();
    expect((await disk.append(attempt(1))).ok).toBe(true);
  });

  test("at a later start is a sentence, and the ledger is not taken for a damaged one", async () => {
    folder = await mount();
    const before = await opened(folder.path);
    await fill(before, 3);
    await before.close();
    folder.trouble("full");
    const refused = await openDisk(optionsFor(folder.path));
    expect(!refused.ok && refused.error.says).toContain("is full");
    folder.trouble("none");
    disk = await opened(folder.path);
    expect(disk.setAside).toBeUndefined();
    expect(await seqs(disk)).toEqual([1, 2, 3]);
  });
});

test("a card that fails refuses entries with a sentence, and is tried again with each of them", async () => {
  folder = await mount();
  disk = await opened(folder.path);
  await fill(disk, 3);
  folder.trouble("io");
  for (let n = 0; n < 3; n++) {
    const refused = await disk.append(attempt(4));
    expect(!refused.ok && refused.error.detail).toMatch(/does not answer as it should .* Check the card/);
  }
  folder.trouble("none");
  await fill(disk, 2);
  expect(await seqs(disk)).toEqual([1, 2, 3, 4, 5]);
});

test("a data folder mounted for reading alone gets a sentence, with and without a ledger in it", async () => {
  folder = await mount();
  await (await opened(folder.path)).close();
  const { before, told } = await folder.unmount();
  expect(told.length).toBeGreaterThan(0);
  folder = await mount(before, "ro");
  const refused = await openDisk(optionsFor(folder.path));
  expect(!refused.ok && refused.error.says).toMatch(/cannot be written .* Mount it for writing/);
});

test("a card that stalls stalls nobody else, and what was asked for is done when it comes back", async () => {
  folder = await mount();
  disk = await opened(folder.path);
  await fill(disk, 1);
  kill(folder.pid, "SIGSTOP");
  let settled = false;
  const asked = disk.append(attempt(2)).finally(() => {
    settled = true;
  });
  // The keypad goes on: turns of this thread that take no longer than usual while the other one waits.
  let longest = 0;
  for (let turn = 0; turn < 50; turn++) {
    const begun = performance.now();
    await wait(5);
    longest = Math.max(longest, performance.now() - begun);
  }
  expect(settled).toBe(false);
  kill(folder.pid, "SIGCONT");
  const done = await asked;
  expect(done.ok && done.value.seq).toBe(2);
  expect(longest).toBeLessThan(2000);
});
