export interface Dice {
  /** From 0 up to, not including, 1. */
  readonly roll: () => number;
  readonly chance: (probability: number) => boolean;
  /** A whole number from `low` up to, not including, `high`. */
  readonly between: (low: number, high: number) => number;
}

/** The same seed gives the same rolls: mulberry32, which is fair enough for noise and quick. */
export function dice(seed: number): Dice {
  let state = seed >>> 0;
  const roll = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    roll,
    chance: (probability) => roll() < probability,
    between: (low, high) => low + Math.floor(roll() * (high - low)),
  };
}
