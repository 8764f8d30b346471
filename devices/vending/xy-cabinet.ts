import { millis, seconds, type Millis } from "../kit/clock.ts";
import type { XyOptions } from "./xy-options.ts";
import { command, high } from "./xy-wire.ts";

// The simulated machine behind an XY board: motors, goods, curtain, cold. Used by xy.peer.ts alone.

const fullSlot = 10;
const version = "XY-V3.2.11-SIM ";
const machine = "SIM0000001";
const turning = seconds(2);
/** The quarter turns after which the board gives a slot up as jammed. */
const retrying = seconds(1.5);
const selfTest = millis(200);
/** A motor that is turned "fast". */
const hurried = millis(20);

const status = {
  dispensing: 0x01,
  delivered: 0x02,
  jammed: 0x03,
  noMotor: 0x06,
  liftUp: 0x10,
  noSensor: 0x0a,
} as const;
/** What `02` says: this slot may vend, there is none, it is paused, it is sold out [S-XY 2.1]. */
const usable = { yes: 1, soldOut: 2, noSlot: 3, paused: 4 } as const;
const notRead = 0xaa;
const probeBroken = 7;

interface Slot {
  /** What lies in it. */
  goods: number;
  /** What the board believes: it counts each turn that it calls a success, and no other. */
  counted: number;
  motor: "turns" | "stuck";
  good: "falls" | "falls-late" | "stays";
  paused: boolean;
}

export interface XyCabinet {
  /** The slot of each good that fell, in order. */
  readonly fell: readonly string[];
  moving(): boolean;
  introduce(): void;
  drive(sensor: boolean, lift: boolean, slot: number): void;
  check(slot: number): void;
  tellStatus(): void;
  consult(text: Uint8Array): void;
  turn(knob: string, to: string | number | boolean): void;
  /** The current is gone: what moves stands still. */
  stop(): void;
}

