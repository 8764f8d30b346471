import type { Clock, Millis } from "../../devices/kit/clock.ts";

/** So much of something may be done at once, and then one more each `every`: what it costs is bounded, whoever asks for it. */
export interface Allowance {
  /** Whether it may be done now; it counts then as done. */
  take(): boolean;
}

export function allowance(
  clock: Clock,
  { atOnce, every }: { readonly atOnce: number; readonly every: Millis },
): Allowance {
  let left = atOnce;
  let counted = clock.mono();
  return {
    take() {
      const back = Math.floor((clock.mono() - counted) / every);
      if (back > 0) {
        left = Math.min(atOnce, left + back);
        counted = (left === atOnce ? clock.mono() : counted + back * every) as Millis;
      }
      if (left === 0) return false;
      left -= 1;
      return true;
    },
  };
}
