import { actor, asTruth, measuredBy } from "../kit/acting.ts";
import type { PeerDefinition } from "../kit/driver.ts";

// The scale's side of MT-SICS, as far as SI goes [instruments.md 2.6.6].

const knobs = ["measure", "stale", "error", "garble", "silent", "slow"] as const;

const scopes = { weight: { from: 2, to: 299.95, step: 0.05, usual: 62.3 } };
const somebodyElse = 97.45;

/** Somebody steps on it, stands still, and leaves. */
const stepping = 2000;
const standing = 3000;
const leaving = 12_000;

const definition: PeerDefinition<object, Uint8Array, Uint8Array> = {
  knobs,
  peer(_, { clock }, send) {
    const self = actor("MT-SICS", clock, send);
    const truth: string[] = [];
    let heard = "";
    let load: { readonly kg: number; readonly since: number } | undefined;
    let overloaded = false;

    const tell = (text: string, spoilt = false) => {
      const bytes = new TextEncoder().encode(`${text}\r\n`);
      self.say(spoilt ? bytes.slice(0, 8) : bytes);
    };
    const weight = (state: "S" | "D", kg: number) => `S ${state} ${kg.toFixed(2).padStart(9)} kg`;
    const answer = () => {
      if (load === undefined) return tell(weight("S", 0));
      const stood = clock.mono() - load.since;
      if (stood < standing) return tell(weight("D", load.kg * (stood / standing)));
      tell(overloaded ? "S +" : weight("S", load.kg), self.spoils());
    };
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
      hear(bytes) {
        if (self.silent()) return;
        for (const byte of bytes) {
          heard += String.fromCharCode(byte);
          if (!heard.endsWith("\r\n")) continue;
          if (heard.trim() === "SI") answer();
          else tell("ES");
          heard = "";
        }
      },
      turn(knob, to) {
        if (self.turn(knob, to)) return;
        if (knob === "measure") step(measuredBy(to, scopes).weight);
        else if (knob === "stale") tell(weight("S", somebodyElse));
        else if (knob === "error") overloaded = true;
        else throw new Error(`an MT-SICS scale has no knob "${knob}"; it has ${knobs.join(", ")}`);
      },
      truth: () => truth,
      stop: () => self.stop(),
    };
  },
};

export default definition;
