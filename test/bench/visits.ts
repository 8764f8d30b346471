import { tcn, type Folder } from "../real/station.ts";
import { openBoard, type Board } from "./board.ts";
import { startKiosk, type BenchKiosk } from "./kiosk.ts";
import { benchStation } from "./station.ts";
import { rest } from "./statistics.ts";

const codes = 930;
/** As in drive.ts: the line comes to rest, and the last digit falls anywhere between two polls. */
const pause = 60;
const pollPeriod = 200;

/** A kiosk with its board, at which one worker comes after the other. */
export interface Visited {
  readonly folder: Folder;
  readonly board: Board;
  readonly kiosk: BenchKiosk;
  /** One worker. @returns milliseconds from the press of the last digit to the first byte of the drive command. */
  visit(): Promise<number>;
  end(): Promise<void>;
}

export interface Opening {
  /** Changes the folder before the kiosk starts. */
  readonly ready?: (folder: Folder) => Promise<void> | void;
  /** Further words of the command, and words before it. */
  readonly more?: readonly string[];
  readonly before?: readonly string[];
}

export async function openVisited({ ready, more, before }: Opening = {}): Promise<Visited> {
  const folder = await benchStation(tcn, codes);
  await ready?.(folder);
  const board = await openBoard(tcn, folder.wire, "quick motors");
  const kiosk = await startKiosk(folder, more, before);
  let next = 0;
  return {
    folder,
    board,
    kiosk,
    async visit() {
      const code = folder.codes[next++];
      if (code === undefined) throw new Error("all codes of today are used");
      await kiosk.type(code.slice(0, -1));
      await rest(pause + Math.random() * pollPeriod);
      const settled = kiosk.next("ledger.outcome");
      const driven = board.nextDrive();
      const pressed = performance.now();
      void kiosk.press(code.slice(-1));
      const took = (await driven) - pressed;
      await settled;
      await rest(pause);
      return took;
    },
    async end() {
      await kiosk.stop();
      await board.end();
      folder.remove();
    },
  };
}
