import type { Millis } from "../kit/clock.ts";
import type { Result } from "../kit/result.ts";

/** What is measured or told. One id is one number on the screen. */
export type Item =
  | "systolic"
  | "diastolic"
  | "mean-arterial"
  | "pulse"
  | "irregular-beats"
  | "spo2"
  | "perfusion"
  | "temperature"
  | "height"
  | "weight"
  | "bmi"
  | "body-fat"
  | "body-water"
  | "muscle-mass"
  | "bone-mass"
  | "visceral-fat"
  | "basal-metabolism"
  | "glucose"
  | "urate"
  | "cholesterol"
  | "hdl"
  | "ldl"
  | "triglyceride"
  | "haemoglobin"
  | "haematocrit"
  | "ketone"
  | "lactate"
  | "waist"
  | "hip"
  | "grip-left"
  | "grip-right"
  | "vision-left"
  | "vision-right";

/** UCUM codes of the units that instruments speak in; "1" for bare counts and ratios. */
export type Unit =
  | "mm[Hg]"
  | "kPa"
  | "/min"
  | "%"
  | "Cel"
  | "[degF]"
  | "kg"
  | "[lb_av]"
  | "cm"
  | "m"
  | "kg/m2"
  | "mg/dL"
  | "mmol/L"
  | "umol/L"
  | "g/dL"
  | "g/L"
  | "kcal/d"
  | "kJ/d"
  | "1";

/** What the instrument itself says against its number. */
export type Note =
  /** The person or the arm moved. */
  | "moved"
  | "irregular-pulse"
  | "cuff-loose"
  | "weak-signal"
  | "before-meal"
  | "after-meal"
  | "fasting"
  /** Typed in, not measured. */
  | "entered";

/** One number as the instrument gave it: its own value and unit. Converted once, at the edge; never a sentinel. */
export interface Reading {
  readonly item: Item;
  readonly value: number;
  readonly unit: Unit;
  /** The instrument could only say that it lies beyond: LO below `value`, HI above it. */
  readonly comparator?: "<" | ">";
  readonly notes: readonly Note[];
}

/** What comes while somebody is being measured. */
export type Progress =
  /** The instrument waits for the person: a finger, a strip, a press of its own button. */
  | { readonly is: "waiting" }
  | { readonly is: "cuff"; readonly pressure: number; readonly unit: "mm[Hg]" }
  /** Pulse wave, 0 to 100, the oldest first, so many a second. */
  | { readonly is: "wave"; readonly samples: readonly number[]; readonly rate: number }
  /** A number that is not steady yet. */
  | { readonly is: "preview"; readonly reading: Reading };

/** What a person tells the instrument's makers' formulas: body composition is nothing without it. */
export interface Person {
  readonly sex?: "female" | "male";
  /** Years. */
  readonly age?: number;
  readonly heightCm?: number;
  readonly weightKg?: number;
}

/**
 * A health instrument. It measures one person at a time, and gives nothing that it measured before: a stored result is
 * given only where it provably belongs to this measurement (instruments.md, "Freshness").
 */
export interface Meter {
  /** What one measurement gives, as far as the model and the options say. */
  readonly items: readonly Item[];
  /** True where the kiosk starts the measurement; else the person does, on the instrument. */
  readonly starts: boolean;
  /**
   * One measurement of the person who is there now. Ends with readings, with a fault (`refused`: the instrument gave an
   * error and the person should try again; `detail` says what it was, without a value), or, where `stop` is aborted,
   * with `interrupted`: the instrument is told to stop where it can be, a cuff lets go.
   * @param began monotonic time at which the person sat down: nothing older counts.
   */
  measure(asked: {
    readonly stop: AbortSignal;
    readonly began: Millis;
    readonly person: Person;
    heard(progress: Progress): void;
  }): Promise<Result<readonly Reading[]>>;
}

declare module "../kit/driver.ts" {
  interface Capabilities {
    meter: Meter;
  }
}
