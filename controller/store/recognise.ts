import type { Reading } from "../../devices/reader/capability.ts";
import { readToken } from "../../protocol/pickup-code/token.ts";
import type { Candidate, Finding } from "../domain/credential.ts";
import type { Codebook } from "./codebook.ts";
import type { MemberBook } from "./member-book.ts";
import type { Means } from "./proofs.ts";

/** What judges readings: the books in force at the moment of each, and what a conversation with a card needs. */
export interface Knowing extends Means {
  readonly codebook: () => Codebook;
  readonly members: () => readonly MemberBook[];
}

/** Turns what a reader saw into what it means here. It judges no clock and no use: that is the domain's. */
export interface Recogniser {
  /** May talk with the card, for three seconds at the most. Never rejects; nothing of the reading is kept or told. */
  recognise(reading: Reading): Promise<Finding>;
}

type Found = Extract<Finding, { is: "found" }>;
type Card = Extract<Reading, { is: "card" }>;

const unregistered = (of: "card" | "code", guess: boolean): Finding => ({ is: "unregistered", of, guess });
const unread = (of: "card" | "code"): Finding => ({ is: "unread", of });

export function recogniser({ codebook, members, dice, clock }: Knowing): Recogniser {
  return {
    async recognise(reading) {
      switch (reading.is) {
        case "unread":
          return unread(reading.of);
        case "text":
          return ofText(reading.text.reveal(), codebook(), members());
        case "card":
          return ofCard(reading, members(), { dice, clock });
      }
    },
  };
}

/**
 * A scanned text: a token, a code of ours or of another platform, or a member's number. A tag's address is none of
 * them, however well it is sealed: a picture of it is not the tag.
 */
function ofText(text: string, codebook: Codebook, members: readonly MemberBook[]): Finding {
  const code = codebook.scan(text);
  const able = members.filter((book) => book.couldHold(text));
  const numbers = able.flatMap((book) => book.byText(text) ?? []);
  if (numbers.length > 0) return found([...(code.is === "found" ? code.candidates : []), ...numbers]);
  const token = readToken(text, noKeys).is;
  // A guess at a code, typed or scanned, is counted with those at codes. But nobody guesses a signature.
  if (code.is === "found" || (code.is === "unknown" && token !== "foreign")) return code;
  // Whatever else it may be: it could have been somebody's number, and so it was a guess at one.
  if (able.length > 0) return unregistered("code", true);
  if (token === "garbled") return unread("code");
  // A scanner's finger does not slip: a check digit that is wrong, and what is no code of ours, is not registered here.
  return code.is === "mistyped" || code.is === "unknown" ? unregistered("code", false) : code;
}

/** Enough to see whether a text has the form of a token, so that it is nothing else. */
const noKeys = new Map<number, Uint8Array>();

/**
 * A card. Where a list knows that it can prove itself it must: what then shows no more than its number is a copy, for
 * every list.
 */
async function ofCard(card: Card, members: readonly MemberBook[], means: Means): Promise<Finding> {
  const uid = card.uid.reveal();
  const judged = members.map((book) => ({ book, strong: book.card(uid) }));
  const strong = judged.flatMap((one) => one.strong ?? []);
  const able = judged.filter((one) => one.strong === undefined && one.book.knowsUids);
  const numbers = able.flatMap(({ book }) => book.byUid(uid) ?? []);
  if (strong.length === 0) return numbers.length > 0 ? found(numbers) : unregistered("card", able.length > 0);
  // Loaded for the first such card: no start waits for what most kiosks never need.
  const { proofsOf } = await import("./proofs.ts");
  const { proven, left } = await proofsOf(strong, uid, card.exchange, means);
  if (proven.length > 0) return found([...proven, ...numbers]);
  return left ? unread("card") : unregistered("card", true);
}

/** Proven ones before mere numbers, of each the oldest first: the first that may be given is taken. */
const found = (candidates: readonly Candidate[]): Found => ({
  is: "found",
  candidates: candidates.toSorted((a, b) => rank(a) - rank(b) || a.validFrom - b.validFrom),
});

const rank = ({ proof }: Candidate): number => (proof === "number" ? 1 : 0);
