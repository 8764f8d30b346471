import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openDisk } from "../../controller/store/disk.ts";
import { draftOf, stampedOf } from "../../controller/store/ledger.ts";
import { openLedger } from "../../controller/store/opening.ts";
import { everyRow } from "../../controller/store/reading.ts";
import type { Synchronous } from "../../controller/store/sqlite.ts";
import { verify } from "../../controller/store/verify.ts";
import { attempt, folderInMemory, optionsFor, seqs } from "../store/folder.ts";
import { besideOf } from "./beside.ts";
import { writeFiles, type Files } from "./files.ts";
import { record, type Recording } from "./forgetful.ts";
import { seeded, states, type CrashState } from "./states.ts";

/** A session of `count` vends in a process of its own, recorded. */
function recordVends(count: number, synchronous: Synchronous, before?: Files): Promise<Recording> {
  return record(async (disk) => {
    const script = join(import.meta.dirname, "vends.ts");
    const vends = spawn(process.execPath, [script, disk.path, String(count), synchronous], { stdio: "inherit" });
    const [code] = (await once(vends, "exit")) as [number | null];
    if (code !== 0) throw new Error(`the vends ended with ${code}`);
  }, before);
}

interface Found {
  /** Acknowledged entries that are not there any more. */
  readonly lost: number;
  readonly wrong: readonly string[];
}

/** Starts on what the power cut left, as the kiosk's disk thread does, and looks at everything. */
function startOn(state: CrashState, dir: string, synchronous: Synchronous): Found {
  writeFiles(dir, state.files);
  const opened = openLedger({ ...optionsFor(dir), synchronous });
  if (!opened.ok) return { lost: 0, wrong: [opened.error.says] };
  const { file, setAside } = opened.value;
  const wrong = setAside === undefined ? [] : [setAside];
  const last = [...everyRow(file)].at(-1);
  const kept = Buffer.from(file.kept()["beside"] ?? []).toString();
  const beside = last === undefined ? "" : besideOf(stampedOf(last).entry);
  if (kept !== beside) wrong.push(`with entry ${last?.seq} "${beside}" was kept, and "${kept}" is there`);
  const [next] = file.commit([{ draft: draftOf(attempt(0), 0, true), keep: {} }]);
  if (next?.seq !== (last?.seq ?? 0) + 1) wrong.push(`entry ${next?.seq} follows entry ${last?.seq}`);
  opened.value.close();
  const verdict = verify(dir);
  if (!verdict.ok || verdict.value.is !== "whole") wrong.push(JSON.stringify(verdict));
  return { lost: Math.max(0, acknowledgedIn(state) - (last?.seq ?? 0)), wrong };
}

/** The same with the disk as the kiosk holds it, thread and all. */
async function startWholly(state: CrashState, dir: string, synchronous: Synchronous): Promise<Found> {
  writeFiles(dir, state.files);
  const opened = await openDisk(optionsFor(dir), synchronous);
  if (!opened.ok) return { lost: 0, wrong: [opened.error.says] };
  const disk = opened.value;
  const read = await seqs(disk);
  const last = read.length;
  const wrong = read.every((seq, n) => seq === n + 1) ? [] : [`entries ${read.join(" ")}`];
  if (disk.setAside !== undefined) wrong.push(disk.setAside);
  const next = await disk.append(attempt(0));
  if (!next.ok || next.value.seq !== last + 1) wrong.push(`the next entry after ${last} is ${JSON.stringify(next)}`);
  await disk.close();
  return { lost: Math.max(0, acknowledgedIn(state) - last), wrong };
}

const acknowledgedIn = (state: CrashState) => Math.max(0, ...state.marks.map(Number));
/** A thread costs more than the whole start: every so many states get one. */
const whollyEach = 9;

async function startOnAll(
  recording: Recording,
  count: number,
  seed: number,
  synchronous: Synchronous,
): Promise<readonly Found[]> {
  const dir = folderInMemory("cut");
  const found: Found[] = [];
  for (const state of states(recording, count, seeded(seed))) {
    const start = found.length % whollyEach === 0 ? startWholly : startOn;
    const folder = join(dir, String(found.length));
    mkdirSync(folder);
    const { lost, wrong } = await start(state, folder, synchronous);
    found.push({ lost, wrong: wrong.map((what) => `at ${state.at} of seed ${seed}: ${what}`) });
    rmSync(folder, { recursive: true });
  }
  rmSync(dir, { recursive: true });
  return found;
}

const sum = (found: readonly Found[]) => found.reduce((lost, one) => lost + one.lost, 0);
const wrongIn = (found: readonly Found[]) => found.flatMap((one) => one.wrong);

test(
  "200 power cuts during vends lose no acknowledged entry and damage no ledger, not even when one follows the other",
  { timeout: 120_000 },
  async () => {
    const found: Found[] = [];
    let before: Files = new Map();
    for (const seed of [1, 2]) {
      const recording = await recordVends(150, "FULL", before);
      found.push(...(await startOnAll(recording, 100, seed, "FULL")));
      // The next session begins on what such a cut left behind.
      before = [...states(recording, 12, seeded(seed))].at(-2)?.files ?? before;
    }
    expect(found).toHaveLength(200);
    expect(wrongIn(found)).toEqual([]);
    expect(sum(found)).toBe(0);
  },
);

test("the same cuts do lose acknowledged entries where the medium is not waited for, so that the test above can tell", async () => {
  const recording = await recordVends(150, "NORMAL");
  const found = await startOnAll(recording, 40, 3, "NORMAL");
  expect(wrongIn(found)).toEqual([]);
  expect(sum(found)).toBeGreaterThan(0);
});
