import type { Item } from "../../../devices/health/capability.ts";

/** A part of the check-up: what one instrument, or a few keys, give in one go. In the order in which a person is led. */
export type StepId =
  | "pressure"
  | "oxygen"
  | "temperature"
  | "body"
  | "composition"
  | "glucose"
  | "urate"
  | "lipids"
  | "haemoglobin"
  | "ketone"
  | "lactate"
  | "waist"
  | "grip"
  | "vision";

/** What belongs to a step. The pulse is told by whatever counts it. */
export const itemsOf: Readonly<Record<StepId, readonly Item[]>> = {
  pressure: ["systolic", "diastolic", "mean-arterial", "pulse", "irregular-beats"],
  oxygen: ["spo2", "pulse", "perfusion"],
  temperature: ["temperature"],
  body: ["height", "weight", "bmi"],
  composition: ["body-fat", "body-water", "muscle-mass", "bone-mass", "visceral-fat", "basal-metabolism"],
  glucose: ["glucose"],
  urate: ["urate"],
  lipids: ["cholesterol", "hdl", "ldl", "triglyceride"],
  haemoglobin: ["haemoglobin", "haematocrit"],
  ketone: ["ketone"],
  lactate: ["lactate"],
  waist: ["waist", "hip"],
  grip: ["grip-left", "grip-right"],
  vision: ["vision-left", "vision-right"],
};

export const stepIds: readonly StepId[] = Object.keys(itemsOf) as StepId[];
