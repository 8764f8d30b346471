import type { Item, Person } from "../../../devices/health/capability.ts";
import type { Millis } from "../../../devices/kit/clock.ts";
import type { Again, Live } from "../../screen/cabin-model.ts";
import type { Figure } from "../health/figure.ts";
import type { Flag, Symptom, Taken } from "../health/findings.ts";
import type { Meal } from "../health/ranges.ts";
import type { Test } from "./counts.ts";
import type { FoundPass } from "./pass.ts";
import type { StepId } from "./steps.ts";

/** One person's check-up, from consent to the end. It lives in memory alone, and in one place: the scene. */
export interface Visit {
  /** Its own: the next person's is another. */
  readonly number: number;
  readonly consent: "asked" | "given" | "refused";
  readonly person: Person;
  readonly symptoms: readonly Symptom[];
  /** Comes from work in the heat; absent until the question was answered. */
  readonly hotWork?: boolean;
  /** Of the last meal; absent until it was asked. */
  readonly meal?: Meal;
  /** Since when the person sits. */
  readonly sat: Millis;
  /** Between two keys lay a minute: values are shown again when it was asked who sits there. */
  readonly unsure?: true;
  /** When the page came: who says nothing to it for a minute has gone. */
  readonly turned: Millis;
  /** Since when results are to be seen; absent where they are not. */
  readonly told?: Millis;
  readonly page: Page;
  /** Everything believed, in the order of measurement. */
  readonly taken: readonly Measured[];
  /** What came last of these was not believed. */
  readonly doubtful: readonly Figure[];
  readonly skipped: readonly StepId[];
  /** The step that goes on, or was the last. */
  readonly round?: Round;
  /** Rounds begun. */
  readonly rounds: number;
  /** How measurements ended. */
  readonly tests: readonly Test[];
  /** Emergencies that were told and understood. */
  readonly understood: readonly Flag["rule"][];
  readonly slip?: { readonly number: number; readonly is: "printing" | "printed" | "no-paper" | "failed" };
  readonly sent?: { readonly number: number; readonly is: "sealing" | "kept" | "failed" };
  readonly pass?: {
    /** The question on its way. */
    readonly number?: number;
    readonly found?: Extract<FoundPass, { is: "found" }>;
    /** Codes that were nobody's. */
    readonly tries: number;
  };
}

/** A figure, and how it was come by. */
export interface Measured extends Taken {
  readonly step: StepId;
  /** The newest of a figure counts, and blood pressures of one round have a mean. */
  readonly round: number;
  readonly by?: string;
  readonly unrested?: true;
  readonly overdue?: true;
  readonly entered?: true;
}

/** One go through a step, with its repetitions. */
export interface Round {
  readonly step: StepId;
  readonly number: number;
  /** When this person came to this step: what was measured before is not its. */
  readonly began: Millis;
  /** Instruments that have nothing more to give, and items that were typed in or left out. */
  readonly past: readonly string[];
  /** Blood pressures taken. */
  readonly readings: number;
  /** The rest was skipped. */
  readonly unrested?: true;
}

/** Where the person stands. */
export type Page =
  | { readonly is: "consent" }
  | { readonly is: "symptoms" | "steps" | "qr" | "send" }
  | { readonly is: "bye" }
  /** `pass`: asked because a pass is to be made. */
  | { readonly is: "sex"; readonly pass?: true }
  | { readonly is: "age"; readonly typed: string; readonly wrong?: true }
  | { readonly is: "meal" }
  /** `device`: the instrument that will be used. */
  | { readonly is: "prepare"; readonly device: string }
  | { readonly is: "rest"; readonly device: string; readonly until: Millis }
  /** `number`: of the measurement that goes on. */
  | {
      readonly is: "measuring";
      readonly device: string;
      readonly number: number;
      readonly since: Millis;
      readonly live: Live;
    }
  | { readonly is: "between"; readonly until: Millis }
  /** `device`: the instrument that gave nothing; absent where none was found. */
  | { readonly is: "again"; readonly why: Again; readonly device?: string }
  | { readonly is: "told"; readonly step: StepId }
  | { readonly is: "enter"; readonly item: Item; readonly typed: string; readonly wrong?: true }
  | { readonly is: "still-you" | "alert"; readonly next: Page }
  | { readonly is: "results"; readonly leaf: number }
  | { readonly is: "pass-code"; readonly typed: string; readonly said?: "unknown" | "full" | "failed" }
  | { readonly is: "pass"; readonly leaf: number; readonly typed: string; readonly wrong?: true };
