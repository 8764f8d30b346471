import type { Item, Unit } from "../../../devices/health/capability.ts";

/** One number of a person's result: measured, or reckoned from what was measured. */
export type Figure = Item | "waist-to-hip" | "non-hdl";

/** What is believed of a number: outside, it is measured again and not shown. Both edges belong to it. */
export interface Plausible {
  readonly low: number;
  readonly high: number;
  /** "I1": section 1 of the instruments file. "ours": our own width of what a living adult can have. */
  readonly source: "I1" | "ours";
}

export interface Facts {
  /** In which people in China read it. */
  readonly unit: Unit;
  readonly decimals: 0 | 1 | 2;
  readonly plausible: Plausible;
}

const known = (low: number, high: number): Plausible => ({ low, high, source: "I1" });
const wide = (low: number, high: number): Plausible => ({ low, high, source: "ours" });
const facts = (unit: Unit, decimals: Facts["decimals"], plausible: Plausible): Facts => ({ unit, decimals, plausible });

/**
 * All figures, in the order in which they are shown. Pressure and pulse are held to the limits that the HBP-9030 sets
 * itself [S4]; cholesterol's are those of total cholesterol.
 */
export const figures: Readonly<Record<Figure, Facts>> = {
  systolic: facts("mm[Hg]", 0, known(60, 260)),
  diastolic: facts("mm[Hg]", 0, known(30, 215)),
  "mean-arterial": facts("mm[Hg]", 0, wide(30, 230)),
  pulse: facts("/min", 0, known(40, 180)),
  "irregular-beats": facts("1", 0, wide(0, 99)),
  spo2: facts("%", 0, known(50, 100)),
  perfusion: facts("%", 1, wide(0, 30)),
  temperature: facts("Cel", 1, known(30, 45)),
  height: facts("cm", 1, known(50, 230)),
  weight: facts("kg", 1, known(2, 300)),
  bmi: facts("kg/m2", 1, wide(8, 100)),
  waist: facts("cm", 1, wide(40, 200)),
  hip: facts("cm", 1, wide(50, 220)),
  "waist-to-hip": facts("1", 2, wide(0.4, 2)),
  "body-fat": facts("%", 1, wide(2, 75)),
  // In percent or in kilograms, as the instrument has it: the width holds for either.
  "body-water": facts("%", 1, wide(10, 150)),
  "muscle-mass": facts("kg", 1, wide(5, 150)),
  "bone-mass": facts("kg", 1, wide(0.3, 10)),
  "visceral-fat": facts("1", 1, wide(0, 60)),
  "basal-metabolism": facts("kcal/d", 0, wide(300, 5000)),
  glucose: facts("mmol/L", 1, known(0.6, 33.3)),
  urate: facts("umol/L", 0, known(50, 1600)),
  cholesterol: facts("mmol/L", 2, known(1, 13)),
  hdl: facts("mmol/L", 2, wide(0.1, 5)),
  ldl: facts("mmol/L", 2, wide(0.1, 13)),
  "non-hdl": facts("mmol/L", 2, wide(0.1, 13)),
  triglyceride: facts("mmol/L", 2, wide(0.1, 60)),
  haemoglobin: facts("g/L", 0, wide(20, 270)),
  haematocrit: facts("%", 0, wide(8, 75)),
  ketone: facts("mmol/L", 1, wide(0, 15)),
  lactate: facts("mmol/L", 1, wide(0.1, 30)),
  "grip-left": facts("kg", 1, wide(0, 120)),
  "grip-right": facts("kg", 1, wide(0, 120)),
  // Five-mark notation of the Chinese chart (GB 11533), 5.0 being the usual; entered, never measured.
  "vision-left": facts("1", 1, wide(3, 5.3)),
  "vision-right": facts("1", 1, wide(3, 5.3)),
};

export const displayOrder: readonly Figure[] = Object.keys(figures) as Figure[];

/** How a unit is printed. */
export const printedUnit: Readonly<Record<Unit, string>> = {
  "mm[Hg]": "mmHg",
  kPa: "kPa",
  "/min": "/min",
  "%": "%",
  Cel: "°C",
  "[degF]": "°F",
  kg: "kg",
  "[lb_av]": "lb",
  cm: "cm",
  m: "m",
  "kg/m2": "kg/m²",
  "mg/dL": "mg/dL",
  "mmol/L": "mmol/L",
  "umol/L": "µmol/L",
  "g/dL": "g/dL",
  "g/L": "g/L",
  "kcal/d": "kcal/d",
  "kJ/d": "kJ/d",
  "1": "",
};
