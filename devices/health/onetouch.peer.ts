import { actor, asTruth, measuredBy } from "../kit/acting.ts";
import { crc16 } from "../kit/checksum.ts";
import { chinaTime, utcOf } from "../kit/civil.ts";
import { millis } from "../kit/clock.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import type { OneTouchOptions } from "./onetouch.ts";

// The meter's side, made from the exchange in LifeScan's own document as [S19] and [S20] follow it. `control` tests control
// solution (only a Verio marks that), `full` fills the memory, `swap` puts another meter on the cable, `backwards` tells
// the oldest record first.

const knobs = ["measure", "stale", "garble", "silent", "slow", "control", "full", "swap", "backwards"] as const;

const scopes = { glucose: { from: 20, to: 600, step: 1, usual: 101, beyond: true } };
/** Seconds from the drop of blood to the number. */
const counting = 5;
const capacity = 500;

interface Kept {
  readonly at: number;
  readonly glucose: number;
  readonly control: boolean;
}

const bytesOf = (value: number, length: number) => Array.from({ length }, (_, i) => Math.floor(value / 256 ** i) % 256);

const definition: PeerDefinition<OneTouchOptions, Uint8Array, Uint8Array> = {
  knobs,
  peer({ model }, { clock }, send) {
    const self = actor("OneTouch", clock, send);
    const isVerio = model === "verio-iq";
    const prefix = isVerio ? 0x03 : 0x05;
    const truth: string[] = [];
    let serial = "C081UA00R";
    let memory: readonly Kept[] = [];
    let spoilt = 0;
    let backwards = false;
    let heard: readonly number[] = [];
    /** Numbers of the packet that is sent next, and of the one that is expected. */
    let mine = 0;
    let yours = 0;
    let unacknowledged = false;

    const now = (ago: number) => {
      const epoch = isVerio ? midnight2000 : midnight1970;
      return Math.floor((utcOf(chinaTime(millis(clock.wall().utc - ago))) - epoch) / 1000);
    };
    const keep = (glucose: number, ago = 0, control = false) => {
      memory = [{ at: now(ago), glucose, control }, ...memory].slice(0, capacity);
    };
    keep(163, 86_400_000);

    const packet = (bits: number, message: readonly number[], wrong = false) => {
      const body = [0x02, message.length + 6, bits, ...message, 0x03];
      const crc = crc16(body, 0xffff) ^ (wrong ? 0x0100 : 0);
      self.say(Uint8Array.of(...body, crc & 0xff, crc >> 8));
    };
    const answer = (message: readonly number[], wrong = false) => {
      if (isVerio) return packet(0, [prefix, ...message], wrong);
      packet(0x04 | (yours << 1) | mine, []);
      packet((yours << 1) | mine, [prefix, ...message], wrong);
      unacknowledged = true;
    };
    const record = (index: number) => {
      const kept = memory[backwards ? memory.length - 1 - index : index];
      if (kept === undefined) return answer([0x09]);
      const wrong = spoilt > 0;
      if (wrong) spoilt -= 1;
      const { at, glucose, control } = kept;
      const flags = isVerio ? [control ? 1 : 0, 0, 0, 0] : [];
      answer([0x06, ...bytesOf(at, 4), ...bytesOf(glucose, isVerio ? 2 : 4), ...flags], wrong);
    };
    const count = () => answer([isVerio ? 0x06 : 0x0f, ...bytesOf(memory.length, 2)]);
    const ascii = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0));

    const obey = ([first, command, low = 0, high = 0]: readonly number[]) => {
      if (first !== prefix) return;
      const index = low | (high << 8);
      if (command === 0x0d) {
        const version = isVerio ? "VIC40.06" : "P02.00.00 25/05/07";
        answer([0x06, version.length, ...ascii(version), ...(isVerio ? [0] : [])]);
      } else if (command === 0x0b) answer([0x06, ...ascii(serial), ...(isVerio ? [0] : [])]);
      else if (isVerio && command === 0x27) count();
      else if (!isVerio && command === 0x1f && index === 501) count();
      else if (command === (isVerio ? 0x21 : 0x1f)) record(index);
    };
    const take = (bits: number, message: readonly number[]) => {
      if (isVerio) return obey(message);
      if (bits & 0x08) {
        mine = 0;
        yours = 0;
        unacknowledged = false;
        return packet(0x0c, []);
      }
      if (bits & 0x04) {
        if (unacknowledged && (bits & 0x02) >> 1 !== mine) {
          mine ^= 1;
          unacknowledged = false;
        }
        return;
      }
      // A command out of turn is none.
      if (unacknowledged || (bits & 0x01) !== yours) return;
      yours ^= 1;
      obey(message);
    };
    const test = (glucose: number) =>
      self.after(counting * 1000, "counts down", () => {
        if (self.silent()) return;
        keep(glucose === Infinity ? 0xffff : glucose === -Infinity ? 12 : glucose);
        if (self.spoils()) spoilt += 1;
        truth.push(asTruth({ glucose }));
      });

    return {
      knobs,
      hear(bytes) {
        if (self.silent()) return;
        heard = [...heard, ...bytes];
        while (heard.length > 1) {
          const length = heard[1] ?? 0;
          const whole = heard.slice(0, length);
          if (heard[0] === 0x02 && length >= 6 && length <= 32) {
            if (heard.length < length) return;
            const crc = (whole.at(-2) ?? 0) | ((whole.at(-1) ?? 0) << 8);
            if (crc === crc16(whole.slice(0, -2), 0xffff)) {
              heard = heard.slice(length);
              take(whole[2] ?? 0, whole.slice(3, -3));
              continue;
            }
          }
          heard = heard.slice(1);
        }
      },
      turn(knob, to) {
        if (self.turn(knob, to)) return;
        if (knob === "measure") test(measuredBy(to, scopes).glucose);
        else if (knob === "stale") keep(176, 600_000);
        else if (knob === "control") keep(110, 0, isVerio);
        else if (knob === "full") for (let n = capacity; n > 0; n--) keep(100 + (n % 90), n * 3_600_000);
        else if (knob === "backwards") backwards = to === true;
        else if (knob === "swap") {
          serial = "C093UA11T";
          memory = [];
          keep(201, 60_000);
        } else throw new Error(`a OneTouch meter has no knob "${knob}"; it has ${knobs.join(", ")}`);
      },
      truth: () => truth,
      stop: () => self.stop(),
    };
  },
};

/** Its own clock tells local time, so that these are local midnights. */
const midnight1970 = utcOf({ year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0 });
const midnight2000 = utcOf({ year: 2000, month: 1, day: 1, hour: 0, minute: 0, second: 0 });

export default definition;
