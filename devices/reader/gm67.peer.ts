import { actor } from "../kit/acting.ts";
import { millis } from "../kit/clock.ts";
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
    const voice = actor("gm67", clock, send);
    let message: readonly number[] = [];
    let heardAt = -Infinity;
    let awakeFrom = 0;
    let hostMode = false;
    let readsUntil = -1;
    let looking = false;

    const look = () => {
      if (looking) return;
      looking = true;
      voice.after(decoding, "looks", () => {
        looking = false;
        const code = window.present();
        if (code === undefined) return;
        const reads = hostMode && clock.mono() < readsUntil;
        if (!voice.silent() && reads && clock.mono() - code.told >= 1000) {
          if (!code.seen) seen.push(code.text);
          code.seen = true;
          code.told = clock.mono();
          readsUntil = -1;
          const whole = new TextEncoder().encode(`${aim ? "]Q1" : ""}${code.text}\r`);
          voice.say(voice.spoils() ? whole.slice(0, whole.length >> 1) : whole);
        }
        look();
      });
    };

    const obey = ([, command, , , ...data]: readonly number[]) => {
      if (command === 0xe4) readsUntil = clock.mono() + readingTime;
      else if (command === 0xe5) readsUntil = -1;
      else if (command === 0xc6 && data[1] === 0x8a) hostMode = data[2] === 0x08;
      else return;
      voice.after(thinking, "thinks", () => voice.say(acknowledge));
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
        if (voice.silent()) return;
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
          default:
            if (!voice.turn(knob, to)) throw new Error(`a GM67 has no knob "${knob}"; it has ${knobs.join(", ")}`);
        }
      },
      truth: () => seen,
      stop() {
        window.takeAway();
        voice.stop();
      },
    };
  },
};

export default definition;
