import { today } from "../almanac.ts";
import { bandsOf, classify, mealOf, withoutMeals } from "../health/classify.ts";
import { reckoned } from "../health/decimal.ts";
import { bmiOf, nonHdl, waistToHip } from "../health/derive.ts";
import { displayOrder, figures, type Figure } from "../health/figure.ts";
import type { Flag } from "../health/findings.ts";
import { flagsOf } from "../health/flags.ts";
import { outspoken } from "../health/outspoken.ts";
import type { Circumstances, RuleId } from "../health/ranges.ts";
import type { Shown } from "../health/shown.ts";
import type { Here } from "./here.ts";
import { codeOf, passItems } from "./pass.ts";
import type { Results, ToldFigure } from "./results.ts";
import { itemsOf, type StepId } from "./steps.ts";
import { findingsOf } from "./taking.ts";
import type { Measured, Visit } from "./visit.ts";

/** Readings of one round that have a mean. */
const averaged: readonly Figure[] = ["systolic", "diastolic", "mean-arterial"];

/** A figure as it stands now, and of how many measurements it is the mean. */
interface Standing {
  readonly shown: Shown;
  readonly from: readonly Measured[];
  readonly mean?: number;
  readonly reckoned?: true;
}

const newest = ({ taken }: Visit, figure: Figure): Measured | undefined =>
  taken.findLast(({ shown }) => shown.figure === figure);

/** The newest of a figure, or the mean of the newest blood pressure's round. */
function measuredOf(visit: Visit, figure: Figure): Standing | undefined {
  const last = newest(visit, figure);
  if (last === undefined) return undefined;
  const parts = visit.taken.filter(({ shown, round }) => averaged.includes(shown.figure) && round === last.round);
  const from = averaged.includes(figure) ? parts.filter(({ shown }) => shown.figure === figure) : [last];
  // Of "above 260" there is no mean, and then of the other half neither.
  if (from.length < 2 || parts.some(({ shown }) => shown.comparator !== undefined))
    return { shown: last.shown, from: [last] };
  const sum = from.reduce((all, { shown }) => all + shown.value, 0);
  const { unit } = last.shown;
  const shown: Shown = {
    figure,
    value: reckoned(sum, { by: from.length }, figures[figure].decimals),
    unit,
    notes: [...new Set(from.flatMap((one) => one.shown.notes))],
  };
  return { shown, from, mean: from.length };
}

/** How a figure is reckoned of two others. */
interface Way {
  readonly of: readonly [Figure, Figure];
  readonly reckon: (one: Shown, other: Shown) => Shown | undefined;
  /** Both must be of one drop of blood. */
  readonly oneDrop?: true;
}

const ways: Partial<Readonly<Record<Figure, Way>>> = {
  bmi: { of: ["height", "weight"], reckon: bmiOf },
  "waist-to-hip": { of: ["waist", "hip"], reckon: waistToHip },
  "non-hdl": { of: ["cholesterol", "hdl"], reckon: nonHdl, oneDrop: true },
};

/** Reckoned of what was measured, and else as the instrument gave it. */
function standingOf(visit: Visit, figure: Figure): Standing | undefined {
  const way = ways[figure];
  if (way === undefined) return measuredOf(visit, figure);
  const { of, reckon, oneDrop } = way;
  const [a, b] = [newest(visit, of[0]), newest(visit, of[1])];
  if (a === undefined || b === undefined || (oneDrop && a.round !== b.round)) return measuredOf(visit, figure);
  const shown = reckon(a.shown, b.shown);
  return shown === undefined ? measuredOf(visit, figure) : { shown, from: [a, b], reckoned: true };
}

/** The person knows better than the meter when the last meal was. */
function withMeal(shown: Shown, { meal = "unknown" }: Visit): Shown {
  if (shown.figure !== "glucose" || meal === "unknown") return shown;
  return { ...shown, notes: [...withoutMeals(shown.notes), meal] };
}

