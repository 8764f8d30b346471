import { millis, type Millis } from "../../devices/kit/clock.ts";
import type { Stock } from "../../protocol/fleet/stock.ts";
import type { Nearby } from "../screen/model.ts";
import { delays } from "../delays.ts";
import { today } from "./almanac.ts";
import type { Candidate } from "./credential.ts";
import type { Setting, State } from "./state.ts";

/** A worker remembers three. */
const stationsNamed = 3;

/** What a neighbour said a while ago, or by a clock that runs ahead of ours, sends nobody on a way. */
const isFresh = (at: number, now: Millis): boolean => now - at <= delays.nearbyFresh && at - now <= delays.nearbyAhead;

/**
 * Where else a credential gives something: the nearest stations that have its goods, with the time of the oldest word.
 * Nothing for a station's own code, which is worth nothing elsewhere, and nothing where nobody knows what time it is.
 */
export function nearby(setting: Setting, state: State, { area, offer }: Candidate): { readonly nearby?: Nearby } {
  const now = today(state.almanac, state.now);
  if (!area || now.state === "floor-only") return {};
  const goodsOf = (left: Stock["left"]): number =>
    offer.products.reduce((sum, id) => sum + (Object.hasOwn(left, id) ? (left[id] ?? 0) : 0), 0);
  const named = setting.neighbours
    .flatMap(({ kiosk, name, metres, minutes }) => {
      const said = state.nearby.get(kiosk);
      if (said === undefined || !isFresh(said.at, now.utc)) return [];
      return [{ at: said.at, station: { name, metres, minutes, left: goodsOf(said.left) } }];
    })
    .filter(({ station }) => station.left > 0)
    .slice(0, stationsNamed);
  if (named.length === 0) return {};
  const asOf = millis(Math.min(...named.map(({ at }) => at)));
  return { nearby: { asOf, stations: named.map(({ station }) => station) } };
}
