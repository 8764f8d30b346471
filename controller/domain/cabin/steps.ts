import type { Item } from "../../../devices/health/capability.ts";

/**
 * A part of the check-up: what one instrument, or a few keys, give in one go. In the order in which a person is led: what
 * is done sitting comes first, so that whoever gives a drop of blood rests for the blood pressure meanwhile.
 */
export type StepId =
  | "temperature"
  | "oxygen"
  | "glucose"
  | "urate"
  | "lipids"
  | "haemoglobin"
  | "ketone"
  | "lactate"
  | "pressure"
  | "body"
  | "composition"
  | "waist"
  | "grip"
  | "vision";

/** What belongs to a step. The pulse is told by whatever counts it. */
export const itemsOf: Readonly<Record<StepId, readonly Item[]>> = {
  temperature: ["temperature"],
  oxygen: ["spo2", "pulse", "perfusion"],
  glucose: ["glucose"],
  urate: ["urate"],
  lipids: ["cholesterol", "hdl", "ldl", "triglyceride"],
  haemoglobin: ["haemoglobin", "haematocrit"],
  ketone: ["ketone"],
  lactate: ["lactate"],
  pressure: ["systolic", "diastolic", "mean-arterial", "pulse", "irregular-beats"],
  body: ["height", "weight", "bmi"],
  composition: ["body-fat", "body-water", "muscle-mass", "bone-mass", "visceral-fat", "basal-metabolism"],
  waist: ["waist", "hip"],
  grip: ["grip-left", "grip-right"],
  vision: ["vision-left", "vision-right"],
};

export const stepIds: readonly StepId[] = Object.keys(itemsOf) as StepId[];

/** What every instrument of a step has, and no other: an oximeter counts the pulse, and measures no blood pressure. */
const tellsApart: Partial<Readonly<Record<StepId, readonly Item[]>>> = {
  oxygen: ["spo2"],
  pressure: ["systolic"],
  body: ["height", "weight"],
};

/** What is looked for when a step is taken. */
export const wanted = (step: StepId): readonly Item[] => tellsApart[step] ?? itemsOf[step];

/**
 * Steps of which each item is gone through, one after the other: another strip, another instrument, another line to type.
 * Of the others one measurement gives what it gives.
 */
const gathered: readonly StepId[] = ["lipids", "haemoglobin", "body", "waist", "grip", "vision"];
export const isGathered = (step: StepId): boolean => gathered.includes(step);

/** Whoever stands up for it rests anew before a blood pressure. */
const upright: readonly StepId[] = ["body", "composition", "waist", "grip", "vision"];
export const isUpright = (step: StepId): boolean => upright.includes(step);

/** The step to which an item belongs: the one that was asked for, where it has the item. */
export function stepOf(item: Item, asked: StepId): StepId {
  if (itemsOf[asked].includes(item)) return asked;
  return stepIds.find((step) => itemsOf[step].includes(item)) ?? asked;
}
