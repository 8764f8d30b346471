import { fault, type Fault } from "../../devices/kit/fault.ts";
import type { SlotReport } from "../../devices/vending/capability.ts";
import { stay, type Effect, type Presence, type Setting, type State, type Stepped } from "./state.ts";
import { placeKey } from "./stock.ts";

const unwell = (presence: Presence | undefined): boolean =>
  presence === "stale" || presence === "broken" || presence === "absent";

/** A device came or went. Faults are entries, so that the screen's reference can be found by the staff. */
export function changed(
  setting: Setting,
  before: State,
  id: string,
  presence: Presence,
  why: Fault | undefined,
): Stepped {
  const was = before.presence.get(id);
  const state: State = { ...before, presence: new Map(before.presence).set(id, presence) };
  if (presence === "working") {
    const recovering = new Map(state.recovering).set(id, state.now.mono);
    return remember(setting, state.books.faults.has(id) ? { ...state, recovering } : state, id);
  }
  const recovering = new Map(state.recovering);
  recovering.delete(id);
  if (!unwell(presence) || unwell(was) || state.books.faults.has(id)) return stay({ ...state, recovering });
  const { kind, detail } = why ?? fault("no-device", "no reason given");
  return stay({ ...state, recovering }, { kind: "save", entry: { kind: "fault", device: id, fault: kind, detail } });
}

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
  if (report.stock === undefined || (known !== undefined && report.stock <= known.count)) return stay(state);
  const product = setting.places.find((known) => placeKey(known) === placeKey(place))?.product;
  if (product === undefined) return stay(state);
  return stay(state, { kind: "save", entry: { kind: "refill", ...place, product, count: report.stock, by: "board" } });
}
