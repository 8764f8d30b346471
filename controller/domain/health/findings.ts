import type { Figure } from "./figure.ts";
import { exceeds, type Shown } from "./shown.ts";
import type { Rules, Spo2Limits } from "./ranges.ts";

/** What a person may tick. No list of illnesses: only what one feels, or what others see. */
export type Symptom =
  | "severe-headache"
  | "vomiting"
  | "speech-trouble"
  | "limb-weakness"
  | "chest-pain"
  | "back-pain"
  | "breathless"
  | "confusion"
  | "collapse"
  | "convulsion"
  | "no-sweat"
  | "dizzy"
  | "thirst"
  | "frequent-urination";

/** A figure of this visit. */
export interface Taken {
  readonly shown: Shown;
  /** Minutes of sitting still before it, in the shade; absent where nobody knows. */
  readonly restedMinutes?: number;
  /** Of which go through a step: blood pressures of one go have a mean. */
  readonly round?: number;
}

/** All that the rules know of the person who sits here. What was ticked stays ticked, and no figure is taken back. */
export interface Findings {
  /** Everything shown in this visit, in the order of measurement. */
  readonly taken: readonly Taken[];
  readonly symptoms: readonly Symptom[];
  /** Comes from work in the heat; where nobody answered, it may be. */
  readonly hotWork?: boolean;
  /** Of the station, in °C: wet-bulb globe temperature, and that of the air. */
  readonly wbgt?: number;
  readonly air?: number;
  /** Of a station high up. */
  readonly spo2?: Spo2Limits;
}

export const shownOf = ({ taken }: Findings, figure: Figure): readonly Shown[] =>
  taken.map(({ shown }) => shown).filter((one) => one.figure === figure);

export const ticked = ({ symptoms }: Findings, among: readonly Symptom[]): boolean =>
  symptoms.some((symptom) => among.includes(symptom));

/** A pulse that stayed above the limit after the rest that the rule wants. */
export const fastAfterRest = ({ taken }: Findings, above: number, restMinutes: number): boolean =>
  taken.some(
    ({ shown, restedMinutes = 0 }) => shown.figure === "pulse" && exceeds(shown, above) && restedMinutes >= restMinutes,
  );

/** From worst to mildest. "emergency": the whole screen, and what the station has to call for help with. */
export type Level = "emergency" | "red" | "amber" | "advice";

/** One thing to do now. Minutes belong to resting and repeating. */
export interface Step {
  readonly do:
    | "call-120"
    | "call-staff"
    | "tell-supervisor"
    | "see-doctor-today"
    | "see-doctor"
    | "stop-work"
    | "cool-now"
    | "drink"
    | "eat-sugar"
    | "rest"
    | "measure-again"
    | "warm-finger"
    | "water-and-salt";
  readonly minutes?: number;
}

/** What a rule says: what to do, never what somebody has. */
export interface Flag {
  readonly rule: keyof Rules;
  readonly level: Level;
  /** The first thing first. */
  readonly steps: readonly Step[];
  /** Whether 120 is shown: to call it now, if the heart or the head speak, if somebody grows faint, or not at all. */
  readonly ambulance: "now" | "if-symptoms" | "if-faint" | "no";
  readonly needsClinician: boolean;
}
