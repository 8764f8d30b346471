import fc from "fast-check";
import type { Item, Reading, Unit } from "../../../../devices/health/capability.ts";
import { admitted, type Admission } from "../../../../controller/domain/health/admit.ts";
import { unitsOf } from "../../../../controller/domain/health/convert.ts";
import { displayOrder, figures, type Figure } from "../../../../controller/domain/health/figure.ts";
import type { Shown } from "../../../../controller/domain/health/shown.ts";

export const reading = (item: Item, value: number, unit: Unit, more: Partial<Reading> = {}): Reading => ({
  item,
  value,
  unit,
  notes: [],
  ...more,
});

/** A figure that was measured in the unit it is shown in. */
export const shown = (figure: Figure, value: number, more: Partial<Shown> = {}): Shown => ({
  figure,
  value,
  unit: figures[figure].unit,
  notes: [],
  ...more,
});

export const reckonedFigures: readonly Figure[] = ["waist-to-hip", "non-hdl"];
export const items = displayOrder.filter((figure) => !reckonedFigures.includes(figure)) as readonly Item[];

export const admissionOf = (one: Reading): Admission => {
  const [admission] = admitted([one]);
  if (admission === undefined) throw new Error("every reading is answered");
  return admission;
};

const bounds: readonly Partial<Reading>[] = [{}, { comparator: "<" }, { comparator: ">" }];

/** Any reading that a driver may give, believable or not. */
export const anyReading: fc.Arbitrary<Reading> = fc
  .constantFrom(...items)
  .chain((item) => fc.tuple(fc.constant(item), fc.constantFrom(...unitsOf(item)), fc.integer({ min: 0, max: 50_000 })))
  .chain(([item, unit, tenths]) => fc.constantFrom(...bounds).map((more) => reading(item, tenths / 10, unit, more)));
