import { delays } from "../../delays.ts";
import { millis } from "../../../devices/kit/clock.ts";
import type { Stepped } from "../state.ts";
import { learning, roundOf, turning, type Here } from "./here.ts";
import { canBegin, partOf, tilesOf } from "./instruments.ts";
import { isUpright, type StepId } from "./steps.ts";

// From one step to the next.

export const nextReady = (here: Here): StepId | undefined => tilesOf(here).find(({ state }) => state === "ready")?.step;

/** A step begins, for the first time or anew. */
export function opening(here: Here, step: StepId): Stepped {
  if (!canBegin(here, step)) return turning(here, { is: "steps" });
  const { visit, state } = here;
  const began = state.now.mono;
  const stood = visit.round !== undefined && isUpright(visit.round.step);
  const rounds = visit.rounds + 1;
  const now = learning(here, {
    round: { step, number: rounds, began, past: [], readings: 0 },
    rounds,
    skipped: visit.skipped.filter((one) => one !== step),
    ...(stood ? { sat: began } : {}),
  });
  return step === "glucose" && visit.meal === undefined ? turning(now, { is: "meal" }) : going(now);
}

/** The next part of the step; after the last what it gave, or, where it gave nothing, the advice. */
export function going(here: Here): Stepped {
  const round = roundOf(here);
  const part = partOf(here, round);
  if (part?.is === "enter") return turning(here, { is: "enter", item: part.item, typed: "" });
  if (part?.is === "measure") {
    const began = here.state.now.mono;
    return turning(learning(here, { round: { ...round, began } }), { is: "prepare", device: part.instrument.id });
  }
  return gaveAny(here) ? telling(here) : skipping(here);
}

const ofRound = (here: Here) => here.visit.taken.filter(({ round }) => round === roundOf(here).number);
export const gaveAny = (here: Here): boolean => ofRound(here).length > 0;

/** What the step gave. Another strip than the one asked for is told as what it is. */
export function telling(here: Here): Stepped {
  const { step } = roundOf(here);
  const given = ofRound(here);
  const other = given.some((one) => one.step === step) ? undefined : given[0]?.step;
  return turning(here, { is: "told", step: other ?? step });
}

/** The step is left without a figure; it may be taken up again. */
export function skipped(here: Here): Here {
  const { step } = roundOf(here);
  return learning(here, { skipped: [...here.visit.skipped.filter((one) => one !== step), step] });
}

export const skipping = (here: Here): Stepped => (gaveAny(here) ? telling(here) : onward(skipped(here)));

/** Whether there is anything to be told. */
export const isAnything = ({ visit }: Pick<Here, "visit">): boolean => visit.taken.length + visit.doubtful.length > 0;

/** The next step that is ready; after the last the results. */
export function onward(here: Here): Stepped {
  const next = nextReady(here);
  if (next !== undefined) return opening(here, next);
  return turning(here, isAnything(here) ? { is: "results", leaf: 1 } : { is: "steps" });
}

/** Sits still before a blood pressure: five minutes since the person sat down, of which the last one quietly. */
export function resting(here: Here, device: string): Stepped {
  const { visit, state } = here;
  const until = millis(Math.max(visit.sat + delays.rest, state.now.mono + delays.quietRest));
  return turning(here, { is: "rest", device, until });
}
