// Run as a process of its own: writes on the ledger in a folder and begins a new life now and then, and tells the world
// outside how many entries were acknowledged, and of which life the last is. reborn.ts FOLDER LIVES
import { openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { openDisk } from "../../controller/store/disk.ts";
import { attempt, optionsFor } from "../store/folder.ts";

const [folder = "", lives = "0"] = process.argv.slice(2);
const opened = await openDisk(optionsFor(folder));
if (!opened.ok) throw new Error(opened.error.says);
const disk = opened.value;
const outside = openSync(join(folder, ".outside"), "w");
let acknowledged = 0;

for (let life = 0; life < Number(lives); life++) {
  for (let n = 0; n < 5; n++) {
    const saved =
      n === 0 && life > 0
        ? await disk.newLife({ kind: "new-life", before: 0, why: "forked" })
        : await disk.append(attempt(n));
    if (!saved.ok) throw new Error(saved.error.detail);
    acknowledged += 1;
    writeSync(outside, JSON.stringify({ acknowledged, life: saved.value.life }));
  }
}
await disk.close();
