import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { freePort, root } from "../real/children.ts";
import { tcn, type Folder } from "../real/station.ts";
import { openBoard } from "./board.ts";
import { atMost, ms, times, type Figure } from "./figure.ts";
import { processorTime } from "./kiosk.ts";
import { benchStation } from "./station.ts";
import { median, rest } from "./statistics.ts";
import { yearsBehind } from "./years.ts";

const entries = 1_000_000;
const rounds = 11;
const limit = 1000;

/** A connection, as soon as somebody listens. */
async function door(port: number): Promise<Socket> {
  for (;;) {
    const line = connect(port, "127.0.0.1").setNoDelay(true);
    const opened = await new Promise<boolean>((resolve) => {
      line.once("connect", () => resolve(true)).once("error", () => resolve(false));
    });
    if (opened) return line;
    await rest(2);
  }
}

/** From the start of the process until a page has an open keypad and shows a digit that was pressed on it. */
export interface Started {
  /** Milliseconds. */
  readonly took: number;
  /** Milliseconds of processor time, of all its threads. */
  readonly used: number;
}

export async function startToDigit({ config, data }: Folder, more: readonly string[] = []): Promise<Started> {
  const port = await freePort();
  const began = performance.now();
  const words = ["controller/yizhan.mjs", "run", "--config", config, "--data", data, "--port", String(port), ...more];
  const child = spawn(process.execPath, words, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  const feed = await door(port);
  let seen = "";
  feed.on("data", (text: Buffer) => (seen += text.toString()));
  const shows = async (scene: string): Promise<void> => {
    const screen = new RegExp(`<main class=\\\\"screen \\S+ ${scene}`);
    while (!screen.test(seen)) await once(feed, "data");
  };
  feed.write(`GET /feed HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  await shows("idle");
  const hand = await door(port);
  const body = '{"key":"5"}';
  hand.write(`POST /press HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  await shows("enter");
  const took = performance.now() - began;
  const used = processorTime(child.pid ?? 0);
  feed.destroy();
  hand.destroy();
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
  return { took, used };
}

async function bareNode(): Promise<number> {
  const began = performance.now();
  await once(spawn(process.execPath, ["-e", "0"], { stdio: "ignore" }), "exit");
  return performance.now() - began;
}

export async function start(): Promise<Figure> {
  const folder = await benchStation(tcn, 930);
  const board = await openBoard(tcn, folder.wire);
  await yearsBehind(folder.data, entries);
  // The first start fills the compile cache and takes up the keys.
  await startToDigit(folder);
  const starts: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < rounds; round++) {
    starts.push((await startToDigit(folder)).took);
    bare.push(await bareNode());
  }
  await board.end();
  folder.remove();
  const middle = median(starts);
  return {
    title: "Start",
    how: `From the start of the process of \`yizhan run\` to a digit that was pressed on the keypad and is shown, with ${entries.toLocaleString("en")} entries in the ledger, 450 of them behind the newest checkpoint. ${rounds} starts; the compile cache is warm.`,
    rows: [
      { what: "median", value: ms(middle), goal: atMost(middle, limit, "1.0 s") },
      { what: "fastest", value: ms(Math.min(...starts)) },
      { what: "slowest", value: ms(Math.max(...starts)) },
      { what: "`node -e 0`, median", value: ms(median(bare)) },
      { what: "start to `node -e 0`, medians", value: times(middle / median(bare)) },
    ],
  };
}
