import { millis, type Millis } from "../../../devices/kit/clock.ts";
import { delays } from "../../delays.ts";
import { stay, type Event, type Setting, type State, type Stepped } from "../state.ts";
import { askingAge, askingMeal, askingSex, askingSymptoms, consenting } from "./asking.ts";
import { entering } from "./entering.ts";
import { ending, entered, forgettingAt, forgottenAt, leaving, nextSecond, replacing } from "./forgetting.ts";
import { confirming, guarded, understanding } from "./guarding.ts";
import { hereOf, learning, roundOf, staying, turning, type Cabin, type Here } from "./here.ts";
import { isAnything, nextReady, onward, opening, resting, skipping } from "./leading.ts";
import { beginning, giveUp, instrumentLost, measuredBy, progressing, repeating, stopping } from "./measuring.ts";
import { stepIds } from "./steps.ts";
import { consentingToSend, printed, readingResults, sealed } from "./takeaway.ts";
import { passAnswered, ticking, typingPass } from "./ticking.ts";
import type { Page } from "./visit.ts";

// The conversation with the person in the health cabin: which page hears which key, answer and hour.

/** Somebody wants to be measured: first the consent. Whoever's card waits is next. */
export const cabinBegins = ({ cabin }: Setting, state: State): Stepped =>
  cabin === undefined || state.next !== undefined ? stay(state) : entered(state);

/** A key says that somebody is there, and after a minute of silence not who. */
function heardFrom(state: State, scene: Cabin): Cabin {
  const { mono } = state.now;
  const silent = mono >= scene.at + delays.visitForgotten;
  return { ...scene, at: mono, visit: silent ? { ...scene.visit, unsure: true } : scene.visit };
}

export function cabinPressed(setting: Setting, state: State, scene: Cabin, key: string): Stepped {
  const end = forgottenAt(scene);
  if (end !== undefined && state.now.mono >= end) return leaving(state, scene);
  if (scene.visit.page.is === "bye") return leaving(state, scene);
  const heard = heardFrom(state, scene);
  if (key === "end") return ending(state, heard);
  const here = hereOf(setting, { ...state, scene: heard });
  if (here === undefined) return stay(state);
  const { page } = scene.visit;
  if (page.is === "still-you" && key === "new-person") return replacing(state, heard);
  return guarded(setting, page, turned(here, page, key));
}

function turned(here: Here, page: Page, key: string): Stepped {
  switch (page.is) {
    case "consent":
      return consenting(here, key);
    case "sex":
      return askingSex(here, page, key);
    case "age":
      return askingAge(here, page, key);
    case "symptoms":
      return askingSymptoms(here, key);
    case "steps":
      return choosing(here, key);
    case "meal":
      return askingMeal(here, key);
    case "prepare":
      return preparing(here, page.device, key);
    case "rest":
      return restingKey(here, key);
    case "measuring":
    case "between":
      return key === "stop" ? stopping(here) : staying(here);
    case "again":
      if (key === "again") return repeating(here, page.device);
      return key === "skip" ? skipping(here) : staying(here);
    case "told":
      return toldKey(here, key);
    case "enter":
      return entering(here, page, key);
    case "alert":
      return key === "understood" ? understanding(here, page.next) : staying(here);
    case "still-you":
      return key === "still-me" ? confirming(here, page.next) : staying(here);
    case "results":
      return readingResults(here, key);
    case "qr":
      return key === "results" ? turning(here, { is: "results", leaf: 1 }) : staying(here);
    case "send":
      return consentingToSend(here, key);
    case "pass-code":
      return typingPass(here, page, key);
    case "pass":
      return ticking(here, page, key);
    case "bye":
      return staying(here);
  }
}

function choosing(here: Here, key: string): Stepped {
  if (key === "begin") return nextReady(here) === undefined ? staying(here) : onward(here);
  if (key === "symptoms") return turning(here, { is: "symptoms" });
  if (key === "results") return isAnything(here) ? turning(here, { is: "results", leaf: 1 }) : staying(here);
  const step = stepIds.find((one) => key === `step:${one}`);
  return step === undefined ? staying(here) : opening(here, step);
}

function preparing(here: Here, device: string, key: string): Stepped {
  if (key === "skip") return skipping(here);
  if (key !== "ready") return staying(here);
  const { step, began } = roundOf(here);
  return step === "pressure" ? resting(here, device) : beginning(here, began);
}

function restingKey(here: Here, key: string): Stepped {
  if (key === "steps") return turning(here, { is: "steps" });
  if (key !== "skip-rest") return staying(here);
  const { mono } = here.state.now;
  const hurried = mono < here.visit.sat + delays.rest;
  const round = { ...roundOf(here), ...(hurried ? { unrested: true as const } : {}) };
  return beginning(learning(here, { round }), mono);
}

function toldKey(here: Here, key: string): Stepped {
  if (key === "next") return onward(here);
  if (key === "steps") return turning(here, { is: "steps" });
  return key === "again" ? opening(here, roundOf(here).step) : staying(here);
}

/** An instrument, a printer or the disk has answered. */
export function cabinAnswered(
  setting: Setting,
  state: State,
  event: Extract<Event, { kind: "progress" | "measured" | "printed" | "sealed" | "pass" }>,
): Stepped {
  const here = hereOf(setting, state);
  if (here === undefined) return stay(state);
  return guarded(setting, here.visit.page, answered(here, event));
}

function answered(here: Here, event: Parameters<typeof cabinAnswered>[2]): Stepped {
  switch (event.kind) {
    case "progress":
      return progressing(here, event.number, event.progress);
    case "measured":
      return measuredBy(here, event);
    case "printed":
      return printed(here, event);
    case "sealed":
      return sealed(here, event);
    case "pass":
      return passAnswered(here, event);
  }
}

/** A device came or went. */
export function cabinNoticed(setting: Setting, state: State, device: string): Stepped {
  const here = hereOf(setting, state);
  if (here === undefined || state.presence.get(device) === "working") return stay(state);
  return guarded(setting, here.visit.page, instrumentLost(here, device));
}

/** When the page changes by itself. */
export function cabinEnds(scene: Cabin, now: Millis): Millis | undefined {
  const { page } = scene.visit;
  switch (page.is) {
    // They count down before the person's eyes.
    case "rest":
    case "between":
      return nextSecond(page.until, now);
    case "measuring":
      return millis(page.since + delays.measurementGivenUp);
    default:
      return forgettingAt(scene, now);
  }
}

export function cabinWaited(setting: Setting, state: State, scene: Cabin): Stepped {
  const { mono } = state.now;
  const end = forgottenAt(scene);
  if (end !== undefined && mono >= end) return leaving(state, scene);
  const here = hereOf(setting, state);
  if (here === undefined) return stay(state);
  const { page } = scene.visit;
  switch (page.is) {
    case "rest":
    case "between":
      return mono < page.until ? stay(state) : guarded(setting, page, beginning(here, mono));
    case "measuring":
      return mono < page.since + delays.measurementGivenUp ? stay(state) : guarded(setting, page, giveUp(here, page));
    default:
      return stay(state);
  }
}
