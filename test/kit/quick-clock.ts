import { millis, type Clock } from "../../devices/kit/clock.ts";

/** For tests with real sockets: waits are true ones, `times` as short, and it knows which still wait. */
export interface QuickClock extends Clock {
  /** The labels of all that waits. */
  pending(): readonly string[];
}

export function quickClock(times: number, trusted = true): QuickClock {
  const waits = new Map<NodeJS.Timeout, string>();
  return {
    mono: () => millis(performance.now() * times),
    wall: () => ({ utc: millis(Date.now()), trusted }),
    after(delay, label, wake) {
      const timer = setTimeout(() => {
        waits.delete(timer);
        wake();
      }, delay / times);
      waits.set(timer, label);
      return {
        cancel() {
          clearTimeout(timer);
          waits.delete(timer);
        },
      };
    },
    pending: () => [...waits.values()],
  };
}
