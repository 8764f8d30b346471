import { actor, asTruth, measuredBy, type Scope } from "../kit/acting.ts";
import { xor } from "../kit/checksum.ts";
import { chinaTime } from "../kit/civil.ts";
import { millis } from "../kit/clock.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import { plainDescriptor } from "../kit/plain-report.ts";
import { bytesOf, reportLength, reportsOf } from "./omron-hid-wire.ts";
import type { OmronHidOptions } from "./omron-hid.ts";

// The monitor's side, made from the notes and logs of [S5].

/** `no`: so many orders are answered NO. `full`: the memory holds all records that it can. */
const knobs = ["measure", "stale", "error", "garble", "silent", "slow", "no", "full"] as const;

const measuring = 34_000;
const answersIn = 6;
const betweenReports = 1;
const oneDay = 86_400_000;
/** "84 memories a user" stands on the maker's box. */
const room = 84;
const featureLength = 2;
const orderLengths: Readonly<Record<string, number>> = { VER: 5, GDC: 8, GME: 8, "\0\0\0": 12 };

const mmHg = (usual: number): Scope => ({ from: 20, to: 250, step: 1, usual });
const scopes = {
  systolic: mmHg(127),
  diastolic: mmHg(76),
  pulse: { from: 40, to: 180, step: 1, usual: 78 },
};
type Measured = Readonly<Record<keyof typeof scopes, number>>;
const somebodyElse: Measured = { systolic: 188, diastolic: 113, pulse: 99 };
const anotherOne: Measured = { systolic: 171, diastolic: 104, pulse: 93 };
const failed: Measured = { systolic: 0, diastolic: 0, pulse: 0 };

const ascii = (text: string) => Array.from(text, (letter) => letter.charCodeAt(0));

const definition: PeerDefinition<OmronHidOptions, Uint8Array, Uint8Array> = {
  knobs,
  descriptor: () => plainDescriptor(reportLength, featureLength),
  peer({ user }, { clock }, send) {
    const self = actor("HEM-790IT", clock, send);
    const bank = user === "A" ? 0 : 1;
    const truth: string[] = [];
    /** The newest first. */
    let kept: readonly (readonly number[])[] = [];
    let set: "info" | "daily" | undefined;
    let heard: readonly number[] = [];
    let last = "";
    let refusals = 0;
    let error = false;

    const say = (bytes: readonly number[]) =>
      reportsOf(Uint8Array.from(bytes)).forEach((report, i) =>
        self.after(answersIn + i * betweenReports, "answers", () => self.say(report)),
      );
    const sayData = (data: readonly number[], spoilt = false) =>
      say([...ascii("OK"), 0, ...data, xor(data) ^ (spoilt ? 0x20 : 0)]);

    const obey = (order: readonly number[]) => {
      if (refusals > 0) {
        refusals -= 1;
        return say(ascii("NO"));
      }
      const name = String.fromCharCode(...order.slice(0, 3));
      if (name === "\0\0\0") return say(ascii("OK"));
      if (xor(order.slice(3)) !== 0) return say(ascii("NO"));
      if (name === "VER" && set === "info") return sayData(ascii("M7080IT 207"));
      if (set !== "daily" || order[4] !== bank) return say(ascii("NO"));
      if (name === "GDC") return sayData([0x00, 0x0a, 0x00, kept.length]);
      const record = kept[order[6] ?? 0];
      return record ? sayData(record, self.spoils()) : say(ascii("NO"));
    };
    /** Orders tell their length by their name; what is none is dropped with its report. */
    const take = (bytes: readonly number[]) => {
      heard = [...heard, ...bytes];
      const length = orderLengths[String.fromCharCode(...heard.slice(0, 3))];
      if (length === undefined) heard = [];
      else if (heard.length >= length) {
        const order = heard.slice(0, length);
        heard = [];
        obey(order);
      }
    };

    const keep = (m: Measured, age = 0) => {
      const { year, month, day, hour, minute, second } = chinaTime(millis(clock.wall().utc - age));
      const values = [m.systolic, m.diastolic, m.pulse, 0x00, 0x00];
      kept = [[year - 2000, month, day, hour, minute, second, 0, 0, ...values], ...kept].slice(0, room);
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
      hear(report) {
        if (self.silent()) return;
        if (report.length === 1 + featureLength) {
          set = report[1] === 0x74 && report[2] === 0xbc ? "daily" : report[1] === 0x01 ? "info" : undefined;
          heard = [];
          return;
        }
        // The bus lets nothing pass twice.
        const key = `${clock.mono()} ${String(report)}`;
        if (key !== last) take(Array.from(bytesOf(report)));
        last = key;
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
          case "no":
            refusals = Number(to);
            return;
          case "full":
            for (let left = room; left > 0; left -= 1) keep(anotherOne, left * oneDay);
            return;
          default:
            throw new Error(`this monitor has no knob "${knob}"; it has ${knobs.join(", ")}`);
        }
      },
      stop: () => self.stop(),
    };
  },
};

export default definition;
