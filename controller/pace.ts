import type { Clock, Timer } from "../devices/kit/clock.ts";
import type { Progress } from "../devices/health/capability.ts";
import { delays } from "./delays.ts";

export interface Pace {
  heard(progress: Progress): void;
  /** What was not passed on yet is forgotten. */
  stop(): void;
}

/**
 * Passes on what an instrument shows, at most ten times a second, however often it speaks: a pulse wave is gathered and
 * loses no sample, of everything else the newest is passed on.
 */
export function paced(clock: Clock, pass: (progress: Progress) => void): Pace {
  let waiting: Progress[] = [];
  let timer: Timer | undefined;

  const next = (): void => {
    timer = undefined;
    const progress = waiting.shift();
    if (progress === undefined) return;
    timer = clock.after(delays.progressTold, "meter: progress", next);
    pass(progress);
  };

  return {
    heard(progress) {
      const alike = waiting.findIndex((one) => (one.is === "wave") === (progress.is === "wave"));
      const before = waiting[alike];
      if (before === undefined) waiting.push(progress);
      else waiting[alike] = joined(before, progress);
      if (timer === undefined) next();
    },
    stop() {
      timer?.cancel();
      timer = undefined;
      waiting = [];
    },
  };
}

const joined = (before: Progress, now: Progress): Progress =>
  before.is === "wave" && now.is === "wave" ? { ...now, samples: [...before.samples, ...now.samples] } : now;
