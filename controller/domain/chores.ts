import { millis, type Millis } from "../../devices/kit/clock.ts";
import { fault } from "../../devices/kit/fault.ts";
import { dayOf } from "../../protocol/pickup-code/calendar.ts";
import { delays } from "../delays.ts";
import { countedOn, today } from "./almanac.ts";
import { pruned } from "./books.ts";
import { callRoll } from "./cabin/roll-call.ts";
import { keepCountsAgain, keptAgainAt, tellCounts, warnOfCalibrations } from "./cabin/telling.ts";
import { newLife } from "./lives.ts";
import { attemptAbandoned, lostInCut, moved, outcomeUnsaved } from "./pickup.ts";
import { refuse } from "./refuse.ts";
import { stay, andThen, type Effect, type Scene, type Setting, type State, type Stepped } from "./state.ts";
import { machineRests } from "./stock.ts";
import { turnsAt } from "./turn.ts";
import { sceneEnds, waited } from "./waiting.ts";

// What the kiosk does when nobody presses anything.

/** So many entries are folded again at most after a start. */
const entriesACheckpoint = 500;

/** Attempts of before the start which no board will settle. */
function settleOld(setting: Setting, state: State): Stepped {
  const waitedEnough = state.now.mono >= state.settlingSince + delays.boardRemembers;
  const remembers = (device: string): boolean =>
    setting.machines.some((machine) => machine.id === device && machine.remembers);
  const lost = [...state.orphans].flatMap((seq) => state.books.open.get(seq) ?? []);
  return lost
    .filter((open) => waitedEnough || !remembers(open.device))
    .reduce((step, open) => andThen(step, (now) => lostInCut(now, open)), stay(state));
}

/** Until when a worker waits for the disk, or for a motor that outlives every board's own limit. */
function patience(scene: Scene): Millis | undefined {
  if (scene.is === "spending") return millis(scene.at + delays.diskStalls);
  if (scene.is !== "vending") return undefined;
  switch (scene.phase) {
    case "saving":
    case "settling":
      return millis(scene.at + delays.diskStalls);
    case "moving":
      return millis(scene.at + delays.vendGivenUp);
    // Every driver answers within its patience.
    case "asking-curtain":
      return undefined;
  }
}

function giveUp(setting: Setting, state: State): Stepped {
  const { scene, now } = state;
  const until = patience(scene);
  if (until === undefined || now.mono < until) return stay(state);
  if (scene.is === "spending") return refuse(state, { id: "E10" });
  if (scene.is !== "vending") return stay(state);
  const { vend } = scene;
  if (vend.outcome) return outcomeUnsaved(setting, state, vend, vend.outcome);
  if (vend.seq === undefined) return attemptAbandoned(setting, state, vend);
  return moved(state, vend.seq, { kind: "unknown", fault: fault("silent", "the board gave no result") });
}

/** What the disk refused, once more, the oldest first. */
function saveAgain(state: State): Stepped {
  const [next, ...rest] = state.unsaved;
  if (next === undefined || state.now.mono < state.diskTriedAt + delays.diskRetried) return stay(state);
  return stay({ ...state, unsaved: rest, diskTriedAt: state.now.mono }, { kind: "save", entry: next });
}

function writeRefusals(state: State): Stepped {
  if (Object.keys(state.refusals).length === 0 || state.now.mono < state.countedAt + delays.refusalsCounted)
    return stay(state);
  const counts = state.refusals;
  return stay(
    { ...state, refusals: {}, countedAt: state.now.mono },
    { kind: "save", entry: { kind: "refusals", counts } },
  );
}

function writeOrdersRefused(state: State): Stepped {
  const counts = state.ordersRefused;
  if (Object.keys(counts).length === 0 || state.now.mono < state.ordersCountedAt + delays.refusalsCounted)
    return stay(state);
  return stay(
    { ...state, ordersRefused: {}, ordersCountedAt: state.now.mono },
    { kind: "save", entry: { kind: "commands-refused", counts } },
  );
}

/** Devices that work again, and whose goods fall: no curtain shuts them, nor five failures in a row. */
const mending = ({ recovering, shut, books, unsaved }: State): readonly (readonly [id: string, since: Millis])[] =>
  unsaved.length > 0
    ? []
    : [...recovering].filter(([id]) => !shut.has(id) && (books.stock.failures.get(id) ?? 0) < machineRests);

