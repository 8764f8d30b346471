import type { Item } from "../../../devices/health/capability.ts";
import { millis, type Millis } from "../../../devices/kit/clock.ts";
import { delays } from "../../delays.ts";
import { memberDay } from "../almanac.ts";
import type { Day } from "../credential.ts";
import { stay, type Effect, type Setting, type State, type Stepped } from "../state.ts";
import { calibrationDay, warnings } from "./calibration.ts";
import { counted, told, untold, type Telling, type Test } from "./counts.ts";

// What the kiosk writes down of its cabin by itself, for the centre.

/** The day on which visits are counted: a clock that nobody vouches for brings no new day by a jump. */
const countingDay = ({ almanac, now, counts }: State): Day => memberDay(almanac, now, counts.newest);

/** A person who gave consent has gone. `items`: what was measured; `tests`: every measurement that ended. */
export function visitCounted(state: State, items: Iterable<Item>, tests: readonly Test[]): Stepped {
  const counts = counted(state.counts, items, countingDay(state), tests);
  return counts === state.counts ? stay(state) : stay({ ...state, counts }, { kind: "keep-counts", counts });
}

/** Tells the counts when a day is over. The entry and what stays untold are one write: no cut tells them twice. */
export function tellCounts(state: State): Stepped {
  if (state.diskFault !== undefined || state.unsaved.length > 0) return stay(state);
  const telling = told(state.counts, countingDay(state));
  if (telling === undefined) return stay(state);
  const { entry, rest } = telling;
  return stay({ ...state, counts: rest }, { kind: "save", entry, counts: rest });
}

/** The disk refused them: they are told when it works again, and kept as they are until then. */
export function tellingNotSaved(state: State, entry: Telling): Stepped {
  const counts = untold(state.counts, entry);
  return stay({ ...state, counts }, { kind: "keep-counts", counts });
}

/** When counts that the disk refused are offered to it again; undefined where it has them. */
export const keptAgainAt = ({ countsRefused }: State): Millis | undefined =>
  countsRefused === undefined ? undefined : millis(countsRefused + delays.diskRetried);

/** Whoever was counted while the card was full is on it as soon as it works, and not only with the next visit. */
export function keepCountsAgain(state: State): Stepped {
  const at = keptAgainAt(state);
  if (at === undefined || state.now.mono < at) return stay(state);
  const { countsRefused: _, ...rest } = state;
  return stay(rest, { kind: "keep-counts", counts: state.counts });
}

/** Warns of calibrations that end, and of those that have ended. */
export function warnOfCalibrations({ cabin }: Setting, state: State): Stepped {
  if (cabin === undefined) return stay(state);
  const due = warnings(cabin, calibrationDay(state), state.warned);
  if (due.length === 0) return stay(state);
  const warned = new Map(state.warned);
  for (const { device, due: date, state: how } of due) warned.set(device, { due: date, state: how });
  return stay({ ...state, warned }, ...due.map((entry): Effect => ({ kind: "save", entry })));
}
