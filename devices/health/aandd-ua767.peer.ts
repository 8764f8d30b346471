import { actor, asTruth, measuredBy, type Scope } from "../kit/acting.ts";
import type { PeerDefinition } from "../kit/driver.ts";

// The monitor's side of [S3]. Where no source tells how it behaves it does the worse: what it measured while it was closed
// it says as soon as it is opened.

const knobs = ["measure", "stale", "error", "garble", "silent", "slow"] as const;

const measuring = 30_000;
const byte = (usual: number): Scope => ({ from: 1, to: 255, step: 1, usual });
const scopes = { systolic: { from: 2, to: 299, step: 1, usual: 152 }, diastolic: byte(76), pulse: byte(73) };
type Measured = Readonly<Record<keyof typeof scopes, number>>;
const somebodyElse: Measured = { systolic: 168, diastolic: 101, pulse: 95 };

const pair = (value: number) => value.toString(16).padStart(2, "0").toUpperCase();
const result = ({ systolic, diastolic, pulse }: Measured, code: number): Uint8Array =>
  new TextEncoder().encode([code, systolic - diastolic, diastolic, pulse, 0x60].map(pair).join(""));

const definition: PeerDefinition<object, Uint8Array, Uint8Array> = {
  knobs,
  peer(_, { clock }, send) {
    const self = actor("UA-767PC", clock, send);
    const truth: string[] = [];
    let heard = "";
    let open = false;
    let kept: Uint8Array | undefined;
    let error = 0x80;

    const answers = (taken: boolean) => self.say(Uint8Array.of(0x01, 0x37, 0x30, 0x50, 0x43, taken ? 0x06 : 0x15));
    const measure = (measured: Measured) =>
      self.after(measuring, "measures", () => {
        if (self.silent()) return;
        const bytes = result(measured, error);
        if (open) {
          if (error === 0x80) truth.push(asTruth(measured));
          self.say(self.spoils() ? bytes.slice(0, 6) : bytes);
        } else kept = bytes;
        error = 0x80;
      });
    return {
      knobs,
      hear(bytes) {
        if (self.silent()) return;
        for (const letter of bytes) {
          heard = (heard + String.fromCharCode(letter)).slice(-7);
          if (!["\x02CPC04", "\x02CPC05"].includes(heard.slice(0, 6))) continue;
          const wanted = heard.endsWith("5;") ? "open" : heard.endsWith("4:") ? "close" : "neither";
          answers(wanted !== "neither");
          if (wanted === "neither") continue;
          open = wanted === "open";
          if (open && kept) self.say(kept);
          kept = undefined;
        }
      },
      turn(knob, to) {
        if (self.turn(knob, to)) return;
        if (knob === "measure") {
          const measured = measuredBy(to, scopes);
          if (measured.systolic <= measured.diastolic || measured.systolic - measured.diastolic > 255)
            throw new Error("the upper pressure is above the lower one");
          measure(measured);
        } else if (knob === "stale") kept = result(somebodyElse, 0x80);
        else if (knob === "error") error = Number(to);
        else throw new Error(`a UA-767PC has no knob "${knob}"; it has ${knobs.join(", ")}`);
      },
      truth: () => truth,
      stop: () => self.stop(),
    };
  },
};

export default definition;
