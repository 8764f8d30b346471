import { actor, asTruth, measuredBy } from "../kit/acting.ts";
import { chinaTime } from "../kit/civil.ts";
import { millis } from "../kit/clock.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import { plainDescriptor } from "../kit/plain-report.ts";
import { control, frameOf, tokens, type Token } from "./contour-astm.ts";
import { bytesOf, reportLength, reportsOf } from "./contour-line.ts";

// A Contour with a USB plug, made from the captured header and the test records of [S19].

/** `control`: somebody measures a control solution. `full`: the memory holds all results that it can. */
const knobs = ["measure", "stale", "garble", "silent", "slow", "control", "full"] as const;

const scopes = { glucose: { from: 20, to: 600, step: 1, usual: 101, beyond: true } };
const testing = 5000;
const answersIn = 4;
const oneDay = 86_400_000;
const highest = 600;
const lowest = 20;
const room = 800;

const definition: PeerDefinition<object, Uint8Array, Uint8Array> = {
  knobs,
  descriptor: () => plainDescriptor(reportLength),
  peer(_, { clock }, send) {
    const self = actor("Contour", clock, send);
    const truth: string[] = [];
    /** From the value on, the oldest first. */
    let kept: readonly string[] = [];
    let held = tokens.start;
    let last = "";
    let telling: readonly Uint8Array[] = [];
    let at = 0;

    const hear = (report: Uint8Array) => {
      // The bus lets nothing pass twice; what comes again after a while was said again.
      const key = `${clock.mono()} ${String(report)}`;
      if (key === last) return;
      last = key;
      const pushed = tokens.push(held, bytesOf(report));
      held = pushed.state;
      if (!self.silent()) pushed.frames.forEach(obey);
    };
    const say = (...parts: readonly Uint8Array[]) =>
      self.after(answersIn, "answers", () => {
        last = "";
        for (const report of parts.flatMap(reportsOf)) self.say(report);
      });

    const header = () =>
      String.raw`H|\^&||7w3LBL|Bayer7390^01.24\01.04\09.02.20^7390-2336773^7403-|` +
      `A=1^C=63^G=1^I=0200^R=0^S=1^U=0^V=10600|${kept.length}||||||1|202607010800`;
    const memory = () => {
      const records = [header(), "P|1", ...kept.map((record, i) => `R|${i + 1}|^^^Glucose|${record}`), "L|1|N"];
      return records.map((text, i) => frameOf(i + 1, text, i === records.length - 1));
    };
    const tell = () => {
      const frame = telling[at];
      if (frame === undefined) return say(Uint8Array.of(control.eot));
      // Damaged: the newest result has a wrong check.
      const isNewest = at === telling.length - 2 && kept.length > 0;
      say(isNewest && self.spoils() ? frame.with(frame.length - 3, (frame.at(-3) ?? 0) ^ 1) : frame);
    };
    const obey = ({ is }: Token) => {
      if (is === "eot") {
        telling = memory();
        at = -1;
        say(Uint8Array.of(control.eot), frameOf(1, header(), false), Uint8Array.of(control.enq));
      } else if (is === "ack" && at < telling.length) {
        at += 1;
        tell();
      } else if (is === "nak" && at >= 0) tell();
    };

    const keep = (value: number, markers: string, age = 0) => {
      const { year, month, day, hour, minute } = chinaTime(millis(clock.wall().utc - age));
      const time = [month, day, hour, minute].map((part) => String(part).padStart(2, "0")).join("");
      kept = [...kept, `${value}|mg/dL^P||${markers}||${year}${time}`].slice(-room);
    };
    const measure = (glucose: number) => {
      if (self.silent()) return;
      self.after(testing, "has a result", () => {
        if (self.silent()) return;
        truth.push(asTruth({ glucose }));
        if (glucose === Infinity) keep(highest, ">/M0");
        else if (glucose === -Infinity) keep(lowest, "</M0");
        else keep(glucose, "M0/T1");
      });
    };

    keep(301, "B/X", 2 * oneDay);
    return {
      knobs,
      truth: () => truth,
      hear,
      turn(knob, to) {
        if (self.turn(knob, to)) return;
        switch (knob) {
          case "measure":
            return measure(measuredBy(to, scopes).glucose);
          case "stale":
            return keep(288, "", oneDay);
          case "control":
            return keep(118, "C");
          case "full":
            for (let left = room; left > 0; left -= 1) keep(200 + (left % 90), "", left * oneDay);
            return;
          default:
            throw new Error(`a Contour has no knob "${knob}"; it has ${knobs.join(", ")}`);
        }
      },
      stop: () => self.stop(),
    };
  },
};

export default definition;
