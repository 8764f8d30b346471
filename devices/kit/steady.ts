import { millis, type Clock, type Millis } from "./clock.ts";
import type { Hearing } from "./hearing.ts";
import { measuring } from "./measuring.ts";
import { err, type Result } from "./result.ts";

// For scales and displays that say again and again what they see.

/** No scale speaks so often: what is the same so soon after is an echo on the line and proves nothing. */
const echo = millis(20);

/** Still is what was seen `equal` times in a row, or unchanged for `span`, whichever comes first. */
export interface Rule {
  readonly equal?: number;
  readonly span?: Millis;
}

export interface Steadiness {
  /** What is seen now, undefined for what does not count. True once it has stood still. */
  see(seen: string | undefined, now: Millis): boolean;
}

export function steadiness({ equal, span }: Rule): Steadiness {
  let last: { readonly seen: string; readonly since: Millis; counted: Millis; times: number } | undefined;
  return {
    see(seen, now) {
      if (seen === undefined) {
        last = undefined;
        return false;
      }
      if (last?.seen !== seen) last = { seen, since: now, counted: now, times: 1 };
      else if (now - last.counted >= echo) {
        last.counted = now;
        last.times += 1;
      }
      return (equal !== undefined && last.times >= equal) || (span !== undefined && now - last.since >= span);
    },
  };
}

/** What one message shows. */
export interface Look<T> {
  /** What must stand still; undefined while nobody is there, or while the instrument itself says that it moves. */
  readonly seen: string | undefined;
  /** What it would be if it stood still. */
  readonly outcome: Result<T> | undefined;
}

export interface Standing<R, T> {
  /** What stands still first of all that was said since `began`. `moving` is told what does not stand still yet. */
  next(
    asked: { readonly stop: AbortSignal; readonly began: Millis; heard(progress: { readonly is: "waiting" }): void },
    look: (heard: R) => Look<T> | undefined,
    moving: (value: T) => void,
  ): Promise<Result<T>>;
}

/**
 * @param mustMove what stood there from the beginning does not count until something else was seen: for machines that may
 * show the last person's values until the next one comes.
 */
export function standing<R, T>(
  heard: Hearing<R>,
  clock: Clock,
  { mustMove, ...rule }: Rule & { readonly mustMove: boolean },
): Standing<R, T> {
  const turns = measuring<T>();
  return {
    next: ({ stop, began, heard: tell }, look, moving) =>
      turns.measure(stop, (end) => {
        tell({ is: "waiting" });
        const still = steadiness(rule);
        let first: Look<T> | undefined;
        let moved = !mustMove;
        const ear = heard.seen(
          (message, since) => {
            const now = since < began ? undefined : look(message);
            if (now === undefined) return;
            first ??= now;
            moved ||= now.seen === undefined || now.seen !== first.seen;
            if (still.see(now.seen, clock.mono()) && moved && now.outcome) end(now.outcome);
            else if (moved && now.outcome?.ok) moving(now.outcome.value);
          },
          (why) => end(err(why)),
        );
        return () => ear.stop();
      }),
  };
}
