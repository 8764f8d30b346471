import type { CivilTime } from "../kit/civil.ts";
import type { Reading } from "./capability.ts";

/** What the value of a characteristic tells. Names and numbers of users end before. */
export type Told =
  /** A whole result; `at` by the instrument's own clock, where it says when. */
  | {
      readonly is: "result";
      readonly readings: readonly Reading[];
      readonly at: CivilTime | undefined;
      /** The instrument itself says that it took it from its memory. */
      readonly stored?: boolean;
    }
  /** One moment of a finger or a belt, not steady yet. */
  | { readonly is: "moment"; readonly moment: Moment }
  /** No finger is in it, or no pulse is found. */
  | { readonly is: "empty" }
  | { readonly is: "cuff"; readonly pressure: number }
  /** Pulse wave, 0 to 100. */
  | { readonly is: "wave"; readonly samples: readonly number[] }
  /** The instrument could not measure; a sentence for the technician without a value, and when, as with a result. */
  | { readonly is: "refused"; readonly says: string; readonly at: CivilTime | undefined };

export interface Moment {
  readonly spo2?: number;
  readonly pulse?: number;
  readonly perfusion?: number;
}
