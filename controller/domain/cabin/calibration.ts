import { today } from "../almanac.ts";
import type { Books } from "../books.ts";
import type { Day } from "../credential.ts";
import type { Entry } from "../entry.ts";
import type { State } from "../state.ts";
import type { CabinInstrument, CabinSetting } from "./setting.ts";

// An instrument is measured against a better one once a year or so; until when that holds stands in the station file.

/** soon: it ends within the warning. over: its last day is past. */
export type Calibration = "holds" | "soon" | "over";

type Warning = Extract<Entry, { kind: "calibration" }>;
/** What was written down of an instrument: for which due date, and how that stood. */
export type Warned = Pick<Warning, "due" | "state">;

/** So many days before the last one the maintainer is told: whoever calibrates must come, or take the instrument away. */
export const warnedBefore = 30;

type Dated = Pick<CabinInstrument, "due">;

/** Days left: 0 on the last on which it holds, negative afterwards; undefined where no date is known. */
export const daysLeft = ({ due }: Dated, day: Day): number | undefined => (due === undefined ? undefined : due - day);

export function calibrationOf(instrument: Dated, day: Day): Calibration {
  const left = daysLeft(instrument, day);
  if (left === undefined || left > warnedBefore) return "holds";
  return left < 0 ? "over" : "soon";
}

/** What it measures may still be right, but nobody vouches for it. */
export const overdue = (instrument: Dated, day: Day): boolean => calibrationOf(instrument, day) === "over";

/** The day by which calibrations are judged. Where no clock is trusted it may be too early, and never too late. */
export const calibrationDay = ({ almanac, now }: Pick<State, "almanac" | "now">): Day => today(almanac, now).day;

/** What is to be written down now: of each due date one warning, and one end. A later date begins anew. */
export const warnings = (
  { instruments }: Pick<CabinSetting, "instruments">,
  day: Day,
  warned: Books["calibrations"],
): readonly Warning[] =>
  instruments.flatMap((instrument) => {
    const { id: device, due } = instrument;
    const state = calibrationOf(instrument, day);
    if (due === undefined || state === "holds") return [];
    const before = warned.get(device);
    // A clock that went back does not make an end a warning again.
    if (before?.due === due && (before.state === state || before.state === "over")) return [];
    return [{ kind: "calibration", device, due, state }];
  });
