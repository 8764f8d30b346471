import { millis, type Millis } from "../../devices/kit/clock.ts";
import { delays } from "../delays.ts";
import { civil } from "../../protocol/pickup-code/calendar.ts";
import type { Refusal } from "../screen/model.ts";
import { today } from "./almanac.ts";
import { cabinBegins, cabinPressed } from "./cabin/cabin.ts";
import { beyond, needsCentre, toldElsewhere } from "./area.ts";
import type { Candidate, Finding } from "./credential.ts";
import {
  bucketOf,
  keepGuesses,
  refilled,
  rest,
  spend,
  suspicious,
  triesOf,
  withTries,
  type Bucket,
} from "./guesses.ts";
import { nearby } from "./nearby.ts";
import { take } from "./pickup.ts";
import { reference } from "./reference.ts";
import { counted, refuse } from "./refuse.ts";
import { shareGone, toldShare } from "./share.ts";
import { cannotGive, cannotTake, choices, closed } from "./shelf.ts";
import {
  ledgerDay,
  shareDay,
  stay,
  andThen,
  type Effect,
  type Scene,
  type Setting,
  type State,
  type Stepped,
} from "./state.ts";
import { judge, validUntil, type Verdict } from "./verdict.ts";

// The conversation with the worker: keys in, what is told out. Nothing here moves a motor; it ends at take().

const idle: Scene = { is: "idle" };
/** ⌫, clear and back: where there is nothing to take back, they lead to the first screen. */
const leaves = (key: string): boolean => key === "cancel" || key === "back" || key === "clear";
const isDigit = (key: string): boolean => /^\d$/.test(key);

/** Back to the first screen, in the first language: the next worker starts afresh. */
export const leave = (state: State): Stepped => stay({ ...state, scene: idle, language: "zh-CN" });

export function pressed(setting: Setting, state: State, key: string): Stepped {
  if (key === "language") return spoken(setting, state);
  const { scene } = state;
  switch (scene.is) {
    case "idle":
      if (key === "cabin") return cabinBegins(setting, state);
      return isDigit(key) ? begin(setting, state, key) : stay(state);
    case "cabin":
      return cabinPressed(setting, state, scene, key);
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
    case "reading":
    case "spending":
    case "vending":
      return stay(state);
  }
}

/** The other language, until the worker leaves. Whoever presses this key is still there. */
function spoken(setting: Setting, state: State): Stepped {
  const { scene, now } = state;
  const there = scene.is === "idle" || scene.is === "enter" || scene.is === "choose";
  const language = state.language === "en" ? "zh-CN" : "en";
  if (scene.is === "cabin") return cabinPressed(setting, { ...state, language }, scene, "language");
  return stay({ ...state, language, scene: there ? { ...scene, at: now.mono } : scene });
}

/** The first digit. There is nothing to type where no code can be judged; whoever's card waits is next. */
function begin(setting: Setting, state: State, digit: string): Stepped {
  if (state.next !== undefined) return stay(state);
  const { typed } = state.knowledge;
  if (typed === undefined) return refuse(state, { id: "E21" });
  const pause = resting(state, "codes");
  if (pause) return refuse(state, pause);
  return stay({ ...state, scene: { is: "enter", typed: digit, at: state.now.mono } });
}

