import type { Item, Person } from "../../../devices/health/capability.ts";
import type { StepTile } from "../../screen/cabin-model.ts";
import { calibrationDay, overdue } from "./calibration.ts";
import type { Here } from "./here.ts";
import type { CabinInstrument } from "./setting.ts";
import { isGathered, stepIds, wanted, type StepId } from "./steps.ts";
import type { Round, Visit } from "./visit.ts";

// Which instrument is asked, and what a step still lacks.

/** What comes next of a step: an instrument, or an item to be typed. */
export type Part =
  | { readonly is: "measure"; readonly instrument: CabinInstrument }
  | { readonly is: "enter"; readonly item: Item };

export const isOverdue = ({ state }: Pick<Here, "state">, instrument: CabinInstrument): boolean =>
  overdue(instrument, calibrationDay(state));

const answers = ({ state }: Here, { id }: CabinInstrument): boolean => state.presence.get(id) === "working";

const isRefused = (here: Here, instrument: CabinInstrument): boolean =>
  here.cabin.overdue === "refuse" && isOverdue(here, instrument);

/** It answers, and may be used. */
export const isReady = (here: Here, instrument: CabinInstrument): boolean =>
  answers(here, instrument) && !isRefused(here, instrument);

const gives = ({ items }: CabinInstrument, some: readonly Item[]): boolean => items.some((item) => some.includes(item));

export const instrumentOf = ({ cabin }: Here, device: string): CabinInstrument | undefined =>
  cabin.instruments.find(({ id }) => id === device);

/** A blood pressure is measured again and again until the round is over; of other steps nothing twice. */
export function missing({ taken }: Visit, { step, number, past }: Round): readonly Item[] {
  if (step === "pressure") return wanted(step);
  const got = taken.filter(({ round }) => round === number).map(({ shown }) => shown.figure);
  if (got.length > 0 && !isGathered(step)) return [];
  return wanted(step).filter((item) => !got.includes(item) && !past.includes(item));
}

/** What comes next in a round; undefined where nothing is left, or nothing answers. */
export function partOf(here: Here, round: Round): Part | undefined {
  const lacks = missing(here.visit, round);
  const instrument = here.cabin.instruments.find(
    (one) => gives(one, lacks) && !round.past.includes(one.id) && isReady(here, one),
  );
  if (instrument !== undefined) return { is: "measure", instrument };
  // A blood pressure stands or falls as a whole, and nobody types one.
  const item = round.step === "pressure" ? undefined : lacks.find((one) => here.cabin.entered.includes(one));
  return item === undefined ? undefined : { is: "enter", item };
}

const begun = (step: StepId, { state }: Here): Round => ({
  step,
  number: 0,
  began: state.now.mono,
  past: [],
  readings: 0,
});

export const canBegin = (here: Here, step: StepId): boolean => partOf(here, begun(step, here)) !== undefined;

/** The steps of this station, and how each stands. */
export function tilesOf(here: Here): readonly StepTile[] {
  const { cabin } = here;
  return stepIds.flatMap((step): readonly StepTile[] => {
    const able = cabin.instruments.filter((one) => gives(one, wanted(step)));
    const typed = step !== "pressure" && wanted(step).some((item) => cabin.entered.includes(item));
    return able.length > 0 || typed ? [{ step, state: stateOf(here, step, able) }] : [];
  });
}

function stateOf(here: Here, step: StepId, able: readonly CabinInstrument[]): StepTile["state"] {
  const { taken, skipped } = here.visit;
  if (taken.some((one) => one.step === step)) return "done";
  if (!canBegin(here, step)) return able.some((one) => answers(here, one)) ? "overdue" : "absent";
  return skipped.includes(step) ? "skipped" : "ready";
}

/** What the makers' formulas are told of the person; height and weight as they were measured last. */
export function personOf({ person, taken }: Visit): Person {
  const last = (item: Item) => taken.findLast(({ shown }) => shown.figure === item)?.shown.value;
  const [heightCm, weightKg] = [last("height"), last("weight")];
  return {
    ...person,
    ...(heightCm === undefined ? {} : { heightCm }),
    ...(weightKg === undefined ? {} : { weightKg }),
  };
}
