import { millis, type Millis } from "../../devices/kit/clock.ts";
import type { FaultKind } from "../../devices/kit/fault.ts";
import type { Order } from "../../protocol/commands/order.ts";
import type { Warned } from "./cabin/calibration.ts";
import { memberOf, type Credential, type Day, type Member } from "./credential.ts";
import type { Entry, Stamped } from "./entry.ts";
import { charged, givenBack, type Escrow } from "./escrow.ts";
import { obeyed, orderEnded, refillBecame, vendBecame } from "./obeyed.ts";
import {
  dayOfAttempt,
  favourTaken,
  prunedVisits,
  visited,
  visitSettled,
  visitsOf,
  type Favour,
  type Visits,
} from "./visits.ts";
import { failed, filled, gave, mayHaveGiven, noStock, placeKey, type Stock } from "./stock.ts";
import { dayOf, parseDate } from "../../protocol/pickup-code/calendar.ts";

/** What became of one credential. */
export interface Use {
  /** Its newest attempt. */
  readonly seq: number;
  readonly at: Millis;
  /** open: its motion has no outcome yet. free: may be used (again). */
  readonly state: "open" | "used" | "free";
  /** Outcomes never known; the first frees the code, the second does not. */
  readonly unknowns: number;
  /** Motions on the day `day`: at most three a code a day at one machine. */
  readonly day: Day;
  readonly motions: number;
  readonly until: Day;
  /** The day on whose escrow it stands. */
  readonly escrow?: Day;
}

/** An attempt on disk whose outcome is not. */
export interface OpenAttempt {
  readonly seq: number;
  readonly credential: Credential;
  readonly device: string;
  readonly slot: string;
  readonly product: string;
  readonly at: Millis;
  /** The day against whose allowance it counts, where somebody has one. */
  readonly day: Day;
  readonly member?: Member;
  /** The day whose escrow this attempt cost. */
  readonly escrow?: Day;
}

/** Everything that is true because it was written down: the fold of the ledger. */
export interface Books {
  /** The newest entry that was folded, and when it was written: a clock that nobody vouches for never turns this back. */
  readonly life: number;
  readonly seq: number;
  readonly at: Millis;
  /** By shelf and place on it: a small map to copy instead of one large one. */
  readonly uses: ReadonlyMap<string, ReadonlyMap<string, Use>>;
  readonly open: ReadonlyMap<number, OpenAttempt>;
  /** What members took, by shelf and pid. */
  readonly visits: ReadonlyMap<string, ReadonlyMap<string, Visits>>;
  /** Newest day against whose allowance a member took something. */
  readonly memberDay: Day;
  /** Attempts that were settled in a member's favour, while the worker may still say otherwise. */
  readonly favoured: ReadonlyMap<number, Favour>;
  /** Test vends without an outcome. */
  readonly tests: ReadonlyMap<number, { readonly device: string; readonly slot: string }>;
  readonly stock: Stock;
  /** Devices with a fault that was not cleared, and the entry that says so. */
  readonly faults: ReadonlyMap<string, number>;
  /** … and of what kind it is. */
  readonly ills: ReadonlyMap<string, FaultKind>;
  /** Goods that each device gave to workers since the ledger began. */
  readonly given: ReadonlyMap<string, number>;
  readonly unknowns: { readonly day: Day; readonly count: number };
  /** Commands that were obeyed, by id: none is obeyed twice. */
  readonly orders: ReadonlyMap<string, Obeyed>;
  /** Commands that had expired by then may be forgotten: none of them is obeyed, whatever a clock says. */
  readonly forgotten: Millis;
  /** Why the centre locked this kiosk, while it is, and the entry that says so. */
  readonly locked?: { readonly seq: number; readonly why: string };
  /** Slots that the centre switched off, as "device/slot". */
  readonly off: ReadonlySet<string>;
  readonly escrow: Escrow;
  /** Vends that were ordered on the day `day`. */
  readonly ordered: { readonly day: Day; readonly count: number };
  /** By instrument: what was last written down of its calibration. */
  readonly calibrations: ReadonlyMap<string, Warned>;
  /** When the present life began because the centre disagreed. */
  readonly rebornAt?: Millis;
}

/** A command in the ledger, and what became of it once that is known. */
export interface Obeyed {
  readonly kid: string;
  readonly order: Order;
  readonly until: Millis;
  /** What the ledger shows of it before its end is written down. */
  readonly became?: OrderEnd;
  readonly ended?: OrderEnd;
}

export interface OrderEnd {
  readonly as: "done" | "failed";
  readonly why?: string;
}

