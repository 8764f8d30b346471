import type { Figure } from "./figure.ts";

export type Sex = "female" | "male";

/** What the person says of the last meal; "unknown" where nobody asked. */
export type Meal = "fasting" | "after-meal" | "unknown";

/**
 * Where a class stands against the reference: all that a person is told. "unclear": it depends on what is not known here.
 */
export type Place = "below" | "within" | "above" | "unclear";

/** The name of a class in its table. A place in a table, never the name of an illness. */
export type ClassId =
  | "very-low"
  | "low"
  | "ideal"
  | "suitable"
  | "normal"
  | "within"
  | "high-normal"
  | "borderline"
  | "raised"
  | "high"
  | "grade1"
  | "grade2"
  | "grade3"
  | "unclear"
  /** Not in the file: what the plains call within, at a station high up. */
  | "high-up";

/** `needsClinician`: our proposal, or a number from secondary pages, that a clinician has not signed yet. */
export interface Standing {
  /** Key of a source in the file. */
  readonly source: string;
  readonly needsClinician: boolean;
}

/** A class with its lower edge; the next band's is its upper one. The lowest has none. */
export interface Band {
  readonly class: ClassId;
  readonly is: Place;
  /** The lowest value that belongs to it … */
  readonly from?: number;
  /** … or the highest that does not. */
  readonly above?: number;
  readonly source?: string;
  readonly needsClinician?: boolean;
}

/** The classes of one figure, for whom and when they hold; from low to high. */
export interface Range extends Standing {
  readonly figure: Figure;
  /** Absent: for both. */
  readonly sex?: Sex;
  /** Absent: whenever it was measured. */
  readonly meal?: Meal;
  readonly bands: readonly Band[];
}

/** The thresholds of the rules that say what to do now; in shown units, minutes and °C. */
export interface Rules {
  readonly "emergency-symptom": Standing;
  /** So high, with a symptom. */
  readonly "pressure-emergency": Standing & { readonly systolic: number; readonly diastolic: number };
  /** So high in so many readings; one alone asks for a repetition. */
  readonly "pressure-very-high": Standing & {
    readonly systolic: number;
    readonly diastolic: number;
    readonly readings: number;
    readonly restMinutes: number;
  };
  /** The mean so high. */
  readonly "pressure-high": Standing & { readonly systolic: number; readonly diastolic: number };
  /** Below these, with a symptom. */
  readonly "pressure-low": Standing & { readonly systolic: number; readonly diastolic: number };
  /** Further apart than that asks for a third reading. */
  readonly "pressure-apart": Standing & { readonly by: number };
  readonly "glucose-low": Standing & { readonly below: number; readonly repeatMinutes: number };
  readonly "glucose-high": Standing & { readonly from: number; readonly fromWithSymptoms: number };
  readonly "urate-high": Standing & { readonly above: number };
  readonly "triglyceride-high": Standing & { readonly from: number };
  readonly "haemoglobin-low": Standing & { readonly below: number };
  readonly "pulse-slow": Standing & { readonly below: number };
  readonly "pulse-fast": Standing & { readonly above: number; readonly restMinutes: number };
  /** Below that in so many readings; one alone asks for a repetition. */
  readonly "spo2-low": Standing & { readonly below: number; readonly readings: number };
  readonly "spo2-recheck": Standing & { readonly below: number };
  readonly "temperature-high": Standing & { readonly from: number };
  readonly "heat-r1": Standing & {
    readonly temperature: number;
    readonly pulse: number;
    readonly restMinutes: number;
    readonly repeatMinutes: number;
  };
  readonly "heat-r2": Standing & { readonly temperature: number; readonly systolic: number; readonly pulse: number };
  readonly "heat-r4": Standing & { readonly wbgt: number; readonly air: number };
  /** After work in the heat: with a first sign, … */
  readonly "heat-early": Standing;
  /** … and with none. */
  readonly "heat-work": Standing;
}

export type RuleId = keyof Rules;

/** Where a cited number comes from. */
export interface Source {
  readonly title: string;
  /** Of the edition: "2024", "2019-07-01". */
  readonly date: string;
}

/** The whole of config/health-ranges.json. */
export interface HealthRanges {
  readonly sources: Readonly<Record<string, Source>>;
  readonly ranges: readonly Range[];
  readonly rules: Rules;
}

/** Oxygen of a station high up: less is usual there. In percent. Where they stand, other tables of the plains end too. */
export interface Spo2Limits {
  /** The lowest that is within the reference. */
  readonly within: number;
  /** Below that, twice: help now. */
  readonly urgent: number;
}

/** Whose figure it is, and where. */
export interface Circumstances {
  readonly sex?: Sex;
  readonly meal?: Meal;
  /** Absent: the limits of the file, which hold in the plains. */
  readonly spo2?: Spo2Limits;
}
