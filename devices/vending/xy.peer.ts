import { millis, minutes, seconds, type Millis, type Timer } from "../kit/clock.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import type { XyOptions } from "./xy-options.ts";
import { xyCabinet } from "./xy-cabinet.ts";
import { ack, command, encode, following, framer, poll, word, type Frame } from "./xy-wire.ts";

// An XY board as the host of its wire: polls, acknowledges, repeats. The machine behind it is xy-cabinet.ts.

const knobs = [
  "stock",
  "jam",
  "no-drop",
  "late-drop",
  "mend",
  "curtain",
  "door",
  "temperature",
  "refuse",
  "paused",
  "fill",
  "silent",
  "lose-answer",
  "late-answer",
  "lose-ack",
  "wrong-sum",
  "power",
  "rhythm",
  "awake",
  "fast",
] as const;

/** "Every 200 ms VMC sends POLL"; an un-ACKed message goes "up to 5 times" more [S-XY 2.1, rhythm]. */
const pollPeriod = millis(200);
const repetitions = 5;
/** From hearing to answering, and from one message to the next (ours). */
const thinking = millis(5);
/** With nobody there ("awake" turned to false) a simulated day is not spent on polls. */
const asleepPeriod = minutes(1);
const fallsAsleep = seconds(5);
/** What is lost by "lose-answer" and comes late by "late-answer". The 04 that are no result are none. */
const answers: readonly number[] = [command.progress, command.menuAnswer, command.status, command.usable];
const dispensing = 0x01;

const definition: PeerDefinition<XyOptions, Uint8Array, Uint8Array> = {
  knobs,
  peer(options, { clock }, send) {
    const timers = new Set<Timer>();
    const outbox: (readonly [command: number, text: readonly number[]])[] = [];
    let flight: { readonly bytes: Uint8Array; sendings: number } | undefined;
    let tick: Timer | undefined;
    let state = framer.start;
    let pack = 1;
    let polled = false;
    let owing = false;
    let obeyed: Frame | undefined;
    let lastTraffic = clock.mono();
    let period: Millis = pollPeriod;
    let awake = true;
    let powered = true;
    let silent = false;
    let lostAnswers = 0;
    let answerDelay = millis(0);
    let lostAcks = 0;
    let wrongSums = 0;

    const after = (delay: Millis, label: string, then: () => void) => {
      const timer = clock.after(delay, `xy board: ${label}`, () => {
        timers.delete(timer);
        then();
      });
      timers.add(timer);
    };
    const put = (bytes: Uint8Array) => {
      if (silent) return;
      if (wrongSums === 0) return send(bytes);
      wrongSums -= 1;
      send(bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 0x55 : byte)));
    };

    /** Sends what waits, unless something sent is still to be answered. */
    const pump = () => {
      if (flight || polled || owing) return;
      const next = outbox.shift();
      if (!next) return;
      const [what, text] = next;
      flight = { bytes: encode({ command: what, pack, text: Uint8Array.from(text) }), sendings: 1 };
      pack = following(pack);
      lastTraffic = clock.mono();
      put(flight.bytes);
    };
    const say = (what: number, text: readonly number[]) => {
      const isAnswer = answers.includes(what) && !(what === command.progress && text[0] === dispensing);
      if (isAnswer && lostAnswers > 0) {
        lostAnswers -= 1;
        return;
      }
      const queue = () => {
        outbox.push([what, text]);
        rouse();
        pump();
      };
      if (isAnswer && answerDelay > 0) after(answerDelay, "answers late", queue);
      else queue();
    };
    const cabinet = xyCabinet(options, after, say);

    const turn = () => {
      const unanswered = polled;
      polled = false;
      if (flight && flight.sendings > repetitions) flight = undefined;
      if (flight) {
        flight.sendings += 1;
        put(flight.bytes);
      } else if (unanswered && outbox.length > 0) pump();
      else {
        polled = true;
        put(poll);
      }
      schedule();
    };
    const schedule = () => {
      const idle = clock.mono() - lastTraffic > fallsAsleep && !flight && outbox.length === 0 && !cabinet.moving();
      tick = clock.after(!awake && idle ? asleepPeriod : period, "xy board: next poll", turn);
    };
    /** Back to the usual rhythm at once. */
    const rouse = () => {
      if (!powered) return;
      lastTraffic = clock.mono();
      if (awake) return;
      tick?.cancel();
      schedule();
    };

    const obey = (frame: Frame) => {
      // Nobody asked: a board that is not waiting for an answer does not listen.
      if (!polled) return;
      polled = false;
      const again = obeyed?.command === frame.command && obeyed.pack === frame.pack;
      obeyed = frame;
      rouse();
      owing = true;
      after(thinking, "acknowledges", () => {
        owing = false;
        if (lostAcks > 0) lostAcks -= 1;
        else put(ack);
        after(thinking, "goes on", pump);
      });
      if (again) return;
      if (frame.command === command.synchronise) cabinet.introduce();
      else if (frame.command === command.drive)
        cabinet.drive(frame.text[0] === 1, frame.text[1] === 1, word(frame.text, 2));
      else if (frame.command === command.check) cabinet.check(word(frame.text, 0));
      else if (frame.command === command.ask) cabinet.tellStatus();
      else if (frame.command === command.menu) cabinet.consult(frame.text);
    };

    const dark = () => {
      for (const timer of timers) timer.cancel();
      timers.clear();
      tick?.cancel();
      outbox.length = 0;
      flight = undefined;
      polled = false;
      owing = false;
      obeyed = undefined;
      pack = 1;
      state = framer.start;
    };
    const start = () => {
      say(command.synchronise, []);
      schedule();
    };
    start();

    return {
      knobs,
      truth: () => cabinet.fell,
      hear(bytes) {
        if (!powered || silent) return;
        const pushed = framer.push(state, bytes);
        state = pushed.state;
        for (const frame of pushed.frames) {
          if (frame.command !== command.ack) obey(frame);
          else if (flight || polled) {
            flight = undefined;
            polled = false;
            if (outbox.length > 0) after(thinking, "goes on", pump);
          }
        }
      },
      turn(knob, to) {
        switch (knob as (typeof knobs)[number]) {
          case "silent":
            silent = to === true;
            return;
          case "lose-answer":
            lostAnswers = Number(to);
            return;
          case "late-answer":
            answerDelay = millis(Number(to));
            return;
          case "lose-ack":
            lostAcks = Number(to);
            return;
          case "wrong-sum":
            wrongSums = Number(to);
            return;
          case "power":
            if (powered === (to === true)) return;
            powered = to === true;
            dark();
            cabinet.stop();
            if (powered) start();
            return;
          case "rhythm":
            period = millis(Number(to));
            return;
          case "awake":
            awake = to === true;
            if (!powered) return;
            tick?.cancel();
            if (awake) turn();
            else schedule();
            return;
          default:
            cabinet.turn(knob, to);
        }
      },
      stop: dark,
    };
  },
};

export default definition;
