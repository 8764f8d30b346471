import { millis, type Millis } from "../../../devices/kit/clock.ts";
import type { CabinBody, CabinPage } from "../../screen/cabin-model.ts";
import type { Scene, Setting, State } from "../state.ts";
import { delays } from "../../delays.ts";
import { allSymptoms } from "./asking.ts";
import { stillSeconds } from "./forgetting.ts";
import { emergencies } from "./guarding.ts";
import { hereOf, roundOf, type Here } from "./here.ts";
import { instrumentOf, isOverdue, missing, partOf, tilesOf } from "./instruments.ts";
import { leavesOf, rowsALeaf, rowsOf } from "./leaf.ts";
import { isAnything, nextReady } from "./leading.ts";
import { maySend, mayPass, printerOf } from "./takeaway.ts";
import { shownPass } from "./ticking.ts";
import { resultsOf, toldOfStep } from "./told.ts";
import type { Page } from "./visit.ts";

/** What the person in the cabin sees. */
export function cabinPicture(setting: Setting, state: State, scene: Extract<Scene, { is: "cabin" }>): CabinBody {
  const here = hereOf(setting, state);
  const still = stillSeconds(scene, state.now.mono);
  return {
    is: "cabin",
    page: here === undefined ? { is: "bye" } : pageOf(here, scene.visit.page),
    ...(still === undefined ? {} : { still }),
    forgets: scene.visit.consent === "refused",
  };
}

function pageOf(here: Here, page: Page): CabinPage {
  const { visit, cabin } = here;
  switch (page.is) {
    case "consent":
    case "age":
    case "meal":
    case "bye":
      return page;
    case "sex":
      return { is: "sex" };
    case "symptoms":
      return { is: "symptoms", all: allSymptoms, ticked: visit.symptoms, hotWork: visit.hotWork === true };
    case "steps":
      return { is: "steps", steps: tilesOf(here), any: isAnything(here) };
    case "prepare":
      return prepared(here, page.device);
    case "rest": {
      const { until } = page;
      return { is: "rest", left: left(here, until), of: millis(Math.max(delays.rest, until - visit.sat)) };
    }
    case "measuring": {
      const { step, readings } = roundOf(here);
      const starts = instrumentOf(here, page.device)?.starts === true;
      return { is: "measuring", step, starts, reading: readings + 1, live: page.live };
    }
    case "between":
      return { is: "between", left: left(here, page.until), reading: roundOf(here).readings + 1 };
    case "again": {
      const part = partOf(here, roundOf(here));
      const instrument = part?.is === "measure" ? { instrument: part.instrument.name } : {};
      return { is: "again", step: roundOf(here).step, why: page.why, ...instrument };
    }
    case "told": {
      const { figures, doubtful, flags } = toldOfStep(here, page.step);
      return { is: "told", step: page.step, figures, doubtful, flags, more: nextReady(here) !== undefined };
    }
    case "enter":
      return { ...page, step: roundOf(here).step };
    case "still-you":
      return { is: "still-you" };
    case "alert":
      return { is: "alert", flags: emergencies(here) };
    case "results":
      return taken(here, page.leaf);
    case "qr":
      return { is: "qr", results: resultsOf(here, visit) };
    case "send":
      return cabin.recipient === undefined ? { is: "bye" } : { is: "send", to: cabin.recipient.name };
    case "pass-code":
      return { ...page, ...(visit.pass?.number === undefined ? {} : { asking: true }) };
    case "pass": {
      const shown = shownPass(here, page);
      if (shown === undefined) return { is: "pass-code", typed: "" };
      return { is: "pass", ...shown, typed: page.typed, ...(page.wrong ? { wrong: true } : {}) };
    }
  }
}

const left = ({ state }: Here, until: Millis): Millis => millis(Math.max(0, until - state.now.mono));

function prepared(here: Here, device: string): CabinPage {
  const round = roundOf(here);
  const { step } = round;
  const instrument = instrumentOf(here, device);
  if (instrument === undefined) return { is: "again", step, why: "instrument-gone" };
  const items = missing(here.visit, round).filter((item) => instrument.items.includes(item));
  const late = isOverdue(here, instrument) ? { overdue: true as const } : {};
  return { is: "prepare", step, instrument: instrument.name, items, ...late };
}

function taken(here: Here, leaf: number): CabinPage {
  const { slip, sent } = here.visit;
  const results = resultsOf(here, here.visit);
  return {
    is: "results",
    results,
    leaf,
    leaves: leavesOf(rowsOf(results).length, rowsALeaf),
    ...(printerOf(here) === undefined && slip === undefined ? {} : { print: slip?.is ?? "ready" }),
    ...(maySend(here) ? { send: sent?.is ?? "ready" } : {}),
    ...(mayPass(here) ? { pass: "ready" } : {}),
  };
}
