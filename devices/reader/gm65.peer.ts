import { crc16 } from "../kit/checksum.ts";
import { millis, type Timer } from "../kit/clock.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import { glance, showing } from "../kit/showing.ts";
import type { Gm65Options } from "./gm65-options.ts";

// A GM65 module with codes before its window, as [GM65: GM65-S user manual V1.3] tells of it. `setup-code` shows a printed
// configuration code that sets the module to manual mode; `power` cuts its supply for a moment; `stubborn` names an address
// whose writing it acknowledges and does not do.

const knobs = [
  "scan",
  "hold",
  "take-away",
  "garble",
  "silent",
  "slow",
  "setup-code",
  "power",
  "firmware",
  "memory",
  "stubborn",
] as const;

/** Where the memory differs from zero when it leaves the factory [GM65 9.7 and the defaults named in 3 to 6]. */
const factory: readonly (readonly [number, number])[] = [
  [0x0000, 0xd4],
  [0x0005, 0x0a],
  [0x0006, 0x32],
  [0x0007, 0x81],
  [0x0008, 0x2c],
  [0x0060, 0x01],
  [0x00e0, 0x05],
  [0x00e2, 0x82],
];
/** "When more than 400 ms after 7E 00: unknown command" [GM65 9.2]. */
const commandTime = millis(400);
const thinking = millis(5);
const looking = millis(60);
const symbolLetter = "Q";

interface Shown {
  readonly text: string;
  readonly setsUp: boolean;
  seen: boolean;
  /** When it was told last. */
  told: number;
}

