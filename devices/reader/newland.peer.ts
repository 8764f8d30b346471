import { actor } from "../kit/acting.ts";
import { millis } from "../kit/clock.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import { glance, showing } from "../kit/showing.ts";
import type { NewlandOptions } from "./newland-options.ts";

// A Newland scanner as its serial programming command manual tells of it [B16]. `power` cuts its supply for a moment;
// `lacks` names a command that this model has not.

const knobs = ["scan", "hold", "take-away", "garble", "silent", "slow", "power", "lacks"] as const;

/** As it leaves the factory: trigger mode, 3 s for a reading, the same code again at once (ours). */
const factory: Readonly<Record<string, string>> = { SCNMOD: "0", ORTSET: "3000", RRDDUR: "0" };
const ranges: Readonly<Record<string, readonly [number, number]>> = {
  SCNMOD: [0, 7],
  ORTSET: [1, 3_600_000],
  RRDDUR: [0, 3_600_000],
};
const thinking = millis(5);
const decoding = millis(50);
const head = "~\x010000";
const tail = ";\x03";
const form = /^([@#])([A-Z]{6})([0-9]*|\*|\^|%)$/;
const longestCommand = 300;

const definition: PeerDefinition<NewlandOptions, Uint8Array, Uint8Array> = {
  knobs,
  peer({ aim }, { clock }, send) {
    const window = showing<{ readonly text: string; seen: boolean; told: number }>(clock, () => look());
    const seen: string[] = [];
    const voice = actor("newland", clock, send);
    let saved: Record<string, string> = { ...factory };
    let now: Record<string, string> = { ...factory };
    let heard = "";
    let triggeredUntil = -1;
    let looking = false;
    let lacks = "";

    const say = (delay: number, text: string) =>
      voice.after(delay, "thinks", () => voice.say(new TextEncoder().encode(text)));

    const look = () => {
      if (looking) return;
      looking = true;
      voice.after(decoding, "looks", () => {
        looking = false;
        const code = window.present();
        if (code === undefined) return;
        const reads = now["SCNMOD"] === "2" || clock.mono() < triggeredUntil;
        const again = clock.mono() - code.told >= Number(now["RRDDUR"]);
        if (!voice.silent() && reads && again) {
          if (!code.seen) seen.push(code.text);
          code.seen = true;
          code.told = clock.mono();
          triggeredUntil = -1;
          const whole = `${aim ? "]Q1" : ""}${code.text}\r`;
          say(0, voice.spoils() ? whole.slice(0, whole.length >> 1) : whole);
        }
        look();
      });
    };

    const obey = (storage: string, command: string, data: string) => {
      const reply = (said: string, status: string) => say(thinking, `\x02\x010000${storage}${said}${status};\x03`);
      if (command === "SCNTRG" && /^[01]$/.test(data)) {
        triggeredUntil = data === "1" ? clock.mono() + Number(now["ORTSET"]) : -1;
        return reply(command + data, "\x06");
      }
      const value = now[command];
      const range = ranges[command];
      if (value === undefined || range === undefined || command === lacks) return reply(command + data, "\x05");
      if (data === "*") return reply(command + value, "\x06");
      if (data === "%") return reply(command + (factory[command] ?? ""), "\x06");
      if (data === "^") return reply(`${command}${range[0]}-${range[1]}`, "\x06");
      if (data === "" || Number(data) < range[0] || Number(data) > range[1]) return reply(command + data, "\x15");
      now = { ...now, [command]: data };
      if (storage === "@") saved = { ...saved, [command]: data };
      reply(command + data, "\x06");
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
        heard = (heard + String.fromCharCode(...bytes)).slice(-longestCommand);
        for (;;) {
          const start = heard.indexOf(head);
          const end = heard.indexOf(tail, start);
          if (start < 0 || end < 0) return;
          const [, storage = "", command = "", data = ""] = form.exec(heard.slice(start + head.length, end)) ?? [];
          heard = heard.slice(end + tail.length);
          if (command !== "") obey(storage, command, data);
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
          case "power":
            now = saved;
            heard = "";
            triggeredUntil = -1;
            return;
          case "lacks":
            lacks = String(to);
            return;
          default:
            if (!voice.turn(knob, to))
              throw new Error(`a Newland scanner has no knob "${knob}"; it has ${knobs.join(", ")}`);
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
