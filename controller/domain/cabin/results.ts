import type { Millis } from "../../../devices/kit/clock.ts";
import type { DrawnBand } from "../health/classify.ts";
import type { Figure } from "../health/figure.ts";
import type { Flag } from "../health/findings.ts";
import type { ClassId, Place } from "../health/ranges.ts";
import type { Shown } from "../health/shown.ts";

/** A figure as a person is told it: on the glass, on the slip, in the QR code. */
export interface ToldFigure {
  readonly shown: Shown;
  /** Where it stands; absent where no table is cited, or it depends on what was not told. */
  readonly place?: Place;
  readonly class?: ClassId;
  /** The bands to draw beside it, from low to high; empty where there is no table. */
  readonly bands: readonly DrawnBand[];
  /** The table's edges, or its cite, wait for a clinician's signature. */
  readonly needsClinician?: true;
  /** The mean of so many measurements. */
  readonly mean?: number;
  /** What each of these gave, in their order. */
  readonly each?: readonly number[];
  /** Measured without the rest before it. */
  readonly unrested?: true;
  /** The instrument's calibration has ended. */
  readonly overdue?: true;
  /** Typed in, not measured. */
  readonly entered?: true;
  /** Id of the device that measured it; absent where it was typed in or reckoned. */
  readonly by?: string;
}

/** All that a person takes home. */
export interface Results {
  /** UTC; absent where no clock can be trusted. */
  readonly at?: Millis;
  /** In the order in which figures are shown. */
  readonly figures: readonly ToldFigure[];
  /** Measured, and not believed: no number is told of them. */
  readonly doubtful: readonly Figure[];
  /** The worst first. */
  readonly flags: readonly Flag[];
  /** The check-up pass, where the visit has one: without its code nobody finds it again. */
  readonly pass?: { readonly code: string; readonly ticked: number; readonly of: number };
}
