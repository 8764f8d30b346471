import type { Item } from "../../devices/health/capability.ts";
import type { Millis } from "../../devices/kit/clock.ts";
import type { Results, ToldFigure } from "../domain/cabin/results.ts";
import type { StepId } from "../domain/cabin/steps.ts";
import type { Flag, Symptom } from "../domain/health/findings.ts";
import type { Figure } from "../domain/health/figure.ts";
import type { Shown } from "../domain/health/shown.ts";
import type { Name } from "./model.ts";

/** How a step of the check-up is. */
export interface StepTile {
  readonly step: StepId;
  /**
   * ready: to be measured. done. skipped: may still be measured. absent: its instrument does not answer.
   * overdue: its calibration has ended, and this station does not measure then.
   */
  readonly state: "ready" | "done" | "skipped" | "absent" | "overdue";
}

/** Why a measurement gave nothing that may be shown. Each has its advice. */
export type Again =
  /** The instrument reported an error: sit still, mind the cuff, a new strip. */
  | "instrument-error"
  /** Nobody used it in time. */
  | "nothing-came"
  /** Its cable is out, or it does not answer. */
  | "instrument-gone"
  /** A number came that is not believed: once more, and whoever feels unwell calls the staff or 120. */
  | "doubtful";

/** What a measurement shows while it goes on. */
export type Live =
  | { readonly is: "waiting" }
  /** mmHg. */
  | { readonly is: "cuff"; readonly pressure: number }
  /** 0 to 100, the oldest first, so many a second. */
  | { readonly is: "wave"; readonly samples: readonly number[]; readonly rate: number }
  /** Not steady yet. */
  | { readonly is: "preview"; readonly shown: Shown };

/** One page of the cabin. Every page has the key "end": everything is forgotten at once. */
export type CabinPage =
  /** Keys "agree", "refuse" (measures all the same, nothing is kept). */
  | { readonly is: "consent" }
  /** Keys "female", "male", "skip". */
  | { readonly is: "sex" }
  /** Digits, "back", "next", "skip". `wrong`: the tables are for adults from 18 on, at most 120. */
  | { readonly is: "age"; readonly typed: string; readonly wrong?: true }
  /** Keys "tick:<symptom>", "tick:hot-work", "next" (with none ticked: "nothing of this"). */
  | {
      readonly is: "symptoms";
      readonly all: readonly Symptom[];
      readonly ticked: readonly Symptom[];
      readonly hotWork: boolean;
    }
  /**
   * All steps. Keys "begin" (the next that is ready), "step:<id>" (also done and skipped ones), "symptoms", and "results"
   * where anything was measured.
   */
  | { readonly is: "steps"; readonly steps: readonly StepTile[]; readonly any: boolean }
  /**
   * Pictures and hygiene before a step, and before each further strip. Keys "ready", "skip". `items`: what it may still
   * give of the step. `overdue`: the calibration has ended.
   */
  | {
      readonly is: "prepare";
      readonly step: StepId;
      readonly instrument: Name;
      readonly items: readonly Item[];
      readonly overdue?: true;
    }
  /**
   * Sitting still before a blood pressure: five minutes since the person sat down, of which the last one here. Keys
   * "skip-rest", and "steps": measure something else meanwhile, the time goes on.
   */
  | { readonly is: "rest"; readonly left: Millis; readonly of: Millis }
  /** After a minute without a key: keys "still-me", "new-person". No value is on the glass. */
  | { readonly is: "still-you" }
  /** Before glucose. Keys "fasting", "after-meal", "unknown". */
  | { readonly is: "meal" }
  /** Keys "stop". `starts`: the kiosk started the instrument; else the person does, on it. `reading`: 1, 2 or 3. */
  | {
      readonly is: "measuring";
      readonly step: StepId;
      readonly starts: boolean;
      readonly reading: number;
      readonly live: Live;
    }
  /** Before the second blood pressure, or the third. Key "stop". */
  | { readonly is: "between"; readonly left: Millis; readonly reading: number }
  /**
   * Keys "again" (where `instrument` is there: the one that will be used, perhaps another than before), "skip". What is
   * skipped can be taken up from the steps.
   */
  | { readonly is: "again"; readonly step: StepId; readonly why: Again; readonly instrument?: Name }
  /**
   * What the step gave; where another strip was put in, of that one's step. Keys "next", "again" (another strip, too),
   * "steps". `more`: another step is ready.
   */
  | {
      readonly is: "told";
      readonly step: StepId;
      readonly figures: readonly ToldFigure[];
      readonly doubtful: readonly Figure[];
      readonly flags: readonly Flag[];
      readonly more: boolean;
    }
  /** Typed by the person or an attendant. Digits, "dot", "back", "next", "skip". `wrong`: it cannot be that. */
  | {
      readonly is: "enter";
      readonly step: StepId;
      readonly item: Item;
      readonly typed: string;
      readonly wrong?: true;
    }
  /** The whole glass. Key "understood". */
  | { readonly is: "alert"; readonly flags: readonly Flag[] }
  /** Keys "leaf:<n>", "print", "qr", "send", "pass", "steps". What is absent cannot be done here. */
  | {
      readonly is: "results";
      readonly results: Results;
      /** Shown of `leaves`, from 1. */
      readonly leaf: number;
      readonly leaves: number;
      readonly print?: "ready" | "printing" | "printed" | "no-paper" | "failed";
      readonly send?: "ready" | "sealing" | "kept" | "failed";
      readonly pass?: "ready";
    }
  /** The values for the person's own telephone. Key "results". */
  | { readonly is: "qr"; readonly results: Results }
  /** A consent of its own: whom it goes to, and that nobody on the way can read it. Keys "agree", "refuse". */
  | { readonly is: "send"; readonly to: Name }
  /**
   * The pass: keys "new-pass", digits, "back", "next", "results". unknown: no pass has this code. full: there is no room for
   * a new one. failed: later again. `asking`: the answer is on its way.
   */
  | {
      readonly is: "pass-code";
      readonly typed: string;
      readonly said?: "unknown" | "full" | "failed";
      readonly asking?: true;
    }
  /** The ticks of a pass. Keys "results", digits "next" (an item's code, for what is done elsewhere), "leaf:<n>". */
  | {
      readonly is: "pass";
      readonly pass: ToldPass;
      readonly leaf: number;
      readonly leaves: number;
      readonly typed: string;
      readonly wrong?: true;
    }
  /** Everything is forgotten; wipe the instruments. Ends by itself; any key. */
  | { readonly is: "bye" };

/** A check-up pass as it is shown. */
export interface ToldPass {
  /** The twelve digits by which it is found again. */
  readonly code: string;
  readonly ticked: number;
  readonly of: number;
  /** The items of this leaf. */
  readonly items: readonly {
    readonly code: string;
    readonly name: Name;
    readonly ticked: boolean;
    readonly here: boolean;
  }[];
}

/** The screen of the cabin. */
export interface CabinBody {
  readonly is: "cabin";
  readonly page: CabinPage;
  /** Nobody pressed for a while: "are you still there?" (key "go-on"); everything is forgotten in so many seconds. */
  readonly still?: number;
  /** Refused consent: nothing is kept, and a mark says so. */
  readonly forgets: boolean;
}
