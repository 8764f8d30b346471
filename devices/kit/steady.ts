import type { Millis } from "./clock.ts";

/** Of what stands still on a scale or a display. */
export interface Steadiness {
  /** What is seen now, undefined for what does not count. True once it has stood still. */
  see(seen: string | undefined, now: Millis): boolean;
}

/** Still is what was seen `equal` times in a row, or unchanged for `span`, whichever comes first. */
export function steadiness({ equal, span }: { readonly equal?: number; readonly span?: Millis }): Steadiness {
  let last: { readonly seen: string; readonly since: Millis; times: number } | undefined;
  return {
    see(seen, now) {
      if (seen === undefined) {
        last = undefined;
        return false;
      }
      if (last?.seen !== seen) last = { seen, since: now, times: 0 };
      last.times += 1;
      return (equal !== undefined && last.times >= equal) || (span !== undefined && now - last.since >= span);
    },
  };
}
