import { millis, type Millis } from "../../devices/kit/clock.ts";
import { minuteOf, startOf } from "../../protocol/pickup-code/calendar.ts";
import { lastDay, standing, type Today } from "./almanac.ts";
import { motionsOn, useOf, type Books, type Use } from "./books.ts";
import { memberOf, type Candidate, type Day, type Finding, type Offer } from "./credential.ts";
import { delays } from "../delays.ts";
import { alone, beyondEscrow, usedElsewhere, type Beyond } from "./area.ts";
import { nextDay, openingOf, quotaOf, type Quota } from "./quota.ts";
import type { Elsewhere } from "./state.ts";
import { laterReading, openOf, visitsOf } from "./visits.ts";

/** May it have a drink, and if not, why: every refusal has a reason that a worker can act on. */
export type Verdict =
  | { readonly is: "ok"; readonly candidate: Candidate }
  | { readonly is: "mistyped" }
  | { readonly is: "other-site" }
  | { readonly is: "unknown"; readonly lag?: Millis }
  | { readonly is: "unregistered"; readonly of: "card" | "code"; readonly guess: boolean }
  | { readonly is: "unread"; readonly of: "card" | "code" }
  /** Its motion is not settled yet: ask again in a moment. */
  | { readonly is: "settling"; readonly seq: number }
  | { readonly is: "used"; readonly seq: number; readonly at: Millis }
  /** At another station, by the centre's list. */
  | { readonly is: "used-elsewhere"; readonly elsewhere: Elsewhere }
  /** Valid at several stations, and what may be given without the centre is given. */
  | { readonly is: "needs-centre"; readonly candidate: Candidate }
  | { readonly is: "expired"; readonly until: Millis; readonly campaignOn: boolean }
  | { readonly is: "not-yet"; readonly from: Millis; readonly until: Millis }
  | { readonly is: "closed"; readonly opens: number; readonly closes: number }
  | { readonly is: "over"; readonly offer: Offer }
  /** A token so short that it cannot be judged without a clock. */
  | { readonly is: "needs-clock" }
  /** This reading of a card that counts, or a later one, was used already. */
  | { readonly is: "copied"; readonly seq: number; readonly at: Millis }
  /** The member had the day's share: `had` goods. `again`: when there is another. */
  | { readonly is: "quota-day"; readonly had: number; readonly again?: Millis }
  /** … or the campaign's, or of a campaign that ends today the last. */
  | { readonly is: "quota-campaign"; readonly had: number }
  | { readonly is: "gap"; readonly until: Millis; readonly last: Millis }
  /** Still valid, but it has moved the machine three times today. */
  | { readonly is: "enough-motions"; readonly seq: number; readonly candidate: Candidate };

/** Daily opening in minutes after midnight UTC+8. */
export interface Hours {
  readonly opens: number;
  readonly closes: number;
}

/** Motions a code may cause a day at one machine. */
export const motionsADay = 3;

/** Before its first day, or after the day that its last codes still have. A clock that was sure gets a day either side. */
export function season(offer: Offer, now: Today): "coming" | "on" | "over" {
  if (now.state === "floor-only") return "on";
  const slack = now.state === "coasting" ? 1 : 0;
  if (now.day < offer.from - slack) return "coming";
  return now.day > offer.to + 1 + slack ? "over" : "on";
}

/** Hours are shop hours, not security: with no clock they are not held against anybody. */
export const inHours = ({ opens, closes }: Hours, now: Today): boolean => {
  const minute = minuteOf(now.utc);
  return now.state === "floor-only" || (minute >= opens && minute < closes);
};

/** Open while both the campaign and the host are. */
const both = (a: Hours, b: Hours): Hours => ({
  opens: Math.max(a.opens, b.opens),
  closes: Math.min(a.closes, b.closes),
});

const short = (candidate: Candidate): boolean =>
  candidate.lifetime !== undefined && candidate.lifetime.until - candidate.lifetime.from < delays.shortToken;

const ended = (candidate: Candidate, now: Today): boolean =>
  now.state !== "floor-only" && candidate.lifetime !== undefined && now.utc >= candidate.lifetime.until;

const early = (candidate: Candidate, now: Today): boolean =>
  now.state !== "floor-only" && candidate.lifetime !== undefined && now.utc < candidate.lifetime.from;

/** Whether today is one of the offer's days; with no clock that is held against nobody. */
function onDate({ dates }: Offer, { state, day }: Today): boolean {
  const slack = state === "coasting" ? 1 : 0;
  return state === "floor-only" || dates === undefined || dates.some((date) => Math.abs(date - day) <= slack);
}

const endOf = (candidate: Candidate): Millis => candidate.lifetime?.until ?? millis(startOf(lastDay(candidate) + 1));
const beginOf = (candidate: Candidate): Millis => candidate.lifetime?.from ?? millis(startOf(candidate.validFrom));

/** What every candidate of a finding is judged by. */
interface Bench {
  readonly books: Books;
  readonly now: Today;
  readonly host: Hours;
  /** The day by which motions and the escrow are counted, which an untrusted clock does not turn back. */
  readonly ledgerDay: Day;
  /** The day by which members' shares are counted. */
  readonly shareDay: Day;
  readonly others: Beyond;
}

