import { fault, type Fault } from "./fault.ts";
import { err, type Result } from "./result.ts";

/** One measurement at a time; it ends with what comes first. */
export interface Measuring<T> {
  /**
   * `begin` is called at once with the way to end the measurement; what it gives back is done when that is over, however
   * it ended: listening stopped, timers cancelled, a cuff let go. `interrupted` where `stop` is aborted, `busy` where
   * another measurement is under way.
   */
  measure(stop: AbortSignal, begin: (end: (outcome: Result<T>) => void) => () => void): Promise<Result<T>>;
  underWay(): boolean;
  /** Ends the present measurement and refuses all later ones: the wire is lost, or the device was closed. */
  close(why: Fault): void;
}

export function measuring<T>(): Measuring<T> {
  let present: ((outcome: Result<T>) => void) | undefined;
  let gone: Fault | undefined;
  return {
    measure: (stop, begin) =>
      new Promise((settle) => {
        const interrupted = fault("interrupted", "the measurement was stopped");
        if (gone) return settle(err(gone));
        if (stop.aborted) return settle(err(interrupted));
        if (present) return settle(err(fault("busy", "somebody is being measured: wait until that has ended")));

        let tidy = () => {};
        const stopped = () => end(err(interrupted));
        const end = (outcome: Result<T>) => {
          if (present !== end) return;
          present = undefined;
          stop.removeEventListener("abort", stopped);
          tidy();
          settle(outcome);
        };
        present = end;
        stop.addEventListener("abort", stopped);
        tidy = begin(end);
        // It may have ended before it had begun.
        if (present !== end) tidy();
      }),
    underWay: () => present !== undefined,
    close(why) {
      gone ??= why;
      present?.(err(gone));
    },
  };
}
