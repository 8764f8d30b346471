import type { Clock, Millis } from "../devices/kit/clock.ts";
import { delays } from "./delays.ts";

/** A part of the kiosk that the watchdog asks whether it still lives. */
export interface Watched {
  /** As the technician reads it: "disk", "screen". */
  readonly name: string;
  fresh(): boolean;
}

/** For what turns by itself, such as the supervisor's round: fresh while its last beat is younger than `limit`. */
export function pulse(clock: Clock, name: string, limit: Millis = delays.stale): Watched & { beat(): void } {
  let last = clock.mono();
  return {
    name,
    beat() {
      last = clock.mono();
    },
    fresh: () => clock.mono() - last <= limit,
  };
}

/**
 * For what answers when asked, such as the disk or a step of the loop: stale while a question is older than `limit`.
 * Nothing asked is fresh: an idle disk is a healthy disk. A refusal is an answer too.
 */
export function answers(
  clock: Clock,
  name: string,
  limit: Millis = delays.stale,
): Watched & { during<T>(answer: Promise<T>): Promise<T> } {
  const open = new Set<{ readonly since: Millis }>();
  return {
    name,
    async during(answer) {
      const question = { since: clock.mono() };
      open.add(question);
      try {
        return await answer;
      } finally {
        open.delete(question);
      }
    },
    fresh() {
      const [oldest] = open;
      return oldest === undefined || clock.mono() - oldest.since <= limit;
    },
  };
}

/**
 * The worker's screen, which acknowledges every picture, twice a second where a pulse moves, and otherwise says every
 * 5 s that it still paints. Before its first word the browser has `delays.screenStarts` to come up.
 */
export function glass(clock: Clock): Watched & { painted(): void } {
  let last: Millis | undefined;
  const opened = clock.mono();
  return {
    name: "screen",
    painted() {
      last = clock.mono();
    },
    fresh: () =>
      last === undefined ? clock.mono() - opened <= delays.screenStarts : clock.mono() - last <= delays.stale,
  };
}
