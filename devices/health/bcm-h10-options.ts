import { err, ok, type Result } from "../kit/result.ts";
import type { Item, Unit } from "./capability.ts";

/** Where the electrodes are. */
export type Electrodes = "whole-body" | "hands" | "feet";
export type Sensor = "weight" | "height";

/** What the board reckons, and in which unit. */
export const resultUnits = {
  bmi: "kg/m2",
  "body-fat": "%",
  "body-water": "%",
  "muscle-mass": "kg",
  "bone-mass": "kg",
  "visceral-fat": "1",
  "basal-metabolism": "kcal/d",
} as const satisfies Partial<Readonly<Record<Item, Unit>>>;

export type ResultItem = keyof typeof resultUnits;

/** One number that the board keeps of the last measurement. */
export interface Kept {
  readonly index: number;
  readonly item: ResultItem;
  /** The board's whole number divided by this is the value. */
  readonly divide: 1 | 10 | 100;
}

export interface BcmH10Options {
  readonly electrodes: Electrodes;
  /** What is wired to the board; what is not must be told by the person. */
  readonly sensors: readonly Sensor[];
  readonly results: readonly Kept[];
}

const names = ["electrodes", "sensors", "results"];

const isElectrodes = (one: unknown): one is Electrodes => one === "whole-body" || one === "hands" || one === "feet";
const isSensor = (one: unknown): one is Sensor => one === "weight" || one === "height";
const isItem = (one: unknown): one is ResultItem => typeof one === "string" && Object.hasOwn(resultUnits, one);
const isDivisor = (one: unknown): one is Kept["divide"] => one === 1 || one === 10 || one === 100;
const isIndex = (one: unknown): one is number =>
  typeof one === "number" && Number.isInteger(one) && one >= 1 && one <= 255;

function readKept(raw: unknown): Kept | undefined {
  if (typeof raw !== "object" || raw === null) return undefined;
  const { index, item, divide, ...others }: Readonly<Record<string, unknown>> = { ...raw };
  if (Object.keys(others).length > 0) return undefined;
  return isIndex(index) && isItem(item) && isDivisor(divide) ? { index, item, divide } : undefined;
}

/** `electrodes`, `sensors` and `results` must be given. */
export function readOptions(raw: unknown): Result<BcmH10Options, readonly string[]> {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) return err(["options: expected an object"]);
  const { electrodes, sensors, results, ...others }: Readonly<Record<string, unknown>> = { ...raw };
  const mistakes = Object.keys(others).map(
    (name) => `${name}: a BCM-H10 has no such option; it has ${names.join(", ")}`,
  );
  if (!isElectrodes(electrodes)) mistakes.push('electrodes: expected "whole-body", "hands" or "feet"');
  const wired = Array.isArray(sensors) ? sensors.filter(isSensor) : undefined;
  if (wired === undefined || wired.length !== new Set(sensors as unknown[]).size)
    mistakes.push('sensors: expected a list of "weight" and "height", or an empty one');

  const kept = Array.isArray(results) ? results.map(readKept) : [];
  if (kept.length === 0) mistakes.push("results: expected a list of numbers that the board keeps, at least one");
  kept.forEach((one, i) => {
    if (one === undefined)
      mistakes.push(
        `results.${i}: expected an index of 1 to 255, an item of ${Object.keys(resultUnits).join(", ")}, and divide as 1, 10 or 100`,
      );
    else if (kept.some((other, k) => k < i && (other?.index === one.index || other?.item === one.item)))
      mistakes.push(`results.${i}: its index or its item stands already in the list`);
  });
  if (mistakes.length > 0 || !isElectrodes(electrodes) || wired === undefined) return err(mistakes);
  return ok({ electrodes, sensors: wired, results: kept.flatMap((one) => one ?? []) });
}
