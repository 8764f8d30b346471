import type { Reading } from "../../../devices/health/capability.ts";
import type { Millis } from "../../../devices/kit/clock.ts";
import { delays } from "../../delays.ts";
import { admitted } from "../health/admit.ts";
import { withoutMeals } from "../health/classify.ts";
import type { Findings } from "../health/findings.ts";
import type { Shown } from "../health/shown.ts";
import { roundOf, type Here } from "./here.ts";
import { instrumentOf, isOverdue } from "./instruments.ts";
import { isUpright, stepOf } from "./steps.ts";
import type { Measured, Visit } from "./visit.ts";

/** Who or what gave a reading: an instrument that began to measure then, or a finger on the keys. */
export type Source = { readonly device: string; readonly since: Millis } | "keys";

/**
 * Takes what was given for what it is, also where another step was asked for. What is not believed is no figure, and takes
 * none away; that it was doubtful is remembered until it was measured well.
 */
export function taking(here: Here, readings: readonly Reading[], source: Source): Visit {
  const { visit } = here;
  const round = roundOf(here);
  const admissions = admitted(readings);
  const fresh = readings.flatMap((reading, i): readonly Measured[] => {
    const admission = admissions[i];
    if (admission?.is !== "shown") return [];
    const step = stepOf(reading.item, round.step);
    const hurried = step === "pressure" && (round.unrested === true || round.step !== "pressure");
    return [
      {
        shown: ofOwnMeal(admission.shown),
        step,
        round: round.number,
        ...how(here, source, isUpright(step)),
        ...(hurried && source !== "keys" ? { unrested: true } : {}),
      },
    ];
  });
  const doubted = admissions.flatMap((one) => (one.is === "doubtful" ? [one.figure] : []));
  const settled = visit.doubtful.filter((figure) => !fresh.some(({ shown }) => shown.figure === figure));
  return {
    ...visit,
    taken: [...visit.taken, ...fresh],
    doubtful: [...new Set([...settled, ...doubted])],
  };
}

/** Meters with strips of several kinds mark every record with a meal; it says something of glucose alone. */
const ofOwnMeal = (shown: Shown): Shown =>
  shown.figure === "glucose" ? shown : { ...shown, notes: withoutMeals(shown.notes) };

function how(here: Here, source: Source, upright: boolean): Partial<Measured> {
  if (source === "keys") return { entered: true };
  const instrument = instrumentOf(here, source.device);
  const late = instrument !== undefined && isOverdue(here, instrument);
  const rested = Math.floor((source.since - here.visit.sat) / delays.minute);
  return {
    by: source.device,
    ...(late ? { overdue: true } : {}),
    ...(upright ? {} : { restedMinutes: rested }),
  };
}

/** What the rules are told of a visit. */
export const findingsOf = ({ cabin }: Pick<Here, "cabin">, { taken, symptoms, hotWork }: Visit): Findings => ({
  taken,
  symptoms,
  ...(hotWork === undefined ? {} : { hotWork }),
  ...(cabin.spo2 === undefined ? {} : { spo2: cabin.spo2 }),
});
