import type { Candidate, Finding, Member, Offer } from "../../controller/domain/credential.ts";
import type { MemberBook } from "../../controller/store/member-book.ts";
import { millis } from "../../devices/kit/clock.ts";
import type { Day } from "../../protocol/pickup-code/calendar.ts";

/** Who comes with a card to a simulated street. Real lists, cards and tokens have tests of their own. */
export interface IssuedMembers {
  readonly books: readonly MemberBook[];
  /** Digital cards by their text, each good once. */
  readonly tokens: ReadonlyMap<string, Finding>;
  readonly people: readonly Person[];
}

export interface Person {
  readonly member: Member;
  /** 10 hex digits of a 125 kHz card, and the number that is printed on it. */
  readonly uid: string;
  readonly printed: string;
  readonly tokens: readonly string[];
}

export const nobodys: IssuedMembers = { books: [], tokens: new Map(), people: [] };

/** What a member may take a day, and of soda among it. */
export const perDay = 2;
export const sodasADay = 1;
const tokensEach = 12;

export function issueMembers(day: Day, count = 5): IssuedMembers {
  const offer: Offer = {
    id: "union",
    products: ["water", "soda"],
    from: day - 20,
    to: day + 20,
    opens: 0,
    closes: 1440,
    allowances: [
      { products: ["water", "soda"], perDay },
      { products: ["soda"], perDay: sodasADay },
    ],
  };
  const people = Array.from({ length: count }, (_, n): Person => ({
    member: { list: "union", pid: String(n).repeat(16) },
    uid: `6200A1B2C${n}`,
    printed: `M-70000${n}`,
    tokens: Array.from({ length: tokensEach }, (_, use) => `token of ${n}, number ${use}`),
  }));
  const candidate = ({ member }: Person): Candidate => ({
    credential: { kind: "member", ...member },
    offer,
    validFrom: offer.from,
    validTo: offer.to,
    proof: "number",
  });
  const whose = (is: (person: Person) => boolean): Candidate | undefined => {
    const person = people.find(is);
    return person && candidate(person);
  };
  const tokens = people.flatMap((person, n) =>
    person.tokens.map((text, use): readonly [string, Finding] => {
      const id = `${n}${String(use).padStart(15, "0")}`;
      const card: Candidate = {
        ...candidate(person),
        credential: { kind: "token", kid: 3, id },
        member: person.member,
        proof: "signed",
      };
      return [text, { is: "found", candidates: [card] }];
    }),
  );
  const book: MemberBook = {
    id: offer.id,
    offer,
    issuedAt: millis(0),
    knowsUids: true,
    couldHold: (text) => text.startsWith("M-"),
    byText: (text) => whose(({ printed }) => printed === text),
    byUid: (uid) => whose((person) => person.uid === uid),
    byPid: () => undefined,
    card: () => undefined,
    close() {},
  };
  return { books: [book], tokens: new Map(tokens), people };
}
