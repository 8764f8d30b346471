import { millis, type Millis } from "../../devices/kit/clock.ts";
import type { Reading } from "../../devices/reader/capability.ts";
import { delays } from "../delays.ts";
import type { Readable, Refusal } from "../screen/model.ts";
import type { Finding } from "./credential.ts";
import { refuse } from "./refuse.ts";
import { judged } from "./session.ts";
import { andThen, stay, type Scene, type Setting, type State, type Stepped } from "./state.ts";

// Whose turn it is. Whoever is being served, or chooses, keeps the turn; what is read meanwhile waits in one place.

/** Somebody is served, or asked to choose: nobody else's card may come in between. */
const busy = ({ scene }: State): boolean =>
  scene.is === "checking" ||
  scene.is === "reading" ||
  scene.is === "spending" ||
  scene.is === "choose" ||
  scene.is === "cabin" ||
  scene.is === "vending";

/** Another product may be taken instead: that wants a longer look. */
const offersAnother = (refusal: Refusal): boolean => refusal.id === "E9" && refusal.instead !== undefined;

/** Somebody types, or nobody is there. */
const typing = ({ is }: Scene): boolean => is === "idle" || is === "enter" || is === "checking" || is === "after-cut";

/** Until when what is shown is meant for the last worker; undefined where nobody is kept waiting by it. */
function shownUntil(scene: Scene): Millis | undefined {
  switch (scene.is) {
    case "done":
      return millis(scene.at + delays.goodTaken);
    case "enter":
      return scene.said === undefined ? undefined : millis(scene.at + delays.refusalRead);
    case "refused":
      return millis(scene.at + (offersAnother(scene.refusal) ? delays.refusalShown : delays.refusalRead));
    default:
      return undefined;
  }
}

/** Whether it is the same card or code. What could not be read is nobody's. */
export function sameThing(a: Reading, b: Reading): boolean {
  if (a.is === "text" && b.is === "text") return a.text.reveal() === b.text.reveal();
  if (a.is === "card" && b.is === "card") return a.uid.reveal() === b.uid.reveal();
  return false;
}

/** Something was read. */
export function read(setting: Setting, state: State, reading: Reading): Stepped {
  const { scene, next, serving, now } = state;
  // Something that could not be read takes nobody's turn, nor the digits of whoever types.
  const thanks = scene.is === "done" && now.mono < scene.at + delays.goodTaken;
  if (reading.is === "unread")
    return busy(state) || thanks || scene.is === "enter" || next !== undefined
      ? stay(state)
      : refuse({ ...state, came: reading.of }, { id: "E16", of: reading.of });
  if (!busy(state) && !thanks && next === undefined) return turnOf(state, reading);
  if (busy(state) && serving !== undefined && sameThing(serving, reading)) return stay(state);
  if (next === undefined) return stay({ ...state, next: { reading, at: now.mono } });
  // Its card may have been taken away and put back: the newer reading can still talk with it.
  if (sameThing(next.reading, reading)) return stay({ ...state, next: { reading, at: next.at } });
  return stay(state, { kind: "chime", sound: "sorry" });
}

/** Where the last refusal was a moment ago, the verdict waits its two seconds. */
function turnOf(state: State, reading: Reading): Stepped {
  const { now, refusedAt } = state;
  const due = millis(Math.max(now.mono, refusedAt + delays.betweenTries));
  const came = kindOf(reading);
  return recognised({ ...state, came, serving: reading, scene: { is: "reading", phase: "due", reading, at: due } });
}

const kindOf = (reading: Reading): Readable =>
  reading.is === "unread" ? reading.of : reading.is === "card" ? "card" : "code";

/** Asks what it is, once its time has come. */
function recognised(state: State): Stepped {
  const { scene, now } = state;
  if (scene.is !== "reading" || scene.phase !== "due" || now.mono < scene.at) return stay(state);
  const { reading } = scene;
  const asked = state.asked + 1;
  return stay(
    { ...state, asked, scene: { is: "reading", phase: "asked", reading, at: now.mono } },
    { kind: "recognise", reading, asked },
  );
}

/** The recogniser has answered; a late answer about an earlier reading is nobody's verdict. */
export function known(setting: Setting, state: State, finding: Finding, asked: number): Stepped {
  const { scene } = state;
  if (scene.is !== "reading" || scene.phase !== "asked" || asked !== state.asked) return stay(state);
  return judged(setting, state, finding);
}

/** When the reading that is judged, or waits, is gone on with by itself. */
export function turnsAt({ scene, next, now }: State): readonly Millis[] {
  const times: Millis[] = [];
  if (scene.is === "reading") times.push(scene.phase === "asked" ? millis(scene.at + delays.recognised) : scene.at);
  if (next === undefined) return times;
  times.push(millis(next.at + delays.readingForgotten));
  const until = shownUntil(scene);
  if (until !== undefined && until > now.mono) times.push(until);
  return times;
}

/** After every event: a reading whose time has come, whose answer does not come, or whose turn it is. */
export function takeTurn(setting: Setting, before: State): Stepped {
  return andThen(waitedFor(setting, overdue(before)), (state) => {
    const { next, now, scene } = state;
    if (next === undefined || busy(state)) return stay(state);
    const until = shownUntil(scene);
    if (until !== undefined && now.mono < until) return stay(state);
    const { next: _, ...rest } = state;
    return turnOf({ ...rest, language: "zh-CN" }, next.reading);
  });
}

/** A reading that nobody came to is forgotten, and so is what the last turn was read from. */
function overdue(state: State): State {
  const { next, serving, came, ...rest } = state;
  const waits = next !== undefined && state.now.mono < next.at + delays.readingForgotten;
  return {
    ...rest,
    ...(waits ? { next } : {}),
    ...(serving !== undefined && busy(state) ? { serving } : {}),
    ...(came !== undefined && !typing(state.scene) ? { came } : {}),
  };
}

function waitedFor(setting: Setting, state: State): Stepped {
  const { scene, now } = state;
  if (scene.is !== "reading") return stay(state);
  switch (scene.phase) {
    case "due":
      return recognised(state);
    case "found":
      return now.mono < scene.at ? stay(state) : judged(setting, state, scene.finding);
    case "asked":
      return now.mono >= scene.at + delays.recognised
        ? judged(setting, state, { is: "unread", of: kindOf(scene.reading) })
        : stay(state);
  }
}
