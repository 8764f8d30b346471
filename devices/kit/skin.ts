import type { Clock, Millis } from "./clock.ts";

// When somebody's skin is before a bare sensor, or against it, and not the wall. The sensor cannot tell: it measures
// whatever is there.

/** Degrees Celsius between which skin lies, in the cold and with fever. */
const coolest = 30;
const hottest = 45;
export interface Skin {
  /** Whoever comes is warmer by so much than what was there before. In a hot cabin the wall alone could pass for skin. */
  readonly rise: number;
  /** Steady: no more than this … */
  readonly spread: number;
  /** … for so long. */
  readonly settling: Millis;
  /** A stream that was away so long begins anew. */
  readonly longestGap: Millis;
}

export interface Watcher {
  /** Whoever was there went before it was steady. */
  gone(): void;
  /** Degrees Celsius, a value that was really sent. */
  steady(degrees: number): void;
}

/** What is given back takes the temperatures as they come, from the time at which the person was asked to come near. */
export function watchSkin(
  clock: Clock,
  { rise, spread, settling, longestGap }: Skin,
  { gone, steady }: Watcher,
): (degrees: number) => void {
  let lowest = Infinity;
  /** Not longer than `settling`, as it ends with it. */
  let run: { readonly at: Millis; readonly degrees: number }[] = [];

  return (degrees) => {
    const at = clock.mono();
    lowest = Math.min(lowest, degrees);
    if (degrees < coolest || degrees > hottest || degrees - lowest < rise) {
      if (run.length > 0) gone();
      run = [];
      return;
    }
    const last = run.at(-1);
    const all = [...run.map((one) => one.degrees), degrees];
    const isSteady = Math.max(...all) - Math.min(...all) <= spread;
    if (!isSteady || (last !== undefined && at - last.at > longestGap)) run = [];
    run.push({ at, degrees });
    const [first] = run;
    if (first === undefined || at - first.at < settling) return;
    const sorted = run.map((one) => one.degrees).toSorted((a, b) => a - b);
    const median = sorted[(sorted.length - 1) >> 1];
    run = [];
    if (median !== undefined) steady(median);
  };
}