/** Motions of the day that a credential caused; of a member those that gave nothing. */
export function motionsOf(books: Books, candidate: Candidate, ledgerDay: Day, shareDay: Day): number {
  const member = memberOf(candidate);
  const visits = member && visitsOf(books, member);
  const futile = visits?.day === shareDay ? visits.futile : 0;
  return Math.max(futile, motionsOn(useOf(books, candidate.credential), ledgerDay));
}

function judgeOne(candidate: Candidate, bench: Bench): Verdict {
  const { books, now, host, ledgerDay, shareDay, others } = bench;
  const member = memberOf(candidate);
  const open = member && openOf(books, member)[0];
  if (open !== undefined) return { is: "settling", seq: open.seq };
  const use: Use | undefined = useOf(books, candidate.credential);
  if (use?.state === "open") return { is: "settling", seq: use.seq };
  if (use?.state === "used") return { is: "used", seq: use.seq, at: use.at };
  const elsewhere = usedElsewhere(candidate, books, others);
  if (elsewhere !== undefined) return { is: "used-elsewhere", elsewhere };
  const { offer } = candidate;
  const campaignOn = now.state === "floor-only" || now.day <= offer.to;
  const where = standing(candidate, now);
  if (where === "future") return { is: "unknown" };
  if (where === "past" || ended(candidate, now)) {
    return campaignOn ? { is: "expired", until: endOf(candidate), campaignOn } : { is: "over", offer };
  }
  if (where === "next" || early(candidate, now))
    return { is: "not-yet", from: beginOf(candidate), until: endOf(candidate) };
  if (now.state === "floor-only" && short(candidate)) return { is: "needs-clock" };
  const when = season(offer, now);
  if (when === "coming") return { is: "not-yet", from: millis(startOf(offer.from)), until: endOf(candidate) };
  if (when === "over") return { is: "over", offer };
  if (!onDate(offer, now)) {
    const next = nextDay(candidate, now.day);
    if (next === undefined) return { is: "over", offer };
    return { is: "not-yet", from: openingOf(next, both(offer, host).opens), until: endOf(candidate) };
  }
  const hours = both(offer, host);
  if (!inHours(hours, now)) return { is: "closed", ...hours };
  const visits = member && visitsOf(books, member);
  const copied = laterReading(visits, candidate);
  if (copied !== undefined) return { is: "copied", ...copied };
  const share = shareLeft(candidate, bench);
  if (share !== undefined) return share;
  if (motionsOf(books, candidate, ledgerDay, shareDay) >= motionsADay)
    return { is: "enough-motions", seq: use?.seq ?? visits?.seq ?? 0, candidate };
  if (beyondEscrow(candidate, books, others, ledgerDay)) return { is: "needs-centre", candidate };
  return { is: "ok", candidate };
}

type ShareGone = Extract<Verdict, { is: "quota-day" | "quota-campaign" | "gap" }>;

/** Why the member gets nothing more now; undefined while some product is left. */
export function shareLeft(
  candidate: Candidate,
  { books, now, host, shareDay, others }: Omit<Bench, "ledgerDay">,
): ShareGone | undefined {
  const quota = quotaOf(candidate, { books, taken: others.taken, day: shareDay, now });
  if (quota === undefined || candidate.offer.products.some((product) => !quota.had.has(product))) return undefined;
  return gone(candidate, quota, now, host, shareDay);
}

/** Of several reasons the one that passes first. */
function gone(candidate: Candidate, { had, today, ever }: Quota, now: Today, host: Hours, day: Day): ShareGone {
  const gaps = [...had.values()].flatMap((why) => (why.why === "gap" ? [why] : []));
  const soonest = gaps.toSorted((a, b) => a.until - b.until)[0];
  if (soonest !== undefined) return { is: "gap", until: soonest.until, last: soonest.last };
  const next = [...had.values()].some(({ why }) => why === "day") ? nextDay(candidate, day) : undefined;
  if (next === undefined) return { is: "quota-campaign", had: ever };
  const again = openingOf(next, both(candidate.offer, host).opens);
  return { is: "quota-day", had: today, ...(now.state === "floor-only" ? {} : { again }) };
}

/** Where two open epochs share a body, the first that may be given wins; else the refusal that says most. */
const telling: readonly Verdict["is"][] = [
  "ok",
  "settling",
  "enough-motions",
  "gap",
  "closed",
  "quota-day",
  "copied",
  "used",
  "used-elsewhere",
  "needs-centre",
  "needs-clock",
  "not-yet",
  "quota-campaign",
  "expired",
  "over",
  "unknown",
];

export function judge(
  finding: Finding,
  books: Books,
  now: Today,
  host: Hours,
  ledgerDay: Day = now.day,
  others: Beyond = alone,
  shareDay: Day = now.day,
): Verdict {
  switch (finding.is) {
    case "unregistered":
    case "unread":
      return finding;
    case "mistyped":
    case "other-site":
      return { is: finding.is };
    case "unknown":
      return finding.lag === undefined ? { is: "unknown" } : { is: "unknown", lag: finding.lag };
    case "found": {
      const verdicts = finding.candidates.map((candidate) =>
        judgeOne(candidate, { books, now, host, ledgerDay, shareDay, others }),
      );
      return telling.flatMap((is) => verdicts.filter((verdict) => verdict.is === is))[0] ?? { is: "unknown" };
    }
  }
}

/** The last day for which a drink was promised, for "your code stays valid until". */
export const validUntil = (candidate: Candidate): Millis => endOf(candidate);
