import { startMosquitto } from "../kit/broker.ts";
import { tcn, type Folder } from "../real/station.ts";
import { witnessAt } from "../real/witness.ts";
import { openBoard } from "./board.ts";
import { atMost, mib, ms, type Figure } from "./figure.ts";
import { memoryOf, startKiosk } from "./kiosk.ts";
import { startToDigit } from "./start.ts";
import { benchStation } from "./station.ts";
import { median, rest } from "./statistics.ts";

const rounds = 11;
const memories = 3;
/** By then births are out, and V8 has swept what the start left. */
export const settled = 10_000;
const mostTime = 120;
const mostMemory = 30;

export async function memoryAfterStart(folder: Folder, more: readonly string[]): Promise<number> {
  const kiosk = await startKiosk(folder, more);
  await rest(settled);
  const memory = memoryOf(kiosk.pid, "VmRSS");
  await kiosk.stop();
  return memory;
}

export async function linkStart(): Promise<Figure> {
  const broker = await startMosquitto({});
  const witness = await witnessAt(broker.url);
  const folder = await benchStation(tcn, 930);
  const board = await openBoard(tcn, folder.wire);
  const linked = ["--broker", broker.url];
  // The first starts fill the compile cache.
  await startToDigit(folder);
  await startToDigit(folder, linked);
  const [without, withLink, births]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    without.push((await startToDigit(folder)).took);
    withLink.push((await startToDigit(folder, linked)).took);
  }
  for (let round = 0; round < rounds; round++) {
    const born = witness.births();
    const began = performance.now();
    const starting = startKiosk(folder, linked);
    while (witness.births() === born) await rest(1);
    births.push(performance.now() - began);
    await (await starting).stop();
  }
  const small: number[] = [];
  const large: number[] = [];
  for (let round = 0; round < memories; round++) {
    small.push(await memoryAfterStart(folder, []));
    large.push(await memoryAfterStart(folder, linked));
  }
  await board.end();
  await witness.close();
  await broker.stop();
  folder.remove();
  const later = median(withLink) - median(without);
  const more = median(large) - median(small);
  return {
    title: "What the link adds to a start",
    how: `\`yizhan run\` with a broker on this machine and without, in turn; ${rounds} starts each to a digit that was pressed and is shown, and to the birth at the broker; ${memories} each to the resident memory after ${settled / 1000} s. Medians; the compile cache is warm.`,
    rows: [
      { what: "start to digit, later by", value: ms(later), goal: atMost(later, mostTime, `${mostTime} ms`) },
      { what: "start to digit, without a link", value: ms(median(without)) },
      { what: "start to birth", value: ms(median(births)) },
      { what: "memory, more by", value: mib(more), goal: atMost(more, mostMemory, `${mostMemory} MiB`) },
      { what: "memory without a link", value: mib(median(small)) },
    ],
  };
}
