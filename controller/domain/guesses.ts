import { millis, type Millis } from "../../devices/kit/clock.ts";
import { delays } from "../delays.ts";
import type { Candidate, Day } from "./credential.ts";
import type { Moment } from "./moment.ts";

/** codes: what is typed, and scanned codes without a signature. numbers: bare UIDs of cards, printed member numbers. */
export type Bucket = "codes" | "numbers";

/** Tries that may be wrong before a bucket rests. With one back a minute: at most 1,450 guesses a day over any pattern. */
export const sizes: Readonly<Record<Bucket, number>> = { codes: 10, numbers: 30 };

/** More well-formed unknown codes a day than honest fingers make. */
export const suspicious = 60;

/** The bucket that a candidate is guessed from; none for what a key vouches for. */
export function bucketOf({ credential, proof }: Pick<Candidate, "credential" | "proof">): Bucket | undefined {
  if (credential.kind === "derived" || credential.kind === "list") return "codes";
  return credential.kind === "member" && proof === "number" ? "numbers" : undefined;
}

export const triesOf = ({ guesses, numbers }: Buckets, bucket: Bucket): Guesses =>
  bucket === "codes" ? guesses : numbers;

export const withTries = <B extends Buckets>(buckets: B, bucket: Bucket, tries: Guesses): B =>
  bucket === "codes" ? { ...buckets, guesses: tries } : { ...buckets, numbers: tries };

/** Where the two stand. */
interface Buckets {
  readonly guesses: Guesses;
  readonly numbers: Guesses;
}

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

export const fresh = (now: Moment, bucket: Bucket = "codes"): Guesses => ({
  tries: sizes[bucket],
  counted: now.mono,
  day: 0,
  unknown: 0,
});

/** The bucket as it is now. */
export function refilled(guesses: Guesses, mono: Millis, bucket: Bucket = "codes"): Guesses {
  const capacity = sizes[bucket];
  const back = Math.floor((mono - guesses.counted) / delays.guessReturns);
  if (back <= 0) return guesses.tries >= capacity ? { ...guesses, counted: mono } : guesses;
  const tries = Math.min(capacity, guesses.tries + back);
  return {
    ...guesses,
    tries,
    counted: tries === capacity ? mono : millis(guesses.counted + back * delays.guessReturns),
  };
}

export function spend(guesses: Guesses, mono: Millis, day: Day, bucket: Bucket = "codes"): Guesses {
  const now = refilled(guesses, mono, bucket);
  const unknown = (now.day === day ? now.unknown : 0) + 1;
  return { ...now, tries: Math.max(0, now.tries - 1), day, unknown };
}

/** A success gives one back. */
export function giveBack(guesses: Guesses, mono: Millis, bucket: Bucket = "codes"): Guesses {
  const now = refilled(guesses, mono, bucket);
  return { ...now, tries: Math.min(sizes[bucket], now.tries + 1) };
}

/** How long until there is a try again; 0 where there is one now. */
export function rest(guesses: Guesses, mono: Millis, bucket: Bucket = "codes"): Millis {
  const now = refilled(guesses, mono, bucket);
  return millis(now.tries >= 1 ? 0 : now.counted + delays.guessReturns - mono);
}

export const keepGuesses = (guesses: Guesses, now: Moment, bucket: Bucket = "codes"): KeptGuesses => {
  const { tries, day, unknown } = refilled(guesses, now.mono, bucket);
  return { tries, utc: now.utc, trusted: now.trusted, day, unknown };
};

/** A gap without trusted time at both ends brings nothing back: pulling the plug is no way round the limit. */
export function recallGuesses(kept: KeptGuesses, now: Moment, bucket: Bucket = "codes"): Guesses {
  const gap = kept.trusted && now.trusted ? Math.max(0, now.utc - kept.utc) : 0;
  const tries = Math.min(sizes[bucket], kept.tries + Math.floor(gap / delays.guessReturns));
  return { tries, counted: now.mono, day: kept.day, unknown: kept.unknown };
}
