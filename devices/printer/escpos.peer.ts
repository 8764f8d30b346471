import { actor } from "../kit/acting.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import { joined } from "../kit/framer.ts";
import type { EscposOptions } from "./escpos-options.ts";
import { paperOf } from "./escpos-paper.peer.ts";
import { read } from "./escpos-stream.peer.ts";

// The printer's side, made from Epson's ESC/POS Command Reference [E1] and the specifications of printers after it.

const knobs = ["paper", "cover", "error", "garble", "silent", "slow", "line-time"] as const;

/** 30 dots of 1/8 mm at 60 mm a second. */
const usualLineTime = 60;
const roll = 10_000;
const nearEnd = 50;
/** DLE DC4, function 8: all buffers are cleared, and that is said [E1]. */
const clearing = [0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08];
const cleared = Uint8Array.of(0x37, 0x25, 0x00);
const nothing = new Uint8Array();
/** Nothing that any question is answered with. */
const damaged = Uint8Array.of(0x93);

const definition: PeerDefinition<EscposOptions, Uint8Array, Uint8Array> = {
  knobs,
  peer({ columns, tells }, { clock }, send) {
    const self = actor("ESC/POS", clock, send);
    const paper = paperOf(columns);
    const truth: string[] = [];
    let buffer: Uint8Array = nothing;
    /** The newest bytes, in which commands in real time are looked for. */
    let newest: readonly number[] = [];
    let left = roll;
    let open = false;
    let error = false;
    let lineTime = usualLineTime;
    let printing = false;

    const stands = () => left <= 0 || open || error || self.silent();
    const answer = (byte: number) => {
      if (tells !== "nothing") self.say(self.spoils() ? damaged : Uint8Array.of(byte));
    };
    const paperBits = (near: number, end: number) => (left <= nearEnd ? near : 0) | (left <= 0 ? end : 0);

    /** DLE EOT n [E1]. */
    const state = (n: number): number => {
      if (n === 1) return 0x12 | (stands() ? 0x08 : 0);
      if (n === 2) return 0x12 | (open ? 0x04 : 0) | (left <= 0 ? 0x20 : 0) | (error ? 0x40 : 0);
      return n === 4 ? 0x12 | paperBits(0x0c, 0x60) : 0x12;
    };
    const inRealTime = (byte: number) => {
      newest = [...newest, byte].slice(-clearing.length);
      const [dle, eot, n = 0] = newest.slice(-3);
      if (dle === 0x10 && eot === 0x04 && n >= 1 && n <= 4) answer(state(n));
      if (newest.length < clearing.length || newest.some((one, i) => one !== clearing[i])) return;
      buffer = nothing;
      paper.clear();
      if (tells !== "nothing") self.say(cleared);
    };

    const work = () => {
      while (!printing && !stands()) {
        const next = buffer.length > 0 ? read(buffer, paper.chinese()) : undefined;
        if (next === undefined) return;
        buffer = buffer.subarray(next.length);
        // Not in a printer that stands still; then it waits in the buffer [E1, GS r].
        if (next.token.is === "told" && tells === "printed") answer(paperBits(0x03, 0x0c));
        const { printed, lines } = paper.take(next.token);
        truth.push(...printed);
        left -= lines;
        if (lines === 0) continue;
        printing = true;
        self.after(lines * lineTime, "prints", () => {
          printing = false;
          work();
        });
      }
    };

    return {
      knobs,
      hear(bytes) {
        if (self.silent()) return;
        // What is carried out in real time is left in the buffer, where it is passed over.
        buffer = joined(buffer, bytes);
        for (const byte of bytes) inRealTime(byte);
        work();
      },
      turn(knob, to) {
        if (knob === "paper") left = to === "full" ? roll : Number(to);
        else if (knob === "cover") open = to === true;
        else if (knob === "error") error = to === true;
        else if (knob === "line-time") lineTime = Number(to);
        else if (!self.turn(knob, to))
          throw new Error(`an ESC/POS printer has no knob "${knob}"; it has ${knobs.join(", ")}`);
        // Switched off it forgets what it had not printed.
        if (knob === "silent" && to === true) buffer = nothing;
        work();
      },
      truth: () => truth,
      stop: () => self.stop(),
    };
  },
};

export default definition;
