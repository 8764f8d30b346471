import { millis, type Clock, type Millis, type Timer } from "./clock.ts";

/** What lies before a simulated reader: one thing at a time; what is shown meanwhile waits behind it. */
export interface Showing<T> {
  present(): T | undefined;
  /** Shown for `span`, once what was there before is gone. */
  once(thing: T, span: Millis): void;
  /** Stays until it is taken away. */
  hold(thing: T): void;
  /** Nothing is there any more, and nothing waits. */
  takeAway(): void;
}

/** `came` is told each time that something is put there. Its timers end with `takeAway`. */
export function showing<T>(clock: Clock, came: () => void): Showing<T> {
  const behind: { readonly thing: T; readonly span: Millis }[] = [];
  let present: T | undefined;
  let leaving: Timer | undefined;

  const next = () => {
    leaving?.cancel();
    leaving = undefined;
    present = undefined;
    const shown = behind.shift();
    if (shown === undefined) return;
    present = shown.thing;
    leaving = clock.after(shown.span, "peer: what was shown goes", next);
    came();
  };
  const takeAway = () => {
    behind.length = 0;
    next();
  };

  return {
    present: () => present,
    once(thing, span) {
      behind.push({ thing, span });
      if (present === undefined) next();
    },
    hold(thing) {
      takeAway();
      present = thing;
      came();
    },
    takeAway,
  };
}

/** How long somebody who scans once keeps a code there. */
export const glance = millis(1200);
