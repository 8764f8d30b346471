import { actor, asTruth, measuredBy, type Scope } from "../kit/acting.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import type { HbpOptions } from "./omron-hbp-options.ts";

// The tunnel's side, made from the lines of [S4] (HBP-9030, format 5) and [S2] (HBP-9020, mode 5/F3).

const knobs = ["measure", "stale", "error", "garble", "silent", "slow", "format"] as const;

const measuring = 32_000;
/** The limits that the maker prints [S4]. */
const systolic: Scope = { from: 60, to: 260, step: 1, usual: 120 };
const diastolic: Scope = { from: 30, to: 215, step: 1, usual: 80 };
const pulse: Scope = { from: 40, to: 180, step: 1, usual: 72 };
const mean: Scope = { from: 30, to: 260, step: 1, usual: 93 };

const somebodyElse = { systolic: 171, diastolic: 104, pulse: 92, "mean-arterial": 126 };
/** As wide as the field of who was measured. */
const nobody = "00000000000000000000";

const three = (value: number | undefined) => (value === undefined ? "   " : String(value).padStart(3, "0"));

const definition: PeerDefinition<HbpOptions, Uint8Array, Uint8Array> = {
  knobs,
  peer({ model }, { clock }, send) {
    const self = actor(model, clock, send);
    const scopes: Readonly<Record<string, Scope>> =
      model === "hbp-9030" ? { systolic, diastolic, pulse } : { systolic, "mean-arterial": mean, diastolic, pulse };
    const truth: string[] = [];
    let error = 0;
    let format: string = model;

    const line = (measured: Readonly<Record<string, number>>, failed = 0): string => {
      const value = (item: string) => three(failed === 0 ? measured[item] : undefined);
      if (format === "hbp-9030")
        return `2026,07,11,09,05,${nobody},${failed},${value("systolic")},${value("diastolic")},${value("pulse")},0`;
      if (format === "hbp-9020")
        return `bp,${nobody},2026/07/11,09:05,${["systolic", "mean-arterial", "diastolic", "pulse"].map(value).join(",")},3`;
      return "MMBP203N\rID                    ";
    };
    const tell = (text: string, spoilt = false) => {
      const bytes = new TextEncoder().encode(`${text}\r\n`);
      self.say(spoilt ? bytes.slice(0, 40) : bytes);
    };
    const measure = (measured: Readonly<Record<string, number>>) =>
      self.after(measuring, "measures", () => {
        if (self.silent()) return;
        if (error === 0 && format === model) truth.push(asTruth(measured));
        tell(line(measured, error), self.spoils());
        error = 0;
      });
    return {
      knobs,
      hear() {},
      turn(knob, to) {
        if (self.turn(knob, to)) return;
        if (knob === "measure") measure(measuredBy(to, scopes));
        else if (knob === "stale") tell(line(somebodyElse));
        else if (knob === "error") error = Number(to);
        else if (knob === "format") format = String(to);
        else throw new Error(`an Omron HBP has no knob "${knob}"; it has ${knobs.join(", ")}`);
      },
      truth: () => truth,
      stop: () => self.stop(),
    };
  },
};

export default definition;
