import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDisk } from "../../controller/store/disk.ts";
import { mount } from "../powercut/forgetful.ts";
import { attempt, fill, freshFolder, opened, optionsFor, removeFolder, seqs } from "./folder.ts";

let dir: string;
let other: ChildProcess | undefined;
beforeEach(() => {
  dir = freshFolder("two");
});
afterEach(() => {
  other?.kill("SIGKILL");
  other = undefined;
  removeFolder(dir);
});

/** A kiosk in another process, with five entries. */
async function anotherKiosk(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "holder.ts"), dir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  other = child;
  await once(child.stdout, "data");
  return child;
}

test("a second kiosk on the same data folder is refused by the number of the first, until that one is killed", async () => {
  const first = await anotherKiosk();
  expect(await openDisk(optionsFor(dir))).toEqual({
    ok: false,
    error: {
      held: true,
      says:
        `Another kiosk (process ${first.pid}) already uses the data folder ${dir}. ` +
        "Stop that one first, or name another folder with --data.",
    },
  });
  first.kill("SIGKILL");
  await once(first, "exit");
  const second = await opened(dir);
  expect(second.setAside).toBeUndefined();
  expect(await seqs(second)).toEqual([1, 2, 3, 4, 5]);
  await second.close();
});

test("a second opening in the same process is refused too, and takes nothing from the first", async () => {
  const first = await opened(dir);
  for (let n = 0; n < 2; n++) {
    const second = await openDisk(optionsFor(dir));
    expect(!second.ok && second.error.says).toContain(`Another kiosk (process ${process.pid})`);
  }
  expect((await first.append(attempt(1))).ok).toBe(true);
  await first.close();
});

const yizhan = (...words: readonly string[]) =>
  promisify(execFile)(process.execPath, [join(import.meta.dirname, "../../controller/yizhan.mjs"), "ledger", ...words]);

test("the ledger of a running kiosk can be verified and exported, its newest entries included", async () => {
  await anotherKiosk();
  const verified = await yizhan("verify", "--data", dir);
  expect(verified.stdout).toContain("The chain is whole: 5 entries.");
  const exported = await yizhan("export", "--data", dir);
  const lines = exported.stdout.trimEnd().split("\n");
  expect(lines).toHaveLength(5);
  expect(JSON.parse(lines[4] ?? "")).toMatchObject({ seq: 5, type: "attempt", dev: "vend", trusted: true });
  expect(verified.stdout).toContain(JSON.parse(lines[4] ?? "").hash);
});

test("verify says no with exit code 1 and the first bad entry, export prints what there is, and both say where no ledger is", async () => {
  const disk = await opened(dir);
  await fill(disk, 30);
  await disk.close();
  const file = new DatabaseSync(join(dir, "kiosk.db"));
  file.exec(
    "DROP TRIGGER ledger_is_never_changed; UPDATE ledger SET body = replace(body, 'water', 'salt') WHERE seq >= 12",
  );
  file.close();
  await expect(yizhan("verify", "--data", dir)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("The chain is broken at entry 12 of life 1780000000"),
  });
  const exported = await yizhan("export", "--data", dir);
  expect(exported.stdout.trimEnd().split("\n")).toHaveLength(30);
  for (const command of ["verify", "export"]) {
    await expect(yizhan(command, "--data", join(dir, "nowhere"))).rejects.toMatchObject({
      code: 1,
      stderr: `There is no ledger in ${dir}/nowhere: kiosk.db is missing. Name the kiosk's data folder with --data.\n`,
    });
  }
});

test("the database itself refuses to change or to forget an entry", async () => {
  const disk = await opened(dir);
  await fill(disk, 2);
  await disk.close();
  const file = new DatabaseSync(join(dir, "kiosk.db"));
  for (const attack of [
    "UPDATE ledger SET at = 0 WHERE seq = 1",
    "DELETE FROM ledger",
    "INSERT OR REPLACE INTO ledger SELECT * FROM ledger WHERE seq = 1",
  ]) {
    expect(() => file.exec(attack)).toThrow("the ledger is append-only");
  }
  file.close();
});

test("appends that wait for the same commit share it, and each is answered only after it", async () => {
  const folder = await mount();
  const disk = await opened(folder.path);
  folder.mark("begun");
  const answered = Array.from({ length: 100 }, async (_, n) => {
    const done = await disk.append(attempt(n));
    folder.mark("answered");
    return done.ok ? done.value.seq : "refused";
  });
  expect(await Promise.all(answered)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
  folder.mark("done");
  await disk.close();
  const { told } = await folder.unmount();
  const marks = told.flatMap((one, at) => (one.is === "mark" ? [{ text: one.text, at }] : []));
  const at = (text: string) => marks.find((mark) => mark.text === text)?.at ?? -1;
  const during = told.slice(at("begun"), at("done"));
  const waits = during.flatMap((one, place) => (one.is === "synced" ? [place] : []));
  // The first goes alone; the 99 that came meanwhile go together.
  expect(waits.length).toBeGreaterThanOrEqual(2);
  expect(waits.length).toBeLessThanOrEqual(5);
  const answers = during.flatMap((one, place) => (one.is === "mark" && one.text === "answered" ? [place] : []));
  expect(answers).toHaveLength(100);
  expect(answers[0]).toBeGreaterThan(waits[0] ?? Number.POSITIVE_INFINITY);
  expect(answers[1]).toBeGreaterThan(waits[1] ?? Number.POSITIVE_INFINITY);
});
