import { days, millis, type Clock, type Millis } from "../../devices/kit/clock.ts";
import { dayOf } from "../../protocol/pickup-code/calendar.ts";
import type { Campaign } from "../../protocol/pickup-code/campaign.ts";
import { bodyIn, groupsOf, type Site } from "../../protocol/pickup-code/derive.ts";
import { nobody, readToken, secondsAQuarter, type Token } from "../../protocol/pickup-code/token.ts";
import { delays } from "../delays.ts";
import type { Candidate, Day, Finding, Offer } from "../domain/credential.ts";
import { EpochBook, offerOf } from "./epoch-book.ts";
import type { ListBook } from "./list-book.ts";
import type { MemberBook } from "./member-book.ts";

/** How codes are typed at this kiosk: so many digits, shown in these groups ([4, 4, 4]). */
export interface TypedForm {
  readonly length: number;
  readonly groups: readonly number[];
}

/** Both promises keep; neither ever rejects. */
export interface Preparation {
  /** Yesterday's and today's codes are known: workers can be served. */
  readonly open: Promise<void>;
  /** The days ahead and the past days that only explain are known too. */
  readonly all: Promise<void>;
}

/** What this kiosk recognises. It judges no clock and no use: that is the domain's. */
export interface Codebook {
  /** What was typed on the keypad: digits, without blanks. */
  find(typed: string): Finding;
  /** What a scanner read, as it came: a signed token, or a derived or imported code of any length. */
  scan(text: string): Finding;
  /** Everything that valid campaign and list files of this kiosk offer, ended and coming ones included. */
  readonly offers: readonly Offer[];
  /** Undefined while no valid file says what could be typed. */
  readonly typed: TypedForm | undefined;
  /** Derives what `today` needs, in slices of a few milliseconds. Call it at the start and whenever the day changes; what is known is not derived again. */
  prepare(today: Day): Preparation;
}

/** What of a member list concerns tokens. */
export type DigitalCards = Pick<MemberBook, "id" | "offer" | "qr" | "area" | "byPid">;

/** What a code book is made of: files and keys that were found valid. */
export interface Holdings {
  readonly campaigns: readonly Campaign[];
  /** By label. */
  readonly epochKeys: ReadonlyMap<string, Uint8Array>;
  readonly lists: readonly ListBook[];
  /** Member lists in force: their digital cards are tokens. */
  readonly members: readonly DigitalCards[];
  /** Public keys of role qr by number. */
  readonly qrKeys: ReadonlyMap<number, Uint8Array>;
  readonly site: Site;
  /** The kiosk's number in tokens. */
  readonly number: number;
  /** The number of its area; absent where tokens of several stations are not given. */
  readonly area?: number;
  /** Product ids in the order of the station file: a token's class counts them from 1. */
  readonly products: readonly string[];
  /** Days ahead for which keys are held. */
  readonly keyDays: number;
  readonly clock: Clock;
}

const mistyped: Finding = { is: "mistyped" };
const unknown: Finding = { is: "unknown" };
const unread: Finding = { is: "unread", of: "code" };
/** A card that the issuer signed, of somebody who is on the list no more. Nobody can guess one. */
const nobodysCard: Finding = { is: "unregistered", of: "code", guess: false };
const yz12 = 12;
const pastDays = Math.round(delays.pastExplained / days(1));

export function openCodebook(holdings: Holdings): Codebook {
  return new Book(holdings);
}

class Book implements Codebook {
  readonly offers: readonly Offer[];
  readonly #holdings: Holdings;
  readonly #epochs: EpochBook;
  readonly #campaignOffers: readonly { readonly length: number; readonly offer: Offer }[];
  #today: Day;
  #typed: TypedForm | undefined;
  /** Length of a derived code while there is one. */
  #derivedLength: number | undefined;
  #scannable: readonly ListBook[] = [];
  #typable: readonly ListBook[] = [];
  #preparation = 0;

