import type { Clock, Millis, Timer } from "./clock.ts";
import { fault, type Fault } from "./fault.ts";
import type { Listening } from "./port.ts";
import { err, type Result } from "./result.ts";

// Instruments that keep what they measured and never say by themselves that somebody was measured.

/** What a memory shows at one look. */
export interface Look<R> {
  /** Records that it keeps. A full one forgets the oldest, and the number stays. */
  readonly count: number;
  readonly newest: R | undefined;
}

export interface Memory<R> {
  /** Asks; erases and marks nothing. */
  look(): Promise<Result<Look<R>>>;
  /** Whether two records are one and the same: time and values, all that they have. */
  isSame(one: R, other: R): boolean;
  /** Between two looks. */
  readonly period: Millis;
  /** While it measures it may be silent so long before it is given up. */
  readonly patience: Millis;
}

/** What is told while a memory is watched; after `failed` nothing more. */
export interface Watcher<R> {
  /** The memory was seen as it is now: from here on a record counts. */
  begun(): void;
  /** A record that was not there before. */
  grown(newest: R): void;
  failed(why: Fault): void;
}

/** What it keeps is all of other people, however new it looks. */
export const otherMeter: Fault = fault("refused", "another meter was put on the cable: begin again");

/**
 * A look at one instrument on a cable, from a measurement's beginning to its end: before anything that changed is
 * believed, `isStill` asks whether it is the instrument of the beginning. Where it is another one nothing counts.
 */
export function atOne<R>(
  { look, isSame }: Pick<Memory<R>, "look" | "isSame">,
  isStill: () => Promise<Result<boolean>>,
): Memory<R>["look"] {
  let before: Look<R> | undefined;
  const isUnchanged = (was: Look<R>, now: Look<R>) => {
    if (was.count !== now.count) return false;
    return was.newest === undefined || now.newest === undefined
      ? was.newest === now.newest
      : isSame(was.newest, now.newest);
  };
  return async () => {
    const seen = await look();
    if (!seen.ok) return seen;
    if (before && !isUnchanged(before, seen.value)) {
      const still = await isStill();
      if (!still.ok) return still;
      if (!still.value) return err(otherMeter);
    }
    before = seen.value;
    return seen;
  };
}

/**
 * What lies in the memory at the first look belongs to somebody else, however new its time says it is. A record counts
 * once there are more of them, or the newest is another one: a full memory keeps its number.
 */
export function watchMemory<R>(clock: Clock, label: string, memory: Memory<R>, told: Watcher<R>): Listening {
  let before: Look<R> | undefined;
  let timer: Timer | undefined;
  let stopped = false;
  let lastSeen = clock.mono();

  const later = () => {
    timer = clock.after(memory.period, `${label}: before the next look into the memory`, () => void look());
  };
  const see = (now: Look<R>) => {
    lastSeen = clock.mono();
    const was = before;
    before = now;
    if (was === undefined) return told.begun();
    // A memory that somebody emptied shows older records as its newest.
    if (now.newest === undefined || now.count < was.count) return;
    if (now.count > was.count || was.newest === undefined || !memory.isSame(now.newest, was.newest))
      told.grown(now.newest);
  };
  const look = async () => {
    const seen = await memory.look();
    if (stopped) return;
    if (seen.ok) see(seen.value);
    else if (isFinal(seen.error)) return told.failed(seen.error);
    if (!stopped) later();
  };
  /** Without a first look nothing could count; later an instrument may be busy with the person. */
  const isFinal = ({ kind }: Fault) =>
    before === undefined || (kind !== "silent" && kind !== "garbled") || clock.mono() - lastSeen > memory.patience;

  void look();
  return {
    stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}
