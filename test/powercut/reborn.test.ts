import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { draftOf } from "../../controller/store/ledger.ts";
import { openLedger } from "../../controller/store/opening.ts";
import { everyRow } from "../../controller/store/reading.ts";
import { verify } from "../../controller/store/verify.ts";
import { attempt, folderInMemory, noon, optionsFor } from "../store/folder.ts";
import { writeFiles } from "./files.ts";
import { record, type Recording } from "./forgetful.ts";
import { seeded, states, type CrashState } from "./states.ts";

const recordLives = (lives: number): Promise<Recording> =>
  record(async (disk) => {
    const script = join(import.meta.dirname, "reborn.ts");
    const writer = spawn(process.execPath, [script, disk.path, String(lives)], { stdio: "inherit" });
    const [code] = (await once(writer, "exit")) as [number | null];
    if (code !== 0) throw new Error(`the writer ended with ${code}`);
  });

/** Starts on what the power cut left, and goes on writing there. */
function startOn(state: CrashState, dir: string): void {
  writeFiles(dir, state.files);
  const last = state.marks.at(-1);
  const { acknowledged, life } = (last === undefined ? { acknowledged: 0, life: 0 } : JSON.parse(last)) as {
    acknowledged: number;
    life: number;
  };
  const opened = openLedger({ ...optionsFor(dir), synchronous: "FULL" });
  if (!opened.ok) throw new Error(opened.error.says);
  const { file, setAside } = opened.value;
  expect(setAside).toBeUndefined();
  const rows = [...everyRow(file)];
  const newest = rows.at(-1);
  expect(rows.length).toBeGreaterThanOrEqual(acknowledged);
  expect(newest?.life ?? 0).toBeGreaterThanOrEqual(life);
  const [next] = file.commit([{ draft: draftOf(attempt(0), noon, true), keep: {} }]);
  // The number of the life and its first entry are there together, or neither is.
  expect(next).toMatchObject(newest === undefined ? { seq: 1 } : { life: newest.life, seq: newest.seq + 1 });
  for (const { life: of, seq } of rows)
    expect(file.rowAt(file.placeOf({ life: of, seq }))).toMatchObject({ life: of, seq });
  opened.value.close();
  expect(verify(dir)).toMatchObject({ ok: true, value: { is: "whole", entries: rows.length + 1 } });
}

test("100 power cuts of a ledger that begins life after life: each life is whole, or has not begun", async () => {
  const recording = await recordLives(12);
  const dir = folderInMemory("reborn");
  let lives = 0;
  for (const [n, state] of [...states(recording, 100, seeded(11))].entries()) {
    const folder = join(dir, String(n));
    mkdirSync(folder);
    startOn(state, folder);
    const verdict = verify(folder);
    if (verdict.ok && verdict.value.is === "whole") lives = Math.max(lives, verdict.value.lives);
    rmSync(folder, { recursive: true });
  }
  rmSync(dir, { recursive: true });
  expect(lives).toBe(12);
});
