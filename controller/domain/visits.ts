import type { Millis } from "../../devices/kit/clock.ts";
import { dayOf } from "../../protocol/pickup-code/calendar.ts";
import type { Books, OpenAttempt } from "./books.ts";
import { memberOf, type Day, type Member } from "./credential.ts";
import type { Entry } from "./entry.ts";

// What members took, as the ledger tells it. An attempt under way is in the books' open ones; it is counted here once its
// outcome says that it was, or may have been, given.

/** What a member took of one product. */
export interface Count {
  /** On the last few days on which something was taken: also on one that a clock, set right, came back to. */
  readonly days: ReadonlyMap<Day, number>;
  readonly ever: number;
  readonly last: Millis;
}

/** All that the ledger knows of a member. */
export interface Visits {
  /** The newest attempt. */
  readonly seq: number;
  readonly at: Millis;
  /** By product. */
  readonly counts: ReadonlyMap<string, Count>;
  /** On the day `day`: motions that gave nothing, and unknown outcomes that were settled in the member's favour. */
  readonly day: Day;
  readonly futile: number;
  readonly favours: number;
  /** Where an attempt that was settled so had cost of a day's escrow, the next ones stand on that until one gives. */
  readonly escrow?: Day;
  /** The highest counter of each card that counts its readings, and the attempt that it was used for. */
  readonly counters: ReadonlyMap<string, { readonly value: number; readonly seq: number; readonly at: Millis }>;
  /** Last day on which the newest credential is accepted. */
  readonly until: Day;
}

/** An attempt whose outcome nobody knew, settled in the member's favour: the worker may still say that it did fall. */
export interface Favour {
  readonly member: Member;
  readonly product: string;
  readonly at: Millis;
  readonly day: Day;
}

const daysKept = 3;

/** The cards of a member that has only one are not told apart. */
const onlyCard = "";

/** Members may be many; three hex digits of the pid spread them over 4,096 shelves. */
const shelfOf = ({ list, pid }: Member): string => `${list}:${pid.slice(0, 3)}`;

export const visitsOf = (books: Books, member: Member): Visits | undefined =>
  books.visits.get(shelfOf(member))?.get(member.pid);

/** Attempts of this member that have no outcome yet. */
export const openOf = (books: Books, { list, pid }: Member): readonly OpenAttempt[] =>
  [...books.open.values()].filter(({ member }) => member?.pid === pid && member.list === list);

/** The last use of the card with which a reading with this counter was made, where that was a later reading, or this one. */
export function laterReading(
  visits: Visits | undefined,
  { counter, card = onlyCard }: { readonly counter?: number; readonly card?: string },
): { readonly seq: number; readonly at: Millis } | undefined {
  const known = visits?.counters.get(card);
  return counter === undefined || known === undefined || counter > known.value ? undefined : known;
}

function withVisits(books: Books, member: Member, change: (visits: Visits | undefined) => Visits | undefined): Books {
  const shelf = shelfOf(member);
  const old = books.visits.get(shelf);
  const visits = change(old?.get(member.pid));
  if (visits === undefined) return books;
  return { ...books, visits: new Map(books.visits).set(shelf, new Map(old).set(member.pid, visits)) };
}

/** The favours and motions of the day, none where a new one has begun. */
const onDay = (visits: Visits | undefined, day: Day): Pick<Visits, "day" | "futile" | "favours"> =>
  visits?.day === day ? { day, futile: visits.futile, favours: visits.favours } : { day, futile: 0, favours: 0 };

type Attempt = Extract<Entry, { kind: "attempt" }>;

/** The day against whose allowance an attempt counts. */
export const dayOfAttempt = (entry: Attempt, at: Millis): Day => entry.day ?? dayOf(at);

/** A member takes something: nothing is counted yet, but the card's counter is used up. */
export function visited(books: Books, entry: Attempt): Books {
  const member = memberOf(entry);
  if (member === undefined) return books;
  const { seq, at } = books;
  const day = dayOfAttempt(entry, at);
  const noted = withVisits(books, member, (visits) => {
    const { counter, card = onlyCard } = entry;
    const risen = counter !== undefined && laterReading(visits, { counter, card }) === undefined;
    const counters = visits?.counters ?? new Map<string, never>();
    return {
      seq,
      at,
      counts: visits?.counts ?? new Map(),
      ...onDay(visits, day),
      ...(visits?.escrow === undefined ? {} : { escrow: visits.escrow }),
      counters: risen ? new Map(counters).set(card, { value: counter, seq, at }) : counters,
      until: Math.max(visits?.until ?? 0, entry.until),
    };
  });
  return { ...noted, memberDay: Math.max(books.memberDay, day) };
}

/** How a member's attempt ended. */
export function visitSettled(books: Books, attempt: OpenAttempt, outcome: Extract<Entry, { kind: "outcome" }>): Books {
  const { member, product, at, day, seq, escrow, credential } = attempt;
  if (member === undefined) return books;
  const { delivery, started, frees } = outcome;
  if (delivery === "delivered" || (delivery === "unknown" && !frees)) return taken(books, { member, product, at, day });
  const futile = started ? 1 : 0;
  const favours = delivery === "unknown" ? 1 : 0;
  const noted = withVisits(books, member, (visits) => {
    if (visits === undefined) return undefined;
    const today = onDay(visits, day);
    return {
      ...visits,
      ...today,
      futile: today.futile + futile,
      favours: today.favours + favours,
      ...(favours > 0 && credential.kind === "member" && escrow !== undefined ? { escrow } : {}),
    };
  });
  if (favours === 0) return noted;
  // The worker stands there now or not at all: of older ones nobody says any more that they fell.
  const favoured = new Map([...books.favoured].filter(([, favour]) => favour.day >= day - 1));
  return { ...noted, favoured: favoured.set(seq, { member, product, at, day }) };
}

/** It was given, or so the worker says, or nobody knows a second time. */
function taken(books: Books, { member, product, at, day }: Favour): Books {
  return withVisits(books, member, (visits) => {
    if (visits === undefined) return undefined;
    const { escrow: _, ...rest } = visits;
    const count = visits.counts.get(product);
    const before = [...(count?.days ?? [])].filter(([other]) => other !== day);
    const next: Count = {
      days: new Map([...before.slice(1 - daysKept), [day, (count?.days.get(day) ?? 0) + 1]]),
      ever: (count?.ever ?? 0) + 1,
      last: count !== undefined && count.last > at ? count.last : at,
    };
    return { ...rest, counts: new Map(visits.counts).set(product, next) };
  });
}

/** After an outcome that nobody knew the worker says that the good did fall: it counts after all. */
export function favourTaken(books: Books, of: number): Books {
  const favour = books.favoured.get(of);
  if (favour === undefined) return books;
  const favoured = new Map(books.favoured);
  favoured.delete(of);
  return taken({ ...books, favoured }, favour);
}

/** Forgets members whose last credential ended long before the floor. */
export function prunedVisits(visits: Books["visits"], floor: Day, remembered: number): Books["visits"] {
  const all = new Map<string, ReadonlyMap<string, Visits>>();
  for (const [shelf, members] of visits) {
    const kept = new Map([...members].filter(([, { until }]) => until + remembered >= floor));
    if (kept.size > 0) all.set(shelf, kept.size === members.size ? members : kept);
  }
  return all;
}
