import { millis, type Millis } from "../../../devices/kit/clock.ts";
import { delays } from "../../delays.ts";
import type { Event, Setting, State, Stepped } from "../state.ts";
import type { Here } from "./here.ts";

// Whoever starts an instrument may leave it while it still works: a cuff inflates, a strip counts down. What it gives then
// comes after the next person has begun, and is the first one's all the same.

export interface Lingering {
  /** Of whose visit it is. */
  readonly visit: number;
  readonly until: Millis;
}

/** An instrument that the person may have started, and that has not answered. */
function startedBy({ scene }: State): { readonly device: string; readonly visit: number } | undefined {
  if (scene.is !== "cabin") return undefined;
  const { page, number: visit } = scene.visit;
  return page.is === "prepare" || page.is === "rest" || page.is === "measuring"
    ? { device: page.device, visit }
    : undefined;
}

const isAnswer = ({ scene }: State, event: Event): boolean =>
  event.kind === "measured" &&
  scene.is === "cabin" &&
  scene.visit.page.is === "measuring" &&
  scene.visit.page.number === event.number;

/** Remembers an instrument that was left. What the kiosk starts it also stops. */
export function lingered({ cabin }: Setting, before: State, event: Event, step: Stepped): Stepped {
  const started = startedBy(before);
  if (started === undefined || isAnswer(before, event)) return step;
  const { device, visit } = started;
  const after = startedBy(step.state);
  if (after?.device === device && after.visit === visit) return step;
  if (cabin?.instruments.some(({ id, starts }) => id === device && starts)) return step;
  const { lingering, now } = step.state;
  const others = (lingering.get(device) ?? []).filter((one) => one.visit !== visit && now.mono < one.until);
  const left: Lingering = { visit, until: millis(now.mono + delays.instrumentLingers) };
  return { ...step, state: { ...step.state, lingering: new Map(lingering).set(device, [...others, left]) } };
}

/** What the instrument gives now may be of somebody who has left. */
export function isAnothers(here: Here, device: string): boolean {
  const { state, visit } = here;
  if (mayBeOfBefore(here, device)) return true;
  const left = state.lingering.get(device) ?? [];
  return left.some((one) => one.visit !== visit.number && state.now.mono < one.until);
}

/** A power cut stops the kiosk, and neither a cuff that inflates nor a strip that counts down. */
function mayBeOfBefore({ state, cabin }: Here, device: string): boolean {
  const { cutAt, now } = state;
  if (cutAt === undefined || now.mono >= cutAt + delays.instrumentLingers) return false;
  return !cabin.instruments.some(({ id, starts }) => id === device && starts);
}
