import type { Note } from "../../../devices/health/capability.ts";
import { figures, type Figure } from "./figure.ts";
import type { Band, Circumstances, ClassId, HealthRanges, Meal, Place, Range, Spo2Limits } from "./ranges.ts";
import { exceeds, isUnder, reaches, type Shown } from "./shown.ts";
import type { Pressure } from "./derive.ts";

export type Classification =
  | { readonly is: "classed"; readonly class: ClassId; readonly place: Place; readonly needsClinician: boolean }
  | { readonly is: "unclassed"; readonly why: "no-range" | "needs-sex" | "bound" };

/** What was said of the meal, by instrument or person. Before a meal is not yet fasting: that takes eight hours. */
export function mealOf(notes: readonly Note[]): Meal {
  if (notes.includes("fasting")) return "fasting";
  return notes.includes("after-meal") ? "after-meal" : "unknown";
}

const ofMeals: readonly Note[] = ["before-meal", "after-meal", "fasting"];

/** Notes without what they say of a meal. */
export const withoutMeals = (notes: readonly Note[]): readonly Note[] =>
  notes.filter((note) => !ofMeals.includes(note));

/**
 * The bands of a station high up. Oxygen has its own two edges in the place of the file's. Of haemoglobin more is needed
 * there [WHO, Guideline on haemoglobin cutoffs, 2024: adjusted from 500 m]: too little in the plains is too little, and
 * enough in the plains may not be.
 */
function lifted(range: Range, limits: Spo2Limits | undefined): Range {
  if (limits === undefined) return range;
  if (range.figure === "haemoglobin") return { ...range, bands: range.bands.map(thinAir) };
  if (range.figure !== "spo2") return range;
  const edges = [limits.urgent, limits.within];
  const bands = range.bands.map((band, i): Band => {
    const edge = edges[i - 1];
    return edge === undefined ? band : { class: band.class, is: band.is, from: edge, needsClinician: true };
  });
  return { ...range, bands };
}

const thinAir = (band: Band): Band =>
  band.is === "below" ? band : { ...band, class: "high-up", is: "unclear", needsClinician: true };

/** The tables that may hold for this person: one, or those of both sexes where the sex is not told. */
function rangesFor({ ranges }: HealthRanges, figure: Figure, { sex, meal = "unknown", spo2 }: Circumstances) {
  return ranges
    .filter((range) => range.figure === figure)
    .filter((range) => range.meal === undefined || range.meal === meal)
    .filter((range) => range.sex === undefined || sex === undefined || range.sex === sex)
    .map((range) => lifted(range, spo2));
}

const isFrom = ({ from, above }: Band, shown: Shown): boolean => {
  if (from !== undefined) return reaches(shown, from);
  return above === undefined || exceeds(shown, above);
};
const isBefore = (next: Band | undefined, shown: Shown): boolean => {
  if (next?.from !== undefined) return isUnder(shown, next.from);
  return next?.above === undefined || (shown.comparator !== ">" && shown.value <= next.above);
};

/** The band in which every value lies that the shown one may stand for; a bound across an edge has none. */
const bandOf = ({ bands }: Range, shown: Shown): Band | undefined =>
  bands.find((band, i) => isFrom(band, shown) && isBefore(bands[i + 1], shown));

const classed = (range: Range, band: Band): Classification => ({
  is: "classed",
  class: band.class,
  place: band.is,
  needsClinician: band.needsClinician ?? range.needsClinician,
});

/**
 * The class of a figure in the Chinese adult tables. It judges the number as it is shown.
 * @returns unclassed where no table is cited, where the sexes' tables differ and the sex is not told, or where the
 *   instrument only gave a bound and the values beyond it lie in several classes.
 */
export function classify(ranges: HealthRanges, shown: Shown, circumstances: Circumstances = {}): Classification {
  const found = rangesFor(ranges, shown.figure, circumstances).map((range) => {
    const band = bandOf(range, shown);
    return band && classed(range, band);
  });
  const [first, ...others] = found;
  if (found.length === 0) return { is: "unclassed", why: "no-range" };
  if (first === undefined || others.some((other) => other === undefined)) return { is: "unclassed", why: "bound" };
  if (others.every((other) => other?.is === "classed" && first.is === "classed" && other.class === first.class))
    return first;
  return { is: "unclassed", why: "needs-sex" };
}

const classOf = (classification: Classification): ClassId | undefined =>
  classification.is === "classed" ? classification.class : undefined;

/**
 * The class of a blood pressure: the higher of its halves decides [S40], and a half that is low only where the other is
 * not above the reference.
 */
export function classifyPressure(ranges: HealthRanges, { systolic, diastolic }: Pressure): Classification {
  const halves = (["systolic", "diastolic"] as const).map((figure) => {
    const value = figure === "systolic" ? systolic : diastolic;
    const shown: Shown = { figure, value, unit: figures[figure].unit, notes: [] };
    const classification = classify(ranges, shown);
    const order = ranges.ranges.find((range) => range.figure === figure)?.bands.map((band) => band.class) ?? [];
    const rank = order.findIndex((one) => one === classOf(classification));
    return { classification, rank };
  });
  const [higher, lower] = halves.sort((a, b) => b.rank - a.rank);
  if (higher === undefined || lower === undefined) return { is: "unclassed", why: "no-range" };
  const isLow = (one: Classification) => one.is === "classed" && one.place === "below";
  const isAbove = higher.classification.is === "classed" && higher.classification.place === "above";
  return isLow(lower.classification) && !isAbove ? lower.classification : higher.classification;
}

/** A band as it is drawn. The outermost are open. */
export interface DrawnBand {
  readonly class: ClassId;
  readonly place: Place;
  readonly low?: number;
  readonly high?: number;
  /** The lowest and the highest number that is its own, as numbers of the figure are printed: 120 begins above "119". */
  readonly first?: string;
  readonly last?: string;
  readonly needsClinician: boolean;
}

/** Of an edge, the last number below it and the first above it: the one or the other is the edge itself. */
function besides({ from, above }: Band, figure: Figure): { readonly last: string; readonly first: string } | undefined {
  const { decimals } = figures[figure];
  const edge = from ?? above;
  if (edge === undefined) return undefined;
  const one = 10 ** -decimals;
  const [last, first] = from === undefined ? [edge, edge + one] : [edge - one, edge];
  return { last: last.toFixed(decimals), first: first.toFixed(decimals) };
}

/** The bands of a figure from low to high, to draw beside the number; none where the table depends on a sex not told. */
export function bandsOf(ranges: HealthRanges, figure: Figure, circumstances: Circumstances = {}): readonly DrawnBand[] {
  const [range, ...others] = rangesFor(ranges, figure, circumstances);
  if (range === undefined || others.length > 0) return [];
  const edge = (band: Band | undefined): number | undefined => band?.from ?? band?.above;
  return range.bands.map((band, i) => {
    const next = range.bands[i + 1];
    const [low, high] = [edge(band), edge(next)];
    const [first, last] = [besides(band, figure)?.first, next && besides(next, figure)?.last];
    return {
      class: band.class,
      place: band.is,
      ...(low === undefined ? {} : { low }),
      ...(high === undefined ? {} : { high }),
      ...(first === undefined ? {} : { first }),
      ...(last === undefined ? {} : { last }),
      needsClinician: band.needsClinician ?? range.needsClinician,
    };
  });
}
