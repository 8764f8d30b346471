// Run as a process of its own: vends on the ledger in a folder, as fast as the medium allows, and tells the world outside
// what was acknowledged. vends.ts FOLDER COUNT FULL|NORMAL
import { openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { millis } from "../../devices/kit/clock.ts";
import { openDisk } from "../../controller/store/disk.ts";
import type { Entry } from "../../controller/domain/entry.ts";
import { besideOf } from "./beside.ts";

const [folder = "", count = "0", synchronous] = process.argv.slice(2);
if (synchronous !== "FULL" && synchronous !== "NORMAL") throw new Error("say FULL or NORMAL");

let now = 1_784_088_000_000;
const opened = await openDisk(
  {
    dir: folder,
    pid: process.pid,
    lifeFloorSeconds: 1_780_000_000,
    now: () => ({ utc: millis(now++), trusted: true }),
  },
  synchronous,
);
if (!opened.ok) throw new Error(opened.error.says);
const disk = opened.value;
const outside = openSync(join(folder, ".outside"), "w");

async function save(entry: Entry): Promise<number> {
  const saved = await disk.append(entry, { beside: Buffer.from(besideOf(entry)) });
  if (!saved.ok) throw new Error(saved.error.detail);
  writeSync(outside, String(saved.value.seq));
  return saved.value.seq;
}

for (let n = 1; n <= Number(count); n++) {
  const attempt = save({
    kind: "attempt",
    credential: { kind: "derived", epoch: "20260715", index: n },
    device: "vend",
    slot: "1",
    product: "water",
    until: 20_649,
  });
  // Now and then two things happen at once, and a large thing is kept.
  const meanwhile = n % 7 === 0 ? save({ kind: "refusals", counts: { E1: n } }) : undefined;
  if (n % 50 === 0) await disk.keep.put("checkpoint", Buffer.alloc(30_000, n));
  const of = await attempt;
  await meanwhile;
  await save({ kind: "outcome", of, delivery: "delivered", started: true, why: "drop-sensor", frees: false });
}
await disk.close();
