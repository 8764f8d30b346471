import { sum } from "../kit/checksum.ts";
import { millis, type Timer } from "../kit/clock.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import type { BcmH10Options } from "./bcm-h10-options.ts";

// A BCM-H10 [S25]. The marks of its numbers are invented, as the public part of the paper does not name them. It keeps the
// numbers of the last composition until the next.

const knobs = ["measure", "stale", "error", "garble", "silent", "slow", "accepts"] as const;

const answerTime = 60;
const composes = 6000;
/** After a result the person steps down. */
const stays = 4000;

/** Of somebody before, and of whom no more is said. */
const usual: Readonly<Record<string, number>> = {
  weight: 71.4,
  height: 174.2,
  bmi: 23.5,
  "body-fat": 22.7,
  "body-water": 53.9,
  "muscle-mass": 51.2,
  "bone-mass": 3,
  "visceral-fat": 8,
  "basal-metabolism": 1555,
};

const two = (n: number) => [(n >> 8) & 0xff, n & 0xff];

const definition: PeerDefinition<BcmH10Options, Uint8Array, Uint8Array> = {
  knobs,
  peer({ sensors, results }, { clock }, send) {
    const items = [...sensors, ...results.map(({ item }) => item)];
    const truth: string[] = [];
    const timers = new Set<Timer>();
    let held: readonly number[] = [];
    let standing: Readonly<Record<string, number>> | undefined;
    let kept: Readonly<Record<string, number>> = {};
    let composing = false;
    let silent = false;
    let accepts = false;
    let slow = 0;
    let garble = 0;
    let error = 0;

    const after = (delay: number, label: string, then: () => void) => {
      const timer = clock.after(millis(delay), `bcm-h10 peer: ${label}`, () => {
        timers.delete(timer);
        then();
      });
      timers.add(timer);
    };
    const say = (mark: number, data: readonly number[], holdsResult = false) => {
      after(slow, "speaks", () => {
        if (silent) return;
        const counted = [data.length + 2, mark, ...data];
        const isDamaged = holdsResult && garble > 0;
        if (isDamaged) garble -= 1;
        send(Uint8Array.of(0xa5, 0x5a, ...counted, sum(counted) ^ (isDamaged ? 0x20 : 0)));
      });
    };
    const text = (person: Readonly<Record<string, number>>) => items.map((item) => `${item}=${person[item]}`).join(",");
    const whole = (item: string) => Math.round((standing?.[item] ?? 0) * 10);

    const compose = (told: readonly number[]) => {
      if (composing) return;
      composing = true;
      if (accepts) say(0x64, [0x01]);
      after(composes, "composes", () => {
        composing = false;
        const isBad = error !== 0 || standing === undefined || told.length !== 6;
        // 01 is well; an error of that number is told as 0.
        if (isBad) say(0x64, [error === 1 ? 0 : Math.max(2, error)]);
        error = 0;
        if (isBad || standing === undefined) return;
        kept = standing;
        if (!silent) truth.push(text(standing));
        say(0x64, [0x01]);
        after(stays, "steps down", () => (standing = undefined));
      });
    };
    const obey = ([, command, ...data]: readonly number[]) => {
      if (command === 0x3c) say(0x64, [0x01]);
      if (command === 0x36) say(0x65, two(whole("weight")), true);
      if (command === 0x35) say(0x66, two(whole("height")), true);
      if (command === 0x37) compose(data);
      if (command !== 0x38) return;
      const [index = 0] = data;
      const one = results.find((result) => result.index === index);
      say(index, two(Math.round((one ? (kept[one.item] ?? 0) : 0) * (one?.divide ?? 1))), true);
    };
    const personOf = (to: string) => {
      const given = Object.fromEntries(
        to.split(",").map((part) => part.split("=").map((word, i) => (i === 0 ? word : Number(word)))),
      ) as Readonly<Record<string, number>>;
      for (const [item, value] of Object.entries(given)) {
        const by = results.find((result) => result.item === item)?.divide ?? 10;
        const isFine = Math.abs(value * by - Math.round(value * by)) < 1e-6 && value > 0 && value * by < 0xffff;
        const isPossible = item === "weight" ? value >= 5 : item === "height" ? value >= 50 : true;
        if (!items.some((known) => known === item) || !isFine || !isPossible)
          throw new Error(`this BCM-H10 tells ${items.join(", ")}, as finely as its options say`);
      }
      return { ...usual, ...given };
    };

    return {
      knobs,
      hear(out) {
        if (silent) return;
        held = [...held, ...out];
        for (;;) {
          const at = held.indexOf(0xa5);
          held = at < 0 ? [] : held.slice(at);
          const length = held[2];
          if (length === undefined || held.length < 3 + length) return;
          const body = held.slice(2, 2 + length);
          const isWhole = held[1] === 0x5a && sum(body) === held[2 + length];
          held = held.slice(isWhole ? 3 + length : 1);
          if (isWhole) after(answerTime, "answers", () => obey(body.slice(1)));
        }
      },
      turn(knob, to) {
        switch (knob) {
          case "measure": {
            const person = personOf(String(to));
            if (!silent) standing = person;
            return;
          }
          case "stale":
            if (to !== true) return;
            kept = usual;
            say(0x65, two(714));
            return;
          case "error":
            error = Number(to);
            return;
          case "garble":
            garble = Number(to);
            return;
          case "silent":
            silent = to === true;
            if (!silent) return;
            held = [];
            standing = undefined;
            return;
          case "slow":
            slow = Number(to);
            return;
          case "accepts":
            accepts = to === true;
            return;
          default:
            throw new Error(`a BCM-H10 has no knob "${knob}"; it has ${knobs.join(", ")}`);
        }
      },
      truth: () => truth,
      stop() {
        for (const timer of timers) timer.cancel();
        timers.clear();
      },
    };
  },
};

export default definition;