const definition: PeerDefinition<Gm65Options, Uint8Array, Uint8Array> = {
  knobs,
  peer(_options, { clock }, send) {
    const memory = new Uint8Array(256);
    for (const [at, value] of factory) memory[at] = value;
    let saved = memory.slice();
    const seen: string[] = [];
    const timers = new Set<Timer>();
    let command: readonly number[] = [];
    let commandAt = clock.mono();
    const window = showing<Shown>(clock, () => look());
    let triggeredUntil = -1;
    let silent = false;
    let slow = 0;
    let garble = 0;
    let stubborn = -1;

    const after = (delay: number, label: string, then: () => void) => {
      const timer = clock.after(millis(delay), `gm65 peer: ${label}`, () => {
        timers.delete(timer);
        then();
      });
      timers.add(timer);
      return timer;
    };
    const say = (delay: number, bytes: Uint8Array) =>
      after(delay + slow, "speaks", () => {
        if (!silent) send(bytes);
      });
    const answer = (data: Uint8Array) => {
      const body = Uint8Array.of(0x00, data.length & 0xff, ...data);
      const check = crc16(body);
      say(thinking, Uint8Array.of(0x02, 0x00, ...body, check >> 8, check & 0xff));
    };

    const bits = (at: number, mask: number) => (memory[at] ?? 0) & mask;
    const tell = (text: string) => {
      const letter = bits(0x60, 0x04) ? symbolLetter : "";
      const tails = ["\r", "\r\n", "\t", ""];
      const tail = bits(0x60, 0x01) ? (tails[bits(0x60, 0x60) >> 5] ?? "") : "";
      const bytes = new TextEncoder().encode(letter + text + tail);
      if (garble > 0) {
        garble -= 1;
        return say(0, bytes.slice(0, Math.ceil(text.length / 2)));
      }
      say(0, bytes);
    };

    let waiting = false;
    const reads = () => {
      const mode = bits(0x00, 0x03);
      return mode === 2 || (mode === 1 && clock.mono() < triggeredUntil);
    };
    /** The sensor looks again and again while it reads and something is there. */
    const look = () => {
      if (waiting || window.present() === undefined) return;
      waiting = true;
      after(looking, "looks", () => {
        waiting = false;
        const code = window.present();
        if (code === undefined) return;
        if (silent || !reads()) return idle();
        if (code.setsUp) {
          if (bits(0x03, 0x02) === 0) memory[0x00] = bits(0x00, 0xfc);
          return idle();
        }
        const delay = bits(0x13, 0x80) === 0 ? 0 : bits(0x13, 0x7f) === 0 ? Infinity : bits(0x13, 0x7f) * 100;
        if (clock.mono() - code.told < delay) return idle();
        if (!code.seen) seen.push(code.text);
        code.seen = true;
        code.told = clock.mono();
        triggeredUntil = -1;
        tell(code.text);
        idle();
      });
    };
    const idle = () => {
      waiting = true;
      after(bits(0x00, 0x03) === 2 ? Math.max(1, bits(0x05, 0xff) * 100) : 100, "between looks", () => {
        waiting = false;
        look();
      });
    };

    const obey = ([, , kind = 0, length = 0, high = 0, low = 0, data = 0]: readonly number[]) => {
      const at = (high << 8) | low;
      if (kind === 0x07 && length === 1 && at + (data || 256) <= memory.length)
        return answer(memory.slice(at, at + (data || 256)));
      if (kind === 0x09 && at === 0 && data === 0) saved = memory.slice();
      else if (kind === 0x08 && length === 1 && at === 0x02 && data === 1) triggeredUntil = clock.mono() + readTime();
      // What the module is, is not to be written [GM65 9.7: only read].
      else if (kind === 0x08 && length === 1 && at < 0xe0) memory[at] = at === stubborn ? (memory[at] ?? 0) : data;
      else return;
      answer(Uint8Array.of(0x00));
      look();
    };
    const readTime = () => (bits(0x06, 0xff) === 0 ? Infinity : bits(0x06, 0xff) * 100);

    const code = (to: unknown): Shown => {
      const text = String(to);
      if (!/^[\x20-\x7e]+$/.test(text)) throw new Error("a GM65 tells printable ASCII texts");
      return { text, setsUp: false, seen: false, told: -Infinity };
    };

    return {
      knobs,
      hear(bytes) {
        if (silent) return;
        if (clock.mono() - commandAt > commandTime) command = [];
        commandAt = clock.mono();
        for (const byte of bytes) {
          command = [...command, byte];
          if (command[0] !== 0x7e || (command.length > 1 && command[1] !== 0x00)) command = [];
          const length = 8 + (command[3] ?? 1);
          if (command.length < length) continue;
          const body = command.slice(2, -2);
          const given = ((command.at(-2) ?? 0) << 8) | (command.at(-1) ?? 0);
          // AB CD stands for "not checked" [GM65 9.1].
          if (given === 0xabcd || given === crc16(body)) obey(command);
          command = [];
        }
      },
      turn(knob, to) {
        switch (knob) {
          case "scan":
            return window.once(code(to), glance);
          case "hold":
            return window.hold(code(to));
          case "take-away":
            return window.takeAway();
          case "setup-code":
            return window.once({ text: "", setsUp: true, seen: false, told: -Infinity }, glance);
          case "garble":
            garble = Number(to);
            return;
          case "silent":
            silent = to === true;
            if (!silent) look();
            return;
          case "slow":
            slow = Number(to);
            return;
          case "power":
            memory.set(saved);
            triggeredUntil = -1;
            command = [];
            return;
          case "firmware":
            memory[0xe2] = Number(to);
            saved[0xe2] = Number(to);
            return;
          // "ADDRESS=VALUE", in hex: what an earlier owner has left in it.
          case "memory": {
            const [at = 0, value = 0] = String(to)
              .split("=")
              .map((part) => Number.parseInt(part, 16));
            memory[at] = value;
            saved[at] = value;
            return;
          }
          case "stubborn":
            stubborn = Number.parseInt(String(to), 16);
            return;
          default:
            throw new Error(`a GM65 has no knob "${knob}"; it has ${knobs.join(", ")}`);
        }
      },
      truth: () => seen,
      stop() {
        window.takeAway();
        for (const timer of timers) timer.cancel();
        timers.clear();
      },
    };
  },
};

export default definition;
