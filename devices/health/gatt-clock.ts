import { utcOf, type CivilTime } from "../kit/civil.ts";
import { millis, seconds, type Clock, type Millis } from "../kit/clock.ts";
import { fieldsOf } from "./gatt-fields.ts";

// How old a stored result is, by the clock of the instrument that stored it. That clock may be wrong by hours: only the
// time between the result and now is taken from it, so that it need not be set.

/** Current Time, and Date Time, which A&D has instead; the first seven bytes are alike [instruments.md 2.9]. */
export const clocks: readonly string[] = ["2a2b", "2a08"];

/** Both clocks count whole seconds, and the answer took its time. */
const slack = seconds(5);

export interface InstrumentClock {
  /** The value of its clock came. */
  read(bytes: Uint8Array): void;
  /** Whether a result of that time was made since `began`; undefined where that cannot be told. */
  isSince(at: CivilTime | undefined, began: Millis): boolean | undefined;
  forget(): void;
}

export function instrumentClock(clock: Clock): InstrumentClock {
  /** What it showed, and when it showed that. */
  let seen: { readonly shown: Millis; readonly mono: Millis } | undefined;
  return {
    read(bytes) {
      const fields = fieldsOf(bytes);
      const time = fields.time();
      if (time && fields.isWhole()) seen = { shown: utcOf(time), mono: clock.mono() };
    },
    isSince(at, began) {
      if (seen === undefined || at === undefined) return undefined;
      /** On the kiosk's monotonic clock. */
      const made = millis(utcOf(at) - seen.shown + seen.mono);
      // From the future means that the clock was set in between: then nothing is known.
      return made >= began - slack && made <= clock.mono() + slack;
    },
    forget: () => (seen = undefined),
  };
}