  constructor(holdings: Holdings) {
    this.#holdings = holdings;
    this.#epochs = new EpochBook(holdings.campaigns, holdings.epochKeys, holdings.clock);
    this.#campaignOffers = holdings.campaigns.map((campaign) => ({
      length: campaign.digits,
      offer: offerOf(campaign),
    }));
    this.offers = [...this.#campaignOffers.map(({ offer }) => offer), ...holdings.lists.map(({ offer }) => offer)];
    this.#today = dayOf(holdings.clock.wall().utc);
    this.#turnTo(this.#today);
  }

  get typed(): TypedForm | undefined {
    return this.#typed;
  }

  find(typed: string): Finding {
    return typed.length === this.#typed?.length ? this.#recognise(typed, this.#typable) : mistyped;
  }

  scan(text: string): Finding {
    const reading = readToken(text, this.#holdings.qrKeys);
    switch (reading.is) {
      case "token":
        return this.#ofToken(reading.token);
      case "foreign":
        return unknown;
      case "garbled":
        return unread;
      case "no-token":
        return this.#recognise(text, this.#scannable);
    }
  }

  prepare(today: Day): Preparation {
    this.#turnTo(today);
    const turn = ++this.#preparation;
    const superseded = (): boolean => turn !== this.#preparation;
    const open = this.#epochs.derive("open", today, superseded);
    return { open, all: open.then(() => this.#epochs.derive("others", today, superseded)) };
  }

  #turnTo(today: Day): void {
    const { keyDays, lists } = this.#holdings;
    this.#today = today;
    this.#epochs.hold({ first: today - pastDays, last: today + keyDays });
    this.#derivedLength = nearest(this.#campaignOffers, today)?.length;
    const digitLists = lists.filter(({ typable }) => typable);
    const length = this.#derivedLength ?? nearest(digitLists, today)?.codeLength;
    this.#typed = length === undefined ? undefined : { length, groups: groupsOf(length) };
    this.#scannable = lists.filter((list) => list.touches(today - pastDays, today + keyDays));
    this.#typable = this.#scannable.filter((list) => list.typable && list.codeLength === length);
  }

  #recognise(text: string, lists: readonly ListBook[]): Finding {
    const derived = text.length === this.#derivedLength ? this.#ofEpochs(text) : undefined;
    if (lists.length === 0) return derived ?? mistyped;
    const able = lists.filter((list) => list.couldHold(text));
    const imported = able.flatMap((list) => list.find(text) ?? []);
    if (imported.length > 0) {
      const candidates = [...(derived?.is === "found" ? derived.candidates : []), ...imported];
      return { is: "found", candidates: candidates.sort((a, b) => a.validFrom - b.validFrom) };
    }
    // A wrong digit or site number costs no guess. But foreign codes have neither, so that while a list of this form
    // gives goods every miss is a guess at it.
    const guessed = able.filter((list) => list.touches(this.#today - 1, Infinity));
    if (guessed.length > 0 && derived?.is !== "found") return this.#missed(guessed);
    return derived ?? (able.length > 0 ? unknown : mistyped);
  }

  #missed(lists: readonly ListBook[]): Finding {
    const newest = Math.max(...lists.map(({ issuedAt }) => issuedAt));
    return { is: "unknown", lag: lagOf(newest, this.#holdings.clock.wall().utc) };
  }

  #ofEpochs(code: string): Finding {
    const body = bodyIn(code);
    if (body === undefined) return mistyped;
    if (code.length === yz12 && !code.startsWith(this.#holdings.site)) {
      const site = code.slice(0, 2);
      return site === "00" ? unknown : { is: "other-site", site };
    }
    const candidates = this.#epochs.find(body);
    return candidates.length === 0 ? unknown : { is: "found", candidates };
  }

  #ofToken(token: Token): Finding {
    const { area, number, products, members } = this.#holdings;
    const ours = token.scope.of === "area" ? area : number;
    if (token.scope.number !== ours) return { is: "other-site", site: String(token.scope.number) };
    const plain = candidateOf(token, products);
    const lists = token.pid === nobody ? [] : members.filter(({ qr }) => qr === token.kid);
    if (lists.length === 0) return { is: "found", candidates: [plain] };
    const candidates = lists.flatMap((list) => memberCard(plain, list, token.pid) ?? []);
    return candidates.length > 0 ? { is: "found", candidates } : nobodysCard;
  }
}

/** Never less than nothing: a clock that is behind makes no list newer. */
const lagOf = (issuedAt: number, now: Millis): Millis => millis(Math.max(0, now - issuedAt));

/** The one whose dates are open on the day, else the next to come, else the last that ended. */
function nearest<T extends { readonly offer: Offer }>(items: readonly T[], day: Day): T | undefined {
  const distance = ({ offer }: T): number => (offer.to < day ? 1e9 + (day - offer.to) : Math.max(0, offer.from - day));
  return items.toSorted((a, b) => distance(a) - distance(b))[0];
}

function candidateOf(token: Token, products: readonly string[]): Candidate {
  const from = millis(token.notBefore * 1000);
  const until = millis((token.notBefore + token.quarters * secondsAQuarter) * 1000);
  const validFrom = dayOf(from);
  const validTo = dayOf(until - 1);
  const goods = token.productClass === 0 ? products : products.slice(token.productClass - 1, token.productClass);
  return {
    credential: { kind: "token", kid: token.kid, id: token.id },
    offer: { id: `qr-${token.kid}`, products: goods, from: validFrom, to: validTo, opens: 0, closes: 1440 },
    validFrom,
    validTo,
    lifetime: { from, until },
    proof: "signed",
    ...(token.scope.of === "area" ? { area: true } : {}),
  };
}

/**
 * What the token gives as a member's digital card: what the list offers, of that only the products that the token names,
 * within the token's own life. A quota that counts at several stations makes it a matter of several stations too.
 */
function memberCard(token: Candidate, list: DigitalCards, pid: string): Candidate | undefined {
  const member = list.byPid(pid);
  if (member === undefined) return undefined;
  const { offer, area } = list;
  const goods = offer.products.filter((product) => token.offer.products.includes(product));
  return { ...token, offer: { ...offer, products: goods }, member, ...(area ? { area } : {}) };
}
