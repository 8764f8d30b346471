import { actor, asTruth, measuredBy } from "../kit/acting.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import type { ToledoOptions } from "./toledo-options.ts";

// The scale's side of Toledo continuous [instruments.md 2.6.6].

const knobs = ["measure", "stale", "error", "garble", "silent", "slow"] as const;

const scopes = { weight: { from: 2, to: 299.9, step: 0.05, usual: 62.3 } };
const somebodyElse = 97.45;

const period = 250;
/** Somebody steps on it, stands still, and leaves. */
const stepping = 2400;
const standing = 3000;
const leaving = 10_000;
/** Two decimals, increment 5. */
const wordA = 0x34;
const wordC = 0x20;
const states = { still: 0x30, moving: 0x38, overload: 0x34 } as const;

const evened = (code: number) => {
  let ones = 0;
  for (let bit = 0; bit < 7; bit++) ones += (code >> bit) & 1;
  return ones % 2 === 1 ? code | 0x80 : code;
};

const definition: PeerDefinition<ToledoOptions, Uint8Array, Uint8Array> = {
  knobs,
  peer({ checksum, line }, { clock }, send) {
    const self = actor("Toledo", clock, send);
    const truth: string[] = [];
    let load: { readonly kg: number; readonly since: number } | undefined;
    let overloaded = false;

    const tell = (state: keyof typeof states, kg: number, spoilt = false) => {
      const weight = String(Math.round(kg * 100)).padStart(6, " ");
      const text = Array.from(`${weight}     0`, (letter) => letter.charCodeAt(0));
      const frame = [0x02, wordA, states[state], wordC, ...text, 0x0d];
      const check = (0x80 - (frame.reduce((all, byte) => all + byte, 0) & 0x7f)) & 0x7f;
      const bytes = checksum ? [...frame, spoilt ? check ^ 0x11 : check] : frame.slice(0, spoilt ? 9 : frame.length);
      self.say(Uint8Array.from(bytes, line === "7e1" ? evened : (code) => code));
    };
    const speak = () => {
      if (load === undefined) tell("still", 0);
      else {
        const stood = clock.mono() - load.since;
        if (stood < standing) tell("moving", load.kg * (stood / standing));
        else tell(overloaded ? "overload" : "still", load.kg, self.spoils());
      }
      self.after(period, "the next frame", speak);
    };
    self.after(period, "the next frame", speak);

    const step = (kg: number) => {
      self.after(stepping, "steps on it", () => (load = { kg, since: clock.mono() - stepping }));
      self.after(standing, "stands still", () => {
        if (!self.silent() && !overloaded) truth.push(asTruth({ weight: kg }));
      });
      self.after(leaving, "leaves", () => {
        load = undefined;
        overloaded = false;
      });
    };

    return {
      knobs,
      hear() {},
      turn(knob, to) {
        if (self.turn(knob, to)) return;
        if (knob === "measure") step(measuredBy(to, scopes).weight);
        else if (knob === "stale") tell("still", somebodyElse);
        else if (knob === "error") overloaded = true;
        else throw new Error(`a Toledo scale has no knob "${knob}"; it has ${knobs.join(", ")}`);
      },
      truth: () => truth,
      stop: () => self.stop(),
    };
  },
};

export default definition;
