import type { Candidate } from "../../controller/domain/credential.ts";
import type { MemberBook, MemberCard } from "../../controller/store/member-book.ts";
import { millis } from "../../devices/kit/clock.ts";

/** What stands on a list of the tests: who has which number, UID, or card with a key. */
export interface OnIt {
  readonly texts?: Readonly<Record<string, string>>;
  readonly form?: RegExp;
  /** Absent: the list knows no UIDs. */
  readonly uids?: Readonly<Record<string, string>>;
  readonly cards?: Readonly<Record<string, { readonly pid: string } & Pick<MemberCard, "scheme" | "key">>>;
  /** First day of the list. */
  readonly from?: number;
}

/** A candidate of this list without what vouches for it. */
export const member = (list: string, pid: string, from = 20_600) => ({
  credential: { kind: "member", list, pid } as const,
  offer: { id: list, products: ["water"], from, to: 20_700, opens: 0, closes: 1440 },
  validFrom: from,
  validTo: 20_700,
});

export const byNumber = (list: string, pid: string, from?: number): Candidate => ({
  ...member(list, pid, from),
  proof: "number",
});

/** A member list that is held in memory. */
export function listOf(id: string, { texts = {}, form, uids, cards = {}, from }: OnIt): MemberBook {
  const numbered = (held: Readonly<Record<string, string>> | undefined, asked: string) => {
    const pid = held?.[asked];
    return pid === undefined ? undefined : byNumber(id, pid, from);
  };
  return {
    id,
    offer: member(id, "", from).offer,
    issuedAt: millis(0),
    knowsUids: uids !== undefined,
    couldHold: (text) => form?.test(text) ?? text in texts,
    byText: (text) => numbered(texts, text),
    byUid: (uid) => numbered(uids, uid),
    byPid: () => undefined,
    card(uid) {
      const card = cards[uid];
      if (card === undefined) return undefined;
      return { scheme: card.scheme, key: card.key, candidate: member(id, card.pid, from) };
    },
    close() {},
  };
}
