import type { Fault } from "../../devices/kit/fault.ts";
import { raised } from "./almanac.ts";
import { fold } from "./books.ts";
import type { Entry, Stamped } from "./entry.ts";
import { attemptNotSaved, attemptSaved, outcomeSaved } from "./pickup.ts";
import { stay, andThen, type Setting, type State, type Stepped } from "./state.ts";

/** An entry is on the disk: now it is true. */
export function saved(setting: Setting, before: State, stamped: Stamped): Stepped {
  const { diskFault: _, ...healthy } = before;
  const books = fold(before.books, stamped);
  const almanac = stamped.trusted ? raised(before.almanac, stamped.at) : before.almanac;
  const state: State = { ...healthy, books, almanac, sinceCheckpoint: before.sinceCheckpoint + 1 };
  const { entry } = stamped;
  switch (entry.kind) {
    case "attempt":
      return attemptSaved(state, stamped.seq);
    case "outcome":
      return entry.why === "power-cut" ? cutSettled(state, before, entry) : outcomeSaved(setting, state, entry);
    case "fault":
      // The disk wrote its own fault down, so it works again.
      return entry.device === "disk"
        ? stay({ ...state, recovering: new Map(state.recovering).set("disk", state.now.mono) })
        : stay(state);
    default:
      return stay(state);
  }
}

/** The last attempt of before the start is settled: whoever still stands there hears what that means. */
function cutSettled(state: State, before: State, entry: Extract<Entry, { kind: "outcome" }>): Stepped {
  const attempt = before.books.open.get(entry.of);
  if (attempt === undefined || state.scene.is !== "idle") return stay(state);
  const { credential } = attempt;
  return stay({
    ...state,
    scene: { is: "after-cut", seq: entry.of, credential, frees: entry.frees, at: state.now.mono },
  });
}

/** The disk refused. What already happened is offered to it again; what did not happen yet does not happen. */
export function notSaved(setting: Setting, before: State, entry: Entry, why: Fault): Stepped {
  const first = before.diskFault === undefined;
  const state: State = { ...before, diskFault: why, diskTriedAt: before.now.mono };
  const own: Entry = { kind: "fault", device: "disk", fault: why.kind, detail: why.detail };
  const later: readonly Entry[] = first && !(entry.kind === "fault" && entry.device === "disk") ? [own] : [];
  switch (entry.kind) {
    case "attempt":
      return attemptNotSaved(setting, { ...state, unsaved: [...state.unsaved, ...later] });
    // Small change: not worth a queue on a sick card.
    case "rating":
    case "refusals":
      return stay({ ...state, unsaved: [...state.unsaved, ...later] });
    case "outcome":
      return andThen(stay({ ...state, unsaved: [...state.unsaved, entry, ...later] }), (now) =>
        outcomeUnsaved(now, entry.of),
      );
    default:
      return stay({ ...state, unsaved: [...state.unsaved, entry, ...later] });
  }
}

/** The good may lie below, but the ledger does not say so yet: the worker is not kept waiting for the card. */
function outcomeUnsaved(state: State, seq: number): Stepped {
  if (state.scene.is !== "vending" || state.scene.vend.seq !== seq) return stay(state);
  const outcome = state.unsaved.find((entry) => entry.kind === "outcome" && entry.of === seq);
  const { product } = state.scene.vend.place;
  if (outcome?.kind === "outcome" && outcome.delivery === "delivered") {
    return stay(
      { ...state, scene: { is: "done", seq, product, at: state.now.mono } },
      { kind: "chime", sound: "good" },
    );
  }
  return stay(
    { ...state, scene: { is: "refused", refusal: { id: "E10" }, at: state.now.mono } },
    { kind: "chime", sound: "sorry" },
  );
}
