import { millis, type Clock, type Timer } from "./clock.ts";

// What simulated instruments and readers have in common. The knobs are those of test/contract/README.md.

/** What a simulated instrument tells of an item, in its own unit. */
export interface Scope {
  readonly from: number;
  readonly to: number;
  /** The finest that it tells. */
  readonly step: number;
  /** Filled in where the knob does not say. */
  readonly usual: number;
  /** It can say HI and LO. */
  readonly beyond?: boolean;
}

/**
 * Reads the knob `measure`: "item=value,item=value". What is left out is filled in.
 * @returns a number for each item; Infinity and -Infinity for HI and LO.
 * @throws for what this instrument could never give.
 */
export function measuredBy<I extends string>(
  text: unknown,
  scopes: Readonly<Record<I, Scope>>,
): Readonly<Record<I, number>> {
  const known: ReadonlyMap<string, Scope> = new Map(Object.entries<Scope>(scopes));
  const told: Record<string, number> = Object.fromEntries([...known].map(([item, { usual }]) => [item, usual]));
  for (const part of String(text).split(",").filter(Boolean)) {
    const [item = "", value = ""] = part.split("=");
    const scope = known.get(item);
    if (scope === undefined)
      throw new Error(`this instrument does not measure "${item}"; it measures ${[...known.keys()].join(", ")}`);
    told[item] = numberOf(value, item, scope);
  }
  return told as Record<I, number>;
}

function numberOf(value: string, item: string, { from, to, step, beyond }: Scope): number {
  if (beyond && value === "HI") return Infinity;
  if (beyond && value === "LO") return -Infinity;
  const number = value === "" ? Number.NaN : Number(value);
  const steps = number / step;
  const fine = Math.abs(steps - Math.round(steps)) < 1e-6;
  if (!(number >= from && number <= to && fine))
    throw new Error(`${item}: this instrument tells ${from} to ${to} in steps of ${step}, not "${value}"`);
  return number;
}

/** A measurement as it stands in `truth()`. */
export const asTruth = (measured: Readonly<Record<string, number>>): string =>
  Object.entries(measured)
    .map(([item, value]) => `${item}=${value === Infinity ? "HI" : value === -Infinity ? "LO" : value}`)
    .join(",");

/** A simulated machine's voice and its timers, with the knobs `silent`, `slow` and `garble`. */
export interface Actor<T = Uint8Array> {
  after(delay: number, label: string, then: () => void): void;
  /** Not while it is silent. */
  say(word: T): void;
  silent(): boolean;
  /** Whether the result that is said now shall be damaged; counts `garble` down. */
  spoils(): boolean;
  /** False where the knob is not one of its own. */
  turn(knob: string, to: string | number | boolean): boolean;
  stop(): void;
}

export function actor<T = Uint8Array>(name: string, clock: Clock, send: (word: T) => void): Actor<T> {
  const timers = new Set<Timer>();
  let silent = false;
  let slow = 0;
  let garble = 0;
  const after = (delay: number, label: string, then: () => void) => {
    const timer = clock.after(millis(delay), `${name} peer: ${label}`, () => {
      timers.delete(timer);
      then();
    });
    timers.add(timer);
  };
  return {
    after,
    say(word) {
      if (silent) return;
      after(slow, "speaks", () => {
        if (!silent) send(word);
      });
    },
    silent: () => silent,
    spoils() {
      const now = garble > 0;
      if (now) garble -= 1;
      return now;
    },
    turn(knob, to) {
      if (knob === "silent") silent = to === true;
      else if (knob === "slow") slow = Number(to);
      else if (knob === "garble") garble = Number(to);
      else return false;
      return true;
    },
    stop() {
      for (const timer of timers) timer.cancel();
      timers.clear();
    },
  };
}
