import { actor } from "../kit/acting.ts";
import { utcOf } from "../kit/civil.ts";
import { millis } from "../kit/clock.ts";
import { cp2110Chip, cp2110Descriptor } from "../kit/cp2110-chip.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import { controlRecord, machines } from "./taidoc-machines.ts";
import type { TaiDocOptions } from "./taidoc-options.ts";
import { baud, bytesOfTime, command, encode, frames, timeOf } from "./taidoc-wire.ts";

// A TaiDoc instrument behind its CP2110, as [S19, S20, S21] tell of it.

/**
 * `control`: somebody measures a control solution. `no-result`: a number; the next measurement is kept as an error with it.
 * `full`: the memory is full of others' records, so that its count grows no more. `swap`: another one of its model is on
 * the cable, with as many records. `numberless`: it does not know the question for its number.
 */
const knobs = [
  "measure",
  "stale",
  "garble",
  "silent",
  "slow",
  "control",
  "no-result",
  "full",
  "swap",
  "numberless",
] as const;

const answersIn = millis(15);
/** Records that it keeps. */
const room = 450;
const oneDay = 86_400_000;
const eightYears = 8 * 365 * oneDay;
const nothing: readonly number[] = [0, 0, 0, 0];
/** 4277116420001234 and the next one. */
const formerNumber: readonly number[] = [0x64, 0x11, 0x77, 0x42];
const laterNumbers = { first: [0x34, 0x12, 0x00, 0x20], other: [0x35, 0x12, 0x00, 0x20] } as const;

interface Kept {
  readonly time: readonly number[];
  readonly value: readonly number[];
}

const definition: PeerDefinition<TaiDocOptions, Uint8Array, Uint8Array> = {
  knobs,
  descriptor: () => cp2110Descriptor,
  peer({ kind, strips }, { clock }, send) {
    const machine = machines[kind];
    const truth: string[] = [];
    /** The newest first. */
    let kept: readonly Kept[] = [];
    let held = frames.start;
    let asleep = true;
    let finger: readonly number[] | undefined;
    /** Its battery was changed, and nobody set its clock. */
    let behind = eightYears;
    let error = 0;
    let laterNumber: readonly number[] = laterNumbers.first;
    let numberless = false;

    const self = actor(`TD-${machine.model}`, clock, (bytes) => chip.say(bytes));
    const chip = cp2110Chip(baud, send, (bytes) => {
      const pushed = frames.push(held, bytes);
      held = pushed.state;
      if (self.silent()) return;
      for (const { by, command: what, data } of pushed.frames) if (by === "host") obey(what, data);
    });
    const say = (what: number, data: readonly number[]) => {
      const message = encode("instrument", what, data);
      self.after(answersIn, "answers", () => self.say(message));
    };
    const sayResult = (what: number, data: readonly number[]) => {
      const message = encode("instrument", what, data);
      const end = message.length - 1;
      const said = self.spoils() ? message.with(end, (message[end] ?? 0) ^ 0x20) : message;
      self.after(answersIn, "answers", () => self.say(said));
    };

    const obey = (what: number, data: Uint8Array) => {
      // What wakes it is not understood.
      if (asleep) {
        asleep = false;
        return;
      }
      const record = kept[(data[0] ?? 0) + 256 * (data[1] ?? 0)];
      switch (what) {
        case command.connect:
          return say(command.talking, nothing);
        case command.model: {
          const [high = 0, low = 0] = (machine.model.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
          return say(what, [low, high, 0, 0]);
        }
        case command.laterNumber:
        case command.formerNumber:
          if (!numberless) say(what, what === command.laterNumber ? laterNumber : formerNumber);
          return;
        case command.readClock:
          return say(what, bytesOfTime(millis(clock.wall().utc - behind)));
        case command.setClock:
          behind = clock.wall().utc - utcOf(timeOf(data));
          return say(what, Array.from(data));
        case command.count:
          return say(what, [kept.length & 0xff, kept.length >> 8, 0xff, 0xff]);
        case command.recordTime:
          return say(what, record?.time ?? nothing);
        case command.recordValue:
          return sayResult(what, record?.value ?? nothing);
        case command.liveOxygen:
          return sayResult(what, finger ?? nothing);
        case command.weight:
        case command.weight2555:
          if (what === machine.question) sayResult(what, record?.value ?? nothing);
          return;
        case command.off:
          asleep = true;
          return;
        default:
          // Above all 52: no kiosk erases anything.
          throw new Error(`a TaiDoc instrument was sent the command ${what.toString(16)}`);
      }
    };

    const keep = (value: readonly number[], age = 0) => {
      const time = bytesOfTime(millis(clock.wall().utc - age));
      kept = [{ time, value }, ...kept].slice(0, room);
    };
    const measure = (text: string) => {
      const { value, truth: measured } = machine.person(text, truth.length);
      const [item = ""] = text.split("=");
      if (kind === "strips" && !strips.some((offered) => offered === item))
        throw new Error(`the station has no strip for ${item}`);
      if (self.silent()) return;
      const code = error;
      error = 0;
      if (machine.stays !== undefined) {
        self.after(machine.takes, "finds a pulse", () => {
          if (self.silent()) return;
          finger = value;
          truth.push(measured);
        });
        return self.after(machine.takes + machine.stays, "is empty again", () => (finger = undefined));
      }
      self.after(machine.takes, "has a result", () => {
        if (self.silent()) return;
        if (code === 0) truth.push(measured);
        keep(code === 0 ? value : machine.noResult(code));
      });
    };

    keep(machine.others[0], 2 * oneDay);
    return {
      knobs,
      truth: () => truth,
      hear: (report) => chip.hear(report),
      turn(knob, to) {
        if (self.turn(knob, to)) return;
        switch (knob) {
          case "measure":
            return measure(String(to));
          case "stale":
            // An oximeter keeps nothing that the kiosk would ask for.
            return machine.stays === undefined
              ? keep(machine.others[1], oneDay)
              : say(command.liveOxygen, machine.others[1]);
          case "control":
            return keep(controlRecord);
          case "no-result":
            error = Number(to);
            return;
          case "full":
            for (let left = room; left > 0; left -= 1) keep(machine.others[0], oneDay);
            return;
          case "swap":
            laterNumber = laterNumbers.other;
            asleep = true;
            kept = kept.map(({ time }) => ({ time, value: machine.others[1] }));
            return;
          case "numberless":
            numberless = to === true;
            return;
          default:
            throw new Error(`a TaiDoc instrument has no knob "${knob}"; it has ${knobs.join(", ")}`);
        }
      },
      stop: () => self.stop(),
    };
  },
};

export default definition;
