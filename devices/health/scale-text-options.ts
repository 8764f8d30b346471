import { err, ok, type Result } from "../kit/result.ts";
import type { Item, Unit } from "./capability.ts";
import { readPattern, type Pattern } from "./scale-text-match.ts";

export interface ScaleTextOptions {
  readonly pattern: Pattern;
  /** What stands at the end of each record, as text of bytes: "\n", or "\u0003" for ETX. */
  readonly ends: string;
  /**
   * once: it speaks once a person. equal-lines: it speaks all the time, and two equal records in a row are the result.
   * unchanged: the same, and the result is what has not changed for 1.5 s.
   */
  readonly stability: "once" | "equal-lines" | "unchanged";
  /** Below this nobody stands on it; in the unit of the weight, or of the first item where there is no weight. */
  readonly least: number;
  /** Of the items of the pattern. */
  readonly units: ReadonlyMap<Item, Unit | "g">;
}

/** What such a machine may tell, and in what unless `units` says otherwise. A group's name has _ where the item has -. */
const usualUnits: Readonly<Partial<Record<Item, Unit>>> = {
  height: "cm",
  weight: "kg",
  bmi: "kg/m2",
  "body-fat": "%",
  "body-water": "%",
  "muscle-mass": "kg",
  "bone-mass": "kg",
  "visceral-fat": "1",
  "basal-metabolism": "kcal/d",
  waist: "cm",
  hip: "cm",
  "grip-left": "kg",
  "grip-right": "kg",
};
const otherUnits: Readonly<Partial<Record<Item, readonly (Unit | "g")[]>>> = {
  weight: ["kg", "g", "[lb_av]"],
  height: ["cm", "m"],
};
const knownItems = Object.keys(usualUnits) as readonly Item[];

/** Groups that are no values: where `unstable` or `failed` took part the record is of a moving person, or of an error. */
const marks = ["unstable", "failed"] as const;
export type Mark = (typeof marks)[number];

export const itemOf = (group: string): Item | undefined => knownItems.find((item) => item.replace("-", "_") === group);

const names = ["pattern", "ends", "stability", "least", "units"] as const;
const leastOfAll = 0;
const mostOfLeast = 50;

/** `pattern`, `ends` ("\n"), `stability` ("equal-lines"), `least` (2), `units` ({}: kg and cm). */
export function readOptions(raw: unknown): Result<ScaleTextOptions, readonly string[]> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
  const given: Readonly<Record<string, unknown>> = {
    ends: "\n",
    stability: "equal-lines",
    least: 2,
    units: {},
    ...raw,
  };
  const { ends, stability, least } = given;
  const mistakes = Object.keys(given)
    .filter((name) => !names.some((known) => known === name))
    .map((name) => `${name}: a text scale has no such option; it has ${names.join(", ")}`);

  const pattern = readItems(given["pattern"]);
  if (typeof pattern === "string") mistakes.push(`pattern: ${pattern}`);
  const isEnd = typeof ends === "string" && isRecordEnd(ends);
  if (!isEnd) mistakes.push('ends: expected 1 to 4 characters with a control character among them, such as "\\n"');
  const isStability = stability === "once" || stability === "equal-lines" || stability === "unchanged";
  if (!isStability) mistakes.push('stability: expected "once", "equal-lines" or "unchanged"');
  const isLeast = typeof least === "number" && least >= leastOfAll && least <= mostOfLeast;
  if (!isLeast) mistakes.push(`least: expected a number from ${leastOfAll} to ${mostOfLeast}`);
  const units = readUnits(given["units"], typeof pattern === "string" ? [] : pattern.names);
  if (Array.isArray(units)) mistakes.push(...units);

  if (
    mistakes.length > 0 ||
    typeof pattern === "string" ||
    !isEnd ||
    !isStability ||
    !isLeast ||
    !(units instanceof Map)
  )
    return err(mistakes);
  return ok({ pattern, ends, stability, least, units });
}

function readItems(raw: unknown): Pattern | string {
  if (typeof raw !== "string") return "expected a regular expression with named groups";
  const pattern = readPattern(raw);
  if (typeof pattern === "string") return pattern;
  const isMark = (name: string) => marks.some((mark) => mark === name);
  const strange = pattern.names.filter((name) => itemOf(name) === undefined && !isMark(name));
  const groups = [...knownItems.map((item) => item.replace("-", "_")), ...marks].join(", ");
  if (strange.length > 0) return `"${strange[0]}" is no value of a scale; there are ${groups}`;
  return pattern.names.every(isMark) ? "names no value: write (?<weight>...) around what is the weight" : pattern;
}

const isRecordEnd = (text: string): boolean => {
  const codes = Array.from(text, (letter) => letter.charCodeAt(0));
  return (
    codes.length >= 1 && codes.length <= 4 && codes.every((code) => code <= 0xff) && codes.some((code) => code < 0x20)
  );
};

function readUnits(raw: unknown, groups: readonly string[]): ReadonlyMap<Item, Unit | "g"> | readonly string[] {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw))
    return ['units: expected units, such as {"height":"m"}'];
  const units = new Map<Item, Unit | "g">();
  for (const item of groups.flatMap((group) => itemOf(group) ?? [])) units.set(item, usualUnits[item] ?? "1");
  const mistakes: string[] = [];
  for (const [name, unit] of Object.entries(raw)) {
    const item = [...units.keys()].find((one) => one === name);
    const allowed = item && (otherUnits[item] ?? [usualUnits[item]]);
    const chosen = allowed?.find((one) => one === unit);
    if (item && chosen) units.set(item, chosen);
    else if (allowed) mistakes.push(`units: expected ${allowed.join(" or ")} for ${item}`);
    else mistakes.push("units: names something that the pattern has not");
  }
  return mistakes.length > 0 ? mistakes : units;
}
