import { today } from "../domain/almanac.ts";
import { closed, shelf, sickDisk } from "../domain/shelf.ts";
import type { Setting, State } from "../domain/state.ts";
import { left, machineRests, placeKey, slotRests } from "../domain/stock.ts";
import { season } from "../domain/verdict.ts";

/**
 * Why a kiosk does not serve as it should, for the staff. `hours` and `season` are no trouble: nobody need go there.
 * `offers`: no campaign or list is in force. `machine`: what gives goods is broken. `slots`: a place for goods rests.
 */
export type Reason =
  | ""
  | "locked"
  | "disk"
  | "offers"
  | "machine"
  | "sold-out"
  | "slots"
  | "clock"
  | "hours"
  | "season";

export interface Health {
  /** 0 serves, or shall not now; 1 serves in part; 2 serves nobody. */
  readonly state: 0 | 1 | 2;
  readonly reason: Reason;
}

/** The one light of a station. */
export function healthOf(setting: Setting, state: State): Health {
  if (state.books.locked !== undefined) return { state: 2, reason: "locked" };
  if (sickDisk(state)) return { state: 2, reason: "disk" };
  switch (closed(setting, state)?.id) {
    case undefined:
      return inPart(setting, state);
    case "E21":
      return { state: 2, reason: "offers" };
    case "E10":
      return { state: 2, reason: "machine" };
    case "E8b":
      return { state: 2, reason: "sold-out" };
    case "E7c":
      return { ...inPart(setting, state), ...(isWhole(setting, state) ? { reason: "hours" } : {}) };
    default:
      return { state: 0, reason: "season" };
  }
}

const isWhole = (setting: Setting, state: State): boolean => inPart(setting, state).state === 0;

/** Somebody is served: is everybody? */
function inPart(setting: Setting, state: State): Health {
  const { machines, places } = setting;
  const { stock } = state.books;
  const ill = ({ id }: Setting["machines"][number]): boolean =>
    state.presence.get(id) !== "working" || state.shut.has(id) || (stock.failures.get(id) ?? 0) >= machineRests;
  if (machines.some(ill)) return { state: 1, reason: "machine" };
  const now = today(state.almanac, state.now);
  const open = state.knowledge.offers.filter((offer) => season(offer, now) === "on");
  const ready = shelf(setting, state);
  if (open.some(({ products }) => products.some((product) => left(ready, product) === 0)))
    return { state: 1, reason: "sold-out" };
  if (places.some((place) => (stock.slots.get(placeKey(place))?.failures ?? 0) >= slotRests))
    return { state: 1, reason: "slots" };
  if (now.state === "floor-only") return { state: 1, reason: "clock" };
  return { state: 0, reason: "" };
}
