import type { Clock } from "../../devices/kit/clock.ts";
import type { Reading } from "../../devices/reader/capability.ts";
import { authenticate } from "../../protocol/cards/desfire.ts";
import type { Exchange, Failure } from "../../protocol/cards/exchange.ts";
import { readMirror } from "../../protocol/cards/ntag424.ts";
import { tagProof } from "../../protocol/cards/sdm.ts";
import { delays } from "../delays.ts";
import type { Candidate } from "../domain/credential.ts";
import type { World } from "../world.ts";
import type { MemberCard } from "./member-book.ts";

/** What a conversation with a card needs besides the card. */
export interface Means {
  readonly dice: World["dice"];
  readonly clock: Clock;
}

/** What came of it. `left`: it was not brought to an end, so that it says nothing against the card. */
export interface Proofs {
  readonly proven: readonly Candidate[];
  readonly left: boolean;
}

type ExchangeOfCard = Extract<Reading, { is: "card" }>["exchange"];
type Proof = Required<Pick<Candidate, "proof">> & Pick<Candidate, "counter">;

const challengeLength = 16;

/**
 * Lets the card with this UID prove itself to each list that has a key of it. Of a reader that brings no more than a UID
 * no proof can be heard: that is as if the card had left.
 */
export async function proofsOf(
  cards: readonly MemberCard[],
  uid: string,
  exchange: ExchangeOfCard,
  { dice, clock }: Means,
): Promise<Proofs> {
  if (exchange === undefined) return { proven: [], left: true };
  const talk = patiently(exchange, clock);
  const proven: Candidate[] = [];
  let left = false;
  for (const card of cards) {
    const proof = await proofOf(card, uid, talk.exchange, dice);
    if (proof === "left") left = true;
    else if (typeof proof === "object") proven.push({ ...card.candidate, ...proof });
  }
  talk.end();
  return { proven, left };
}

async function proofOf(
  { scheme, key }: MemberCard,
  uid: string,
  exchange: Exchange,
  dice: World["dice"],
): Promise<Proof | Failure> {
  if (scheme === "desfire") {
    const presence = await authenticate(exchange, key, dice.bytes(challengeLength));
    return presence.is === "present" ? { proof: "present" } : presence.is;
  }
  const read = await readMirror(exchange);
  if (read.is !== "read") return read.is;
  const proof = tagProof(read.mirror, Buffer.from(uid, "hex"), key);
  return proof.is === "proven" ? { proof: "tag", counter: proof.counter } : proof.is;
}

const noAnswer = { ok: false } as const;

/** The same exchange until its time is up. From then on nothing is said to the card any more: it may be another one. */
function patiently(exchange: NonNullable<ExchangeOfCard>, clock: Clock): { readonly exchange: Exchange; end(): void } {
  const { promise: tired, resolve } = Promise.withResolvers<typeof noAnswer>();
  let over = false;
  const timer = clock.after(delays.cardTalks, "a conversation with a card", () => {
    over = true;
    resolve(noAnswer);
  });
  const asked: Exchange = async (command) => {
    try {
      return await exchange(command);
    } catch {
      return noAnswer; // a mistake in a driver costs this reading, not the kiosk
    }
  };
  return {
    exchange: (command) => (over ? tired : Promise.race([asked(command), tired])),
    end: () => timer.cancel(),
  };
}
