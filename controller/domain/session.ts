import { millis, type Millis } from "../../devices/kit/clock.ts";
import { delays } from "../delays.ts";
import { civil } from "../../protocol/pickup-code/calendar.ts";
import type { Refusal } from "../screen/model.ts";
import { today } from "./almanac.ts";
import { beyond, needsCentre, toldElsewhere } from "./area.ts";
import type { Candidate, Finding } from "./credential.ts";
import { keepGuesses, refilled, rest, spend, suspicious } from "./guesses.ts";
import { nearby } from "./nearby.ts";
import { take } from "./pickup.ts";
import { reference } from "./reference.ts";
import { counted, refuse } from "./refuse.ts";
import { cannotGive, choices, closed } from "./shelf.ts";
import { ledgerDay, stay, andThen, type Effect, type Scene, type Setting, type State, type Stepped } from "./state.ts";
import { judge, validUntil, type Verdict } from "./verdict.ts";

// The conversation with the worker: keys in, what is told out. Nothing here moves a motor; it ends at take().

const idle: Scene = { is: "idle" };
/** ⌫, clear and back: where there is nothing to take back, they lead to the first screen. */
const leaves = (key: string): boolean => key === "cancel" || key === "back" || key === "clear";
const isDigit = (key: string): boolean => /^\d$/.test(key);

/** Back to the first screen, in the first language: the next worker starts afresh. */
export const leave = (state: State): Stepped => stay({ ...state, scene: idle, language: "zh-CN" });

export function pressed(setting: Setting, state: State, key: string): Stepped {
  if (key === "language") return spoken(state);
  const { scene } = state;
  switch (scene.is) {
    case "idle":
      return isDigit(key) ? begin(setting, state, key) : stay(state);
    case "enter":
      return entering(setting, state, scene, key);
    case "choose":
      return choosing(setting, state, scene.candidate, key);
    case "done":
      if (isDigit(key)) return begin(setting, state, key);
      return key.startsWith("face:") ? rated(state, scene, key) : stay(state);
    case "refused":
      return refusedKey(setting, state, scene, key);
    case "after-cut":
      if (key === "taken")
        return andThen(leave(state), (now) =>
          stay(now, { kind: "save", entry: { kind: "taken", of: scene.seq, credential: scene.credential } }),
        );
      if (isDigit(key)) return begin(setting, state, key);
      return leaves(key) ? leave(state) : stay(state);
    // While a code is judged or a motor turns, keys wait for nobody: they are dropped, not kept for later.
    case "checking":
    case "spending":
    case "vending":
      return stay(state);
  }
}

/** The other language, until the worker leaves. Whoever presses this key is still there. */
function spoken(state: State): Stepped {
  const { scene, now } = state;
  const there = scene.is === "idle" || scene.is === "enter" || scene.is === "choose";
  const language = state.language === "en" ? "zh-CN" : "en";
  return stay({ ...state, language, scene: there ? { ...scene, at: now.mono } : scene });
}

/** The first digit. There is nothing to type where no code can be judged. */
function begin(setting: Setting, state: State, digit: string): Stepped {
  const { typed } = state.knowledge;
  if (typed === undefined) return refuse(state, { id: "E21" });
  const pause = resting(state);
  if (pause) return refuse(state, pause);
  return stay({ ...state, scene: { is: "enter", typed: digit, at: state.now.mono } });
}

/** The pause after too many wrong tries. */
export function resting(state: State): Refusal | undefined {
  const left = rest(state.guesses, state.now.mono);
  return left === 0 ? undefined : { id: "E3", until: millis(state.now.utc + left), left };
}

function entering(setting: Setting, state: State, scene: Extract<Scene, { is: "enter" }>, key: string): Stepped {
  const length = state.knowledge.typed?.length;
  if (length === undefined) return refuse(state, { id: "E21" });
  const at = state.now.mono;
  if (key === "back") {
    const typed = scene.typed.slice(0, -1);
    return typed === "" ? leave(state) : stay({ ...state, scene: { is: "enter", typed, at } });
  }
  if (key === "clear" || key === "cancel") return leave(state);
  if (!isDigit(key)) return stay({ ...state, scene: { ...scene, at } });
  // The digits of a slip stay to be compared with the message; a new digit starts over.
  const typed = scene.typed.length >= length ? key : scene.typed + key;
  if (typed.length < length) return stay({ ...state, scene: { is: "enter", typed, at } });
  const due = millis(Math.max(at, state.refusedAt + delays.betweenTries));
  return check({ ...state, scene: { is: "checking", typed, at: due } });
}

/** The last digit submits; where the last refusal was a moment ago, the verdict waits its two seconds. */
export function check(state: State): Stepped {
  const { scene, now } = state;
  if (scene.is !== "checking" || now.mono < scene.at) return stay(state);
  return stay(state, { kind: "find", typed: scene.typed });
}

/** The code book has answered. */
export function found(setting: Setting, state: State, finding: Finding): Stepped {
  const { scene } = state;
  if (scene.is !== "checking") return stay(state);
  const now = today(state.almanac, state.now);
  const verdict = judge(finding, state.books, now, setting, ledgerDay(state), beyond(setting, state));
  if (verdict.is === "ok") return accepted(setting, state, verdict.candidate);
  if (verdict.is === "settling") return unsettled(state, scene, verdict.seq);
  const tried = { ...state, refusedAt: state.now.mono };
  if (verdict.is === "mistyped") {
    const slip: Scene = { is: "enter", typed: scene.typed, at: state.now.mono, said: { id: "E1" } };
    return stay({ ...counted(tried, "E1"), scene: slip }, { kind: "chime", sound: "sorry" });
  }
  if (verdict.is === "unknown") return guessed(tried, verdict.lag);
  return refuse(tried, refusal(setting, tried, verdict));
}

