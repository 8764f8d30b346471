import { millis, type Millis } from "../../devices/kit/clock.ts";
import { delays } from "../delays.ts";
import type { Day } from "./credential.ts";
import type { Moment } from "./moment.ts";

/** Tries that may be wrong before the keypad rests. pickup-codes: at most 1,450 guesses a day over any pattern. */
export const capacity = 10;

/** More well-formed unknown codes a day than honest fingers make. */
export const suspicious = 60;

/** A bucket of tries. Only a well-formed unknown code costs one; one comes back each minute. */
export interface Guesses {
  readonly tries: number;
  /** Monotonic time up to which returning tries are counted. */
  readonly counted: Millis;
  /** Unknown codes of the present day. */
  readonly day: Day;
  readonly unknown: number;
}

/** What is kept over a restart. */
export interface KeptGuesses {
  readonly tries: number;
  readonly utc: number;
  readonly trusted: boolean;
  readonly day: Day;
  readonly unknown: number;
}

export const fresh = (now: Moment): Guesses => ({ tries: capacity, counted: now.mono, day: 0, unknown: 0 });

/** The bucket as it is now. */
export function refilled(guesses: Guesses, mono: Millis): Guesses {
  const back = Math.floor((mono - guesses.counted) / delays.guessReturns);
  if (back <= 0) return guesses.tries >= capacity ? { ...guesses, counted: mono } : guesses;
  const tries = Math.min(capacity, guesses.tries + back);
  return {
    ...guesses,
    tries,
    counted: tries === capacity ? mono : millis(guesses.counted + back * delays.guessReturns),
  };
}

export function spend(guesses: Guesses, mono: Millis, day: Day): Guesses {
  const now = refilled(guesses, mono);
  const unknown = (now.day === day ? now.unknown : 0) + 1;
  return { ...now, tries: Math.max(0, now.tries - 1), day, unknown };
}

/** A success gives one back. */
export function giveBack(guesses: Guesses, mono: Millis): Guesses {
  const now = refilled(guesses, mono);
  return { ...now, tries: Math.min(capacity, now.tries + 1) };
}

/** How long until the keypad accepts a code again; 0 where it does now. */
export function rest(guesses: Guesses, mono: Millis): Millis {
  const now = refilled(guesses, mono);
  return millis(now.tries >= 1 ? 0 : now.counted + delays.guessReturns - mono);
}

export const keepGuesses = (guesses: Guesses, now: Moment): KeptGuesses => {
  const { tries, day, unknown } = refilled(guesses, now.mono);
  return { tries, utc: now.utc, trusted: now.trusted, day, unknown };
};

/** A gap without trusted time at both ends brings nothing back: pulling the plug is no way round the limit. */
export function recallGuesses(kept: KeptGuesses, now: Moment): Guesses {
  const gap = kept.trusted && now.trusted ? Math.max(0, now.utc - kept.utc) : 0;
  const tries = Math.min(capacity, kept.tries + Math.floor(gap / delays.guessReturns));
  return { tries, counted: now.mono, day: kept.day, unknown: kept.unknown };
}
