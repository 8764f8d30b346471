import { readFileSync, readdirSync } from "node:fs";
import type { Item, Unit } from "../../devices/health/capability.ts";
import { converted } from "../domain/health/convert.ts";
import type { Name } from "../screen/model.ts";
import type { Instrument } from "./demo-cabin.ts";

/** Somebody who may sit in the simulated cabin: one file of people/, with the truth of each item as a person reads it. */
export interface SimPerson {
  /** The file's name: "miner". */
  readonly id: string;
  readonly name: Name;
  /** What will be seen. */
  readonly shows: string;
  /** What they would say of themselves. */
  readonly person: { readonly sex: "female" | "male"; readonly age: number };
  readonly symptoms: readonly string[];
  readonly hotWork: boolean;
  readonly meal: "fasting" | "after-meal" | "unknown";
  /** In the units and with the decimals of the screen. */
  readonly has: Readonly<Partial<Record<Item, number>>>;
}

const folder = new URL("people/", import.meta.url);

export const readPeople = (): readonly SimPerson[] =>
  readdirSync(folder)
    .sort()
    .map((file) => ({
      id: file.replace(/\.json$/, ""),
      ...(JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Omit<SimPerson, "id">),
    }));

/** What an instrument tells of somebody's value: in its own unit, and no finer than it can. */
export function toldBy({ tells }: Pick<Instrument, "tells">, item: Item, value: number): number | undefined {
  const own = tells[item];
  if (own === undefined) return undefined;
  const [unit, step] = own;
  const steps = Math.round(value / onScreen(item, unit) / step);
  return Number((steps * step).toFixed(3));
}

/** So much is one of the instrument's unit on the screen; all that it tells here is in proportion. */
const onScreen = (item: Item, unit: Unit): number => {
  const many = 1_000_000;
  return converted({ item, value: many, unit, notes: [] }).value / many;
};

/** What the knob `measure` of the simulated instrument is turned to; nothing where they have none of these. */
export function saying(instrument: Instrument, items: readonly Item[], { has }: SimPerson): string {
  return items
    .flatMap((item) => {
      const value = has[item];
      const told = value === undefined ? undefined : toldBy(instrument, item, value);
      return told === undefined ? [] : [`${item}=${told}`];
    })
    .join(",");
}
