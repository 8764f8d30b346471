import type { Fault } from "../../devices/kit/fault.ts";
import { delays } from "../delays.ts";
import { recovers, relapses } from "./alarm.ts";
import { raised } from "./almanac.ts";
import { fold, type OpenAttempt } from "./books.ts";
import { tellingNotSaved } from "./cabin/telling.ts";
import type { Entry, Stamped } from "./entry.ts";
import { lifeBegun, lifeNotBegun } from "./lives.ts";
import { commandNotSaved, commandSaved, endSaved } from "./obeying.ts";
import { attemptNotSaved, attemptSaved, outcomeSaved, outcomeUnsaved } from "./pickup.ts";
import { stay, andThen, type Setting, type State, type Stepped } from "./state.ts";

type Outcome = Extract<Entry, { kind: "outcome" }>;

/** An entry is on the disk: now it is true. */
export function saved(setting: Setting, before: State, stamped: Stamped): Stepped {
  const { diskFault: _, ...healthy } = before;
  const books = fold(before.books, stamped);
  const almanac = stamped.trusted ? raised(before.almanac, stamped.at) : before.almanac;
  const state: State = { ...healthy, books, almanac, sinceCheckpoint: before.sinceCheckpoint + 1 };
  const { entry } = stamped;
  switch (entry.kind) {
    case "attempt":
      return attemptSaved(setting, state, stamped.seq, before.books);
    case "outcome":
      return outcomeKnown(setting, state, entry, before.books.open.get(entry.of));
    case "fault":
      // The disk wrote its own fault down, so it works again.
      return stay(entry.device === "disk" ? recovers(state, "disk") : state);
    case "refill":
      return stay(state.presence.get(entry.device) === "working" ? recovers(state, entry.device) : state);
    case "command":
      return commandSaved(setting, state, entry);
    case "command-ended":
      return endSaved(state, entry);
    case "new-life":
      return stay(lifeBegun(state));
    default:
      return stay(state);
  }
}

/** Whatever the way on which it came, a board that keeps a result may forget it now. */
function outcomeKnown(setting: Setting, state: State, entry: Outcome, attempt: OpenAttempt | undefined): Stepped {
  if (attempt === undefined) return stay(state);
  const told = stay(state, { kind: "settled", device: attempt.device, seq: entry.of });
  return andThen(told, (now) =>
    entry.why === "power-cut" ? cutSettled(now, entry, attempt) : outcomeSaved(setting, now, entry),
  );
}

/** The newest attempt of before the start is settled: whoever still stands there hears what that means. */
function cutSettled(state: State, { of, frees }: Outcome, { credential }: OpenAttempt): Stepped {
  const { scene, now, settlingSince } = state;
  const stillThere = now.mono <= settlingSince + delays.powerCutShown;
  if (!stillThere || (scene.is !== "idle" && scene.is !== "after-cut")) return stay(state);
  return stay({ ...state, scene: { is: "after-cut", seq: of, credential, frees, at: now.mono } });
}

/** The disk refused. What already happened is offered to it again; what did not happen yet does not happen. */
export function notSaved(setting: Setting, before: State, entry: Entry, why: Fault): Stepped {
  const first = before.diskFault === undefined;
  const alarmed = new Set(before.alarmed).add("disk");
  const state: State = relapses({ ...before, diskFault: why, diskTriedAt: before.now.mono, alarmed }, "disk");
  const own: Entry = { kind: "fault", device: "disk", fault: why.kind, detail: why.detail };
  const later: readonly Entry[] = first && !(entry.kind === "fault" && entry.device === "disk") ? [own] : [];
  switch (entry.kind) {
    case "attempt":
      return attemptNotSaved(setting, { ...state, unsaved: [...state.unsaved, ...later] });
    case "command":
      return commandNotSaved({ ...state, unsaved: [...state.unsaved, ...later] }, entry);
    // Small change: not worth a queue on a sick card.
    case "rating":
    case "refusals":
    case "commands-refused":
      return stay({ ...state, unsaved: [...state.unsaved, ...later] });
    case "outcome": {
      const { scene } = state;
      const kept: State = { ...state, unsaved: [...state.unsaved, entry, ...later] };
      return scene.is === "vending" && scene.vend.seq === entry.of
        ? outcomeUnsaved(setting, kept, scene.vend, entry)
        : stay(kept);
    }
    case "new-life":
      return stay(lifeNotBegun({ ...state, unsaved: [...state.unsaved, ...later] }));
    case "checked":
      return tellingNotSaved({ ...state, unsaved: [...state.unsaved, ...later] }, entry);
    default:
      return stay({ ...state, unsaved: [...state.unsaved, entry, ...later] });
  }
}
