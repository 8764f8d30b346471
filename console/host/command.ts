import { bad, good, type Judged } from "../../protocol/pickup-code/judged.ts";
import { asType, type DataType, type Value } from "../../protocol/sparkplug/datatype.ts";
import { rebirth } from "../../protocol/sparkplug/metrics.ts";
import { encodePayload, type Metric } from "../../protocol/sparkplug/payload.ts";
import type { MetricSet } from "./metric-set.ts";

/** A value for a metric of a node or a device, by the name that its birth gave. */
export interface Write {
  readonly name: string;
  readonly value: Exclude<Value, null>;
}

/** Rebirth is always named, never aliased [operational-behavior-data-commands-ncmd-rebirth-name]. */
export const rebirthRequest = (now: number): Uint8Array =>
  encodePayload({ at: now, metrics: [{ name: rebirth.name, type: rebirth.type, at: now, value: true }] }, "values");

/** The payload of an NCMD or DCMD, or why these values cannot be written. */
export function commandFor(set: MetricSet, writes: readonly Write[], now: number): Judged<Uint8Array> {
  const metrics: Metric[] = [];
  const mistakes: string[] = [];
  for (const { name, value } of writes) {
    const place = set.byName.get(name);
    const definition = place === undefined ? undefined : set.definitions[place];
    if (definition?.type === undefined) mistakes.push(`"${name}" is no metric of its birth that can be written.`);
    else if (!isOf(value, definition.type))
      mistakes.push(`"${name}" is a ${definition.type}: ${String(value)} is none.`);
    else {
      const { alias, type } = definition;
      // With an alias, commands carry it alone [payloads-alias-data-cmd-requirement].
      metrics.push({ ...(alias === undefined ? { name } : { alias }), type, at: now, value });
    }
  }
  if (writes.length === 0) mistakes.push("A command writes at least one metric.");
  return mistakes.length > 0 ? bad(...mistakes) : good(encodePayload({ at: now, metrics }, "values"));
}

/** Stricter than what is taken from the wire: no number stands for another. */
function isOf(value: Exclude<Value, null>, type: DataType): boolean {
  const narrowed = asType(value, type);
  if (narrowed === undefined || narrowed === null) return false;
  const isWhole = type !== "Float" && type !== "Double" && (typeof value === "number" || typeof value === "bigint");
  if (isWhole) return typeof narrowed !== "object" && BigInt(narrowed) === BigInt(value);
  return typeof value !== "number" || Number.isFinite(value);
}
