import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { draftOf } from "../../controller/store/ledger.ts";
import { openLedger } from "../../controller/store/opening.ts";
import { verify } from "../../controller/store/verify.ts";
import { seeded } from "../powercut/states.ts";
import { attempt, flip, folderInMemory, noon, optionsFor, removeFolder } from "./folder.ts";

let dir: string;
beforeEach(() => {
  dir = folderInMemory("flipped");
});
afterEach(() => removeFolder(dir));

/** A ledger of 300 acknowledged entries as a running kiosk has it: most in the database, the newest in the -wal file. */
function running(into: string): number {
  const first = openLedger({ ...optionsFor(dir), synchronous: "FULL" });
  if (!first.ok) throw new Error(first.error.says);
  const { file } = first.value;
  for (let n = 1; n <= 300; n++) {
    file.commit([{ draft: draftOf(attempt(n), noon, true), keep: { last: Buffer.from(String(n)) } }]);
    file.tidy();
  }
  mkdirSync(into);
  for (const name of ["kiosk.db", "kiosk.db-wal"]) cpSync(join(dir, name), join(into, name));
  first.value.close();
  return 300;
}

test("bytes flipped anywhere lose nothing silently: the ledger is set aside, or verification says so, or all is there", () => {
  const whole = join(dir, "whole");
  const acknowledged = running(whole);
  const chance = seeded(7);
  const outcomes: string[] = [];
  for (let n = 0; n < 150; n++) {
    const copy = join(dir, `copy-${n}`);
    cpSync(whole, copy, { recursive: true });
    const path = join(copy, n % 2 === 0 ? "kiosk.db" : "kiosk.db-wal");
    // Now and then in the first hundred bytes, where a single one decides about the whole file.
    const length = n % 6 < 2 ? 100 : readFileSync(path).length;
    flip(path, [Math.floor(chance() * length)], 1 << Math.floor(chance() * 8));
    outcomes.push(outcomeOf(copy, acknowledged));
    removeFolder(copy);
  }
  const lost = outcomes.filter((outcome) => outcome.startsWith("lost"));
  expect(lost).toEqual([]);
  // All three happen, or the test would not try what it says.
  expect(outcomes).toEqual(expect.arrayContaining(["all there", "set aside", "told by verify"]));
});

function outcomeOf(folder: string, acknowledged: number): string {
  const path = join(folder, "kiosk.db");
  const before = readFileSync(path);
  const start = openLedger({ ...optionsFor(folder), synchronous: "FULL" });
  // A flipped form number cannot be told from a newer release: that is said, and nothing is touched.
  if (!start.ok) return start.error.says.includes("newer release") ? "refused" : `lost: ${start.error.says}`;
  const aside = start.value.setAside !== undefined;
  start.value.close();
  if (aside)
    return readFileSync(`${path}.set-aside-1`).equals(before) ? "set aside" : "lost: the file set aside was changed";
  const verdict = verify(folder);
  if (!verdict.ok || verdict.value.is !== "whole") return "told by verify";
  // Of the newest two commits nobody can know whether the power cut them short: see wal.ts.
  return verdict.value.entries >= acknowledged - 2 ? "all there" : `lost: ${verdict.value.entries} entries are left`;
}
