import { millis, seconds, type Clock, type Millis, type Timer } from "./clock.ts";
import type { Peer } from "./driver.ts";

// What simulated oximeters have in common: a finger that comes, is searched for, gives a pulse, and goes.

/** What the clip sees in one moment. */
export type Clip =
  | { readonly is: "empty" }
  /** `phase` of the pulse wave from 0 to 1. */
  | { readonly is: "finger"; readonly searching: boolean; readonly phase: number; readonly values: Seen };

export interface Seen {
  readonly spo2: number;
  readonly pulse: number;
  readonly perfusion: number;
}

/** What a certain oximeter is like. */
export interface Clipped {
  readonly model: string;
  /** Moments a second, each one frame. */
  readonly rate: number;
  /** Moments that go out together; divides the frames of a tenth of a second, or is one packet. */
  readonly together: number;
  readonly items: readonly (keyof Seen)[];
  /** The bytes of so many moments. */
  frames(moments: readonly Clip[]): Uint8Array;
  /** The same, damaged. */
  damaged(bytes: Uint8Array): Uint8Array;
  /** Whether it is told to speak. */
  streams(): boolean;
  /** What the kiosk says. */
  hear(out: Uint8Array): void;
}

export const knobs = ["measure", "stale", "garble", "silent", "slow", "hold", "weak"] as const;

/** Searched for so long, then good; a finger is taken out after so long. */
const search = seconds(2);
const stay = seconds(18);
const lingers = seconds(3);
/** A finger that gave numbers so long was measured, whoever listens. */
const enough = seconds(7.5);

const fitting: Readonly<Seen> = { spo2: 98, pulse: 71, perfusion: 3.1 };

/** A person as the knob `measure` writes them. */
function personOf(text: string, { model, items }: Clipped): Seen {
  const given = Object.fromEntries(
    text.split(",").map((part) => {
      const [item = "", value = ""] = part.split("=");
      return [item, Number(value)] as const;
    }),
  );
  for (const item of Object.keys(given))
    if (!items.some((known) => known === item)) throw new Error(`${model} measures no "${item}"`);
  const seen = { ...fitting, ...given };
  const isWhole = Number.isInteger(seen.spo2) && Number.isInteger(seen.pulse);
  const isFine = Math.abs(seen.perfusion * 100 - Math.round(seen.perfusion * 100)) < 1e-6 && seen.perfusion > 0;
  if (!isWhole || seen.spo2 < 1 || seen.spo2 > 100 || seen.pulse < 1 || seen.pulse > 250 || !isFine)
    throw new Error(`${model} tells SpO2 and pulse as whole numbers, and perfusion in hundredths`);
  return seen;
}

/** `hold` keeps the finger in after `measure`; `weak` makes its signal too small to count. */
export function oximeterPeer(
  clipped: Clipped,
  clock: Clock,
  send: (bytes: Uint8Array) => void,
): Peer<Uint8Array> & { isWeak(): boolean } {
  const { model, rate, together, items } = clipped;
  const truth: string[] = [];
  const timers = new Set<Timer>();
  let inside:
    | { readonly values: Seen; readonly since: Millis; readonly until: Millis; readonly stale: boolean }
    | undefined;
  let held = false;
  let weak = false;
  let silent = false;
  let slow = 0;
  let garble = 0;
  let good = 0;
  let moment = 0;

  const after = (delay: number, label: string, then: () => void) => {
    const timer = clock.after(millis(delay), `${model} peer: ${label}`, () => {
      timers.delete(timer);
      then();
    });
    timers.add(timer);
  };
  const clip = (): Clip => {
    moment += 1;
    const now = clock.mono();
    if (inside === undefined || (!held && now >= inside.until)) {
      inside = undefined;
      return { is: "empty" };
    }
    const searching = !inside.stale && now - inside.since < search;
    const phase = ((moment * inside.values.pulse) / 60 / rate) % 1;
    return { is: "finger", searching, phase, values: inside.values };
  };
  const count = (moments: readonly Clip[]) => {
    if (inside === undefined || inside.stale || weak) return;
    good += moments.filter((one) => one.is === "finger" && !one.searching).length;
    const whole = (rate * enough) / 1000;
    if (good < whole) return;
    good = -Infinity;
    const { values } = inside;
    truth.push(items.map((item) => `${item}=${values[item]}`).join(","));
  };
  const speak = () => {
    after((1000 * together) / rate, "speaks", () => {
      speak();
      const moments = Array.from({ length: together }, clip);
      if (silent || !clipped.streams()) return;
      count(moments);
      const bytes = clipped.frames(moments);
      const isDamaged = garble > 0 && inside !== undefined;
      if (isDamaged) garble -= 1;
      const said = isDamaged ? clipped.damaged(bytes) : bytes;
      if (slow === 0) send(said);
      else after(slow, "is slow", () => send(said));
    });
  };
  const come = (values: Seen, span: Millis, stale: boolean) => {
    const since = clock.mono();
    inside = { values, since, until: millis(since + span), stale };
    good = 0;
  };
  speak();

  return {
    knobs,
    isWeak: () => weak,
    hear(out) {
      if (!silent) clipped.hear(out);
    },
    turn(knob, to) {
      switch (knob) {
        case "measure": {
          const person = personOf(String(to), clipped);
          if (!silent) come(person, stay, false);
          return;
        }
        case "stale":
          if (to === true) come({ spo2: 91, pulse: 118, perfusion: 0.7 }, lingers, true);
          return;
        case "hold":
          held = to === true;
          return;
        case "weak":
          weak = to === true;
          return;
        case "garble":
          garble = Number(to);
          return;
        case "silent":
          silent = to === true;
          if (silent) inside = undefined;
          return;
        case "slow":
          slow = Number(to);
          return;
        default:
          throw new Error(`${model} has no knob "${knob}"; it has ${knobs.join(", ")}`);
      }
    },
    truth: () => truth,
    stop() {
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
  };
}