function toldFigure({ cabin }: Pick<Here, "cabin">, visit: Visit, standing: Standing): ToldFigure {
  const { from, mean, reckoned: isReckoned } = standing;
  const shown = withMeal(standing.shown, visit);
  const { sex } = visit.person;
  const circumstances: Circumstances = {
    ...(sex === undefined ? {} : { sex }),
    ...(cabin.spo2 === undefined ? {} : { spo2: cabin.spo2 }),
    meal: mealOf(shown.notes),
  };
  const found = classify(cabin.ranges, shown, circumstances);
  const [only] = from;
  const by = isReckoned || from.some((one) => one.by !== only?.by) ? undefined : only?.by;
  return {
    shown,
    bands: bandsOf(cabin.ranges, shown.figure, circumstances),
    ...(found.is === "classed" ? { place: found.place, class: found.class } : {}),
    ...(found.is === "classed" && found.needsClinician ? { needsClinician: true } : {}),
    ...(mean === undefined ? {} : { mean, each: from.map((one) => one.shown.value) }),
    ...(from.some(({ unrested }) => unrested) ? { unrested: true } : {}),
    ...(from.some((one) => one.overdue) ? { overdue: true } : {}),
    ...(from.every(({ entered }) => entered) ? { entered: true } : {}),
    ...(by === undefined ? {} : { by }),
  };
}

/** All that a person takes home, as far as the visit has come. */
export function resultsOf({ cabin, state }: Pick<Here, "cabin" | "state">, visit: Visit): Results {
  const clock = today(state.almanac, state.now);
  const standing = displayOrder.flatMap((figure) => standingOf(visit, figure) ?? []);
  return {
    ...(clock.state === "floor-only" ? {} : { at: clock.utc }),
    figures: standing.map((one) => toldFigure({ cabin }, visit, one)),
    doubtful: displayOrder.filter((figure) => visit.doubtful.includes(figure)),
    flags: outspoken(flagsOf(cabin.ranges.rules, findingsOf({ cabin }, visit))),
    ...passOf({ cabin }, visit),
  };
}

function passOf({ cabin }: Pick<Here, "cabin">, { pass }: Visit): Pick<Results, "pass"> {
  const found = pass?.found;
  if (cabin.pass === undefined || found === undefined) return {};
  const codes = passItems(cabin.pass, found.sex).map(codeOf);
  const ticked = codes.filter((code) => found.ticked.includes(code)).length;
  return { pass: { code: found.code, ticked, of: codes.length } };
}

/** What a rule looks at, to be told beside it. */
const about: Readonly<Record<RuleId, readonly Figure[]>> = {
  "emergency-symptom": [],
  "pressure-emergency": ["systolic"],
  "pressure-very-high": ["systolic"],
  "pressure-high": ["systolic"],
  "pressure-low": ["systolic"],
  "pressure-apart": ["systolic"],
  "glucose-low": ["glucose"],
  "glucose-high": ["glucose"],
  "urate-high": ["urate"],
  "triglyceride-high": ["triglyceride"],
  "haemoglobin-low": ["haemoglobin"],
  "pulse-slow": ["pulse"],
  "pulse-fast": ["pulse"],
  "spo2-low": ["spo2"],
  "spo2-recheck": ["spo2"],
  "temperature-high": ["temperature"],
  "heat-r1": ["temperature", "pulse"],
  "heat-r2": ["temperature", "systolic", "pulse"],
  "heat-r4": [],
  "heat-early": ["temperature"],
  "heat-work": ["temperature"],
};

const isAbout = ({ rule }: Flag, told: readonly Figure[]): boolean =>
  about[rule].some((figure) => told.includes(figure));

/** What the round that was just measured gave, and what the rules say beside it. */
export function toldOfStep(here: Here, step: StepId): Results {
  const { visit } = here;
  const { figures: all, doubtful, flags } = resultsOf(here, visit);
  const fresh = visit.taken.filter(({ round }) => round === visit.round?.number).map(({ shown }) => shown.figure);
  const told = all.filter(({ shown: { figure } }) => {
    const of = ways[figure]?.of ?? [];
    return fresh.includes(figure) || of.some((one) => fresh.includes(one));
  });
  const order = itemsOf[step].map((item): Figure => item);
  const place = ({ shown: { figure } }: ToldFigure): number =>
    order.includes(figure) ? order.indexOf(figure) : order.length;
  const seen = told.map(({ shown }) => shown.figure);
  return {
    figures: told.toSorted((a, b) => place(a) - place(b)),
    doubtful: doubtful.filter((figure) => itemsOf[step].some((item) => item === figure)),
    flags: flags.filter((flag) => isAbout(flag, seen)),
  };
}
