import type { Curtain, Delivery } from "../../devices/vending/capability.ts";
import type { Refusal } from "../screen/model.ts";
import { opened, restsNow, shut } from "./alarm.ts";
import { lastDay } from "./almanac.ts";
import { hearsCentre, withheld } from "./area.ts";
import { useOf, type Books, type OpenAttempt } from "./books.ts";
import { memberOf, type Candidate } from "./credential.ts";
import type { Entry } from "./entry.ts";
import { bucketOf, giveBack, keepGuesses, triesOf, withTries } from "./guesses.ts";
import { nearby } from "./nearby.ts";
import { reference } from "./reference.ts";
import { refuse } from "./refuse.ts";
import { quotaNow, shareGone } from "./share.ts";
import { cannotGive, cannotTake, choices, shelf } from "./shelf.ts";
import {
  ledgerDay,
  shareDay,
  stay,
  andThen,
  type Effect,
  type Setting,
  type State,
  type Stepped,
  type Vend,
} from "./state.ts";
import { pick, placeKey, type Place } from "./stock.ts";
import { motionsADay, motionsOf, validUntil } from "./verdict.ts";
import { visitsOf } from "./visits.ts";

// The write-ahead rule. A code is accepted; the attempt is saved; only what is saved may move; the outcome is
// saved before it is told. Whatever the moment of a power cut, the ledger knows at least as much as the motor.

/** Unknown outcomes a day at one machine that are settled in the worker's favour without asking anybody. */
const favoursADay = 3;

type Outcome = Extract<Entry, { kind: "outcome" }>;

/** One motion and one retry for a visit. */
const placesAVisit = 2;

/** A worker whose code is good takes a product. Nothing moves yet. */
export function take(setting: Setting, state: State, candidate: Candidate, product: string): Stepped {
  const place = pick(shelf(setting, state), product, new Set());
  if (place === undefined) return refuse(state, cannotGive(setting, state, candidate));
  return attempt(setting, state, candidate, place, new Set());
}

function attempt(
  setting: Setting,
  state: State,
  candidate: Candidate,
  place: Place,
  tried: ReadonlySet<string>,
): Stepped {
  const { credential, area, offer, member, counter, card } = candidate;
  const why = withheld(setting, state, candidate) ?? shareGone(setting, state, candidate, place.product);
  if (why !== undefined) return refuse(state, why);
  const vend: Vend = { candidate, place, tried: new Set(tried).add(placeKey(place)), since: state.now.mono };
  const scope = area ? { area, ...(hearsCentre(state) ? {} : { offline: true as const }) } : {};
  const entry: Entry = {
    kind: "attempt",
    credential,
    ...place,
    // What a member had is remembered as long as the campaign lasts, however short the life of a token.
    until: Math.max(lastDay(candidate), member === undefined ? 0 : offer.to),
    ...scope,
    ...(member === undefined ? {} : { member }),
    ...(counter === undefined ? {} : { counter }),
    ...(counter === undefined || card === undefined ? {} : { card }),
    ...(memberOf(candidate) === undefined ? {} : { day: shareDay(state) }),
  };
  const at = state.now.mono;
  return stay({ ...state, scene: { is: "vending", vend, phase: "saving", at } }, { kind: "save", entry });
}

/** The attempt is on the disk: now the motor. `books`: what was known until then. */
export function attemptSaved(setting: Setting, state: State, seq: number, books: Books): Stepped {
  const { scene } = state;
  if (scene.is !== "vending" || scene.phase !== "saving") {
    const why = "the disk took the attempt when it had been called off";
    return stay({ ...state, abandoned: false }, calledOff(seq, true, why));
  }
  const { candidate, place } = scene.vend;
  const before = useOf(books, candidate.credential);
  if (before?.state === "used") {
    const told = refuse(state, { id: "E4", at: before.at, ref: reference(before.seq) });
    return andThen(told, (now) => stay(now, calledOff(seq, false, "the worker had said that the good was taken")));
  }
  // The same, of a member: that one counts after all.
  const gone = shareGone(setting, { ...state, books }, candidate, place.product);
  if (gone !== undefined)
    return andThen(refuse(state, gone), (now) => stay(now, calledOff(seq, true, "nothing was left of the share")));
  const { device, slot } = place;
  // The centre has locked the kiosk, or switched the slot off, while the disk wrote.
  if (state.books.locked || state.books.off.has(placeKey(scene.vend.place))) {
    const told = refuse(state, cannotGive(setting, state, scene.vend.candidate));
    return andThen(told, (now) => stay(now, calledOff(seq, true, "the centre forbade it before anything moved")));
  }
  return stay(
    { ...state, scene: { ...scene, vend: { ...scene.vend, seq }, phase: "moving", at: state.now.mono } },
    { kind: "release", device, slot, seq },
  );
}

/** Nothing moved, and nothing will. */
const calledOff = (of: number, frees: boolean, detail: string): Effect => ({
  kind: "save",
  entry: { kind: "outcome", of, delivery: "not-delivered", started: false, why: "interrupted", frees, detail },
});

/** The disk did not take the attempt, so nothing moved and the code is untouched. */
export function attemptNotSaved(setting: Setting, state: State): Stepped {
  const { scene } = state;
  if (scene.is !== "vending" || scene.phase !== "saving") return stay({ ...state, abandoned: false });
  return refuse(state, cannotGive(setting, state, scene.vend.candidate));
}

/** The disk does not answer: nobody is kept waiting for it. What it takes later moves nothing. */
export function attemptAbandoned(setting: Setting, before: State, { candidate }: Vend): Stepped {
  const state: State = { ...before, abandoned: true };
  return refuse(state, cannotGive(setting, state, candidate));
}