/** A board may still tell how it ended. Where only the disk does not take that, nobody is kept waiting. */
function unsettled(state: State, scene: Extract<Scene, { is: "checking" }>, seq: number): Stepped {
  if (!state.orphans.has(seq)) return refuse(state, { id: "E10", ref: reference(seq) });
  return stay({ ...state, scene: { ...scene, at: millis(state.now.mono + delays.settlingAskedAgain) } });
}

function refusal(
  setting: Setting,
  state: State,
  verdict: Exclude<Verdict, { is: "ok" | "settling" | "mistyped" | "unknown" }>,
): Refusal {
  switch (verdict.is) {
    case "other-site":
      return { id: "E6" };
    case "used":
      return { id: "E4", at: verdict.at, ref: reference(verdict.seq) };
    case "used-elsewhere":
      return toldElsewhere(verdict.elsewhere);
    case "needs-centre":
      return needsCentre;
    case "expired":
      return { id: "E7b", until: verdict.until, campaignOn: verdict.campaignOn };
    case "not-yet":
      return { id: "E7a", from: verdict.from, until: verdict.until };
    case "closed":
      return { id: "E7c", opens: verdict.opens, closes: verdict.closes };
    case "over":
      return { id: "E20", month: civil(verdict.offer.from).month };
    case "needs-clock":
      return { id: "E12b", minutes: delays.listFresh / delays.minute };
    case "enough-motions":
      return {
        id: "E10",
        ref: reference(verdict.seq),
        until: validUntil(verdict.candidate),
        ...nearby(setting, state, verdict.candidate),
      };
  }
}

/** A well-formed code that nobody issued: it costs a try, and the cost is on the disk before the answer is on the screen. */
function guessed(state: State, lag: Millis | undefined): Stepped {
  const guesses = spend(state.guesses, state.now.mono, ledgerDay(state));
  const triesLeft = refilled(guesses, state.now.mono).tries;
  const minutes = delays.listFresh / delays.minute;
  const stale = lag !== undefined && lag > delays.listFresh;
  const told: Refusal = stale
    ? { id: "E12b", minutes }
    : { id: "E2", triesLeft, ...(lag === undefined ? {} : { newCodeMinutes: minutes }) };
  const effects: Effect[] = [{ kind: "keep-guesses", guesses: keepGuesses(guesses, state.now) }];
  if (triesLeft === 0) effects.push({ kind: "save", entry: { kind: "lock-out" } });
  if (guesses.unknown === suspicious + 1)
    effects.push({ kind: "save", entry: { kind: "guessing", unknown: guesses.unknown } });
  return stay({ ...state, guesses, scene: { is: "spending", refusal: told, at: state.now.mono } }, ...effects);
}

export function guessesKept(state: State): Stepped {
  return state.scene.is === "spending" ? refuse(state, state.scene.refusal) : stay(state);
}

/** The code is good. With one product it is taken at once; with more the worker chooses. */
function accepted(setting: Setting, state: State, candidate: Candidate): Stepped {
  const products = choices(setting, state, candidate.offer);
  const [only] = products;
  if (closed(setting, state)?.id === "E10" || products.every((product) => product.left === 0)) {
    return refuse(state, cannotGive(setting, state, candidate));
  }
  if (products.length === 1 && only) return take(setting, state, candidate, only.id);
  return stay({ ...state, scene: { is: "choose", candidate, at: state.now.mono } });
}

const keyOfChoice = (key: string): string => (key.startsWith("choose:") ? key.slice("choose:".length) : key);

function choosing(setting: Setting, state: State, candidate: Candidate, key: string): Stepped {
  if (leaves(key)) return leave(state);
  const products = choices(setting, state, candidate.offer);
  const wanted = products.find((product) => product.key === keyOfChoice(key));
  if (wanted === undefined) return stay(state);
  if (wanted.left !== 0) return take(setting, state, candidate, wanted.id);
  const instead = products.find((product) => product.left !== 0);
  if (instead === undefined) return refuse(state, cannotGive(setting, state, candidate));
  const said: Refusal = { id: "E8a", out: wanted.name, instead, until: validUntil(candidate) };
  return stay(
    { ...counted(state, "E8a"), scene: { is: "choose", candidate, at: state.now.mono, said } },
    { kind: "chime", sound: "sorry" },
  );
}

function refusedKey(setting: Setting, state: State, scene: Extract<Scene, { is: "refused" }>, key: string): Stepped {
  const { refusal, candidate } = scene;
  if (refusal.id === "E9" && refusal.instead && candidate && keyOfChoice(key) === refusal.instead.key) {
    return choosing(setting, state, candidate, key);
  }
  if (isDigit(key)) return begin(setting, state, key);
  return leaves(key) ? leave(state) : stay(state);
}

function rated(state: State, scene: Extract<Scene, { is: "done" }>, key: string): Stepped {
  const face = (["good", "fair", "poor"] as const).find((face) => key === `face:${face}`);
  if (face === undefined || scene.rated) return stay(state);
  return stay(
    { ...state, scene: { ...scene, rated: face } },
    { kind: "save", entry: { kind: "rating", of: scene.seq, face } },
  );
}
