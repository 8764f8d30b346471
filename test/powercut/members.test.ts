import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ledgerPid } from "../../protocol/members/secrets.ts";
import { keys, made, people, pidOf } from "../protocol/members/making.ts";
import { folderInMemory, removeFolder } from "../store/folder.ts";
import { placesIn, put, taken } from "../store/shelving.ts";
import { filesIn, writeFiles } from "./files.ts";
import { record } from "./forgetful.ts";
import { seeded, states } from "./states.ts";

const barcode = "6217000011112222";
const newcomer = { kind: "text", value: "6217000011119999", pid: pidOf(9) } as const;

test("wherever the power goes while a new list is taken, one of the two is in force, and with the file still there the new one", async () => {
  const folder = folderInMemory("members-cut");
  const old = await made();
  const fresh = await made({ fields: { issuedAt: "2026-07-15T04:00:00Z" }, people: [...people, newcomer] });
  const begun = placesIn(join(folder, "begun"));
  put(begun, "union.members", old.bytes);
  (await taken(begun)).lists.close();

  const recording = await record(
    async (disk) => {
      const places = placesIn(join(folder, "recorded"));
      symlinkSync(disk.path, join(places.data, "members"));
      put(places, "union.members", fresh.bytes);
      const { lists, refused } = await taken(places);
      lists.close();
      expect(refused).toEqual([]);
      disk.mark("taken");
    },
    filesIn(join(begun.data, "members")).files,
  );

  const seen = { old: 0, new: 0 };
  for (const state of states(recording, 400, seeded(4))) {
    const places = placesIn(join(folder, "after"));
    mkdirSync(join(places.data, "members"));
    writeFiles(join(places.data, "members"), state.files);
    const alone = await taken(places);
    expect(alone.whose(barcode), `after ${state.at}`).toBe(ledgerPid(keys, pidOf(1)));
    const isNew = alone.whose(newcomer.value) !== undefined;
    if (state.marks.includes("taken")) expect(isNew).toBe(true);
    seen[isNew ? "new" : "old"]++;
    alone.lists.close();

    writeFileSync(join(places.config, "members/union.members"), fresh.bytes);
    const healed = await taken(places);
    expect(healed.whose(newcomer.value), `after ${state.at}`).toBe(ledgerPid(keys, pidOf(9)));
    expect(healed.damaged).toEqual([]);
    healed.lists.close();
    rmSync(join(folder, "after"), { recursive: true });
  }
  // Both sides of the change were visited.
  expect(Math.min(seen.old, seen.new)).toBeGreaterThan(20);
  removeFolder(folder);
});
