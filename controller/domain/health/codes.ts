import type { Figure } from "./figure.ts";

/** A LOINC code. Those from memory stay out of every file until they are held against the LOINC table. */
export interface Loinc {
  readonly code: string;
  readonly confirmed: boolean;
}

/** How other systems call a figure [instruments 5.2]. */
export interface Codes {
  /** In English, as the LOINC table words it where it has it. */
  readonly name: string;
  readonly category: "vital-signs" | "laboratory" | "exam";
  readonly loinc: readonly Loinc[];
  /** IEEE 11073-10101, partition and term as one decimal number. */
  readonly mdc?: string;
}

const seen = (code: string): Loinc => ({ code, confirmed: true });
const fromMemory = (code: string): Loinc => ({ code, confirmed: false });
const codes = (category: Codes["category"], name: string, loinc: readonly Loinc[], mdc?: string): Codes => ({
  name,
  category,
  loinc,
  ...(mdc === undefined ? {} : { mdc }),
});

/** Both halves of a blood pressure, and its mean, stand in one observation. */
export const pressurePanel: Codes = codes("vital-signs", "Blood pressure", [seen("85354-9")], "150020");
/** The pulse that an oximeter counts has its own codes. */
export const oximeterPulse: Codes = codes("vital-signs", "Pulse rate by oximetry", [seen("8889-8")], "149530");

export const codesOf: Readonly<Record<Figure, Codes>> = {
  systolic: codes("vital-signs", "Systolic blood pressure", [seen("8480-6")], "150021"),
  diastolic: codes("vital-signs", "Diastolic blood pressure", [seen("8462-4")], "150022"),
  "mean-arterial": codes("vital-signs", "Mean blood pressure", [fromMemory("8478-0")], "150023"),
  pulse: codes("vital-signs", "Heart rate", [seen("8867-4")], "149546"),
  "irregular-beats": codes("vital-signs", "Irregular heart beats during the measurement", []),
  // The vital-signs profile wants 2708-6 beside the code of pulse oximetry.
  spo2: codes("vital-signs", "Oxygen saturation by pulse oximetry", [seen("59408-5"), seen("2708-6")], "150456"),
  perfusion: codes("vital-signs", "Perfusion index by pulse oximetry", [seen("61006-3")]),
  temperature: codes("vital-signs", "Body temperature", [seen("8310-5")], "150364"),
  height: codes("vital-signs", "Body height", [seen("8302-2")], "188740"),
  weight: codes("vital-signs", "Body weight", [seen("29463-7")], "188736"),
  bmi: codes("vital-signs", "Body mass index", [seen("39156-5")], "188752"),
  waist: codes("exam", "Waist circumference", [seen("8280-0")]),
  hip: codes("exam", "Hip circumference", [fromMemory("62409-8")]),
  "waist-to-hip": codes("exam", "Waist to hip ratio", []),
  "body-fat": codes("exam", "Body fat percentage", [seen("41982-0")], "188748"),
  "body-water": codes("exam", "Body water", [fromMemory("73704-9")]),
  "muscle-mass": codes("exam", "Muscle mass", [fromMemory("73964-9")]),
  "bone-mass": codes("exam", "Bone mass", []),
  "visceral-fat": codes("exam", "Visceral fat level of the instrument's maker", [fromMemory("73708-0")]),
  "basal-metabolism": codes("exam", "Basal metabolic rate", [fromMemory("69429-9")]),
  // In mmol/L; 41653-7 is the same in mg/dL, which is not shown.
  glucose: codes("laboratory", "Glucose in capillary blood by glucometer", [fromMemory("14743-9")], "160184"),
  urate: codes("laboratory", "Urate", [seen("14933-6")]),
  cholesterol: codes("laboratory", "Cholesterol", [seen("14647-2")]),
  hdl: codes("laboratory", "Cholesterol in HDL", [seen("14646-4")]),
  ldl: codes("laboratory", "Cholesterol in LDL", [seen("22748-8")]),
  "non-hdl": codes("laboratory", "Cholesterol non HDL", [seen("70204-3")]),
  triglyceride: codes("laboratory", "Triglyceride", [seen("14927-8")]),
  haemoglobin: codes("laboratory", "Haemoglobin", [fromMemory("718-7")]),
  haematocrit: codes("laboratory", "Haematocrit", [fromMemory("4544-3")]),
  ketone: codes("laboratory", "Beta hydroxybutyrate", [fromMemory("53060-0")]),
  lactate: codes("laboratory", "Lactate", [fromMemory("32693-4")]),
  "grip-left": codes("exam", "Grip strength, left hand", [fromMemory("83173-5")]),
  "grip-right": codes("exam", "Grip strength, right hand", [seen("83174-3")]),
  // 79880-1 of the instruments file names no eye.
  "vision-left": codes("exam", "Visual acuity, left eye, five-mark notation", [fromMemory("79880-1")]),
  "vision-right": codes("exam", "Visual acuity, right eye, five-mark notation", [fromMemory("79880-1")]),
};
