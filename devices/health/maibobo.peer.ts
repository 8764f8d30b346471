import { xor } from "../kit/checksum.ts";
import { millis, type Timer } from "../kit/clock.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import type { MaiboboOptions } from "./maibobo-options.ts";

// A Maibobo RBP [S8]: it acknowledges each command, tells its pressure four times a second while it presses, and then the
// result, once. Nobody's arm in it is error 02.

const knobs = ["measure", "stale", "error", "garble", "silent", "slow"] as const;
const items = ["systolic", "diastolic", "pulse"] as const;

type Person = Readonly<Record<(typeof items)[number], number>>;

const beat = 250;
/** mmHg a beat on the way up, and more quickly down. */
const up = 4;
const noArm = 0x02;
/** With nobody in it the failure shows after so many beats. */
const notices = 20;

const high = (n: number) => [n >> 8, n & 0xff];

const definition: PeerDefinition<MaiboboOptions, Uint8Array, Uint8Array> = {
  knobs,
  peer({ resultAt }, { clock }, send) {
    const truth: string[] = [];
    const timers = new Set<Timer>();
    let held: readonly number[] = [];
    let sitting: Person | undefined;
    let pressing: Timer | undefined;
    let silent = false;
    let slow = 0;
    let garble = 0;
    let error = 0;

    const after = (delay: number, label: string, then: () => void) => {
      const timer = clock.after(millis(delay), `maibobo peer: ${label}`, () => {
        timers.delete(timer);
        then();
      });
      timers.add(timer);
      return timer;
    };
    const say = (code: number, data: readonly number[], isDamaged = false) => {
      if (silent) return;
      const body = [0x03, data.length + 2, 0x01, code, ...data];
      const frame = Uint8Array.of(0xaa, 0x80, ...body, xor(body) ^ (isDamaged ? 0x10 : 0));
      if (slow === 0) send(frame);
      else after(slow, "is slow", () => send(frame));
    };
    const result = ({ systolic, diastolic, pulse }: Person) => {
      // User 1, then a clock that was never set right; the numbers stand where the model has them.
      const before = [1, 0x18, 7, 15, 9, 41, 30, ...Array.from({ length: 20 }, () => 0)].slice(0, resultAt);
      say(0x06, [...before, ...high(systolic), ...high(diastolic), ...high(pulse)], garble > 0);
      garble = Math.max(0, garble - 1);
    };
    const rest = () => {
      pressing?.cancel();
      if (pressing) timers.delete(pressing);
      pressing = undefined;
    };
    const press = (beats: number) => {
      pressing = after(beat, "presses", () => {
        const top = (sitting?.systolic ?? 100) + 30;
        const peak = Math.ceil(top / up);
        const pressure = beats <= peak ? beats * up : Math.max(0, top - (beats - peak) * 3 * up);
        const fails = error !== 0 || sitting === undefined;
        if (fails && beats >= notices) {
          say(0x07, [error === 0 ? noArm : error]);
          error = 0;
          sitting = undefined;
          return rest();
        }
        say(0x05, high(pressure));
        if (pressure > 0 || beats <= peak || sitting === undefined) return press(beats + 1);
        rest();
        const person = sitting;
        sitting = undefined;
        if (!silent) truth.push(items.map((item) => `${item}=${person[item]}`).join(","));
        result(person);
      });
    };
    const obey = (code: number) => {
      if (code === 0x02 && pressing === undefined) press(1);
      if (code === 0x03) rest();
      say(code, [0x00]);
    };

    return {
      knobs,
      hear(out) {
        if (silent) return;
        held = [...held, ...out];
        // CC 80 03 03 01, the command, 00 and the check [S8].
        while (held.length >= 8) {
          const [a, b, , , , code = 0] = held;
          const isCommand = a === 0xcc && b === 0x80 && xor(held.slice(2, 8)) === 0;
          held = held.slice(isCommand ? 8 : 1);
          if (isCommand) obey(code);
        }
      },
      turn(knob, to) {
        switch (knob) {
          case "measure": {
            const given = Object.fromEntries(
              String(to)
                .split(",")
                .map((part) => part.split("=").map((word, i) => (i === 0 ? word : Number(word)))),
            ) as Readonly<Record<string, number>>;
            const wrong = Object.entries(given).filter(
              ([item, value]) =>
                !items.some((known) => known === item) || !Number.isInteger(value) || value < 20 || value > 300,
            );
            if (wrong.length > 0)
              throw new Error("a Maibobo tells systolic, diastolic and pulse, whole, from 20 to 300");
            if (!silent) sitting = { systolic: 121, diastolic: 79, pulse: 70, ...given };
            return;
          }
          case "stale":
            if (to === true) result({ systolic: 171, diastolic: 103, pulse: 99 });
            return;
          case "error":
            error = Number(to);
            return;
          case "garble":
            garble = Number(to);
            return;
          case "silent":
            silent = to === true;
            if (!silent) return;
            rest();
            held = [];
            sitting = undefined;
            return;
          case "slow":
            slow = Number(to);
            return;
          default:
            throw new Error(`a Maibobo has no knob "${knob}"; it has ${knobs.join(", ")}`);
        }
      },
      truth: () => truth,
      stop() {
        for (const timer of timers) timer.cancel();
        timers.clear();
      },
    };
  },
};

export default definition;
