import { millis } from "../../devices/kit/clock.ts";
import type { Candidate, Day, Finding, Offer } from "../../controller/domain/credential.ts";
import type { Keys } from "../../controller/store/keys.ts";
import { noMemberLists } from "../../controller/store/member-lists.ts";
import { nobodys, type IssuedMembers } from "./members.ts";
import { damm, checks } from "../../protocol/pickup-code/damm.ts";

/** Codes of a simulated street: what each is, is known beforehand. Real derivation has tests of its own. */
export interface IssuedCodes {
  readonly keys: Keys;
  /** Typed texts by what they are. */
  readonly today: readonly string[];
  readonly expired: readonly string[];
  readonly tomorrow: readonly string[];
  readonly otherSite: readonly string[];
  readonly mistyped: readonly string[];
  readonly unknown: readonly string[];
}

const groups = [4, 4, 4];

export function issue(
  day: Day,
  products: readonly string[],
  { books, tokens }: IssuedMembers = nobodys,
  count = 80,
): IssuedCodes {
  const offer: Offer = { id: "summer", products, from: day - 20, to: day + 20, opens: 0, closes: 1440 };
  const known = new Map<string, Finding>();
  const write = (site: string, kind: number, index: number): string => {
    const body = `${site}${kind}${String((index * 7919 + kind * 104_729) % 100_000_000).padStart(8, "0")}`;
    return body + damm(body);
  };
  const epoch = (kind: number, on: Day, codes: number): readonly string[] =>
    Array.from({ length: codes }, (_, index) => {
      const typed = write("42", kind, index);
      const candidate: Candidate = {
        credential: { kind: "derived", epoch: String(20_000_000 + on), index },
        offer,
        validFrom: on,
        validTo: on,
      };
      known.set(typed, { is: "found", candidates: [candidate] });
      return typed;
    });
  const today = epoch(1, day, count);
  const expired = epoch(2, day - 5, 5);
  const tomorrow = epoch(3, day + 1, 5);
  const otherSite = Array.from({ length: 5 }, (_, index) => write("77", 1, index));
  const unknown = Array.from({ length: 40 }, (_, index) => write("42", 9, index));
  const mistyped = today.slice(0, 20).map((typed) => `${typed.slice(0, -1)}${(Number(typed.at(-1)) + 1) % 10}`);
  const find = (typed: string): Finding => {
    if (typed.length !== 12 || !checks(typed)) return { is: "mistyped" };
    if (!typed.startsWith("42")) return { is: "other-site", site: typed.slice(0, 2) };
    return known.get(typed) ?? { is: "unknown" };
  };
  const scan = (text: string): Finding => tokens.get(text) ?? find(text);
  const ready = Promise.resolve();
  const keys: Keys = {
    codebook: {
      find,
      scan,
      offers: [offer],
      typed: { length: 12, groups },
      prepare: () => ({ open: ready, all: ready }),
    },
    members: books,
    memberLists: noMemberLists,
    refused: [],
    adopted: [],
    inForce: () => ({ campaigns: [], keys: null }),
    floorFrom: { signed: millis(0), newestEpoch: day + 14 },
  };
  return { keys, today, expired, tomorrow, otherSite, mistyped, unknown };
}
