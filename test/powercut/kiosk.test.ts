import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { stampedOf } from "../../controller/store/ledger.ts";
import { openLedger } from "../../controller/store/opening.ts";
import { everyRow } from "../../controller/store/reading.ts";
import { verify } from "../../controller/store/verify.ts";
import type { Stamped } from "../../controller/domain/entry.ts";
import { endStreets, Street } from "../real/street.ts";
import { xy } from "../real/station.ts";
import { folderInMemory, optionsFor } from "../store/folder.ts";
import { writeFiles } from "./files.ts";
import { record, type Recording } from "./forgetful.ts";
import { seeded, states, type CrashState } from "./states.ts";

// The whole kiosk on a disk that forgets: what the machine saw, and what the worker saw, stands in the record beside
// what the disk was told. Wherever the power goes, the ledger knows at least as much as they.

afterAll(endStreets);

const vends = 12;

/** `yizhan run` with its machine in another process; the screen's word is marked when it is there to be read. */
function recordKiosk(): Promise<Recording> {
  return record(async (disk) => {
    process.env["YIZHAN_OUTSIDE"] = join(disk.path, ".outside");
    const street = await Street.lay(xy, disk.path);
    delete process.env["YIZHAN_OUTSIDE"];
    await street.machine.turn("fast", true);
    const kiosk = await street.boot();
    await kiosk.until("idle");
    for (let n = 0; n < vends; n++) {
      await kiosk.type(street.freshCode());
      await kiosk.until("choose");
      await kiosk.press("choose:1");
      await kiosk.until("done");
      disk.mark(JSON.stringify({ told: n + 1 }));
    }
    await street.end();
  });
}

const entriesIn = (state: CrashState, dir: string): readonly Stamped[] => {
  writeFiles(dir, state.files);
  const opened = openLedger({ ...optionsFor(dir), synchronous: "FULL" });
  if (!opened.ok) throw new Error(opened.error.says);
  expect(opened.value.setAside).toBeUndefined();
  const entries = [...everyRow(opened.value.file)].map(stampedOf);
  opened.value.close();
  expect(verify(dir)).toMatchObject({ ok: true, value: { is: "whole" } });
  return entries;
};

test(
  "200 power cuts of the whole kiosk: no motor was told to turn, and no worker told anything, that is not on the disk",
  { timeout: 120_000 },
  async () => {
    const recording = await recordKiosk();
    const dir = folderInMemory("kiosk-cut");
    let driven = 0;
    let told = 0;
    for (const [n, state] of [...states(recording, 200, seeded(4))].entries()) {
      const folder = join(dir, String(n));
      mkdirSync(folder);
      const entries = entriesIn(state, folder);
      const marks = state.marks.map((mark) => JSON.parse(mark) as { driven?: string; attempt?: number; told?: number });
      const attempts = new Set(entries.flatMap(({ seq, entry }) => (entry.kind === "attempt" ? [seq] : [])));
      const outcomes = entries.filter(({ entry }) => entry.kind === "outcome" && entry.delivery === "delivered").length;
      for (const mark of marks) {
        if (mark.driven === undefined) continue;
        driven += 1;
        expect(attempts, `at ${state.at} the motor of ${mark.driven} turned for attempt ${mark.attempt}`).toContain(
          mark.attempt,
        );
      }
      const last = Math.max(0, ...marks.map((mark) => mark.told ?? 0));
      told += last;
      expect(outcomes, `at ${state.at} ${last} workers had been told`).toBeGreaterThanOrEqual(last);
      rmSync(folder, { recursive: true });
    }
    rmSync(dir, { recursive: true });
    // The record does hold what the world saw.
    expect(driven).toBeGreaterThan(200);
    expect(told).toBeGreaterThan(200);
  },
);
