import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { tcn, xy, type Model } from "../real/station.ts";
import { openBoard } from "./board.ts";
import { atMost, ms, times, type Figure } from "./figure.ts";
import { startKiosk } from "./kiosk.ts";
import { benchStation } from "./station.ts";
import { median, percentile, rest } from "./statistics.ts";

const codes = 930;
/** Lets the line come to rest between two visits, as the shortest real pause does. */
const pause = 60;
const pollPeriod = 200;

interface Measured {
  /** From the press of the last digit to the first byte of the drive command, in milliseconds. */
  readonly presses: readonly number[];
  /** From the log's word that the attempt is on the medium to the same byte. */
  readonly afterSaves: readonly number[];
  /** Bare inserts between the visits, each waiting for the same medium. */
  readonly inserts: readonly number[];
}

/** Vends from the keypad to the wire of a simulated machine, one code after another. */
async function vends(model: Model, visits: number): Promise<Measured> {
  const folder = await benchStation(model, codes);
  const board = await openBoard(model, folder.wire, "quick motors");
  const kiosk = await startKiosk(folder);
  const bare = bareInserts(join(folder.path, "bare.db"));
  const presses: number[] = [];
  const afterSaves: number[] = [];
  const inserts: number[] = [];
  for (const code of folder.codes.slice(0, visits)) {
    await kiosk.type(code.slice(0, -1));
    await rest(pause + Math.random() * pollPeriod);
    const settled = kiosk.next("ledger.outcome");
    const saved = kiosk.next("ledger.attempt").then(() => performance.now());
    const driven = board.nextDrive();
    const pressed = performance.now();
    void kiosk.press(code.slice(-1));
    presses.push((await driven) - pressed);
    afterSaves.push((await driven) - (await saved));
    await settled;
    await rest(pause);
    inserts.push(bare.insert());
  }
  bare.close();
  await kiosk.stop();
  await board.end();
  folder.remove();
  return { presses, afterSaves, inserts };
}

/** The least that a durable entry can cost here: one insert with nothing around it. */
function bareInserts(path: string) {
  const file = new DatabaseSync(path);
  file.exec(
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE bare (place INTEGER PRIMARY KEY, body TEXT)",
  );
  const statement = file.prepare("INSERT INTO bare (body) VALUES (?)");
  const body = "x".repeat(200);
  return {
    insert(): number {
      const began = performance.now();
      statement.run(body);
      return performance.now() - began;
    },
    close: () => file.close(),
  };
}

export async function drive(): Promise<Figure> {
  const asked = await vends(tcn, 300);
  const asks = await vends(xy, 100);
  const p95 = percentile(asked.presses, 0.95);
  const bare95 = percentile(asked.inserts, 0.95);
  const middle = median(asked.presses) / median(asked.inserts);
  const polled = percentile(asks.afterSaves, 0.95) - percentile(asked.afterSaves, 0.95);
  return {
    title: "Last digit to drive command",
    how: "`yizhan run` in a process of its own, a simulated board at the other end of a pseudo-terminal; from the press over HTTP to the first byte at the board, the attempt being on the medium before. 300 visits at TCN, 100 at XY, and between two visits a bare insert with `synchronous=FULL` in the same folder.",
    rows: [
      { what: "TCN, 95 of 100 within", value: ms(p95), goal: atMost(p95, 30, "30 ms") },
      { what: "TCN, median", value: ms(median(asked.presses)) },
      { what: "bare insert, 95 of 100 within", value: ms(bare95) },
      { what: "bare insert, median", value: ms(median(asked.inserts)) },
      { what: "TCN to bare insert, 95 of 100", value: times(p95 / bare95), goal: atMost(p95 / bare95, 4, "4×") },
      { what: "TCN to bare insert, medians", value: times(middle), goal: atMost(middle, 4, "4×") },
      { what: "XY, median", value: ms(median(asks.presses)) },
      { what: "XY, 95 of 100 within", value: ms(percentile(asks.presses, 0.95)) },
      {
        what: "XY, from the saved attempt on, 95 of 100: later than TCN by",
        value: ms(polled),
        goal: atMost(polled, pollPeriod, "200 ms, one poll"),
      },
    ],
  };
}
