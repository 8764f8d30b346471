import { actor, asTruth, measuredBy } from "../kit/acting.ts";
import { utcOf } from "../kit/civil.ts";
import { millis } from "../kit/clock.ts";
import type { Lab, Peer } from "../kit/driver.ts";
import { bytesOfTime, encode, flag, packets, timeOf, type Packet } from "./caresens-wire.ts";

// A simulated CareSens, made from the layout of [S20], at the end of either line.

/**
 * `control`: somebody measures a control solution. `full`: the memory is full. `newest-first`: it counts from the newest.
 * `swap`: another meter is on the cable.
 */
export const knobs = [
  "measure",
  "stale",
  "garble",
  "silent",
  "slow",
  "control",
  "full",
  "newest-first",
  "swap",
] as const;

const scopes = {
  glucose: { from: 20, to: 600, step: 1, usual: 101, beyond: true },
  ketone: { from: 0.1, to: 8, step: 0.1, usual: 0.6 },
};
const testing = 5000;
const answersIn = 20;
const oneDay = 86_400_000;
const room = 250;
const normal = 0x20;
const nothing = new Uint8Array();

export function careSens({ clock }: Lab, send: (bytes: Uint8Array) => void): Peer<Uint8Array> {
  const self = actor("CareSens", clock, send);
  const truth: string[] = [];
  /** The oldest first. */
  let kept: readonly Uint8Array[] = [];
  let held = packets.start;
  let newestFirst = false;
  let serial = "C123H4567890";
  /** Its battery was changed, and nobody set its clock. */
  let behind = 400 * oneDay;

  const answer = (name: string, payload: Uint8Array = nothing) => {
    const bytes = encode({ name, payload });
    const isRecord = name === "GLUE";
    // It puts no valid check behind records.
    const told = isRecord ? bytes.with(bytes.length - 3, 0).with(bytes.length - 2, 0) : bytes;
    const said = isRecord && self.spoils() ? told.slice(0, told.length >> 1) : told;
    self.after(answersIn, "answers", () => self.say(said));
  };
  const obey = ({ name, payload }: Packet) => {
    switch (name) {
      case "RSNB":
        return answer(
          name,
          Uint8Array.from(`${serial}\0`, (letter) => letter.charCodeAt(0)),
        );
      case "RTIM":
        return answer(name, bytesOfTime(millis(clock.wall().utc - behind)));
      case "WTIM":
        behind = clock.wall().utc - utcOf(timeOf(payload));
        return answer(name, payload);
      case "NCOT":
        return answer(name, Uint8Array.of(kept.length >> 8, kept.length & 0xff));
      case "GLUE": {
        const [high = 0, low = 0, count = 0] = payload;
        const first = high * 256 + low - 1;
        const records = (newestFirst ? kept.toReversed() : kept).slice(first, first + count);
        return answer(name, Uint8Array.of(...records.flatMap((record) => Array.from(record))));
      }
      default:
        return answer("CMND");
    }
  };

  const keep = (value: number, flags: number, age = 0) => {
    const time = bytesOfTime(millis(clock.wall().utc - age));
    kept = [...kept, Uint8Array.of(...time, flags, value >> 8, value & 0xff)].slice(-room);
  };
  const measure = (text: string) => {
    const item = text.startsWith("ketone=") ? "ketone" : "glucose";
    const measured = measuredBy(text, { [item]: scopes[item] });
    const value = measured[item] ?? NaN;
    if (self.silent()) return;
    self.after(testing, "has a result", () => {
      if (self.silent()) return;
      truth.push(asTruth(measured));
      if (value === Infinity) keep(601, flag.high);
      else if (value === -Infinity) keep(12, flag.low);
      else if (item === "ketone") keep(Math.round(value * 10), flag.ketone);
      else keep(value, normal);
    });
  };

  keep(301, normal, 2 * oneDay);
  return {
    knobs,
    truth: () => truth,
    hear(bytes) {
      if (self.silent()) return;
      const pushed = packets.push(held, bytes);
      held = pushed.state;
      pushed.frames.forEach(obey);
    },
    turn(knob, to) {
      if (self.turn(knob, to)) return;
      switch (knob) {
        case "measure":
          return measure(String(to));
        case "stale":
          return keep(288, flag.afterMeal, oneDay);
        case "control":
          return keep(118, flag.control);
        case "full":
          for (let left = room; left > 0; left -= 1) keep(150 + (left % 90), normal, left * oneDay);
          return;
        case "swap":
          serial = "C123H4567891";
          kept = [];
          for (let left = 9; left > 0; left -= 1) keep(240 + left, normal, left * oneDay);
          return;
        case "newest-first":
          newestFirst = to === true;
          return;
        default:
          throw new Error(`a CareSens has no knob "${knob}"; it has ${knobs.join(", ")}`);
      }
    },
    stop: () => self.stop(),
  };
}
