import { millis, type Millis } from "../../devices/kit/clock.ts";
import { dayOf, startOf } from "../../protocol/pickup-code/calendar.ts";
import type { Candidate, Day } from "./credential.ts";
import { delays } from "../delays.ts";
import type { Moment } from "./moment.ts";

/** What the kiosk believes of the time. The floor is the one thing it is sure of: it is not earlier than that. */
export interface Almanac {
  readonly floor: Millis;
  /** Last moment of this run at which the clock could be trusted. */
  readonly sure?: { readonly mono: Millis; readonly utc: Millis };
  /** A moment of this run before which it surely was not earlier: counting on from there stays as sure as the floor. */
  readonly counted: { readonly mono: Millis; readonly utc: Millis };
  /** Last day for which an epoch key is held: no clock and no file moves the floor beyond it. */
  readonly ceiling: Day;
}

/** trusted: set by the network or a battery clock. coasting: counted on since then. floor-only: neither. */
export interface Today {
  readonly state: "trusted" | "coasting" | "floor-only";
  readonly utc: Millis;
  readonly day: Day;
}

export function today(almanac: Almanac, now: Moment): Today {
  if (now.trusted) return { state: "trusted", utc: now.utc, day: dayOf(now.utc) };
  if (almanac.sure) {
    const utc = millis(almanac.sure.utc + (now.mono - almanac.sure.mono));
    return { state: "coasting", utc, day: dayOf(utc) };
  }
  return { state: "floor-only", utc: millis(Math.max(now.utc, almanac.floor)), day: dayOf(almanac.floor) };
}

/** Raises the floor, never past the last day of the keys held, and never down. */
export function raised(almanac: Almanac, utc: Millis): Almanac {
  const roof = startOf(almanac.ceiling + 1) - 1;
  const floor = millis(Math.max(almanac.floor, Math.min(utc, roof)));
  return floor === almanac.floor ? almanac : { ...almanac, floor };
}

/** A beacon of the centre sets the floor, also back. What was counted on since is believed only where it agrees. */
export function beaconed({ ceiling, sure }: Almanac, utc: Millis, now: Moment): Almanac {
  const agrees = sure !== undefined && Math.abs(sure.utc + (now.mono - sure.mono) - utc) <= delays.beaconAgrees;
  return { floor: utc, counted: { mono: now.mono, utc }, ceiling, ...(agrees ? { sure } : {}) };
}

export function noticed(almanac: Almanac, now: Moment): Almanac {
  if (!now.trusted) return almanac;
  return raised({ ...almanac, sure: { mono: now.mono, utc: now.utc } }, now.utc);
}

/** The floor, and the time that this kiosk counted itself since. No jump of a clock that nobody vouches for is in it. */
export const countedOn = ({ floor, counted }: Almanac, { mono }: Moment): Millis =>
  millis(Math.max(floor, counted.utc + (mono - counted.mono)));

/**
 * The day against whose allowance a member takes something. A clock that nobody vouches for neither gives the next day's
 * share by a jump nor takes this one back: only time that the kiosk counted itself brings a new day.
 */
export const memberDay = (almanac: Almanac, now: Moment, newest: Day): Day => {
  const { state, day } = today(almanac, now);
  return state === "floor-only" ? Math.max(dayOf(countedOn(almanac, now)), newest) : day;
};

/** A derived code may still be used the day after its epoch: shifts end after midnight. */
const grace = (candidate: Candidate): number => (candidate.credential.kind === "derived" ? 1 : 0);

/** Last day on which the kiosk accepts it, whatever the state of the clock. */
export const lastDay = (candidate: Candidate): Day => candidate.validTo + grace(candidate);

/**
 * Where today stands against a candidate's days. An untrusted clock never refuses a code whose key is held:
 * with only a floor every epoch from the day before the floor on is open.
 */
export function standing(candidate: Candidate, now: Today): "open" | "past" | "next" | "future" {
  if (now.state === "floor-only") return candidate.validTo >= now.day - 1 ? "open" : "past";
  const slack = now.state === "coasting" ? 1 : 0;
  if (now.day > lastDay(candidate) + slack) return "past";
  if (now.day >= candidate.validFrom - slack) return "open";
  // A signed token is no guess, so that its day may be told however far ahead it is.
  if (candidate.credential.kind === "token") return "next";
  const length = candidate.validTo - candidate.validFrom + 1;
  return candidate.validFrom - now.day <= length ? "next" : "future";
}
