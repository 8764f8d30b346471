import type { ToldFigure } from "../../controller/domain/cabin/results.ts";
import type { Figure } from "../../controller/domain/health/figure.ts";
import type { Item } from "../../devices/health/capability.ts";
import type { CabinRoom, Said, Use } from "./cabin-room.ts";
import { printedOf } from "./cabin-values.ts";
import type { SeenVisit } from "./cabin-visits.ts";

// Whether a number on the glass is what an instrument's own display had for whoever sits there.

/** Whether that use may be told to whoever sits there. */
const isOf = (use: Use, visit: SeenVisit): boolean =>
  use.finished !== undefined && use.finished >= visit.began && (use.visit === visit.number || visit.borrowed.has(use));

const unitOf = (room: CabinRoom, { device }: Use, item: Item): string => room.at(device).usage.gives[item] ?? "";

const believed = (use: Use, item: Item): number | undefined => {
  const value = use.values.get(item);
  return typeof value === "number" && !use.doubted.includes(item) ? value : undefined;
};

function says(room: CabinRoom, use: Use, { shown }: ToldFigure): boolean {
  const item = shown.figure as Item;
  const value: Said | undefined = use.values.get(item);
  if (value === undefined || use.doubted.includes(item)) return false;
  if (typeof value !== "number") return shown.comparator === (value === "HI" ? ">" : "<");
  if (shown.comparator !== undefined) return false;
  const isNative = shown.native === undefined || Math.abs(shown.native.value - value) < 1e-9;
  return isNative && Number(printedOf(item, value, unitOf(room, use, item))) === shown.value;
}

/** Every way to choose `count` of these. */
function* choices<T>(from: readonly T[], count: number): Iterable<readonly T[]> {
  if (count === 0) return yield [];
  for (const [n, one] of from.entries()) for (const rest of choices(from.slice(n + 1), count - 1)) yield [one, ...rest];
}

const meanOf = (values: readonly number[]): number =>
  Math.floor(values.reduce((sum, value) => sum + value, 0) / values.length + 0.5 + 1e-9);

/** The uses of which these two pressures are the mean; undefined where there are none. */
function partsOf(
  uses: readonly Use[],
  upper: ToldFigure,
  lower: ToldFigure,
  middle: ToldFigure | undefined,
): readonly Use[] | undefined {
  const count = upper.mean ?? 1;
  const pressures = uses.filter((use) => believed(use, "systolic") !== undefined);
  for (const parts of choices(pressures, count)) {
    const mean = (item: Item) => meanOf(parts.map((use) => believed(use, item) ?? NaN));
    const isWhole = mean("systolic") === upper.shown.value && mean("diastolic") === lower.shown.value;
    if (isWhole && (middle === undefined || isMiddle(parts, middle))) return parts;
  }
  return undefined;
}

const isMiddle = (parts: readonly Use[], { shown, mean = 1 }: ToldFigure): boolean => {
  const values = parts.map((use) => believed(use, "mean-arterial")).filter((value) => value !== undefined);
  if (mean > 1) return values.length === mean && meanOf(values) === shown.value;
  return values.includes(shown.value);
};

const nearly = (one: number, other: number): boolean => Math.abs(one - other) <= 0.1 + 1e-9;

/** Each figure that is nobody's, or somebody else's, as a sentence. `since`: blood pressures before then have no part in it. */
export function untrue(
  room: CabinRoom,
  visit: SeenVisit,
  figures: readonly ToldFigure[],
  since = 0,
): readonly string[] {
  const mine = room.uses.filter((use) => isOf(use, visit));
  const find = (figure: Figure) => figures.find(({ shown }) => shown.figure === figure);
  for (const item of ["height", "weight"] as const) {
    const value = find(item)?.shown.value;
    if (value !== undefined) visit[item] = value;
  }
  const [upper, lower] = [find("systolic"), find("diastolic")];
  const late = mine.filter(({ finished = 0 }) => finished >= since);
  const parts = upper && lower ? partsOf(late, upper, lower, find("mean-arterial")) : undefined;

  const isTrue = (told: ToldFigure): boolean => {
    const { shown } = told;
    switch (shown.figure) {
      case "systolic":
      case "diastolic":
        return upper?.mean === lower?.mean && parts !== undefined;
      case "mean-arterial":
        return parts !== undefined;
      case "waist-to-hip": {
        const typed = (item: Item) => visit.typed.findLast((one) => one.item === item)?.value ?? NaN;
        return nearly(shown.value, typed("waist") / typed("hip"));
      }
      case "bmi":
        return isBmi(told) || mine.some((use) => says(room, use, told));
      default:
        if (told.entered) return visit.typed.some((one) => one.item === shown.figure && nearly(one.value, shown.value));
        return mine.some((use) => says(room, use, told));
    }
  };
  const isBmi = ({ shown }: ToldFigure): boolean => {
    const { height = NaN, weight = NaN } = visit;
    return nearly(shown.value, (weight * 10_000) / height ** 2);
  };
  return figures
    .filter((told) => !isTrue(told))
    .map(({ shown, mean }) => {
      const of = mean === undefined ? "" : ` as the mean of ${mean}`;
      return `${shown.figure} ${shown.comparator ?? ""}${shown.value}${of}, which is ${ownerOf(room, visit, shown)}`;
    });
}

/** What was measured, and not reckoned of other figures. */
const isMeasured = ({ shown, mean }: ToldFigure): boolean => shown.native !== undefined || mean !== undefined;

/** Of what was measured twice the newer is told. */
export function outdated(room: CabinRoom, visit: SeenVisit, page: string, figures: readonly ToldFigure[]) {
  const wrong: string[] = [];
  for (const told of figures.filter(isMeasured)) {
    const { value } = told.shown;
    const item = told.shown.figure as Item;
    const newest = visit.newest.get(item);
    if (page === "told" || newest === undefined) {
      visit.newest.set(item, { value, at: room.clock.mono() });
      continue;
    }
    const since = room.uses.some(({ values, finished = 0 }) => values.has(item) && finished > newest.at);
    if (value !== newest.value && !since) wrong.push(`${item} ${value}, and ${newest.value} was told later`);
  }
  return wrong;
}

/** Whose it is, for whoever reads the report. */
function ownerOf(room: CabinRoom, visit: SeenVisit, { figure, value }: ToldFigure["shown"]): string {
  const item = figure as Item;
  const found = room.uses.find((use) => {
    const said = use.values.get(item);
    return typeof said === "number" && Number(printedOf(item, said, unitOf(room, use, item))) === value;
  });
  if (found === undefined) return "nobody's";
  if (found.doubted.includes(item)) return "not to be believed";
  const whose = found.visit === 0 ? "somebody who was not asked" : `visit ${found.visit}`;
  return `of ${whose} at ${found.device} from ${found.began} to ${found.finished ?? "never"}; this is visit ${visit.number}`;
}
