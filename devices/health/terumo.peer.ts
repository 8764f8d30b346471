import { actor, asTruth, measuredBy, type Scope } from "../kit/acting.ts";
import type { PeerDefinition } from "../kit/driver.ts";

// The monitor's side, made from the record that [S2] prints. Its check byte is unknown; "?" stands for it as there.

const knobs = ["measure", "stale", "error", "garble", "silent", "slow"] as const;

const measuring = 40_000;
const mmHg = (usual: number): Scope => ({ from: 20, to: 299, step: 1, usual });
const scopes = {
  systolic: mmHg(128),
  "mean-arterial": mmHg(97),
  diastolic: mmHg(82),
  pulse: { from: 30, to: 200, step: 1, usual: 84 },
};
type Measured = Readonly<Record<keyof typeof scopes, number>>;
const somebodyElse: Measured = { systolic: 166, "mean-arterial": 121, diastolic: 99, pulse: 101 };
const nobody: Measured = { systolic: 0, "mean-arterial": 0, diastolic: 0, pulse: 0 };

function record({ systolic, "mean-arterial": mean, diastolic, pulse }: Measured): Uint8Array {
  const values = [systolic, mean, diastolic, pulse].map((value) => String(value).padStart(3, "0")).join(",");
  return new TextEncoder().encode(`\x02R1,000000000,210427,153000,${values},0000,0000,00000,000\x03?`);
}

const definition: PeerDefinition<object, Uint8Array, Uint8Array> = {
  knobs,
  peer(_, { clock }, send) {
    const self = actor("Terumo", clock, send);
    const truth: string[] = [];
    let fails = false;
    const measure = (measured: Measured) =>
      self.after(measuring, "measures", () => {
        if (self.silent()) return;
        if (!fails) truth.push(asTruth(measured));
        const bytes = record(fails ? nobody : measured);
        self.say(self.spoils() ? bytes.slice(0, 45) : bytes);
        fails = false;
      });
    return {
      knobs,
      hear() {},
      turn(knob, to) {
        if (self.turn(knob, to)) return;
        if (knob === "measure") measure(measuredBy(to, scopes));
        else if (knob === "stale") self.say(record(somebodyElse));
        else if (knob === "error") fails = true;
        else throw new Error(`a Terumo has no knob "${knob}"; it has ${knobs.join(", ")}`);
      },
      truth: () => truth,
      stop: () => self.stop(),
    };
  },
};

export default definition;