export const emptyBooks: Books = {
  life: 0,
  seq: 0,
  at: millis(0),
  uses: new Map(),
  open: new Map(),
  visits: new Map(),
  memberDay: 0,
  favoured: new Map(),
  tests: new Map(),
  stock: noStock,
  faults: new Map(),
  ills: new Map(),
  given: new Map(),
  unknowns: { day: 0, count: 0 },
  orders: new Map(),
  forgotten: millis(0),
  off: new Set(),
  escrow: { day: 0, count: 0 },
  ordered: { day: 0, count: 0 },
  calibrations: new Map(),
};

/** Lists and tokens may be many; three hex digits of the tag spread them over 4,096 shelves. A member's uses are visits. */
function shelfOf(credential: Credential): readonly [shelf: string, place: string] | undefined {
  switch (credential.kind) {
    case "derived":
      return [`d:${credential.epoch}`, String(credential.index)];
    case "list":
      return [`l:${credential.list}:${credential.tag.slice(0, 3)}`, credential.tag];
    case "token":
      return [`t:${credential.kid}:${credential.id.slice(0, 3)}`, credential.id];
    case "member":
      return undefined;
    case "command":
      return ["c", credential.id];
  }
}

export function useOf(books: Books, credential: Credential): Use | undefined {
  const found = shelfOf(credential);
  if (found === undefined) return undefined;
  const [shelf, place] = found;
  return books.uses.get(shelf)?.get(place);
}

/** Motions that this credential caused on that day. */
export const motionsOn = (use: Use | undefined, day: Day): number => (use?.day === day ? use.motions : 0);

function withUse(books: Books, credential: Credential, change: (use: Use | undefined) => Use | undefined): Books {
  const found = shelfOf(credential);
  if (found === undefined) return books;
  const [shelf, place] = found;
  const old = books.uses.get(shelf);
  const use = change(old?.get(place));
  if (use === undefined) return books;
  return { ...books, uses: new Map(books.uses).set(shelf, new Map(old).set(place, use)) };
}

function without<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}

function attempted(books: Books, entry: Extract<Entry, { kind: "attempt" }>): Books {
  const { seq, at } = books;
  const { credential, device, slot, product, until } = entry;
  const day = dayOf(at);
  const escrow = entry.offline ? charged(books.escrow, standing(books, credential), day) : undefined;
  const cost = escrow === undefined ? {} : { escrow: escrow.day };
  const member = memberOf(entry);
  const noted = withUse({ ...books, escrow: escrow ?? books.escrow }, credential, (use) => ({
    seq,
    at,
    state: "open",
    unknowns: use?.unknowns ?? 0,
    day,
    motions: motionsOn(use, day) + 1,
    until,
    ...(use?.escrow === undefined ? {} : { escrow: use.escrow }),
    ...cost,
  }));
  const attempt: OpenAttempt = {
    seq,
    credential,
    device,
    slot,
    product,
    at,
    day: dayOfAttempt(entry, at),
    ...(member === undefined ? {} : { member: { list: member.list, pid: member.pid } }),
    ...cost,
  };
  return { ...visited(noted, entry), open: new Map(noted.open).set(seq, attempt) };
}

/** The day on whose escrow a credential, or a member whose last outcome nobody knew, stands. */
export const standing = (books: Books, credential: Credential): { readonly escrow?: Day } | undefined =>
  credential.kind === "member" ? visitsOf(books, credential) : useOf(books, credential);

/** What a proven failure had cost of the escrow is there again. */
function refunded(books: Books, { credential, escrow }: OpenAttempt): Books {
  if (escrow === undefined) return books;
  const free = withUse(books, credential, (use) => {
    if (use === undefined) return undefined;
    const { escrow: _, ...rest } = use;
    return rest;
  });
  return { ...free, escrow: givenBack(books.escrow, escrow) };
}

function settled(books: Books, entry: Extract<Entry, { kind: "outcome" }>): Books {
  const attempt = books.open.get(entry.of);
  if (attempt === undefined) return books;
  const unknown = entry.delivery === "unknown";
  const became = entry.delivery === "delivered" ? { as: "done" as const } : { as: "failed" as const, why: entry.why };
  const visits = visitSettled({ ...books, open: without(books.open, entry.of) }, attempt, entry);
  const used = withUse(
    vendBecame(visits, attempt.credential, became),
    attempt.credential,
    (use) =>
      use && {
        ...use,
        state: entry.frees ? "free" : "used",
        unknowns: use.unknowns + (unknown ? 1 : 0),
        motions: entry.started ? use.motions : Math.max(0, use.motions - 1),
      },
  );
  switch (entry.delivery) {
    case "delivered":
      return { ...used, stock: gave(used.stock, attempt), given: oneMore(used.given, attempt.device) };
    case "not-delivered":
      return { ...refunded(used, attempt), stock: failed(used.stock, attempt, entry.why) };
    case "unknown": {
      const day = dayOf(books.at);
      const count = (used.unknowns.day === day ? used.unknowns.count : 0) + 1;
      return { ...used, stock: mayHaveGiven(used.stock, attempt), unknowns: { day, count } };
    }
  }
}

