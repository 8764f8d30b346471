// A simulated machine in a process of its own, behind a socket that a cable (cable.ts) is plugged into:
//   node test/real/machine.ts PROFILE OPTIONS SOCKET JOURNAL DATA
// It outlives the kiosk and its cable. JOURNAL gets a line for each drive command, with the attempt that stood in the
// ledger of DATA at that moment, and for each good that fell. A line of stdin, such as {"knob":"jam","to":"3"}, turns a
// knob and is answered with "turned". The profile "noise" is no machine: it says random bytes without end.
import { randomBytes } from "node:crypto";
import { existsSync, openSync, writeFileSync, writeSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { stampedOf } from "../../controller/store/ledger.ts";
import { everyRow, ledgerToRead } from "../../controller/store/reading.ts";
import { millis, type Clock } from "../../devices/kit/clock.ts";
import type { Framer } from "../../devices/kit/framer.ts";
import { orders } from "../../devices/vending/tcn-wire.ts";
import { command, framer, word, type Frame } from "../../devices/vending/xy-wire.ts";
import { played } from "../kit/played.ts";
import type { Line } from "./journal.ts";

const [profile = "", options = "{}", socket = "", journal = "", data = ""] = process.argv.slice(2);
let plugged: Socket | undefined;
let heard: (bytes: Uint8Array) => void = () => {};
const say = (bytes: Uint8Array): void => void plugged?.write(bytes);

const book = openSync(journal, "a");
/** Where the data folder is one that forgets, what the machine saw stands in its record too. */
const outside = process.env["YIZHAN_OUTSIDE"];
const note = (line: Line): void => {
  writeSync(book, `${JSON.stringify(line)}\n`);
  if (outside !== undefined) writeFileSync(outside, JSON.stringify(line));
};

/** The attempt of this slot that has no outcome yet. */
function attemptOf(slot: string): number | undefined {
  if (!existsSync(join(data, "kiosk.db"))) return undefined;
  const opened = ledgerToRead(data);
  if (!opened.ok) throw new Error(opened.error);
  const entries = [...everyRow(opened.value)].map(stampedOf);
  opened.value.close();
  const settled = new Set(entries.flatMap(({ entry }) => (entry.kind === "outcome" ? [entry.of] : [])));
  return entries.findLast(({ seq, entry }) => entry.kind === "attempt" && entry.slot === slot && !settled.has(seq))
    ?.seq;
}

/** Tells the slot of each drive command once, however often the board's host repeats it. */
function driving<S, F>(from: Framer<F, S>, slotOf: (frame: F) => number | undefined): (bytes: Uint8Array) => void {
  let state = from.start;
  return (bytes) => {
    const pushed = from.push(state, bytes);
    state = pushed.state;
    for (const frame of pushed.frames) {
      const slot = slotOf(frame);
      if (slot !== undefined) note({ driven: String(slot), attempt: attemptOf(String(slot)) ?? null });
    }
  };
}

/** A repetition bears the number of the frame before it. */
function xySlot(): (frame: Frame) => number | undefined {
  let before = "";
  return ({ command: what, pack, text }) => {
    if (what === command.ack) return undefined;
    const repeated = before === `${what}/${pack}`;
    before = `${what}/${pack}`;
    return what === command.drive && !repeated ? word(text, 2) : undefined;
  };
}

const listening: Readonly<Record<string, (bytes: Uint8Array) => void>> = {
  tcn: driving(orders, ({ command: slot }) => (slot >= 1 && slot <= 80 ? slot : undefined)),
  "xy-v3": driving(framer, xySlot()),
};

/** The machine's side of the wire; what falls is written down when it falls. */
async function start(): Promise<(knob: string, to: string | number | boolean) => void> {
  let written = 0;
  const look = (): void => {
    for (const slot of peer.truth().slice(written)) note({ fell: slot });
    written = peer.truth().length;
  };
  const clock: Clock = {
    mono: () => millis(performance.now()),
    wall: () => ({ utc: millis(Date.now()), trusted: true }),
    after(delay, _label, wake) {
      const timer = setTimeout(() => (wake(), look()), delay);
      return { cancel: () => clearTimeout(timer) };
    },
  };
  const lab = { clock, chance: (p: number) => Math.random() < p };
  const peer = await played({ profile, path: socket, options: JSON.parse(options) as object }, lab, say);
  heard = (bytes) => {
    listening[profile]?.(bytes);
    peer.hear(bytes);
  };
  return (knob, to) => peer.turn(knob, to);
}

/** As much as a line at 57600 bit/s can carry. */
function babble(): void {
  setInterval(() => say(randomBytes(570)), 100);
}

const turn = profile === "noise" ? babble() : await start();
createServer((cable) => {
  plugged?.destroy();
  plugged = cable;
  cable.on("data", (bytes) => heard(bytes));
  cable.on("error", () => cable.destroy());
}).listen(socket, () => console.log("ready"));
createInterface({ input: process.stdin })
  .on("line", (asked) => {
    const { knob, to } = JSON.parse(asked) as { knob: string; to: string | number | boolean };
    turn?.(knob, to);
    console.log("turned");
  })
  // Whoever started it is gone.
  .on("close", () => process.exit());
