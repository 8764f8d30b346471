import { actor, asTruth, measuredBy, type Scope } from "../kit/acting.ts";
import type { PeerDefinition } from "../kit/driver.ts";
import type { Item } from "./capability.ts";
import type { ScaleTextOptions } from "./scale-text-options.ts";

// Three machines whose text is known; the one is played whose records the station's expression understands.

const knobs = ["measure", "stale", "garble", "silent", "slow"] as const;

type Measured = Readonly<Partial<Record<Item, number>>>;

interface Machine {
  readonly scopes: Readonly<Partial<Record<Item, Scope>>>;
  readonly ends: string;
  record(measured: Measured): string;
}

const tenths = (from: number, to: number, usual: number): Scope => ({ from, to, step: 0.1, usual });
const fixed = (value: number | undefined, decimals: number, width = 0) =>
  (value ?? 0).toFixed(decimals).padStart(width, "0");

/** As many Chinese machines print it; no maker's specification was found [instruments.md 2.6.2]. */
const oem: Machine = {
  scopes: { weight: tenths(5, 299.9, 62.3), height: tenths(50, 229.9, 168) },
  ends: "\r\n",
  record: ({ weight, height }) => `W:${fixed(weight, 1, 5)} H:${fixed(height, 1, 5)}`,
};
/** A captured slip of a GL-150 set to print [S2]. STANDARD, FATNESS and MARKS follow from the others. */
const slip: Machine = {
  scopes: {
    weight: { from: 5, to: 299.95, step: 0.05, usual: 90.05 },
    height: tenths(50, 229.9, 188.6),
    bmi: tenths(5, 80, 25.3),
  },
  ends: "\x1bT",
  record: ({ weight, height, bmi }) =>
    [
      "\0",
      "GENDER   ---- FEMALE",
      `WEIGHT   ---- ${fixed(weight, 2)} kg`,
      "STANDARD ---- 74.69 kg",
      `HEIGHT   ---- ${fixed(height, 1)} cm`,
      `B  M  I  ----  ${fixed(bmi, 1)}   `,
      "FATNESS  ---- 120.5 % ",
      "MARKS    ---- FATTY",
      "",
    ].join("\r\n"),
};
/** The same machine set for a computer [S2]. */
const fields: Machine = {
  scopes: slip.scopes,
  ends: "\x03",
  record: ({ weight, height, bmi }) => `\x02${fixed(height, 1)},${fixed(weight, 2)},0,0,${fixed(bmi, 1)}`,
};

const somebodyElse: Measured = { weight: 97.4, height: 183.2, bmi: 29 };
/** One that speaks all the time says so many lines a second. */
const period = 250;
/** Somebody steps on it, stands still, and leaves. */
const stepping = 2500;
const standing = 3000;
const leaving = 10_000;

const definition: PeerDefinition<ScaleTextOptions, Uint8Array, Uint8Array> = {
  knobs,
  peer(options, { clock }, send) {
    const { pattern, ends, stability, units } = options;
    const self = actor("text scale", clock, send);
    const understood = (one: Machine) =>
      one.ends.endsWith(ends) && pattern.match(one.record(somebodyElse)) !== undefined;
    const machine = [oem, slip, fields].find(understood) ?? oem;
    const scopes = Object.fromEntries(
      Object.entries(machine.scopes).filter(([item]) => [...units.keys()].some((known) => known === item)),
    );
    const truth: string[] = [];
    /** Each person has a number, so that the display of one goes when the next comes. */
    let present = 0;

    const tell = (measured: Measured, spoilt = false) => {
      const text = machine.record(measured) + machine.ends;
      const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
      self.say(spoilt ? bytes.slice(0, bytes.length >> 1) : bytes);
    };
    const show = (who: number, shown: (now: number) => Measured | undefined) => {
      const since = clock.mono();
      const line = () => {
        const now = clock.mono() - since;
        const measured = shown(now);
        if (who !== present || measured === undefined) return;
        const still = now >= standing;
        tell(measured, still && self.spoils());
        self.after(period, "the next line", line);
      };
      line();
    };
    const stand = (measured: Measured) => {
      /** While somebody steps on it no two lines are the same. */
      const moving = (part: number): Measured =>
        Object.fromEntries(Object.entries(measured).map(([item, value]) => [item, value * part]));
      self.after(standing, "stands still", () => {
        if (!self.silent()) truth.push(asTruth(measured));
      });
      present += 1;
      const who = present;
      self.after(stepping, "steps on it", () =>
        show(who, (now) => {
          if (now >= leaving) return undefined;
          return now < standing - stepping ? moving(0.4 + now / 1000) : measured;
        }),
      );
    };
    const speakOnce = (measured: Measured) =>
      self.after(2 * standing, "measures", () => {
        if (self.silent()) return;
        truth.push(asTruth(measured));
        tell(measured, self.spoils());
      });

    return {
      knobs,
      hear() {},
      turn(knob, to) {
        if (self.turn(knob, to)) return;
        if (knob === "measure") {
          const measured: Measured = measuredBy(to, scopes);
          if (stability === "once") speakOnce(measured);
          else stand(measured);
        } else if (knob === "stale") {
          present += 1;
          if (stability === "once") tell(somebodyElse);
          else show(present, () => somebodyElse);
        } else throw new Error(`a text scale has no knob "${knob}"; it has ${knobs.join(", ")}`);
      },
      truth: () => truth,
      stop: () => self.stop(),
    };
  },
};

export default definition;
