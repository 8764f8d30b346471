import type { Allowance, Candidate, Finding, Member } from "../../../controller/domain/credential.ts";
import { found, offer } from "./on-paper.ts";

// Members of a list, their cards and their digital cards, for the tests of shares.

export const ann: Member = { list: "union", pid: "a".repeat(16) };
export const bob: Member = { list: "union", pid: "b".repeat(16) };

/** One good a day of whatever kind, where nothing else is said. */
export const aDay = (perDay = 1, ...products: readonly string[]): Allowance => ({
  products: products.length > 0 ? products : ["water", "soda"],
  perDay,
});

export interface Card extends Partial<Candidate> {
  readonly allowances?: readonly Allowance[];
}

/** What a card of a member says: by its bare UID where nothing else is said. */
export function member(whose: Member, { allowances = [aDay()], ...over }: Card = {}): Candidate {
  const of = { ...(over.offer ?? offer({ id: whose.list })), allowances };
  return {
    credential: { kind: "member", ...whose },
    validFrom: of.from,
    validTo: of.to,
    proof: "number",
    ...over,
    offer: of,
  };
}

export const card = (whose: Member, over: Card = {}): Finding => found(member(whose, over));

/** A digital card of a member: a token that is good once. */
export const digital = (whose: Member, id: string, over: Card = {}): Candidate =>
  member(whose, {
    credential: { kind: "token", kid: 3, id: id.padStart(16, "0") },
    member: whose,
    proof: "signed",
    ...over,
  });