/** The pause after too many wrong tries. */
export function resting(state: State, bucket: Bucket): Refusal | undefined {
  const left = rest(triesOf(state, bucket), state.now.mono, bucket);
  if (left === 0) return undefined;
  return { id: "E3", until: millis(state.now.utc + left), left, ...(bucket === "numbers" ? { of: bucket } : {}) };
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

/** The code book has answered about what was typed. */
export function found(setting: Setting, state: State, finding: Finding): Stepped {
  const { scene } = state;
  if (scene.is !== "checking") return stay(state);
  const verdict = verdictOf(setting, state, finding);
  if (verdict.is === "settling") return unsettled(state, scene, verdict.seq);
  if (verdict.is !== "mistyped") return sentenced(setting, state, verdict);
  const slip: Scene = { is: "enter", typed: scene.typed, at: state.now.mono, said: { id: "E1" } };
  const tried = { ...state, refusedAt: state.now.mono };
  return stay({ ...counted(tried, "E1"), scene: slip }, { kind: "chime", sound: "sorry" });
}

/** It is known what was read. */
export function judged(setting: Setting, state: State, finding: Finding): Stepped {
  const { scene } = state;
  if (scene.is !== "reading") return stay(state);
  const pause = pausing(state, finding);
  if (pause !== undefined) return refuse(state, pause);
  const verdict = verdictOf(setting, state, finding);
  // The card may be gone by then, so that it is not asked again.
  if (verdict.is === "settling")
    return unsettled(
      state,
      { is: "reading", phase: "found", reading: scene.reading, finding, at: scene.at },
      verdict.seq,
    );
  // A reader makes no slips of the finger: what has not the form of our codes is somebody else's.
  return sentenced(
    setting,
    state,
    verdict.is === "mistyped" ? { is: "unregistered", of: "code", guess: false } : verdict,
  );
}

/**
 * What can be guessed costs a try however it came, and rests with its bucket, found or not. What a key has signed,
 * or answered for, nobody guesses.
 */
function pausing(state: State, finding: Finding): Refusal | undefined {
  switch (finding.is) {
    case "unknown":
      return resting(state, "codes");
    case "unregistered":
      return finding.guess ? resting(state, "numbers") : undefined;
    case "found": {
      const buckets = finding.candidates.map(bucketOf);
      const free = buckets.find((bucket) => bucket === undefined || resting(state, bucket) === undefined);
      const [first] = buckets;
      return first === undefined || buckets.includes(free) ? undefined : resting(state, first);
    }
    case "mistyped":
    case "other-site":
    case "unread":
      return undefined;
  }
}

const verdictOf = (setting: Setting, state: State, finding: Finding): Verdict =>
  judge(
    finding,
    state.books,
    today(state.almanac, state.now),
    setting,
    ledgerDay(state),
    beyond(setting, state),
    shareDay(state),
  );

function sentenced(
  setting: Setting,
  state: State,
  verdict: Exclude<Verdict, { is: "settling" | "mistyped" }>,
): Stepped {
  if (verdict.is === "ok") return accepted(setting, state, verdict.candidate);
  // To hold a card badly is no try.
  if (verdict.is === "unread") return refuse(state, { id: "E16", of: verdict.of });
  const tried = { ...state, refusedAt: state.now.mono };
  if (verdict.is === "unknown") return guessed(tried, verdict.lag);
  if (verdict.is === "unregistered" && verdict.guess)
    return spent(tried, "numbers", () => ({ id: "E15", of: verdict.of }));
  return refuse(tried, refusal(setting, tried, verdict));
}

/** A board may still tell how it ended. Where only the disk does not take that, nobody is kept waiting. */
function unsettled(state: State, scene: Extract<Scene, { is: "checking" | "reading" }>, seq: number): Stepped {
  if (!state.orphans.has(seq)) return refuse(state, { id: "E10", ref: reference(seq) });
  return stay({ ...state, scene: { ...scene, at: millis(state.now.mono + delays.settlingAskedAgain) } });
}

function refusal(
  setting: Setting,
  state: State,
  verdict: Exclude<Verdict, { is: "ok" | "settling" | "mistyped" | "unknown" | "unread" }>,
): Refusal {
  switch (verdict.is) {
    case "unregistered":
      return { id: "E15", of: verdict.of };
    case "copied":
      return { id: "E4", at: verdict.at, ref: reference(verdict.seq), of: "card" };
    case "quota-day":
    case "quota-campaign":
    case "gap":
      return toldShare(verdict, state);
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
  const minutes = delays.listFresh / delays.minute;
  const stale = lag !== undefined && lag > delays.listFresh;
  return spent(state, "codes", (triesLeft) =>
    stale
      ? { id: "E12b", minutes }
      : { id: "E2", triesLeft, ...(lag === undefined ? {} : { newCodeMinutes: minutes }) },
  );
}

function spent(state: State, bucket: Bucket, told: (triesLeft: number) => Refusal): Stepped {
  const { mono } = state.now;
  const guesses = spend(triesOf(state, bucket), mono, ledgerDay(state), bucket);
  const triesLeft = refilled(guesses, mono, bucket).tries;
  const of = bucket === "numbers" ? { of: bucket } : {};
  const effects: Effect[] = [{ kind: "keep-guesses", guesses: keepGuesses(guesses, state.now, bucket), bucket }];
  if (triesLeft === 0) effects.push({ kind: "save", entry: { kind: "lock-out", ...of } });
  if (guesses.unknown === suspicious + 1)
    effects.push({ kind: "save", entry: { kind: "guessing", unknown: guesses.unknown, ...of } });
  return stay(
    { ...withTries(state, bucket, guesses), scene: { is: "spending", refusal: told(triesLeft), at: mono } },
    ...effects,
  );
}

export function guessesKept(state: State): Stepped {
  return state.scene.is === "spending" ? refuse(state, state.scene.refusal) : stay(state);
}

/** The code is good. With one product it is taken at once; with more the worker chooses. */
function accepted(setting: Setting, state: State, candidate: Candidate): Stepped {
  const products = choices(setting, state, candidate);
  const [only] = products;
  if (closed(setting, state)?.id === "E10" || products.every(cannotTake)) {
    return refuse(state, cannotGive(setting, state, candidate));
  }
  if (products.length === 1 && only) return take(setting, state, candidate, only.id);
  return stay({ ...state, scene: { is: "choose", candidate, at: state.now.mono } });
}

const keyOfChoice = (key: string): string => (key.startsWith("choose:") ? key.slice("choose:".length) : key);

function choosing(setting: Setting, state: State, candidate: Candidate, key: string): Stepped {
  if (leaves(key)) return leave(state);
  const products = choices(setting, state, candidate);
  const wanted = products.find((product) => product.key === keyOfChoice(key));
  if (wanted === undefined) return stay(state);
  if (!cannotTake(wanted)) return take(setting, state, candidate, wanted.id);
  const instead = products.find((product) => !cannotTake(product));
  if (instead === undefined)
    return refuse(state, shareGone(setting, state, candidate, wanted.id) ?? cannotGive(setting, state, candidate));
  const had = wanted.had ? { had: wanted.had } : {};
  const said: Refusal = { id: "E8a", out: wanted.name, instead, until: validUntil(candidate), ...had };
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