/** A device that has worked for a minute is mended. */
function mended(state: State): Stepped {
  const well = mending(state).filter(([, since]) => state.now.mono >= since + delays.faultMended);
  if (well.length === 0) return stay(state);
  const [recovering, alarmed] = [new Map(state.recovering), new Set(state.alarmed)];
  for (const [id] of well) {
    recovering.delete(id);
    alarmed.delete(id);
  }
  return stay(
    { ...state, recovering, alarmed },
    ...well.map(([device]): Effect => ({ kind: "save", entry: { kind: "fault-cleared", device } })),
  );
}

/** Machines whose curtain can be asked: nobody stands before the kiosk, and the board answers. */
const askable = ({ scene, shut, presence }: State): readonly (readonly [id: string, asked: Millis])[] =>
  scene.is === "idle" ? [...shut].filter(([id]) => presence.get(id) === "working") : [];

function askShut(state: State): Stepped {
  const due = askable(state).filter(([, asked]) => state.now.mono >= asked + delays.curtainAskedAgain);
  if (due.length === 0) return stay(state);
  const shut = new Map(state.shut);
  for (const [id] of due) shut.set(id, state.now.mono);
  return stay({ ...state, shut }, ...due.map(([device]): Effect => ({ kind: "curtain", device })));
}

export function tick(setting: Setting, state: State): Stepped {
  const chores = [
    (s: State) => settleOld(setting, s),
    (s: State) => giveUp(setting, s),
    saveAgain,
    writeRefusals,
    writeOrdersRefused,
    mended,
    askShut,
    (s: State) => callRoll(setting, s),
    keepCountsAgain,
    tellCounts,
    (s: State) => warnOfCalibrations(setting, s),
    newLife,
    kept,
  ];
  return chores.reduce((step, chore) => andThen(step, chore), waited(setting, state));
}

/** What is kept beside the ledger, when it has moved on far enough to be worth a write. */
export function kept(state: State): Stepped {
  const effects: Effect[] = [];
  let next = state;
  if (state.almanac.floor >= state.floorKept + delays.floorKept) {
    effects.push({ kind: "keep-floor", floor: state.almanac.floor });
    next = { ...next, floorKept: state.almanac.floor };
  }
  const { state: clock } = today(next.almanac, next.now);
  const counted = countedOn(next.almanac, next.now);
  if (clock === "floor-only" && counted >= next.countedKept + delays.floorKept) {
    effects.push({ kind: "keep-counted", utc: counted });
    next = { ...next, countedKept: counted };
  }
  if (state.sinceCheckpoint >= entriesACheckpoint && state.scene.is === "idle") {
    const books = pruned(state.books, dayOf(state.almanac.floor));
    effects.push({ kind: "checkpoint", books });
    next = { ...next, books, sinceCheckpoint: 0 };
  }
  return stay(next, ...effects);
}

/**
 * The next moment at which the machine wants a tick. Only what that tick would do may ask for it: a time that has
 * passed and nobody acts upon would keep the processor busy, tick after tick.
 */
export function wakesAt(state: State): Millis {
  const { now, scene } = state;
  const times: number[] = [now.mono + delays.minute - (now.utc % delays.minute)];
  const scened = sceneEnds(scene, now.mono);
  if (scened !== undefined) times.push(scened);
  if (state.unsaved.length > 0) times.push(state.diskTriedAt + delays.diskRetried);
  if (Object.keys(state.refusals).length > 0) times.push(state.countedAt + delays.refusalsCounted);
  if (Object.keys(state.ordersRefused).length > 0) times.push(state.ordersCountedAt + delays.refusalsCounted);
  for (const [, since] of mending(state)) times.push(since + delays.faultMended);
  for (const [, asked] of askable(state)) times.push(asked + delays.curtainAskedAgain);
  times.push(...turnsAt(state));
  const counts = keptAgainAt(state);
  if (counts !== undefined) times.push(counts);
  const patient = patience(scene);
  if (patient !== undefined) times.push(patient);
  if (state.orphans.size > 0) times.push(state.settlingSince + delays.boardRemembers);
  return millis(Math.max(now.mono + 1, Math.min(...times)));
}
