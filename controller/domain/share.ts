import { minutes } from "../../devices/kit/clock.ts";
import type { Refusal } from "../screen/model.ts";
import { today } from "./almanac.ts";
import { beyond } from "./area.ts";
import type { Candidate } from "./credential.ts";
import { quotaOf, type Quota } from "./quota.ts";
import { shareDay, type Setting, type State } from "./state.ts";
import { shareLeft, type Verdict } from "./verdict.ts";

// A member's share, as the kiosk and the screen speak of it.

/** What the member has had by now; nothing for what has no allowances. */
export const quotaNow = (setting: Setting, state: State, candidate: Candidate): Quota | undefined =>
  quotaOf(candidate, {
    books: state.books,
    taken: beyond(setting, state).taken,
    day: shareDay(state),
    now: today(state.almanac, state.now),
  });

/** Why this product is not given to the member, whatever was judged a moment ago. */
export function shareGone(setting: Setting, state: State, candidate: Candidate, product: string): Refusal | undefined {
  if (quotaNow(setting, state, candidate)?.had.has(product) !== true) return undefined;
  const only = { ...candidate, offer: { ...candidate.offer, products: [product] } };
  const now = today(state.almanac, state.now);
  const { books } = state;
  const gone = shareLeft(only, {
    books,
    now,
    host: setting,
    shareDay: shareDay(state),
    others: beyond(setting, state),
  });
  return gone && toldShare(gone, state);
}

/** E13 and E14. */
export function toldShare(
  gone: Extract<Verdict, { is: "quota-day" | "quota-campaign" | "gap" }>,
  state: State,
): Refusal {
  switch (gone.is) {
    case "quota-day":
      return { id: "E13", per: "day", had: gone.had, ...(gone.again === undefined ? {} : { again: gone.again }) };
    case "quota-campaign":
      return { id: "E13", per: "campaign", had: gone.had };
    case "gap": {
      const left = gone.until - today(state.almanac, state.now).utc;
      return { id: "E14", minutes: Math.max(1, Math.ceil(left / minutes(1))), last: gone.last };
    }
  }
}
