import { millis, type Clock, type Millis } from "../../devices/kit/clock.ts";

/** A clock that moves only when told, and then from timer to timer. */
export interface ManualClock extends Clock {
  /** Moves to `until`, waking in order of time, then of asking. Between two wakes all that can run has run. */
  run(until: number): Promise<void>;
  /** Moves on by `span`. */
  pass(span: number): Promise<void>;
  /** Moves until `so` holds; false where it does not within `limit`. */
  until(so: () => boolean, limit?: number): Promise<boolean>;
  /** Moves until `work` has settled and gives its value; throws, naming what still waits, after `limit`. */
  finish<T>(work: Promise<T>, limit?: number): Promise<T>;
  /** The labels of all that waits, the next first. */
  pending(): readonly string[];
}

interface Wait {
  readonly at: number;
  readonly turn: number;
  readonly label: string;
  readonly wake: () => void;
}

const restingPlace = Date.UTC(2026, 6, 1);
/** Lets every promise that can settle do so. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

export function manualClock(): ManualClock {
  let now = 0;
  let turns = 0;
  const waits: Wait[] = [];

  const place = (wait: Wait) => {
    let low = 0;
    let high = waits.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = waits[middle];
      if (other !== undefined && (other.at < wait.at || (other.at === wait.at && other.turn < wait.turn)))
        low = middle + 1;
      else high = middle;
    }
    waits.splice(low, 0, wait);
  };

  const step = async (until: number) => {
    await settled();
    const next = waits[0];
    if (next === undefined || next.at > until) return false;
    waits.shift();
    now = next.at;
    next.wake();
    return true;
  };

  const run = async (until: number) => {
    while (await step(until));
    now = Math.max(now, until);
  };

  const until = async (so: () => boolean, limit = 600_000) => {
    const end = now + limit;
    for (;;) {
      await settled();
      if (so()) return true;
      if (!(await step(end))) return false;
    }
  };

  return {
    mono: () => millis(now),
    wall: () => ({ utc: millis(restingPlace + now), trusted: true }),
    after(delay: Millis, label, wake) {
      const wait = { at: now + Math.max(0, delay), turn: turns++, label, wake };
      place(wait);
      return {
        cancel() {
          const at = waits.indexOf(wait);
          if (at >= 0) waits.splice(at, 1);
        },
      };
    },
    run,
    pass: (span) => run(now + span),
    until,
    async finish(work, limit = 600_000) {
      let done = false;
      const marked = work.finally(() => (done = true));
      marked.catch(() => {});
      if (await until(() => done, limit)) return marked;
      const waiting = waits.map((wait) => wait.label).join(", ");
      throw new Error(`still not settled after ${limit} ms; waiting: ${waiting || "nothing"}`);
    },
    pending: () => waits.map((wait) => wait.label),
  };
}
