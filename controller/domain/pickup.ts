import type { Delivery } from "../../devices/vending/capability.ts";
import type { Refusal } from "../screen/model.ts";
import { lastDay } from "./almanac.ts";
import { motionsOn, useOf, type OpenAttempt } from "./books.ts";
import type { Candidate } from "./credential.ts";
import type { Entry } from "./entry.ts";
import { giveBack, keepGuesses } from "./guesses.ts";
import { reference } from "./reference.ts";
import { refuse } from "./refuse.ts";
import { cannotGive, choices, shelf } from "./shelf.ts";
import { ledgerDay, stay, andThen, type Setting, type State, type Stepped, type Vend } from "./state.ts";
import { machineRests, pick, placeKey, type Place } from "./stock.ts";
import { motionsADay, validUntil } from "./verdict.ts";

// The write-ahead rule. A code is accepted; the attempt is saved; only what is saved may move; the outcome is
// saved before it is told. Whatever the moment of a power cut, the ledger knows at least as much as the motor.

/** Unknown outcomes a day at one machine that are settled in the worker's favour without asking anybody. */
const favoursADay = 3;

/** One motion and one retry for a visit. */
const placesAVisit = 2;

/** A worker whose code is good takes a product. Nothing moves yet. */
export function take(setting: Setting, state: State, candidate: Candidate, product: string): Stepped {
  const place = pick(shelf(setting, state), product, new Set());
  if (place === undefined) return refuse(state, cannotGive(setting, state, validUntil(candidate)));
  return attempt(state, candidate, place, new Set());
}

function attempt(state: State, candidate: Candidate, place: Place, tried: ReadonlySet<string>): Stepped {
  const { credential } = candidate;
  const vend: Vend = { candidate, place, tried: new Set(tried).add(placeKey(place)), since: state.now.mono };
  const entry: Entry = { kind: "attempt", credential, ...place, until: lastDay(candidate) };
  return stay({ ...state, scene: { is: "vending", vend, phase: "saving" } }, { kind: "save", entry });
}

/** The attempt is on the disk: now the motor. */
export function attemptSaved(state: State, seq: number): Stepped {
  if (state.scene.is !== "vending" || state.scene.phase !== "saving") return stay(state);
  const { vend } = state.scene;
  const { device, slot } = vend.place;
  return stay(
    { ...state, scene: { is: "vending", vend: { ...vend, seq }, phase: "moving" } },
    { kind: "release", device, slot, seq },
  );
}

/** The disk did not take the attempt, so nothing moved and the code is untouched. */
export function attemptNotSaved(setting: Setting, state: State): Stepped {
  if (state.scene.is !== "vending") return stay(state);
  return refuse(state, cannotGive(setting, state, validUntil(state.scene.vend.candidate)));
}

/** Whether an unknown outcome frees the code: once a code, and three times a day at one machine. */
function favoured(state: State, open: OpenAttempt): boolean {
  const favours = state.books.unknowns.day === ledgerDay(state) ? state.books.unknowns.count : 0;
  return (useOf(state.books, open.credential)?.unknowns ?? 0) === 0 && favours < favoursADay;
}

function outcome(state: State, open: OpenAttempt, delivery: Delivery): Extract<Entry, { kind: "outcome" }> {
  switch (delivery.kind) {
    case "delivered":
      return {
        kind: "outcome",
        of: open.seq,
        delivery: "delivered",
        started: true,
        why: delivery.evidence,
        frees: false,
      };
    case "not-delivered": {
      const { started, fault } = delivery;
      return {
        kind: "outcome",
        of: open.seq,
        delivery: "not-delivered",
        started,
        why: fault.kind,
        frees: true,
        detail: fault.detail,
      };
    }
    case "unknown": {
      const { fault } = delivery;
      const frees = favoured(state, open);
      return {
        kind: "outcome",
        of: open.seq,
        delivery: "unknown",
        started: true,
        why: fault.kind,
        frees,
        detail: fault.detail,
      };
    }
  }
}

/** An orphan's outcome is on its way to the disk: it has a second one never. */
function adopted(state: State, seq: number): State {
  const orphans = new Set(state.orphans);
  orphans.delete(seq);
  return { ...state, orphans };
}

/** The board has spoken, or given up. Told to the worker only once it is on the disk. */
export function moved(state: State, seq: number, delivery: Delivery): Stepped {
  const open = state.books.open.get(seq);
  const { scene } = state;
  const moving = scene.is === "vending" && scene.phase === "moving" && scene.vend.seq === seq;
  // A second word on a motion that is settled, or is being settled, changes nothing.
  if (open === undefined || (!moving && !state.orphans.has(seq))) return stay(state);
  const settling = moving ? { ...state, scene: { ...scene, phase: "settling" as const } } : adopted(state, seq);
  const entry = outcome(state, open, delivery);
  if (delivery.kind !== "delivered") return stay(settling, { kind: "save", entry });
  const guesses = giveBack(state.guesses, state.now.mono);
  return stay({ ...settling, guesses }, { kind: "save", entry, guesses: keepGuesses(guesses, state.now) });
}

