import { fault, type Fault } from "../../devices/kit/fault.ts";
import type { SlotReport } from "../../devices/vending/capability.ts";
import { alarm, recovers, relapses } from "./alarm.ts";
import { cabinDeviceChanged, isOfCabin } from "./cabin/roll-call.ts";
import { andThen, stay, type Effect, type Presence, type Setting, type State, type Stepped } from "./state.ts";
import { placeKey } from "./stock.ts";

const unwell = (presence: Presence): boolean => presence === "stale" || presence === "broken" || presence === "absent";

/** A device came or went. Faults are entries, so that the screen's reference can be found by the staff. */
export function changed(
  setting: Setting,
  before: State,
  id: string,
  presence: Presence,
  why: Fault | undefined,
): Stepped {
  const state: State = { ...before, presence: new Map(before.presence).set(id, presence) };
  if (isOfCabin(setting.cabin, id)) return cabinDeviceChanged(setting, state, id, why);
  if (presence === "working")
    return andThen(remember(setting, recovers(state, id), id), (now) => lookedAt(setting, now, id));
  const ill = relapses(state, id);
  return unwell(presence) ? alarm(ill, id, why ?? fault("no-device", "no reason given")) : stay(ill);
}

/** A machine whose fault is not mended may still have a blind or blocked curtain: it is asked before anybody is served. */
const lookedAt = (setting: Setting, state: State, id: string): Stepped =>
  state.alarmed.has(id) && setting.machines.some((machine) => machine.id === id)
    ? stay(state, { kind: "curtain", device: id })
    : stay(state);

/** A board that remembers is asked for the attempts that a power cut left open. */
function remember(setting: Setting, state: State, id: string): Stepped {
  if (!setting.machines.some((machine) => machine.id === id && machine.remembers)) return stay(state);
  const effects = [...state.books.open.values()]
    .filter((open) => open.device === id && state.orphans.has(open.seq))
    .map(({ device, slot, seq }): Effect => ({ kind: "recall", device, slot, seq }));
  return stay(state, ...effects);
}

/** The board's own count is believed; where it has grown, somebody filled the slot. */
export function reported(setting: Setting, before: State, device: string, report: SlotReport): Stepped {
  const place = { device, slot: report.slot };
  const state: State = { ...before, reports: new Map(before.reports).set(placeKey(place), report) };
  const known = state.books.stock.slots.get(placeKey(place));
  // The same word again is no news, whatever became of the last.
  if (report.stock === undefined || report.stock === before.reports.get(placeKey(place))?.stock) return stay(state);
  if (known !== undefined && report.stock <= known.count) return stay(state);
  const product = setting.places.find((known) => placeKey(known) === placeKey(place))?.product;
  if (product === undefined) return stay(state);
  return stay(state, { kind: "save", entry: { kind: "refill", ...place, product, count: report.stock, by: "board" } });
}

/** A board that begins to tell tells the present; only what changes is written down, and a door that stands open. */
export function doorMoved(state: State, device: string, open: boolean): Stepped {
  const before = state.doors.get(device);
  const next: State = { ...state, doors: new Map(state.doors).set(device, open) };
  if (before === open || (before === undefined && !open)) return stay(next);
  return stay(next, { kind: "save", entry: { kind: "door", device, open } });
}
