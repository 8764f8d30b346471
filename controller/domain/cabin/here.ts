import type { Millis } from "../../../devices/kit/clock.ts";
import { stay, type Effect, type Scene, type Setting, type State, type Stepped } from "../state.ts";
import type { CabinSetting } from "./setting.ts";
import type { Page, Round, Visit } from "./visit.ts";

export type Cabin = Extract<Scene, { is: "cabin" }>;

/** A visit, and all around it that its steps look at. */
export interface Here {
  readonly cabin: CabinSetting;
  readonly state: State;
  readonly visit: Visit;
  /** When a key was last pressed. */
  readonly at: Millis;
}

/** Undefined where nobody is in the cabin. */
export function hereOf({ cabin }: Setting, state: State): Here | undefined {
  const { scene } = state;
  return cabin === undefined || scene.is !== "cabin" ? undefined : { cabin, state, visit: scene.visit, at: scene.at };
}

/** The same place, with what has been learned. */
export const learning = (here: Here, more: Partial<Visit>): Here => ({ ...here, visit: { ...here.visit, ...more } });

/** Remembers, and stays on the page. */
export const staying = ({ state, visit, at }: Here, ...effects: readonly Effect[]): Stepped =>
  stay({ ...state, scene: { is: "cabin", at, visit } }, ...effects);

/** Pages from which the values are seen, or were a moment ago. */
const ofResults: readonly Page["is"][] = ["results", "qr", "send", "pass-code", "pass"];

/** Turns to a page. */
export function turning(here: Here, page: Page, ...effects: readonly Effect[]): Stepped {
  const { told, ...visit } = here.visit;
  const turned = here.state.now.mono;
  const seen = ofResults.includes(page.is) ? { told: told ?? turned } : {};
  return staying({ ...here, visit: { ...visit, ...seen, page, turned } }, ...effects);
}

/**
 * The step that goes on.
 * @throws Error where none was begun: pages of a step come only after its beginning.
 */
export function roundOf({ visit: { round } }: Here): Round {
  if (round === undefined) throw new Error("a page of a step was shown before any step was begun");
  return round;
}