/** Whether an unknown outcome frees the code: once a code, and three times a day at one machine. */
function favoured(state: State, open: OpenAttempt): boolean {
  // Nobody holds a code that could be typed again.
  if (open.credential.kind === "command") return false;
  const favours = state.books.unknowns.day === ledgerDay(state) ? state.books.unknowns.count : 0;
  // A member once a day, on whatever card or token.
  const visits = open.member && visitsOf(state.books, open.member);
  if (visits?.day === open.day && visits.favours > 0) return false;
  return (useOf(state.books, open.credential)?.unknowns ?? 0) === 0 && favours < favoursADay;
}

function outcome(state: State, open: OpenAttempt, delivery: Delivery): Outcome {
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
  if (!moving && delivery.kind === "unknown") return lostInCut(state, open, delivery.fault.detail);
  const entry = outcome(state, open, delivery);
  const settling: State = moving
    ? { ...state, scene: { ...scene, vend: { ...scene.vend, outcome: entry }, phase: "settling", at: state.now.mono } }
    : adopted(state, seq);
  if (delivery.kind !== "delivered") return stay(settling, { kind: "save", entry });
  const bucket = bucketOf(moving ? scene.vend.candidate : open);
  if (bucket === undefined) return stay(settling, { kind: "save", entry });
  const tries = giveBack(triesOf(state, bucket), state.now.mono, bucket);
  const guesses = keepGuesses(tries, state.now, bucket);
  return stay(withTries(settling, bucket, tries), { kind: "save", entry, guesses, bucket });
}

/** After a start: an attempt without an outcome, whose board cannot be asked or does not know, is unknown. */
export function lostInCut(state: State, open: OpenAttempt, detail?: string): Stepped {
  const entry: Entry = {
    kind: "outcome",
    of: open.seq,
    delivery: "unknown",
    started: true,
    why: "power-cut",
    frees: favoured(state, open),
    ...(detail === undefined ? {} : { detail }),
  };
  return stay(adopted(state, open.seq), { kind: "save", entry });
}

const motionsNow = (state: State, { candidate }: Vend): number =>
  motionsOf(state.books, candidate, ledgerDay(state), shareDay(state));

/** Another place for the same product, where a second motion is allowed. */
function retry(setting: Setting, state: State, vend: Vend): Place | undefined {
  if (vend.tried.size >= placesAVisit || motionsNow(state, vend) >= motionsADay) return undefined;
  return pick(shelf(setting, state), vend.place.product, vend.tried);
}

/** The outcome is on the disk; the worker hears it, or the second slot is tried. */
export function outcomeSaved(setting: Setting, state: State, entry: Outcome): Stepped {
  if (state.scene.is !== "vending" || state.scene.vend.seq !== entry.of) return stay(state);
  const { device } = state.scene.vend.place;
  switch (entry.delivery) {
    case "delivered":
      return given(setting, state, state.scene.vend, entry.of);
    case "unknown":
      return unclear(state, entry);
    case "not-delivered":
      // Asked even where no second slot is left: a dead curtain must close the machine for the next worker too.
      return andThen(
        stay(
          { ...state, scene: { ...state.scene, phase: "asking-curtain", at: state.now.mono } },
          { kind: "curtain", device },
        ),
        (asked) => restsNow(asked, device),
      );
  }
}

/**
 * The good may lie below, but the ledger does not say so, and the disk refuses or does not answer: the worker is not
 * kept waiting for it. Its outcome stays on its way.
 */
export function outcomeUnsaved(setting: Setting, state: State, vend: Vend, entry: Outcome): Stepped {
  switch (entry.delivery) {
    case "delivered":
      return given(setting, state, vend, entry.of);
    case "unknown":
      return unclear(state, entry);
    case "not-delivered":
      return refuse(state, { id: "E10", ref: reference(entry.of) });
  }
}

function given(setting: Setting, state: State, { candidate, place: { product } }: Vend, seq: number): Stepped {
  const more = quotaNow(setting, state, candidate)?.more;
  return stay(
    { ...state, scene: { is: "done", seq, product, at: state.now.mono, ...(more === undefined ? {} : { more }) } },
    { kind: "chime", sound: "good" },
  );
}

const unclear = (state: State, { of, frees }: Outcome): Stepped =>
  refuse(state, { id: frees ? "E23" : "E23b", ref: reference(of) });

/** The curtain's answer decides about the second motion, and about the machine. */
export function curtainAnswered(
  setting: Setting,
  state: State,
  device: string,
  curtain: Curtain | "cannot-tell",
): Stepped {
  const bad = curtain === "blocked" || curtain === "dead";
  // Not to know is no proof that the tray is empty: what is shut stays shut.
  const judged = bad ? shut(state, device, curtain) : curtain === "clear" ? opened(state, device) : stay(state);
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
      : attempt(setting, now, vend.candidate, place, vend.tried);
  });
}

/** What a worker is told after a proven failure: the code is kept, and what else may be taken. */
function nothingFell(setting: Setting, state: State, vend: Vend): Refusal {
  const kept = { until: validUntil(vend.candidate), ...nearby(setting, state, vend.candidate) };
  const ref = reference(vend.seq ?? 0);
  const motions = motionsNow(state, vend);
  const ready = choices(setting, state, vend.candidate).filter((product) => !cannotTake(product));
  // There is no code that would still be good, and no other product was ordered.
  if (vend.candidate.credential.kind === "command") return { id: "E10", ref };
  // The board refused before a motor turned.
  if (motions === 0) return ready.length > 0 ? { id: "E10", ref, ...kept } : cannotGive(setting, state, vend.candidate);
  const instead = motions < motionsADay ? ready.find((product) => product.id !== vend.place.product) : undefined;
  return { id: "E9", ref, ...kept, ...(instead === undefined ? {} : { instead }) };
}