/** After a start: an attempt without an outcome, whose board cannot be asked, is unknown. */
export function lostInCut(state: State, open: OpenAttempt): Stepped {
  const frees = favoured(state, open);
  const entry: Entry = { kind: "outcome", of: open.seq, delivery: "unknown", started: true, why: "power-cut", frees };
  return stay(adopted(state, open.seq), { kind: "save", entry });
}

/** Another place for the same product, where a second motion is allowed. */
function retry(setting: Setting, state: State, vend: Vend): Place | undefined {
  const motions = motionsOn(useOf(state.books, vend.candidate.credential), ledgerDay(state));
  if (vend.tried.size >= placesAVisit || motions >= motionsADay) return undefined;
  return pick(shelf(setting, state), vend.place.product, vend.tried);
}

/** The outcome is on the disk; the worker hears it, or the second slot is tried. */
export function outcomeSaved(setting: Setting, state: State, entry: Extract<Entry, { kind: "outcome" }>): Stepped {
  if (state.scene.is !== "vending" || state.scene.vend.seq !== entry.of) return stay(state);
  const { vend } = state.scene;
  const { device, product } = vend.place;
  const told = { kind: "settled", device, seq: entry.of } as const;
  const ref = reference(entry.of);
  switch (entry.delivery) {
    case "delivered":
      return stay({ ...state, scene: { is: "done", seq: entry.of, product, at: state.now.mono } }, told, {
        kind: "chime",
        sound: "good",
      });
    case "unknown":
      return andThen(stay(state, told), (told) => refuse(told, { id: entry.frees ? "E23" : "E23b", ref }));
    case "not-delivered":
      // Asked even where no second slot is left: a dead curtain must close the machine for the next worker too.
      return andThen(
        stay({ ...state, scene: { ...state.scene, phase: "asking-curtain" } }, told, { kind: "curtain", device }),
        (asked) => restsNow(asked, device),
      );
  }
}

/** Five failures in a row: the machine rests, and somebody is told. */
function restsNow(state: State, device: string): Stepped {
  const failures = state.books.stock.failures.get(device) ?? 0;
  if (failures < machineRests || state.books.faults.has(device)) return stay(state);
  const detail = `${failures} vends in a row failed: look for a jam, then refill or make a test vend`;
  return stay(state, { kind: "save", entry: { kind: "fault", device, fault: "jammed", detail } });
}

/** The curtain's answer decides about the second motion, and about the machine. */
export function curtainAnswered(
  setting: Setting,
  state: State,
  device: string,
  curtain: "clear" | "blocked" | "dead" | "cannot-tell",
): Stepped {
  const bad = curtain === "blocked" || curtain === "dead";
  const judged = bad ? shut(state, device, curtain) : opened(state, device);
  if (
    state.scene.is !== "vending" ||
    state.scene.phase !== "asking-curtain" ||
    state.scene.vend.place.device !== device
  )
    return judged;
  const { vend } = state.scene;
  return andThen(judged, (now) => {
    const place = bad ? undefined : retry(setting, now, vend);
    return place === undefined
      ? refuse(now, nothingFell(setting, now, vend), vend.candidate)
      : attempt(now, vend.candidate, place, vend.tried);
  });
}

function shut(state: State, device: string, curtain: "blocked" | "dead"): Stepped {
  const closed = { ...state, shut: new Map(state.shut).set(device, state.now.mono) };
  if (state.books.faults.has(device)) return stay(closed);
  const detail =
    curtain === "blocked"
      ? "something lies in the drop curtain: empty the tray"
      : "the drop curtain cannot see: clean or replace it";
  return stay(closed, { kind: "save", entry: { kind: "fault", device, fault: "self-test", detail } });
}

function opened(state: State, device: string): Stepped {
  if (!state.shut.has(device)) return stay(state);
  const rest = new Map(state.shut);
  rest.delete(device);
  const recovering = new Map(state.recovering).set(device, state.now.mono);
  return stay({ ...state, shut: rest, recovering });
}

/** What a worker is told after a proven failure: the code is kept, and what else may be taken. */
function nothingFell(setting: Setting, state: State, vend: Vend): Refusal {
  const until = validUntil(vend.candidate);
  const seq = vend.seq ?? 0;
  const use = useOf(state.books, vend.candidate.credential);
  const motions = motionsOn(use, ledgerDay(state));
  const instead = choices(setting, state, vend.candidate.offer).find(
    (product) => product.id !== vend.place.product && (product.left ?? 1) > 0 && motions < motionsADay,
  );
  if (motions === 0) return cannotGive(setting, state, until);
  return { id: "E9", ref: reference(seq), until, ...(instead === undefined ? {} : { instead }) };
}
