import { actor, asTruth, measuredBy } from "../kit/acting.ts";
import { chinaTime } from "../kit/civil.ts";
import type { PeerDefinition } from "../kit/driver.ts";

// The meter's side, made from the published result and the list of commands [S22]. What it told it tells again until the
// kiosk has acknowledged it. `history` sends a result that it had kept; `deaf` hears no acknowledgement.

const knobs = ["measure", "stale", "garble", "silent", "slow", "history", "deaf"] as const;

const scopes = { glucose: { from: 1.1, to: 33.3, step: 0.1, usual: 5.4, beyond: true } };
/** Seconds from the strip to the number, and between two tellings of what nobody acknowledged. */
const counting = 10;
const again = 4;
const tellings = 3;

const definition: PeerDefinition<object, Uint8Array, Uint8Array> = {
  knobs,
  peer(_, { clock }, send) {
    const self = actor("WL-1", clock, send);
    const truth: string[] = [];
    let heard: readonly number[] = [];
    let deaf = false;
    let telling = 0;

    const frame = (kind: number, data: readonly number[], wrong = false) => {
      const body = [data.length + 4, 0x00, 0x04, kind, ...data];
      const check = body.reduce((all, byte) => (all + byte) & 0xff, wrong ? 0x10 : 0);
      self.say(Uint8Array.of(0x53, 0x4e, ...body, check));
    };
    const result = (glucose: number) => {
      const { year, month, day, hour, minute, second } = chinaTime(clock.wall().utc);
      const tenths = glucose === Infinity ? 0x0fff : glucose === -Infinity ? 7 : Math.round(glucose * 10);
      return [year % 100, month, day, hour, minute, second, tenths >> 8, tenths & 0xff, 0x00, 0x00, 0xcd, 0x18];
    };
    const tell = (data: readonly number[], wrong: boolean) => {
      telling += 1;
      const mine = telling;
      const once = (left: number) => {
        if (left === 0 || telling !== mine) return;
        frame(0x04, data, wrong);
        self.after(again * 1000, "tells it again", () => once(left - 1));
      };
      once(tellings);
    };
    const measure = (glucose: number) => {
      frame(0x03, []);
      self.after(counting * 1000, "counts down", () => {
        if (self.silent()) return;
        truth.push(asTruth({ glucose }));
        tell(result(glucose), self.spoils());
      });
    };

    return {
      knobs,
      hear(bytes) {
        if (self.silent() || deaf) return;
        heard = [...heard, ...bytes].slice(-40);
        // An acknowledgement of a result: SN, 0A, machine, 04, the time, the sum.
        for (let at = 0; at + 13 <= heard.length; at++) {
          const [s, n, length, , , kind, ...rest] = heard.slice(at, at + 13);
          if (s !== 0x53 || n !== 0x4e || length !== 0x0a || kind !== 0x04) continue;
          const body = heard.slice(at + 2, at + 12);
          if (rest.at(-1) !== body.reduce((all, byte) => (all + byte) & 0xff, 0)) continue;
          telling += 1;
          heard = heard.slice(at + 13);
        }
      },
      turn(knob, to) {
        if (self.turn(knob, to)) return;
        if (knob === "measure") measure(measuredBy(to, scopes).glucose);
        else if (knob === "stale") tell(result(9.8), false);
        else if (knob === "history") frame(0x0e, result(9.8));
        else if (knob === "deaf") deaf = to === true;
        else throw new Error(`a WL-1 has no knob "${knob}"; it has ${knobs.join(", ")}`);
      },
      truth: () => truth,
      stop: () => self.stop(),
    };
  },
};

export default definition;
