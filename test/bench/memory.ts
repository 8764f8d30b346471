import { spawn } from "node:child_process";
import { once } from "node:events";
import { tcn } from "../real/station.ts";
import { openBoard } from "./board.ts";
import { atMost, mib, type Figure } from "./figure.ts";
import { memoryOf, startKiosk } from "./kiosk.ts";
import { rest } from "./statistics.ts";
import { benchStation } from "./station.ts";

const vends = 1000;
const limit = 105;

/** Node with nothing to do. */
async function bareNode(): Promise<number> {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  await rest(1000);
  const memory = memoryOf(child.pid ?? 0, "VmRSS");
  child.kill();
  await once(child, "exit");
  return memory;
}

export async function memory(): Promise<Figure> {
  const folder = await benchStation(tcn, vends + 20);
  const board = await openBoard(tcn, folder.wire, "quick motors");
  // The first start fills the compile cache.
  await (await startKiosk(folder)).stop();
  const kiosk = await startKiosk(folder);
  const begun = memoryOf(kiosk.pid, "VmRSS");
  for (const code of folder.codes.slice(0, vends)) {
    const settled = kiosk.next("ledger.outcome");
    await kiosk.type(code);
    await settled;
  }
  const after = memoryOf(kiosk.pid, "VmRSS");
  const most = memoryOf(kiosk.pid, "VmHWM");
  const dropped = board.dropped();
  await kiosk.stop();
  await board.end();
  folder.remove();
  if (dropped !== vends) throw new Error(`${dropped} goods fell in ${vends} vends`);
  return {
    title: "Memory",
    how: `Resident memory (VmRSS) of \`yizhan run\` at a TCN board over a pseudo-terminal, and after ${vends} vends.`,
    rows: [
      { what: `after ${vends} vends`, value: mib(after), goal: atMost(after, limit, `${limit} MiB`) },
      { what: "most at any time (VmHWM)", value: mib(most) },
      { what: "after the start", value: mib(begun) },
      { what: "bare Node", value: mib(await bareNode()) },
    ],
  };
}
