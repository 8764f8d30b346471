import { actor, asTruth, measuredBy } from "../kit/acting.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import type { ScaleAanddOptions } from "./scale-aandd-options.ts";

// The scale's side of A&D's standard format [instruments.md 2.6.6].

const knobs = ["measure", "stale", "error", "garble", "silent", "slow"] as const;

const scopes = { weight: { from: 2, to: 299.9, step: 0.05, usual: 62.3 } };
const somebodyElse = 97.45;

const period = 200;
/** Somebody steps on it, stands still, and leaves. */
const stepping = 2400;
const standing = 3000;
const leaving = 10_000;
/** The empty platform is said so often where the scale speaks all the time. */
const idle = 1000;

const withParity = (code: number) => {
  let ones = 0;
  for (let bit = 0; bit < 7; bit++) ones += (code >> bit) & 1;
  return ones % 2 === 1 ? code | 0x80 : code;
};

const definition: PeerDefinition<ScaleAanddOptions, Uint8Array, Uint8Array> = {
  knobs,
  peer({ line, output }, { clock }, send) {
    const self = actor("A&D scale", clock, send);
    const truth: string[] = [];
    const streams = output === "stream";
    /** Kilograms on the platform: while somebody steps on it more with each line. */
    let load: { readonly kg: number; readonly since: number } | undefined;
    let overloaded = false;

    const tell = (state: "ST" | "US" | "OL", kg: number, spoilt = false) => {
      const text = state === "OL" ? "OL,+99999999  kg" : `${state},+${kg.toFixed(2).padStart(8, "0")}  kg`;
      const codes = Array.from(`${text}\r\n`, (letter) => letter.charCodeAt(0));
      const bytes = Uint8Array.from(codes, line === "7e1" ? withParity : (code) => code);
      self.say(spoilt ? bytes.slice(0, 9) : bytes);
    };
    const still = () => {
      if (load === undefined || self.silent()) return;
      if (!overloaded) truth.push(asTruth({ weight: load.kg }));
      if (!streams) tell(overloaded ? "OL" : "ST", load.kg, self.spoils());
    };
    const speak = () => {
      if (load === undefined) tell("ST", 0);
      else {
        const stood = clock.mono() - load.since;
        if (stood < standing) tell("US", load.kg * (stood / standing));
        else tell(overloaded ? "OL" : "ST", load.kg, self.spoils());
      }
      self.after(load === undefined ? idle : period, "the next line", speak);
    };
    if (streams) self.after(idle, "the next line", speak);

    const step = (kg: number) => {
      self.after(stepping, "steps on it", () => (load = { kg, since: clock.mono() - stepping }));
      self.after(standing, "stands still", still);
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
        else if (knob === "stale") tell("ST", somebodyElse);
        else if (knob === "error") overloaded = true;
        else throw new Error(`an A&D scale has no knob "${knob}"; it has ${knobs.join(", ")}`);
      },
      truth: () => truth,
      stop: () => self.stop(),
    };
  },
};

export default definition;
