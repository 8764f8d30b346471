import { actor } from "../kit/acting.ts";
import { crc8 } from "../kit/checksum.ts";
import type { Millis } from "../kit/clock.ts";
import type { PeerDefinition } from "../kit/driver.ts";

// A DS18B20 on its wire, behind the kernel. It hangs in the air of the cabin until somebody takes it into the armpit.

const knobs = ["measure", "stale", "garble", "silent", "slow", "power-on"] as const;

const air = 24;
/** The steel takes so long to be as warm as the skin, and as cool as the air again. */
const warming = 10_000;
const cooling = 12_000;
/** Whoever holds it holds it so long … */
const held = 42_000;
/** … and was measured then, whoever listens. */
const enough = 28_000;
/** [DS18B20, data sheet: 12 bits] */
const conversion = 750;
const step = 1 / 16;

/** The two lines of w1_slave. */
function shown(degrees: number, isDamaged: boolean): Uint8Array {
  const sixteenths = Math.round(degrees / step);
  const scratchpad = [sixteenths & 0xff, (sixteenths >> 8) & 0xff, 0x4b, 0x46, 0x7f, 0xff, 0x0c, 0x10];
  const right = crc8(scratchpad);
  const said = isDamaged ? right ^ 0x40 : right;
  const bytes = [...scratchpad, said].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const check = `${right.toString(16).padStart(2, "0")} ${isDamaged ? "NO" : "YES"}`;
  // The kernel cuts what is finer than a thousandth.
  return new TextEncoder().encode(`${bytes} : crc=${check}\n${bytes} t=${Math.trunc((sixteenths * 1000) / 16)}\n`);
}

const definition: PeerDefinition<object, "read", Uint8Array> = {
  knobs,
  peer(_options, { clock }, send) {
    const act = actor("ds18b20", clock, send);
    const truth: string[] = [];
    let powerOn = 0;
    /** The steel goes from one warmth to another. */
    let way: { readonly from: number; readonly to: number; readonly since: Millis; readonly span: number } | undefined;
    let visit = 0;

    const now = (): number => {
      if (way === undefined) return air;
      const gone = Math.min(1, (clock.mono() - way.since) / way.span);
      return way.from + (way.to - way.from) * gone;
    };
    const go = (to: number, span: number) => {
      way = { from: now(), to, since: clock.mono(), span };
    };
    const come = (degrees: number) => {
      const mine = ++visit;
      const stillThere = (then: () => void) => () => {
        if (mine === visit) then();
      };
      go(degrees, warming);
      act.after(
        enough,
        "was measured",
        stillThere(() => void truth.push(`temperature=${degrees}`)),
      );
      act.after(
        held,
        "lets go",
        stillThere(() => go(air, cooling)),
      );
    };
    const isHeld = () => way !== undefined && way.to !== air;

    return {
      knobs,
      hear() {
        if (act.silent()) return;
        const isFresh = powerOn > 0;
        if (isFresh) powerOn -= 1;
        act.after(conversion, "measures", () => act.say(shown(isFresh ? 85 : now(), isHeld() && act.spoils())));
      },
      turn(knob, to) {
        if (act.turn(knob, to)) {
          // Who is measured while it is silent is lost.
          if (knob === "silent" && to === true) {
            visit += 1;
            way = undefined;
          }
          return;
        }
        switch (knob) {
          case "measure": {
            const degrees = Number(/^temperature=(\d+(?:\.\d+)?)$/.exec(String(to))?.[1]);
            if (!(degrees >= 30 && degrees <= 45 && Number.isInteger(degrees / step)))
              throw new Error("skin has from 30 to 45 degrees, in sixteenths");
            if (!act.silent()) come(degrees);
            return;
          }
          case "stale":
            if (to !== true) return;
            visit += 1;
            way = { from: 38.9, to: air, since: clock.mono(), span: cooling };
            return;
          case "power-on":
            powerOn = Number(to);
            return;
          default:
            throw new Error(`a DS18B20 has no knob "${knob}"; it has ${knobs.join(", ")}`);
        }
      },
      truth: () => truth,
      stop: act.stop,
    };
  },
};

export default definition;
