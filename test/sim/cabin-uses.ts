import type { Item } from "../../devices/health/capability.ts";
import type { CabinRoom, Standing } from "./cabin-room.ts";
import type { DayValues } from "./cabin-values.ts";

/** A person at an instrument, as its knob takes it, and what of it is not to be believed. */
export function useOf(
  { dice }: CabinRoom,
  { usage }: Standing,
  values: DayValues,
  pressure: ReturnType<DayValues["pressures"]>,
  asked: readonly Item[],
): readonly [text: string, doubted: readonly Item[]] | undefined {
  const wild = usage.wild;
  if (wild && dice.chance(0.06)) return wild[dice.between(0, wild.length)];
  const gives = Object.entries(usage.gives) as [Item, string][];
  if (usage.strips) {
    const fits = gives.filter(([item]) => asked.includes(item));
    const from = fits.length > 0 ? fits : gives;
    const [item, unit] = from[dice.between(0, from.length)] as [Item, string];
    if (item === "glucose" && dice.chance(0.04)) return [`${item}=${dice.chance(0.5) ? "HI" : "LO"}`, []];
    const value = values.take(item, unit);
    return value === undefined ? undefined : [`${item}=${value}`, []];
  }
  const both = "systolic" in usage.gives ? pressure(dice.chance(0.12)) : undefined;
  if ("systolic" in usage.gives && both === undefined) return undefined;
  const texts = gives.map(([item, unit]) => {
    if (both && (item === "systolic" || item === "diastolic")) return `${item}=${both[item]}`;
    if (both && item === "mean-arterial") return `${item}=${Math.round((both.systolic + 2 * both.diastolic) / 3)}`;
    if (item === "irregular-beats") return `${item}=${dice.between(0, 3)}`;
    const value = values.take(item, unit);
    return value === undefined ? undefined : `${item}=${value}`;
  });
  return texts.includes(undefined) ? undefined : [texts.join(","), []];
}
