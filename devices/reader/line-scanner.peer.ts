import { actor } from "../kit/acting.ts";
import { millis, seconds } from "../kit/clock.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import { glance, showing } from "../kit/showing.ts";
import type { LineScannerOptions } from "./line-scanner-options.ts";

// A scanner in presentation mode, or a Honeywell in manual trigger mode [B17: TRGMOD0, SYN T CR, SYN U CR].

const knobs = ["scan", "hold", "take-away", "garble", "silent", "slow"] as const;

const decoding = millis(50);
/** Presentation mode: the same code again (ours). */
const sameCode = millis(1000);
/** The serial trigger's time-out as it leaves the factory. */
const triggerTime = seconds(30);

const definition: PeerDefinition<LineScannerOptions, Uint8Array, Uint8Array> = {
  knobs,
  peer({ trigger, aim }, { clock }, send) {
    const window = showing<{ readonly text: string; seen: boolean }>(clock, () => look(decoding));
    const seen: string[] = [];
    const voice = actor("line scanner", clock, send);
    let heard = "";
    let triggeredUntil = -1;
    let looking = false;

    const tell = (text: string) => {
      const whole = new TextEncoder().encode(`${aim ? "]Q1" : ""}${text}\r`);
      voice.say(voice.spoils() ? whole.slice(0, whole.length >> 1) : whole);
    };
    const look = (delay: number) => {
      if (looking) return;
      looking = true;
      voice.after(delay, "looks", () => {
        looking = false;
        const code = window.present();
        if (code === undefined) return;
        if (voice.silent() || (trigger === "honeywell" && clock.mono() >= triggeredUntil)) return look(decoding);
        if (!code.seen) seen.push(code.text);
        code.seen = true;
        triggeredUntil = -1;
        tell(code.text);
        look(sameCode);
      });
    };
    const code = (to: unknown) => {
      const text = String(to);
      if (!/^[\x20-\x7e]+$/.test(text)) throw new Error("this scanner tells printable ASCII texts");
      return { text, seen: false };
    };

    return {
      knobs,
      hear(bytes) {
        if (voice.silent() || trigger === "none") return;
        for (const byte of bytes) {
          heard = (heard + String.fromCharCode(byte)).slice(-3);
          if (heard === "\x16T\r") triggeredUntil = clock.mono() + triggerTime;
          if (heard === "\x16U\r") triggeredUntil = -1;
        }
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
            if (!voice.turn(knob, to))
              throw new Error(`a line scanner has no knob "${knob}"; it has ${knobs.join(", ")}`);
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
