import { actor, asTruth, measuredBy } from "../kit/acting.ts";
import { chinaTime } from "../kit/civil.ts";
import { millis } from "../kit/clock.ts";
import type { PeerDefinition } from "../kit/driver.ts";

// A OneTouch Ultra2 with results of others in its memory, the newest first as in the published dump [S20]. `control` tests
// control solution, `full` fills the memory, `swap` puts another meter on the cable, `set-clock` turns its clock back.

const knobs = ["measure", "stale", "garble", "silent", "slow", "control", "full", "swap", "set-clock"] as const;

const scopes = { glucose: { from: 20, to: 600, step: 1, usual: 108, beyond: true } };
/** Seconds from the drop of blood to the number. */
const counting = 5;
const capacity = 500;
const days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const two = (number: number) => String(number).padStart(2, "0");

const definition: PeerDefinition<object, Uint8Array, Uint8Array> = {
  knobs,
  peer(_, { clock }, send) {
    const self = actor("OneTouch Ultra2", clock, send);
    const truth: string[] = [];
    let serial = "GMF600DCY";
    let memory: string[] = [];
    let spoilt = 0;
    let behind = 13 * 60_000;
    let heard = "";

    const stamp = (ago: number) => {
      const at = millis(clock.wall().utc - behind - ago);
      const { year, month, day, hour, minute, second } = chinaTime(at);
      const name = days[(Math.floor((at + 8 * 3_600_000) / 86_400_000) + 4) % 7];
      return `"${name}","${two(month)}/${two(day)}/${two(year % 100)}","${two(hour)}:${two(minute)}:${two(second)}   "`;
    };
    const keep = (value: string, ago = 0) => {
      memory = [`P ${stamp(ago)},"${value}","N","00", 00`, ...memory].slice(0, capacity);
    };
    const shown = (glucose: number) => {
      if (glucose === Infinity) return "  HIGH ".slice(1);
      return glucose === -Infinity ? "   LOW ".slice(1) : `  ${String(glucose).padStart(3, "0")} `;
    };
    keep("  163 ", 86_400_000);

    const line = (text: string, wrong = false) => {
      const sum = Array.from(text).reduce((all, letter) => all + letter.charCodeAt(0), wrong ? 1 : 0);
      self.say(new TextEncoder().encode(`${text} ${(sum & 0xffff).toString(16).toUpperCase().padStart(4, "0")}\r\n`));
    };
    const answer = (command: string) => {
      if (command === "DM?") line("?P02.00.00 30/08/06");
      else if (command === "DM@") line(`@ "${serial}"`);
      else if (command === "DMF") line(`F ${stamp(0)}`);
      else if (command === "DMP") {
        line(`P ${String(memory.length).padStart(3, "0")},"${serial}","MG/DL "`);
        const bad = spoilt > 0;
        if (bad) spoilt -= 1;
        memory.forEach((record, at) => line(record, bad && at === 0));
      }
    };
    const test = (glucose: number) =>
      self.after(counting * 1000, "counts down", () => {
        if (self.silent()) return;
        keep(shown(glucose));
        if (self.spoils()) spoilt += 1;
        truth.push(asTruth({ glucose }));
      });

    return {
      knobs,
      hear(bytes) {
        if (self.silent()) return;
        heard += new TextDecoder("latin1").decode(bytes);
        const ended = heard.split("\r");
        heard = ended.pop() ?? "";
        for (const command of ended) answer(command.replace("\x11", ""));
      },
      turn(knob, to) {
        if (self.turn(knob, to)) return;
        if (knob === "measure") test(measuredBy(to, scopes).glucose);
        else if (knob === "stale") keep("  176 ", 600_000);
        else if (knob === "control") keep("C 110 ");
        else if (knob === "full") for (let n = capacity; n > 0; n--) keep(`  ${100 + (n % 90)} `, n * 3_600_000);
        else if (knob === "swap") {
          serial = "KDB411ABY";
          memory = [];
          keep("  201 ", 60_000);
        } else if (knob === "set-clock") behind = 86_400_000 * 400;
        else throw new Error(`a OneTouch Ultra2 has no knob "${knob}"; it has ${knobs.join(", ")}`);
      },
      truth: () => truth,
      stop: () => self.stop(),
    };
  },
};

export default definition;
