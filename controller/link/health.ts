import { today } from "../domain/almanac.ts";
import { calibrationDay, overdue } from "../domain/cabin/calibration.ts";
import type { CabinSetting } from "../domain/cabin/setting.ts";
import { closed, shelf, sickDisk } from "../domain/shelf.ts";
import type { Setting, State } from "../domain/state.ts";
import { left, machineRests, placeKey, slotRests } from "../domain/stock.ts";
import { season } from "../domain/verdict.ts";

/**
 * Why a kiosk does not serve as it should, for the staff. `hours` and `season` are no trouble: nobody need go there.
 * `offers`: no campaign or list is in force. `machine`: what gives goods is broken. `slots`: a place for goods rests.
 * `instruments`: one of the health cabin is missing, or its calibration has ended and it measures nothing any more.
 */
export type Reason =
  | ""
  | "locked"
  | "disk"
  | "offers"
  | "machine"
  | "sold-out"
  | "slots"
  | "instruments"
  | "clock"
  | "hours"
  | "season";

export interface Health {
  /** 0 serves, or shall not now; 1 serves in part; 2 serves nobody. */
  readonly state: 0 | 1 | 2;
  readonly reason: Reason;
}

/** The one light of a station: of what it gives, and of its health cabin. */
export function healthOf(setting: Setting, state: State): Health {
  if (state.books.locked !== undefined) return { state: 2, reason: "locked" };
  if (sickDisk(state)) return { state: 2, reason: "disk" };
  const { cabin, places } = setting;
  if (cabin === undefined) return ofGoods(setting, state);
  const measuring = ofCabin(cabin, state);
  return places.length === 0 ? measuring : both(ofGoods(setting, state), measuring);
}

/** Where one of the two serves somebody, the station does. */
function both(goods: Health, measuring: Health): Health {
  if (goods.state === measuring.state) return goods;
  return { state: 1, reason: (goods.state > measuring.state ? goods : measuring).reason };
}

/** An instrument that does not answer, or may not be used any more, is one item less. */
function ofCabin({ instruments, overdue: policy }: CabinSetting, state: State): Health {
  const day = calibrationDay(state);
  const usable = instruments.filter(
    (one) => state.roll.told.get(one.id) === "working" && !(policy === "refuse" && overdue(one, day)),
  );
  if (usable.length === 0) return { state: 2, reason: "instruments" };
  if (usable.length < instruments.length) return { state: 1, reason: "instruments" };
  return today(state.almanac, state.now).state === "floor-only"
    ? { state: 1, reason: "clock" }
    : { state: 0, reason: "" };
}

function ofGoods(setting: Setting, state: State): Health {
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
