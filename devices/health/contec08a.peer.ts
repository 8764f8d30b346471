import { actor, asTruth, measuredBy, type Scope } from "../kit/acting.ts";
import { chinaTime } from "../kit/civil.ts";
import { millis } from "../kit/clock.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import { plainDescriptor, plainReport } from "../kit/plain-report.ts";
import type { ContecOptions } from "./contec08a.ts";

// The monitor's side, made from the capture [S7] and its records beside the maker's own list of them.

/** `off`: its button was pressed, and it answers no fetch. `full`: the memory holds all records that it can. */
const knobs = ["measure", "stale", "error", "garble", "silent", "slow", "off", "full"] as const;

const length = 64;
/** "Manual says limit 100 records for each of three users" [S7]. */
const room = 100;
const measuring = 38_000;
/** Two turns of the bus. */
const answersIn = 4;
const betweenReports = 2;
const oneDay = 86_400_000;

const mmHg = (usual: number): Scope => ({ from: 30, to: 280, step: 1, usual });
const scopes = {
  systolic: mmHg(127),
  diastolic: { from: 30, to: 215, step: 1, usual: 76 },
  "mean-arterial": { from: 30, to: 240, step: 1, usual: 97 },
  pulse: { from: 40, to: 240, step: 1, usual: 78 },
};
type Measured = Readonly<Record<keyof typeof scopes, number>>;

const header = [0x46, 0x41, 0x80, 0x80];
const behindCount = [0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80];

const somebodyElse: Measured = { systolic: 188, diastolic: 131, "mean-arterial": 150, pulse: 129 };
const anotherOne: Measured = { systolic: 171, diastolic: 104, "mean-arterial": 126, pulse: 93 };
const failed: Measured = { systolic: 0, diastolic: 0, "mean-arterial": 0, pulse: 0 };

/** A byte of high bits before each seven, all with the high bit set. */
function pack(bytes: readonly number[]): readonly number[] {
  const packed: number[] = [];
  for (let at = 0; at < bytes.length; at += 7) {
    const seven = bytes.slice(at, at + 7);
    packed.push(
      0x80 | seven.reduce((bits, byte, k) => bits | ((byte >> 7) << k), 0),
      ...seven.map((byte) => byte | 0x80),
    );
  }
  return packed;
}

const definition: PeerDefinition<ContecOptions, Uint8Array, Uint8Array> = {
  knobs,
  descriptor: () => plainDescriptor(length),
  peer({ user }, { clock }, send) {
    const self = actor("Contec08A", clock, send);
    const truth: string[] = [];
    /** The oldest first. */
    let kept: readonly (readonly number[])[] = [];
    let error = false;
    let off = false;

    const keep = (m: Measured, age = 0) => {
      const { year, month, day, hour, minute } = chinaTime(millis(clock.wall().utc - age));
      const values = [m.systolic >> 8, m.systolic & 0xff, m.diastolic, m.pulse, m["mean-arterial"]];
      kept = [...kept, pack([...values, year - 2000, month, day, hour, minute, 0, 0x11])].slice(-room);
    };
    const say = (delay: number, data: readonly number[]) =>
      self.after(delay, "answers", () => self.say(plainReport(data, length)));

    const dump = () => {
      if (off) return say(answersIn, [0x4a, 0x43, 0x00]);
      say(answersIn, [0x4a, 0x43, 0x01]);
      say(answersIn + betweenReports, [...header, 0x80 | kept.length, ...behindCount, 0x80 | user]);
      const broken = self.spoils();
      kept.forEach((record, i) => {
        // Damaged: the newest breaks off in the middle.
        const isNewest = i === kept.length - 1;
        say(answersIn + (i + 2) * betweenReports, broken && isNewest ? record.slice(0, 7) : record);
      });
    };
    const measure = (m: Measured) => {
      if (self.silent()) return;
      self.after(measuring, "has a result", () => {
        if (self.silent()) return;
        if (!error) truth.push(asTruth(m));
        keep(error ? failed : m);
        error = false;
      });
    };

    keep(anotherOne, 2 * oneDay);
    return {
      knobs,
      truth: () => truth,
      hear([number, first, second, ...more]) {
        if (number !== 0 || self.silent()) return;
        const isTail = [second, ...more.slice(0, 4)].join() === "143,255,254,253,252";
        // What it answers to a ping was not written down.
        if (first === 0x40 && isTail) say(answersIn, [0x4f]);
        else if (first === 0x42 && isTail) say(answersIn, [0x48, 0x41, 0x02, 0x13, 0x01, 0x02]);
        else if (first === 0x43 && more[1] === user + 3) dump();
      },
      turn(knob, to) {
        if (self.turn(knob, to)) return;
        switch (knob) {
          case "measure":
            return measure(measuredBy(to, scopes));
          case "stale":
            return keep(somebodyElse, oneDay);
          case "error":
            error = to !== 0;
            return;
          case "off":
            off = to === true;
            return;
          case "full":
            for (let left = room; left > 0; left -= 1) keep(anotherOne, left * oneDay);
            return;
          default:
            throw new Error(`a Contec08A has no knob "${knob}"; it has ${knobs.join(", ")}`);
        }
      },
      stop: () => self.stop(),
    };
  },
};

export default definition;
