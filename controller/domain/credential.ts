import type { Millis } from "../../devices/kit/clock.ts";

/** What the ledger keeps of a code: enough to know it again, never the typed digits. */
export type Credential =
  /** The code number `index` of the epoch `epoch` ("20260715", "2026-W29", a batch id, or "<campaign>/20260715"). */
  | { readonly kind: "derived"; readonly epoch: string; readonly index: number }
  /** `tag`: 16 hex digits, keyed hash of a code that another platform issued. */
  | { readonly kind: "list"; readonly list: string; readonly tag: string }
  /** A signed QR token: number of the signing key and 16 hex digits of token id. */
  | { readonly kind: "token"; readonly kid: number; readonly id: string }
  /** A member known by a card or number. Its use is counted, not ended: see Offer.allowances. */
  | ({ readonly kind: "member" } & Member)
  /** A vend that the centre ordered, by the id of its command. */
  | { readonly kind: "command"; readonly id: string };

/**
 * A person on a member list, as the ledger knows them. `pid`: 16 hex digits, HMAC under the list's secret of the random
 * number that the centre gave the person; once that secret is destroyed it leads to nobody.
 */
export interface Member {
  readonly list: string;
  readonly pid: string;
}

export const memberKey = ({ list, pid }: Member): string => `${list}:${pid}`;

/** Whose allowances a credential counts against; undefined where it is nobody's own. */
export const memberOf = ({
  credential,
  member,
}: {
  readonly credential: Credential;
  readonly member?: Member;
}): Member | undefined => (credential.kind === "member" ? credential : member);

/** One text per credential, for maps. */
export function credentialKey(credential: Credential): string {
  switch (credential.kind) {
    case "derived":
      return `d:${credential.epoch}:${credential.index}`;
    case "list":
      return `l:${credential.list}:${credential.tag}`;
    case "token":
      return `t:${credential.kid}:${credential.id}`;
    case "member":
      return `m:${memberKey(credential)}`;
    case "command":
      return `c:${credential.id}`;
  }
}

/** A day counted from 1970-01-01 in UTC+8, the only zone in which the kiosk knows days. */
export type Day = number;

/** What a campaign, a list or a token gives: one of these products, within these dates and hours. */
export interface Offer {
  readonly id: string;
  /** Product ids of the station file; the worker takes one of them. */
  readonly products: readonly string[];
  /** First and last day, both included. */
  readonly from: Day;
  readonly to: Day;
  /** Daily opening in minutes after midnight UTC+8; 0 to 1440 is day and night. */
  readonly opens: number;
  readonly closes: number;
  /** Only on these days, ascending; absent: on all of them. */
  readonly dates?: readonly Day[];
  /** How often a member may come; absent: the credential is good once. */
  readonly allowances?: readonly Allowance[];
}

/** How often a member may take of these products, which count together. Of what no allowance names nothing is given. */
export interface Allowance {
  readonly products: readonly string[];
  readonly perDay?: number;
  readonly perCampaign?: number;
  /** Minutes that must lie between two. */
  readonly gap?: number;
}

/** A credential that this kiosk recognises, and the days for which it was issued. */
export interface Candidate {
  readonly credential: Credential;
  readonly offer: Offer;
  /** A day code is valid on one day, a week code on seven, a batch, list or token as its file says. */
  readonly validFrom: Day;
  readonly validTo: Day;
  /** Valid at several stations: what is used elsewhere, and how many are given without the centre, counts too. */
  readonly area?: true;
  /** Exact seconds, for tokens only: their lifetime is counted in quarter hours. */
  readonly lifetime?: { readonly from: Millis; readonly until: Millis };
  /** Whose allowances it counts against, where it is a member's own card in the form of a token. */
  readonly member?: Member;
  /**
   * What vouches for it. number: whoever knows it has it, as a bare UID or a printed number. tag: a card's key proved the
   * card, not that it is here. signed: an issuer's signature. present: the card itself answered with its key. Absent:
   * a typed code.
   */
  readonly proof?: "number" | "tag" | "signed" | "present";
  /** The read counter of a tag that counts: it must have risen since the last use of this card. */
  readonly counter?: number;
  /** Which of the member's cards counts, 16 hex digits, as secret as the pid; absent where a member has only one. */
  readonly card?: string;
}

/** What the code book says of something typed or scanned, before any policy. It holds no digits. */
export type Finding =
  /** Wrong check digit: a slip of the finger. */
  | { readonly is: "mistyped" }
  /** A well-formed code with another machine's public site number. */
  | { readonly is: "other-site"; readonly site: string }
  /** Well-formed, and none of ours. `lag`: it may be newer than an imported list that is this old. */
  | { readonly is: "unknown"; readonly lag?: Millis }
  /** Nobody's card or number. `guess`: it costs a try of the second bucket, that of cards and printed numbers. */
  | { readonly is: "unregistered"; readonly of: "card" | "code"; readonly guess: boolean }
  /** A damaged code, or a card that left before its conversation was over. */
  | { readonly is: "unread"; readonly of: "card" | "code" }
  /** Recognised, the oldest first: two open epochs may share a body. */
  | { readonly is: "found"; readonly candidates: readonly Candidate[] };
