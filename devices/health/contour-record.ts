import type { Identity } from "../kit/driver.ts";
import { fault } from "../kit/fault.ts";
import { err, ok, type Result } from "../kit/result.ts";
import type { Note, Reading, Unit } from "./capability.ts";
import { fieldsOf, partsOf } from "./contour-astm.ts";

// What the records of Ascensia's Contour meters mean [S19, S20; instruments 2.3.5]. Names of people are not looked at.

export interface Header extends Identity {
  /** Results in the memory. */
  readonly count: number;
}

/** H|\^&||…|product^versions^serial|settings|count|…; nothing where it is no header. */
export function headerOf(text: string): Header | undefined {
  if (!text.startsWith("H|")) return undefined;
  const [, , , , sender, , results = ""] = fieldsOf(text);
  if (!/^\d{1,5}$/.test(results)) return undefined;
  const [product = "", versions = "", serial = ""] = partsOf(sender);
  if (product === "") return undefined;
  return {
    model: `Contour ${product}`,
    ...(versions && { firmware: versions.replaceAll("\\", " ") }),
    ...(serial && { serial }),
    count: Number(results),
  };
}

/** A result, with what makes it another than the next. */
export interface ContourResult {
  readonly value: string;
  readonly unit: string;
  readonly markers: readonly string[];
  /** YYYYMMDDHHmm, as the meter's clock stood. */
  readonly time: string;
}

/** R|n|^^^Glucose|value|unit^method||markers||time; nothing for what is no glucose, such as an entry of a diary. */
export function resultOf(text: string): ContourResult | undefined {
  if (!text.startsWith("R|")) return undefined;
  const [, , test, value = "", unit, , markers = "", , time = ""] = fieldsOf(text);
  if (partsOf(test)[3] !== "Glucose") return undefined;
  return { value, unit: partsOf(unit)[0] ?? "", markers: markers.split("/").filter(Boolean), time };
}

export const keyOf = ({ value, unit, markers, time }: ContourResult): string =>
  [value, unit, markers.join("/"), time].join("|");

const units: readonly Unit[] = ["mg/dL", "mmol/L"];
const notes = new Map<string, Note>([
  ["B", "before-meal"],
  ["A", "after-meal"],
]);
/** On the meters with a USB plug; on those with a cable it is E [S20]. */
const controlSolution = "C";

/** Undefined for a control solution, which is nobody's. */
export function readingOf({ value, unit, markers }: ContourResult): Result<readonly Reading[]> | undefined {
  if (markers.includes(controlSolution)) return undefined;
  const known = units.find((one) => one === unit);
  if (known === undefined) return err(fault("garbled", "the meter told a result in a unit that is in no book"));
  const number = /^\d{1,3}(\.\d{1,2})?$/.test(value) ? Number(value) : 0;
  if (number === 0) return err(fault("refused", "the meter stored no value: measure again with a new strip"));
  const beyond = markers.find((marker): marker is "<" | ">" => marker === "<" || marker === ">");
  return ok([
    {
      item: "glucose",
      value: number,
      unit: known,
      ...(beyond && { comparator: beyond }),
      notes: markers.flatMap((marker) => notes.get(marker) ?? []),
    },
  ]);
}