export function xyCabinet(
  options: XyOptions,
  after: (delay: Millis, label: string, then: () => void) => void,
  say: (command: number, text: readonly number[]) => void,
): XyCabinet {
  const slots = new Map<number, Slot>(
    Array.from({ length: options.slots }, (_, i) => [
      i + 1,
      { goods: fullSlot, counted: fullSlot, motor: "turns", good: "falls", paused: false },
    ]),
  );
  const fell: string[] = [];
  const ordered: { readonly sensor: boolean; readonly lift: boolean; readonly slot: number }[] = [];
  let busy = false;
  let introduced = false;
  let detecting = true;
  let curtain = "clear";
  let doorOpen = false;
  let probe: number | undefined = 6;
  let refusing = false;
  let fast = false;

  const report = (number: number, { counted, paused }: Slot) =>
    say(command.slot, [...high(number), 0, 0, 0, 0, counted, fullSlot, ...high(number), paused ? 1 : 0]);
  const tell = (what: number, slot: number) => say(command.progress, [what, ...high(slot)]);

  const next = () => {
    const order = ordered.shift();
    busy = order !== undefined;
    if (order === undefined) return;
    const { sensor, lift, slot: number } = order;
    const slot = slots.get(number);
    const end = (what: number) => {
      tell(what, number);
      if (slot) {
        if (what === status.delivered) slot.counted = Math.max(0, slot.counted - 1);
        if (what === status.delivered) report(number, slot);
      }
      next();
    };
    if (slot === undefined || refusing) return after(selfTest, "looks for the motor", () => end(status.noMotor));
    const watching = sensor && detecting;
    if (watching && curtain !== "clear") return after(selfTest, "tests the drop sensor", () => end(status.noSensor));
    tell(status.dispensing, number);
    if (lift) tell(status.liftUp, number);
    const fall = () => {
      slot.goods -= 1;
      fell.push(String(number));
      end(status.delivered);
    };
    after(fast ? hurried : turning, "turns a motor", () => {
      if (slot.motor === "turns" && slot.good === "falls" && slot.goods > 0) return fall();
      if (slot.motor === "turns" && !watching) return end(status.delivered);
      after(fast ? hurried : retrying, "tries again", () => {
        if (slot.motor === "turns" && slot.good === "falls-late" && slot.goods > 0) return fall();
        end(status.jammed);
      });
    });
  };

  const each = (which: string, change: (slot: Slot, number: number) => void) => {
    for (const [number, slot] of slots) if (which === "*" || which === String(number)) change(slot, number);
  };
  const reported = (slot: Slot, number: number) => {
    if (introduced) report(number, slot);
  };

  return {
    fell,
    moving: () => busy,
    introduce() {
      introduced = true;
      say(
        command.version,
        Array.from(version, (letter) => letter.charCodeAt(0)),
      );
      for (const [number, slot] of slots) report(number, slot);
    },
    drive(sensor, lift, slot) {
      ordered.push({ sensor, lift, slot });
      if (!busy) next();
    },
    check(number) {
      const slot = slots.get(number);
      const answer = !slot
        ? usable.noSlot
        : slot.paused
          ? usable.paused
          : slot.counted > 0
            ? usable.yes
            : usable.soldOut;
      say(command.usable, [answer, ...high(number)]);
    },
    tellStatus() {
      const celsius = probe === undefined ? notRead : probe & 0xff;
      const devices = [0, 0, 0, 0, celsius, doorOpen ? 1 : 0];
      const change = [0, 0, 0, 0, 0, 0, 0, 0];
      const name = Array.from(machine, (letter) => letter.charCodeAt(0));
      const others = Array.from({ length: 15 }, () => notRead);
      say(command.status, [...devices, ...change, ...name, celsius, ...others]);
    },
    consult(text) {
      const [type = 0, operation = 0, first = 0, second = 0] = text;
      const answer = (how: number, ...data: number[]) => say(command.menuAnswer, [type, operation, how, ...data]);
      if (refusing) return answer(1);
      if (type === 0x24 && operation === 1) {
        detecting = second === 1;
        return answer(0);
      }
      if (type === 0x24) return answer(0, 100, detecting ? 1 : 2);
      if (type === 0x28) return answer(0);
      if (type === 0x32) {
        const stuck = Array.from(slots).filter(([, slot]) => slot.motor === "stuck");
        return answer(0, ...stuck.slice(0, 20).flatMap(([number]) => high(number)));
      }
      if (type === 0x36)
        return probe === undefined ? answer(0, first, notRead, probeBroken) : answer(0, first, probe & 0xff, 0);
      if (type === 0x50) return answer(curtain === "clear" ? 0 : 1);
      answer(1);
    },
    turn(knob, to) {
      const which = String(to);
      switch (knob) {
        case "stock": {
          const [slot = "*", count] = which.split("=");
          return each(slot, (s, number) => {
            s.goods = s.counted = Number(count);
            reported(s, number);
          });
        }
        case "jam":
          return each(which, (slot) => (slot.motor = "stuck"));
        case "no-drop":
          return each(which, (slot) => (slot.good = "stays"));
        case "late-drop":
          return each(which, (slot) => (slot.good = "falls-late"));
        case "mend":
          return each(which, (slot, number) => {
            slot.motor = "turns";
            slot.good = "falls";
            if (!slot.paused) return;
            slot.paused = false;
            reported(slot, number);
          });
        case "paused":
          return each(which, (slot, number) => {
            slot.paused = true;
            reported(slot, number);
          });
        case "fill":
          each("*", (slot) => (slot.goods = slot.counted = fullSlot));
          return say(command.filled, []);
        case "curtain":
          curtain = which;
          return;
        case "door":
          doorOpen = to === true;
          return;
        case "temperature":
          probe = to === "missing" ? undefined : Number(to);
          return;
        case "fast":
          fast = to === true;
          return;
        case "refuse":
          refusing = to === true;
          return;
        default:
          throw new Error(`an XY machine has no knob "${knob}"`);
      }
    },
    stop() {
      ordered.length = 0;
      busy = false;
      introduced = false;
    },
  };
}
