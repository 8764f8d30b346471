import { millis, type Millis } from "../../devices/kit/clock.ts";
import { minutes } from "../../devices/kit/clock.ts";
import { dayOf, startOf } from "../../protocol/pickup-code/calendar.ts";
import type { Today } from "./almanac.ts";
import type { Books } from "./books.ts";
import { memberKey, memberOf, type Allowance, type Candidate, type Day } from "./credential.ts";
import type { Knowledge } from "./state.ts";
import { openOf, visitsOf } from "./visits.ts";

// How much of its allowances a member has had. What the ledger counts, what is under way, and what other stations gave.

/** What a quota is counted by. */
export interface Ledgers {
  readonly books: Books;
  /** What other stations gave. */
  readonly taken: Knowledge["taken"];
  /** The day against whose allowance is counted: see memberDay. */
  readonly day: Day;
  readonly now: Today;
}

/** What a member took of one product: on the day in question, and ever. */
interface Taking {
  readonly product: string;
  readonly today: number;
  readonly ever: number;
  readonly last: Millis;
}

/** Why nothing is left of a product. */
export type Exhausted =
  | { readonly why: "campaign" }
  | { readonly why: "day" }
  | { readonly why: "gap"; readonly until: Millis; readonly last: Millis };

export interface Quota {
  /** Products of the offer of which the member has had the share, and why. */
  readonly had: ReadonlyMap<string, Exhausted>;
  /** Goods that were taken on the day, and in the whole campaign. */
  readonly today: number;
  readonly ever: number;
  /** Goods that may still be taken today; absent where nothing limits them. */
  readonly more?: number;
}

/** More than anybody may take a day: from there on nothing is said of a limit. */
const unlimited = 100;

function takingsOf(candidate: Candidate, { books, taken, day }: Ledgers): readonly Taking[] {
  const member = memberOf(candidate);
  if (member === undefined) return [];
  const settled = [...(visitsOf(books, member)?.counts ?? [])].map(([product, { days, ever, last }]) => ({
    product,
    today: days.get(day) ?? 0,
    ever,
    last,
  }));
  const once = (product: string, on: Day, last: Millis) => ({ product, today: on === day ? 1 : 0, ever: 1, last });
  const open = openOf(books, member).map(({ product, day: on, at }) => once(product, on, at));
  const elsewhere = (taken.get(memberKey(member)) ?? []).map(({ product, at }) => once(product, dayOf(at), at));
  return [...settled, ...open, ...elsewhere];
}

/** How much of one allowance is used up. */
function tally(takings: readonly Taking[], { products }: Pick<Allowance, "products">) {
  const own = takings.filter(({ product }) => products.includes(product));
  return {
    today: own.reduce((sum, taking) => sum + taking.today, 0),
    ever: own.reduce((sum, taking) => sum + taking.ever, 0),
    last: Math.max(0, ...own.map(({ last }) => last)),
  };
}

function exhausted(allowance: Allowance, takings: readonly Taking[], now: Today): Exhausted | undefined {
  const { today, ever, last } = tally(takings, allowance);
  if (allowance.perCampaign !== undefined && ever >= allowance.perCampaign) return { why: "campaign" };
  if (allowance.perDay !== undefined && today >= allowance.perDay) return { why: "day" };
  const until = millis(last + minutes(allowance.gap ?? 0));
  // A clock that stands before the last taking tells nothing of the time since.
  return ever > 0 && now.utc >= last && now.utc < until ? { why: "gap", until, last: millis(last) } : undefined;
}

/** The worst of several reasons is the one that lasts longest. */
const lasting: readonly Exhausted["why"][] = ["campaign", "day", "gap"];

/** What a candidate with allowances has had; nothing where it has none. */
export function quotaOf(candidate: Candidate, ledgers: Ledgers): Quota | undefined {
  const { products, allowances } = candidate.offer;
  if (allowances === undefined || memberOf(candidate) === undefined) return undefined;
  const takings = takingsOf(candidate, ledgers);
  const had = new Map<string, Exhausted>();
  for (const product of products) {
    const named = allowances.filter((allowance) => allowance.products.includes(product));
    const whys = named.flatMap((allowance) => exhausted(allowance, takings, ledgers.now) ?? []);
    const why = lasting.flatMap((why) => whys.filter((exhausted) => exhausted.why === why))[0];
    // Of what no allowance names nothing is given.
    if (why !== undefined || named.length === 0) had.set(product, why ?? { why: "campaign" });
  }
  const all = tally(takings, { products });
  const more = moreToday(candidate, takings);
  return { had, today: all.today, ever: all.ever, ...(more === undefined ? {} : { more }) };
}

/** Counts by taking one after the other, whatever may be taken. */
function moreToday({ offer: { products, allowances = [] } }: Candidate, takings: readonly Taking[]) {
  const left = allowances.map((allowance) => {
    const { today, ever } = tally(takings, allowance);
    return {
      allowance,
      count: Math.min((allowance.perDay ?? Infinity) - today, (allowance.perCampaign ?? Infinity) - ever),
    };
  });
  for (let more = 0; more < unlimited; more++) {
    const next = products.find((product) => {
      const named = left.filter(({ allowance }) => allowance.products.includes(product));
      return named.length > 0 && named.every(({ count }) => count > 0);
    });
    if (next === undefined) return more;
    for (const one of left) if (one.allowance.products.includes(next)) one.count -= 1;
  }
  return undefined;
}

/** The first day after this one on which the offer gives something; undefined where there is none. */
export function nextDay({ offer, validTo }: Candidate, day: Day): Day | undefined {
  const last = Math.min(offer.to, validTo);
  if (offer.dates === undefined) return day + 1 <= last ? day + 1 : undefined;
  return offer.dates.find((date) => date > day && date <= last);
}

export const openingOf = (day: Day, opens: number): Millis => millis(startOf(day) + minutes(opens));
