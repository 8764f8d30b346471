import type { PeerDefinition } from "../kit/driver.ts";
import { actor, asTruth, measuredBy, type Scope } from "../kit/acting.ts";

// The tunnel's side, made from the captured frame [S1] and the table of its letters [S2].

const knobs = ["measure", "stale", "error", "garble", "silent", "slow"] as const;

const mmHg = (usual: number): Scope => ({ from: 0, to: 299, step: 1, usual });
const scopes = {
  systolic: mmHg(127),
  diastolic: mmHg(76),
  "mean-arterial": mmHg(97),
  pulse: { from: 30, to: 200, step: 1, usual: 78 },
  "irregular-beats": { from: 0, to: 9, step: 1, usual: 0 },
};
type Measured = Readonly<Record<keyof typeof scopes, number>>;

/** What `t` tells in the captured frame. */
const measuring = 35;
const somebodyElse: Measured = { systolic: 163, diastolic: 102, "mean-arterial": 121, pulse: 91, "irregular-beats": 3 };

const padded = (value: number, width = 3) => String(value).padStart(width);

function frame(m: Measured, error: string, spoilt: boolean): Uint8Array {
  const values = error === "00" ? m : undefined;
  const value = (item: keyof Measured) => (values ? padded(values[item]) : "   ");
  const fields = [
    "TM2657",
    "2411121014",
    "RA",
    "M",
    `E${error}`,
    `S${value("systolic")}`,
    `M${value("mean-arterial")}`,
    `D${value("diastolic")}`,
    `P${value("pulse")}`,
    "I00",
    "L232",
    "p173",
    `i${values ? padded(values["irregular-beats"], 2) : "  "}`,
    "m0",
    "r0",
    `t ${measuring}`,
    "cN",
    "l  ",
    "d",
    "h     ",
    "s     ",
    "w      ",
    "f      ",
    "e      ",
    "b     ",
  ];
  const body = Array.from(`${fields.join("\x1e")}\x1e`, (letter) => letter.charCodeAt(0));
  const check = body.reduce((sum, byte) => sum ^ byte, spoilt ? 0x20 : 0);
  return Uint8Array.of(0x16, 0x16, 0x01, 0x30, 0x30, 0x02, ...body, 0x03, check);
}

const definition: PeerDefinition<object, Uint8Array, Uint8Array> = {
  knobs,
  peer(_, { clock }, send) {
    const self = actor("TM-2657", clock, send);
    const truth: string[] = [];
    let error = "00";
    const measure = (measured: Measured) =>
      self.after(measuring * 1000, "measures", () => {
        if (self.silent()) return;
        if (error === "00") truth.push(asTruth(measured));
        self.say(frame(measured, error, self.spoils()));
        error = "00";
      });
    return {
      knobs,
      hear() {},
      turn(knob, to) {
        if (self.turn(knob, to)) return;
        if (knob === "measure") measure(measuredBy(to, scopes));
        else if (knob === "stale") self.say(frame(somebodyElse, "00", false));
        else if (knob === "error") error = String(to).padStart(2, "0");
        else throw new Error(`a TM-2657 has no knob "${knob}"; it has ${knobs.join(", ")}`);
      },
      truth: () => truth,
      stop: () => self.stop(),
    };
  },
};

export default definition;
