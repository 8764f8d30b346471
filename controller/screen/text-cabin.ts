import type { Item, Note, Unit } from "../../devices/health/capability.ts";
import type { StepId } from "../domain/cabin/steps.ts";
import type { DrawnBand } from "../domain/health/classify.ts";
import type { Figure } from "../domain/health/figure.ts";
import type { Flag, Step, Symptom } from "../domain/health/findings.ts";
import type { ClassId, Place } from "../domain/health/ranges.ts";
import type { Again, CabinPage, StepTile } from "./cabin-model.ts";
import type { Name } from "./model.ts";

/** A headline of at most 24 Chinese characters, and short lines under it. */
export interface Said {
  readonly title: string;
  readonly lines: readonly string[];
}

/** How a step is done: before it, while it is measured, and what is wiped or thrown away. */
export interface StepWords {
  readonly name: string;
  /** How to sit, stand or hold. */
  readonly how: readonly string[];
  /** Wiped or taken new before. */
  readonly before: string;
  /** Wiped or thrown away after. */
  readonly after: string;
  /** While it is measured: where the kiosk starts the instrument, and where the person does. */
  readonly started: string;
  readonly start: string;
  /** Said beside its result, where something must not be read out of it. */
  readonly mind?: string;
}

/** Under which key what is done; short enough for a key. */
export type CabinKey =
  | "end"
  | "agree"
  | "refuse"
  | "female"
  | "male"
  | "skip"
  | "next"
  | "nothing"
  | "begin"
  | "results"
  | "ready"
  | "skip-rest"
  | "still-me"
  | "new-person"
  | "fasting"
  | "after-meal"
  | "unknown"
  | "stop"
  | "again"
  | "understood"
  | "print"
  | "qr"
  | "send"
  | "pass"
  | "steps"
  | "all-steps"
  | "earlier"
  | "later"
  | "new-pass"
  | "symptoms"
  | "meanwhile";

type Results = Extract<CabinPage, { readonly is: "results" }>;

/** All that the health cabin says, in one language. It tells where a number stands, never what somebody has. */
export interface CabinWords {
  /** The entry on the idle screen. */
  readonly entry: Said;
  readonly key: Readonly<Record<CabinKey, string>>;
  /** On every page with a result. */
  readonly reference: string;
  /** Nothing is kept of this visit. */
  readonly forgets: string;
  readonly consent: Said;
  readonly sex: Said;
  readonly age: Said;
  readonly years: string;
  /** The tables hold for adults. */
  readonly adults: string;
  readonly symptoms: Said;
  readonly symptom: Readonly<Record<Symptom, string>>;
  readonly hotWork: string;
  readonly steps: Said;
  readonly state: Readonly<Record<StepTile["state"], string>>;
  readonly step: Readonly<Record<StepId, StepWords>>;
  instrument(name: Name): string;
  /** The calibration has ended. */
  readonly overdue: string;
  readonly rest: Said;
  readonly between: Said;
  /** Before the third: why it is asked for. */
  readonly third: Said;
  /** Of a blood pressure. */
  reading(count: number): string;
  readonly stillYou: Said;
  still(seconds: number): Said;
  readonly meal: Said;
  /** The pressure in the cuff is no blood pressure. */
  readonly cuff: string;
  readonly wave: string;
  /** A number that is not steady yet. */
  readonly preview: string;
  readonly waiting: string;
  readonly again: Readonly<Record<Again, Said>>;
  readonly told: string;
  enter(item: Item): string;
  /** How what is typed is measured, where no instrument has shown it before. */
  readonly typing: Readonly<Partial<Record<Item, string>>>;
  readonly wrong: string;
  readonly figure: Readonly<Record<Figure, string>>;
  unit(unit: Unit): string;
  readonly place: Readonly<Record<Place, string>>;
  /** A place in a table; a little more than `place` where the table says more. */
  readonly class: Readonly<Record<ClassId, string>>;
  /** "参考 90–120"; nothing where no table is drawn. */
  range(bands: readonly DrawnBand[], unit: string): string | undefined;
  /** Small words beside each other. */
  listed(words: readonly string[]): string;
  readonly note: Readonly<Record<Note, string>>;
  /** `each`: what each of them gave. */
  mean(count: number, each?: readonly string[]): string;
  readonly unrested: string;
  readonly overdueFigure: string;
  readonly entered: string;
  /** A figure that was not believed. */
  readonly doubtful: string;
  /** What a rule says to do first; never what somebody has. */
  flag(flag: Flag): string;
  does(step: Step): string;
  readonly ambulance: Readonly<Record<Exclude<Flag["ambulance"], "no">, string>>;
  /** What does not find room here. */
  readonly more: string;
  readonly alert: string;
  readonly results: string;
  leaf(leaf: number, leaves: number): string;
  readonly print: Readonly<Record<NonNullable<Results["print"]>, string>>;
  readonly send: Readonly<Record<NonNullable<Results["send"]>, string>>;
  readonly nothing: string;
  readonly qr: Said;
  sendTo(to: Name): Said;
  readonly passCode: Said;
  readonly passSaid: Readonly<Record<NonNullable<Extract<CabinPage, { readonly is: "pass-code" }>["said"]>, string>>;
  passTicked(ticked: number, of: number): string;
  passHint(code: string): string;
  readonly passWrong: string;
  readonly passHere: string;
  readonly bye: Said;
}
