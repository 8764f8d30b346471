import { millis, type Timer } from "../kit/clock.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import { glance, showing } from "../kit/showing.ts";
import type { Gm67Options } from "./gm67.ts";

// A GM67 module as its SSI chapter tells of it [B15]: it sleeps after a while, a 00 wakes it, and in host mode it reads only
// when it is told to.

const knobs = ["scan", "hold", "take-away", "garble", "silent", "slow"] as const;

const thinking = millis(5);
const decoding = millis(50);
const wakingTime = millis(50);
/** How long a reading goes on, and when it falls asleep (ours). */
const readingTime = millis(5000);
const sleepsAfter = millis(1000);
const acknowledge = Uint8Array.of(0x04, 0xd0, 0x00, 0x00, 0xff, 0x2c);

const definition: PeerDefinition<Gm67Options, Uint8Array, Uint8Array> = {
  knobs,
  peer({ aim }, { clock }, send) {
    const window = showing<{ readonly text: string; seen: boolean; told: number }>(clock, () => look());
    const seen: string[] = [];
    const timers = new Set<Timer>();
    let message: readonly number[] = [];
    let heardAt = -Infinity;
    let awakeFrom = 0;
    let hostMode = false;
    let readsUntil = -1;
    let looking = false;
    let silent = false;
    let slow = 0;
    let garble = 0;

    const after = (delay: number, label: string, then: () => void) => {
      const timer = clock.after(millis(delay), `gm67 peer: ${label}`, () => {
        timers.delete(timer);
        then();
      });
      timers.add(timer);
    };
    const say = (delay: number, bytes: Uint8Array) =>
      after(delay + slow, "speaks", () => {
        if (!silent) send(bytes);
      });

    const look = () => {
      if (looking) return;
      looking = true;
      after(decoding, "looks", () => {
        looking = false;
        const code = window.present();
        if (code === undefined) return;
        const reads = hostMode && clock.mono() < readsUntil;
        if (!silent && reads && clock.mono() - code.told >= 1000) {
          if (!code.seen) seen.push(code.text);
          code.seen = true;
          code.told = clock.mono();
          readsUntil = -1;
          const whole = new TextEncoder().encode(`${aim ? "]Q1" : ""}${code.text}\r`);
          say(0, garble > 0 ? whole.slice(0, whole.length >> 1) : whole);
          if (garble > 0) garble -= 1;
        }
        look();
      });
    };

    const obey = ([, command, , , ...data]: readonly number[]) => {
      if (command === 0xe4) readsUntil = clock.mono() + readingTime;
      else if (command === 0xe5) readsUntil = -1;
      else if (command === 0xc6 && data[1] === 0x8a) hostMode = data[2] === 0x08;
      else return;
      say(thinking, acknowledge);
    };
    const hearByte = (byte: number) => {
      // A length is never 0: this byte only wakes.
      if (message.length === 0 && byte === 0x00) return;
      message = [...message, byte];
      const length = (message[0] ?? 0) + 2;
      if (message.length < length) return;
      const total = message.slice(0, -2).reduce((all, one) => all + one, 0);
      const check = ((message.at(-2) ?? 0) << 8) | (message.at(-1) ?? 0);
      if (((total + check) & 0xffff) === 0 && message[2] === 0x04) obey(message);
      message = [];
    };
    const code = (to: unknown) => {
      const text = String(to);
      if (!/^[\x20-\x7e]+$/.test(text)) throw new Error("this scanner tells printable ASCII texts");
      return { text, seen: false, told: -Infinity };
    };

    return {
      knobs,
      hear(bytes) {
        if (silent) return;
        const now = clock.mono();
        if (now - heardAt > sleepsAfter) awakeFrom = now + wakingTime;
        if (now - heardAt > wakingTime) message = [];
        heardAt = now;
        // What comes while it wakes is not heard.
        if (now >= awakeFrom) bytes.forEach(hearByte);
      },
      turn(knob, to) {
        switch (knob) {
          case "scan":
            return window.once(code(to), glance);
          case "hold":
            return window.hold(code(to));
          case "take-away":
            return window.takeAway();
          case "garble":
            garble = Number(to);
            return;
          case "silent":
            silent = to === true;
            return;
          case "slow":
            slow = Number(to);
            return;
          default:
            throw new Error(`a GM67 has no knob "${knob}"; it has ${knobs.join(", ")}`);
        }
      },
      truth: () => seen,
      stop() {
        window.takeAway();
        for (const timer of timers) timer.cancel();
        timers.clear();
      },
    };
  },
};

export default definition;
