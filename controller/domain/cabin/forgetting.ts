import type { Item } from "../../../devices/health/capability.ts";
import { millis, seconds, type Millis } from "../../../devices/kit/clock.ts";
import { delays } from "../../delays.ts";
import { figures } from "../health/figure.ts";
import { andThen, stay, type Effect, type Event, type State, type Stepped } from "../state.ts";
import type { Cabin } from "./here.ts";
import { withOneMore } from "./roll-call.ts";
import { visitCounted } from "./telling.ts";
import type { Page, Visit } from "./visit.ts";

// When a visit is over, and what is left of it then: nothing.

/** A visit of which nothing is known. */
const nobodys = (number: number, now: Millis, page: Page): Visit => ({
  number,
  consent: "asked",
  person: {},
  symptoms: [],
  sat: now,
  turned: now,
  page,
  taken: [],
  doubtful: [],
  skipped: [],
  rounds: 0,
  tests: [],
  understood: [],
});

/** Counts that somebody came, who agreed to that, and forgets who and what. */
function forgotten(state: State, { visit }: Cabin): Stepped {
  const roll = visit.rounds > 0 ? withOneMore(state) : state.roll;
  const idle: State = { ...state, roll, scene: { is: "idle" } };
  if (visit.consent !== "given") return stay(idle);
  // Nothing that was reckoned is in it.
  const items = visit.taken.map(({ shown }) => shown.figure).filter((figure): figure is Item => figure in figures);
  return visitCounted(idle, items, visit.tests);
}

/** Nobody is there any more. */
export const leaving = (state: State, scene: Cabin): Stepped => forgotten({ ...state, language: "zh-CN" }, scene);

const seated = (state: State, page: Page): Stepped => {
  const { mono } = state.now;
  const begun = state.begun + 1;
  return stay({ ...state, begun, scene: { is: "cabin", at: mono, visit: nobodys(begun, mono, page) } });
};

/** The person ends it. Instruments that were used want to be wiped. */
export const ending = (state: State, scene: Cabin): Stepped =>
  scene.visit.rounds === 0
    ? leaving(state, scene)
    : andThen(forgotten(state, scene), (now) => seated(now, { is: "bye" }));

/** Somebody else sits there now. */
export const replacing = (state: State, scene: Cabin): Stepped => andThen(leaving(state, scene), entered);

export const entered = (state: State): Stepped => seated(state, { is: "consent" });

/** When everything is forgotten, if nothing is done; undefined while the person is not to touch the glass. */
export function forgottenAt({ at, visit: { page, turned, told } }: Cabin): Millis | undefined {
  const last = Math.max(at, turned);
  switch (page.is) {
    case "rest":
    case "measuring":
    case "between":
      return undefined;
    case "bye":
      return millis(turned + delays.byeShown);
    // Whoever it is about may not be able to press a key, and helpers read it.
    case "alert":
      return millis(last + delays.resultsShown);
    // However often a key is pressed, numbers do not stay on the glass.
    case "told":
      return millis(Math.min(last + delays.visitForgotten, turned + delays.resultsShown));
    default:
      return millis(Math.min(last + delays.visitForgotten, (told ?? Number.POSITIVE_INFINITY) + delays.resultsShown));
  }
}

/** Asks whether the person is still there; undefined where the page asks that itself, or nobody is asked. */
function askedAt({ at, visit: { page, turned } }: Cabin): Millis | undefined {
  switch (page.is) {
    case "rest":
    case "measuring":
    case "between":
    case "bye":
    case "alert":
    case "still-you":
      return undefined;
    default:
      return millis(Math.max(at, turned) + delays.visitAsked);
  }
}

/** Seconds that are left to say "still here"; undefined while nobody asks. */
export function stillSeconds(scene: Cabin, now: Millis): number | undefined {
  const [asked, end] = [askedAt(scene), forgottenAt(scene)];
  if (asked === undefined || end === undefined || now < asked) return undefined;
  return Math.max(0, Math.ceil((end - now) / seconds(1)));
}

/** The next whole second before an end. */
export const nextSecond = (end: Millis, now: Millis): Millis =>
  millis(end - Math.max(0, Math.ceil((end - now) / seconds(1)) - 1) * seconds(1));

/** When the picture changes by itself, or everything is forgotten. */
export function forgettingAt(scene: Cabin, now: Millis): Millis | undefined {
  const [asked, end] = [askedAt(scene), forgottenAt(scene)];
  if (end === undefined) return undefined;
  if (asked === undefined) return end;
  return now < asked ? millis(Math.min(asked, end)) : nextSecond(end, now);
}

/** The measurement that goes on. */
const runningOf = ({ scene }: State): number | undefined =>
  scene.is === "cabin" && scene.visit.page.is === "measuring" ? scene.visit.page.number : undefined;

/** Whatever led away from a measurement: its instrument is told to stop, unless it has answered. */
export function stopped(before: State, event: Event, { state, effects }: Stepped): Stepped {
  const number = runningOf(before);
  const answered = event.kind === "measured" && event.number === number;
  if (number === undefined || answered || runningOf(state) === number) return { state, effects };
  const stop: Effect = { kind: "stop-measuring", number };
  return { state, effects: [stop, ...effects] };
}
