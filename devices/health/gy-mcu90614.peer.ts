import { sum } from "../kit/checksum.ts";
import { millis, type Millis, type Timer } from "../kit/clock.ts";
import type { PeerDefinition } from "../kit/driver.ts";

// A GY-MCU90614 [S24] that looks at a wall until a forehead is held before it. It speaks ten times a second once it was told to.

const knobs = ["measure", "stale", "garble", "silent", "slow", "wall"] as const;

const beat = 100;
/** A forehead comes near within this, and stays so long. */
const approach = 1500;
const stay = 14_000;
const lingers = 800;
/** Held so long it was measured, whoever listens. */
const enough = 3000;

const definition: PeerDefinition<object, Uint8Array, Uint8Array> = {
  knobs,
  peer(_options, { clock }, send) {
    const truth: string[] = [];
    const timers = new Set<Timer>();
    let speaks = false;
    let silent = false;
    let slow = 0;
    let garble = 0;
    let wall = 24;
    let person: { readonly degrees: number; readonly since: Millis; readonly span: number; told: boolean } | undefined;
    let heard: readonly number[] = [];

    const after = (delay: number, label: string, then: () => void) => {
      const timer = clock.after(millis(delay), `gy-mcu90614 peer: ${label}`, () => {
        timers.delete(timer);
        then();
      });
      timers.add(timer);
    };
    const seen = (): number => {
      if (person === undefined) return wall;
      const { degrees, since, span, told } = person;
      const there = clock.mono() - since;
      if (there >= span) person = undefined;
      if (there >= enough && !told && person !== undefined) {
        person.told = true;
        truth.push(`temperature=${degrees}`);
      }
      const near = span === lingers ? 1 : Math.min(1, there / approach);
      return wall + (degrees - wall) * near;
    };
    const two = (degrees: number) => {
      const hundredths = Math.round(degrees * 100);
      return [(hundredths >> 8) & 0xff, hundredths & 0xff];
    };
    const speak = () => {
      after(beat, "speaks", () => {
        speak();
        const degrees = seen();
        if (silent || !speaks) return;
        const body = [0x5a, 0x5a, 0x45, 0x04, ...two(degrees), ...two(wall + 1.4)];
        const isDamaged = garble > 0 && person !== undefined;
        if (isDamaged) garble -= 1;
        const frame = Uint8Array.of(...body, sum(body) ^ (isDamaged ? 0x40 : 0));
        if (slow === 0) send(frame);
        else after(slow, "is slow", () => send(frame));
      });
    };
    const come = (degrees: number, span: number) => {
      person = { degrees, since: clock.mono(), span, told: span === lingers };
    };
    speak();

    return {
      knobs,
      hear(out) {
        if (silent) return;
        heard = [...heard, ...out].slice(-3);
        if (heard[0] === 0xa5 && heard[1] === 0x45 && heard[2] === 0xea) speaks = true;
      },
      turn(knob, to) {
        switch (knob) {
          case "measure": {
            const degrees = Number(/^temperature=(\d+(?:\.\d{1,2})?)$/.exec(String(to))?.[1]);
            // Written so that what is no number is refused too.
            if (!(degrees >= 30 && degrees <= 45)) throw new Error("skin has from 30 to 45 degrees, in hundredths");
            if (!silent) come(degrees, stay);
            return;
          }
          case "stale":
            if (to === true) come(38.9, lingers);
            return;
          case "garble":
            garble = Number(to);
            return;
          case "silent":
            silent = to === true;
            if (silent) person = undefined;
            return;
          case "slow":
            slow = Number(to);
            return;
          case "wall":
            wall = Number(to);
            return;
          default:
            throw new Error(`a GY-MCU90614 has no knob "${knob}"; it has ${knobs.join(", ")}`);
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