const oneMore = (counts: Books["given"], device: string): Books["given"] =>
  new Map(counts).set(device, (counts.get(device) ?? 0) + 1);

function tested(books: Books, entry: Extract<Entry, { kind: "test-outcome" }>): Books {
  const test = books.tests.get(entry.of);
  if (test === undefined) return books;
  const rest = { ...books, tests: without(books.tests, entry.of) };
  if (entry.delivery === "delivered") return { ...rest, stock: gave(books.stock, test) };
  if (entry.delivery === "unknown") return { ...rest, stock: mayHaveGiven(books.stock, test) };
  return { ...rest, stock: failed(books.stock, test, entry.why) };
}

/** A board counts goods and reads no dates: until its slot was empty, the date of what lies there still holds. */
function expiryOf(stock: Stock, entry: Extract<Entry, { kind: "refill" }>): Day | undefined {
  const before = stock.slots.get(placeKey(entry));
  if (entry.by === "board" && before !== undefined && before.count > 0) return before.expires;
  return entry.expires === undefined ? undefined : parseDate(entry.expires);
}

/** Adds one entry to what is known. */
export function fold(books: Books, { entry, life, seq, at, trusted }: Stamped): Books {
  const now: Books = { ...books, life, seq, at: trusted ? at : millis(Math.max(at, books.at)) };
  switch (entry.kind) {
    case "attempt":
      return attempted(now, entry);
    case "outcome":
      return settled(now, entry);
    case "taken":
      return favourTaken(
        withUse(now, entry.credential, (use) => use && { ...use, state: "used" }),
        entry.of,
      );
    case "refill":
      return refillBecame({ ...now, stock: filled(now.stock, entry, entry.count, expiryOf(now.stock, entry)) }, entry);
    case "test-vend":
      return { ...now, tests: new Map(now.tests).set(seq, { device: entry.device, slot: entry.slot }) };
    case "test-outcome":
      return tested(now, entry);
    case "fault":
      return {
        ...now,
        faults: new Map(now.faults).set(entry.device, seq),
        ills: new Map(now.ills).set(entry.device, entry.fault),
      };
    case "fault-cleared":
      return { ...now, faults: without(now.faults, entry.device), ills: without(now.ills, entry.device) };
    case "calibration": {
      const { device, due, state } = entry;
      return { ...now, calibrations: new Map(now.calibrations).set(device, { due, state }) };
    }
    case "command":
      return obeyed(now, entry);
    case "command-ended":
      return orderEnded(now, entry);
    case "new-life":
      // A test vend that nobody settled cannot be spoken of any more.
      return { ...now, tests: new Map(), rebornAt: now.at };
    case "adopted":
    case "door":
    case "commands-refused":
    case "configured":
    case "checked":
    case "rating":
    case "lock-out":
    case "guessing":
    case "refusals":
    case "file-refused":
    case "handed-over":
    case "started":
    case "stopped":
      return now;
  }
}

/**
 * Codes are remembered this many days after their last: more than the 62 by which a wrong clock can drive the floor
 * ahead, to the newest key held, and the 30 that the past is explained.
 */
export const remembered = 100;

/** Forgets what no clock will ever accept again, so that a kiosk of ten years is as quick as one of ten days. */
export function pruned(books: Books, floor: Day): Books {
  const uses = new Map<string, ReadonlyMap<string, Use>>();
  for (const [shelf, places] of books.uses) {
    const kept = new Map([...places].filter(([, use]) => use.state === "open" || use.until + remembered >= floor));
    if (kept.size > 0) uses.set(shelf, kept.size === places.size ? places : kept);
  }
  const visits = prunedVisits(books.visits, floor, remembered);
  const past = [...books.orders].filter(
    ([, order]) => order.ended !== undefined && dayOf(order.until) + remembered < floor,
  );
  if (past.length === 0) return { ...books, uses, visits };
  const orders = new Map(books.orders);
  for (const [id] of past) orders.delete(id);
  const forgotten = millis(Math.max(books.forgotten, ...past.map(([, order]) => order.until)));
  return { ...books, uses, visits, orders, forgotten };
}
