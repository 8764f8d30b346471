import { sum } from "../kit/checksum.ts";
import { millis, seconds, type Timer } from "../kit/clock.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import type { TcnOptions } from "./tcn-options.ts";
import { command, drop, head, light, orders, type Question } from "./tcn-wire.ts";

// A TCN board with its motors, its light curtain and its goods, as [S-TCN] tells of it.

const knobs = [
  "stock",
  "jam",
  "stuck",
  "no-drop",
  "late-drop",
  "mend",
  "curtain",
  "door",
  "temperature",
  "silent",
  "lose-answer",
  "late-answer",
  "refuse",
  "shakes",
] as const;

const fullSlot = 10;
const thinking = millis(20);
const betweenBytes = millis(100);
const motorTest = millis(200);
const turn = seconds(1.5);
/** A turn takes at most 6 s by the book. */
const turnLimit = seconds(6);
/** [E6] and [E9] as they leave the factory: 2 shakes, 3 s of waiting for the drop after each turn. */
const factoryShakes = 2;
const dropWait = seconds(3);
const shake = seconds(1);

/** R3: motor open, motor ran too long, light without emission, no light signal. */
const motorOpen = 0x40;
const ranTooLong = 0x50;
const noEmission = 0x01;
const noSignal = 0x02;

interface Slot {
  stock: number;
  motor: "turns" | "open" | "sticks";
  good: "falls" | "falls-late" | "stays";
}

const definition: PeerDefinition<TcnOptions, Uint8Array, Uint8Array> = {
  knobs,
  peer(options, { clock }, send) {
    const slots = new Map<string, Slot>(
      options.slots.map(({ name }) => [name, { stock: fullSlot, motor: "turns", good: "falls" }]),
    );
    const places = new Map(options.slots.map(({ name, board, number }) => [`${board}/${number}`, name]));
    const boards = new Set([options.board, ...options.slots.map(({ board }) => board)]);
    const fell: string[] = [];
    const timers = new Set<Timer>();
    let held = orders.start;
    let heardAt = clock.mono();
    let turning = false;
    let curtain = "clear";
    let open = false;
    let probe = 6;
    let silent = false;
    let loseAnswers = 0;
    let lateAnswer = 0;
    let refusing = false;
    let shakes = factoryShakes;

    const after = (delay: number, label: string, then: () => void) => {
      const timer = clock.after(millis(delay), `tcn peer: ${label}`, () => {
        timers.delete(timer);
        then();
      });
      timers.add(timer);
    };

    const say = (board: number, second: number, r3: number, r4: number, delay: number = thinking) =>
      after(delay + lateAnswer, "answers", () => {
        if (loseAnswers > 0) loseAnswers -= 1;
        else if (!silent) send(Uint8Array.of(board, second, r3, r4, sum([board, second, r3, r4])));
      });

    const vend = ({ board, command: number, parameter }: Question) => {
      const name = places.get(`${board}/${number}`) ?? "";
      const slot = slots.get(name);
      const watched = parameter === light.checked;
      if (watched && curtain !== "clear") return say(board, head.no, noSignal, 0, motorTest);
      if (slot === undefined || slot.motor === "open") return say(board, head.no, motorOpen, 0, motorTest);
      turning = true;
      const end = (r4: number) => {
        turning = false;
        say(board, head.yes, 0, r4);
      };
      if (slot.motor === "sticks")
        return after(turnLimit, "motor does not come home", () => {
          turning = false;
          say(board, head.no, ranTooLong, drop.nothing);
        });
      const falls = (r4: number) => {
        slot.stock -= 1;
        fell.push(name);
        end(watched ? r4 : drop.nothing);
      };
      after(turn, "motor turns", () => {
        if (slot.stock > 0 && slot.good === "falls") return falls(drop.seen);
        if (!watched) return end(drop.nothing);
        if (shakes === 0) return after(dropWait, "waits for the drop", () => end(drop.nothing));
        if (slot.stock > 0 && slot.good === "falls-late")
          return after(dropWait + shake, "shakes", () => falls(drop.seenAfterShaking));
        after(dropWait + shakes * (shake + dropWait), "shakes", () => end(drop.nothingAfterShaking));
      });
    };

    const obey = (asked: Question) => {
      const { board, command: order, parameter } = asked;
      // A board that turns a motor hears nothing.
      if (silent || turning || !boards.has(board)) return;
      if (refusing) return say(board, head.no, 0, 0);
      if (order >= 1 && order <= 80) return vend(asked);
      switch (order) {
        case command.selfTest: {
          const dark = curtain === "dead" ? noEmission : curtain === "blocked" ? noSignal : 0;
          const r3 = parameter === light.checked ? dark : 0;
          return say(board, r3 === 0 ? head.yes : head.no, r3, 0);
        }
        case command.homeAll:
          return say(board, head.yes, 0, 0, seconds(10));
        case command.temperature:
          return say(board, head.yes, probe & 0xff, 8);
        case command.door:
          return say(board, head.yes, open ? 1 : 0, 0);
        case command.version:
          return say(board, 0x42, 0x32, 0x37);
        case command.curtain:
          return say(board, curtain === "clear" ? head.yes : head.no, 0, 0);
        default:
          return say(board, head.no, 0, 0);
      }
    };

    const each = (which: string, change: (slot: Slot) => void) => {
      for (const [name, slot] of slots) if (which === "*" || which === name) change(slot);
    };

    return {
      knobs,
      truth: () => fell,
      hear(bytes) {
        // Half a question followed by a pause is given up, as a board must that knows no other frame start.
        if (clock.mono() - heardAt > betweenBytes) held = orders.start;
        heardAt = clock.mono();
        const pushed = orders.push(held, bytes);
        held = pushed.state;
        for (const asked of pushed.frames) obey(asked);
      },
      turn(knob, to) {
        const which = String(to);
        switch (knob as (typeof knobs)[number]) {
          case "stock": {
            const [slot = "*", count] = which.split("=");
            return each(slot, (s) => (s.stock = Number(count)));
          }
          case "jam":
            return each(which, (slot) => (slot.motor = "open"));
          case "stuck":
            return each(which, (slot) => (slot.motor = "sticks"));
          case "no-drop":
            return each(which, (slot) => (slot.good = "stays"));
          case "late-drop":
            return each(which, (slot) => (slot.good = "falls-late"));
          case "mend":
            return each(which, (slot) => {
              slot.motor = "turns";
              slot.good = "falls";
            });
          case "curtain":
            curtain = which;
            return;
          case "door":
            open = to === true;
            return;
          case "temperature":
            probe = to === "missing" ? -21 : to === "shorted" ? 101 : Number(to);
            return;
          case "silent":
            silent = to === true;
            return;
          case "lose-answer":
            loseAnswers = Number(to);
            return;
          case "late-answer":
            lateAnswer = Number(to);
            return;
          case "refuse":
            refusing = to === true;
            return;
          case "shakes":
            shakes = Number(to);
            return;
          default:
            throw new Error(`a TCN board has no knob "${knob}"`);
        }
      },
      stop() {
        for (const timer of timers) timer.cancel();
        timers.clear();
      },
    };
  },
};

export default definition;
