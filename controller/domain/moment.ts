import type { Millis } from "../../devices/kit/clock.ts";

/** When something happened, by both clocks. */
export interface Moment {
  readonly mono: Millis;
  readonly utc: Millis;
  readonly trusted: boolean;
}
