import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alone, type Beyond } from "../../../controller/domain/area.ts";
import { emptyBooks, type Books } from "../../../controller/domain/books.ts";
import type { Candidate, Credential } from "../../../controller/domain/credential.ts";
import type { Entry } from "../../../controller/domain/entry.ts";
import { reference } from "../../../controller/domain/reference.ts";
import type { Elsewhere } from "../../../controller/domain/state.ts";
import { judge, type Verdict } from "../../../controller/domain/verdict.ts";
import { millis, seconds } from "../../../devices/kit/clock.ts";
import { dayOf } from "../../../protocol/pickup-code/calendar.ts";
import {
  booksOf,
  day,
  derived,
  found,
  fullShelf,
  knowledge,
  noon,
  offer,
  Paper,
  refill,
  setting,
  today,
  written,
} from "./on-paper.ts";
import type { Sheet } from "./on-paper.ts";

const idOf = (n: number): string => `00000000000000${String(n).padStart(2, "0")}`;
const token = (n: number): Extract<Credential, { kind: "token" }> => ({ kind: "token", kid: 1, id: idOf(n) });
/** A token of the whole area, good for a month, for one product. */
const area = (n: number, over: Partial<Candidate> = {}): Candidate =>
  derived(n, {
    credential: token(n),
    offer: offer({ products: ["water"] }),
    validFrom: today - 5,
    validTo: today + 25,
    area: true,
    ...over,
  });
const there: Elsewhere = { station: { zh: "二号站", en: "Second" }, at: millis(noon - day) };
const codes = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [String(n + 1).repeat(10), found(area(n + 1))]));
const codeOf = (n: number): string => String(n).repeat(10);
const kiosk = (over: Partial<Sheet> = {}): Paper => new Paper({ codes, ...over });
/** The link has been up long enough for the centre's lists to have come down. */
const online = (paper: Paper): Paper => {
  paper.send({ kind: "link", online: true });
  paper.pass(seconds(15));
  return paper;
};
const leave = (paper: Paper): Paper => {
  paper.pass(seconds(20));
  return paper;
};
const give = (paper: Paper, n: number): Paper => leave(paper.type(codeOf(n)).saveAll().drops().saveAll());
const attempts = (paper: Paper) => paper.disk.flatMap(({ entry }) => (entry.kind === "attempt" ? [entry] : []));

describe("the verdict on a token of several stations", () => {
  const always = { opens: 0, closes: 1440 };
  const now = { state: "trusted", utc: noon, day: today } as const;
  const attempt = (n: number, offline?: true): Entry => ({
    kind: "attempt",
    credential: token(n),
    device: "vend",
    slot: "1",
    product: "water",
    until: today + 25,
    area: true,
    ...(offline ? { offline } : {}),
  });
  const outcome = (of: number, frees = false): Entry =>
    frees
      ? { kind: "outcome", of, delivery: "not-delivered", started: true, why: "no-drop", frees }
      : { kind: "outcome", of, delivery: "delivered", started: true, why: "drop-sensor", frees };
  const spent = (count: number): Books =>
    booksOf(written(Array.from({ length: count }, (_, n) => [attempt(90 + n, true), outcome(2 * n + 1)]).flat()));
  const usedHere = booksOf(written([attempt(1), outcome(1)]));
  const triedHere = booksOf(written([attempt(1), outcome(1, true)]));
  const beyond = (over: Partial<Beyond>): Beyond => ({
    elsewhere: new Map(),
    taken: new Map(),
    heard: false,
    escrow: 3,
    ...over,
  });
  const listed = new Map([[idOf(1), there]]);
  /** The centre counts an attempt of ours as a use, until it hears that it failed. */
  const listedHere = new Map([[idOf(1), { ...there, here: true as const }]]);

  it.each<[string, Candidate, Books, Beyond, Verdict["is"]]>([
    ["online", area(1), emptyBooks, beyond({ heard: true }), "ok"],
    ["online, whatever was given offline", area(1), spent(3), beyond({ heard: true }), "ok"],
    ["online, where the escrow is nought", area(1), emptyBooks, beyond({ heard: true, escrow: 0 }), "ok"],
    ["offline, out of the escrow", area(1), spent(2), beyond({}), "ok"],
    ["offline, with the escrow given out", area(1), spent(3), beyond({}), "needs-centre"],
    ["offline, with an escrow of nought", area(1), emptyBooks, beyond({ escrow: 0 }), "needs-centre"],
    ["at a kiosk that knows of no centre", area(1), emptyBooks, alone, "needs-centre"],
    ["used elsewhere, online", area(1), emptyBooks, beyond({ heard: true, elsewhere: listed }), "used-elsewhere"],
    ["used elsewhere, offline", area(1), spent(3), beyond({ elsewhere: listed }), "used-elsewhere"],
    [
      "used elsewhere, and run out since",
      area(1, { validTo: today - 2 }),
      emptyBooks,
      beyond({ elsewhere: listed }),
      "used-elsewhere",
    ],
    ["used here", area(1), usedHere, beyond({}), "used"],
    ["used here, and on the centre's list as such", area(1), usedHere, beyond({ elsewhere: listed }), "used"],
    [
      "tried here in vain, and used elsewhere since",
      area(1),
      triedHere,
      beyond({ elsewhere: listed }),
      "used-elsewhere",
    ],
    [
      "tried here in vain, of which the centre has heard the first half",
      area(1),
      triedHere,
      beyond({ elsewhere: listedHere }),
      "ok",
    ],
    ["used here before this card was made", area(1), emptyBooks, beyond({ elsewhere: listedHere }), "used-elsewhere"],
    ["tried here in vain, and nowhere used", area(1), triedHere, beyond({}), "ok"],
    [
      "its motion not settled, and on the list",
      area(1),
      booksOf(written([attempt(1)])),
      beyond({ elsewhere: listed }),
      "settling",
    ],
    ["run out, offline", area(1, { validTo: today - 2 }), spent(3), beyond({}), "expired"],
    ["a token of this station alone, offline", area(1, { area: undefined } as object), spent(3), beyond({}), "ok"],
    [
      "a token of this station alone, whose id is on the list",
      area(1, { area: undefined } as object),
      emptyBooks,
      beyond({ elsewhere: listed }),
      "ok",
    ],
    ["a derived code, offline", derived(1), spent(3), beyond({ escrow: 0 }), "ok"],
  ])("%s", (_, candidate, books, others, is) => {
    expect(judge(found(candidate), books, now, always, today, others).is).toBe(is);
  });

  it("says where and when it was used", () => {
    expect(judge(found(area(1)), emptyBooks, now, always, today, beyond({ elsewhere: listed }))).toEqual({
      is: "used-elsewhere",
      elsewhere: there,
    });
  });
});

describe("at the kiosk", () => {
  it("a token that was used elsewhere is told so, with where and when", () => {
    const paper = kiosk({ knowledge: { ...knowledge, elsewhere: new Map([[idOf(1), there]]) } });
    expect(paper.type(codeOf(1)).refusal).toEqual({ id: "E5", ...there });
    expect(paper.saves("attempt")).toEqual([]);
  });

  it("a second slot is tried though the centre's list has the first attempt by then", () => {
    const paper = online(kiosk());
    paper.type(codeOf(1)).saveAll().fails().saveAll();
    const elsewhere = new Map([[idOf(1), { ...there, here: true as const }]]);
    paper.send({ kind: "knowledge", knowledge: { ...knowledge, elsewhere } });
    paper.curtain().saveAll().drops().saveAll();
    expect(paper.shows).toBe("done");
  });

  it("what was used here before this card was made is told with this station's name", () => {
    const elsewhere = new Map([[idOf(1), { ...there, here: true as const }]]);
    expect(kiosk({ knowledge: { ...knowledge, elsewhere } }).type(codeOf(1)).refusal).toEqual({ id: "E5", ...there });
  });

  it("a list that comes while the worker chooses still counts, and so does a link that goes", () => {
    const choosing = { [codeOf(1)]: found(area(1, { offer: offer() })) };
    const listed = online(kiosk({ codes: choosing })).type(codeOf(1));
    expect(listed.shows).toBe("choose");
    listed.send({ kind: "knowledge", knowledge: { ...knowledge, elsewhere: new Map([[idOf(1), there]]) } });
    expect(listed.press("choose:1").shows).toBe("E5");

    const cut = online(kiosk({ codes: choosing, setting: { ...setting, escrow: 0 } })).type(codeOf(1));
    cut.send({ kind: "link", online: false });
    expect(cut.press("choose:1").shows).toBe("E12b");
    expect([...listed.saves("attempt"), ...cut.saves("attempt")]).toEqual([]);
  });

  it("the attempt says that it is of several stations, and whether the centre could hear of it at once", () => {
    const paper = give(online(kiosk()), 1);
    paper.send({ kind: "link", online: false });
    give(paper, 2);
    const own = new Paper().start().drops().saveAll();
    expect([...attempts(paper), ...attempts(own)].map(({ area, offline }) => [area, offline])).toEqual([
      [true, undefined],
      [true, true],
      [undefined, undefined],
    ]);
  });

  it("just connected, the lists may not have come yet: until then it counts as offline", () => {
    const paper = kiosk({ setting: { ...setting, escrow: 0 } }).send({ kind: "link", online: true });
    paper.pass(seconds(14));
    expect(paper.type(codeOf(1)).shows).toBe("E12b");
    leave(paper);
    expect(paper.type(codeOf(1)).shows).toBe("dispensing");
  });

  it("offline three a day are given, then the worker hears that it is unused and when to come again", () => {
    const paper = kiosk();
    for (const n of [1, 2, 3]) give(paper, n);
    expect(paper.type(codeOf(4)).refusal).toEqual({ id: "E12b", minutes: 15 });
    expect(paper.state.guesses.tries).toBe(10);
    expect(attempts(paper)).toHaveLength(3);
    expect(leave(paper).type(codeOf(1)).refusal).toMatchObject({ id: "E4", ref: reference(5) });
  });

  it("the next day has its own escrow, and so does one who comes online", () => {
    const paper = kiosk();
    for (const n of [1, 2, 3]) give(paper, n);
    paper.utc += day;
    expect(give(paper, 4).state.books.escrow).toEqual({ day: today + 1, count: 1 });
    for (const n of [5, 6]) give(paper, n);
    expect(paper.type(codeOf(7)).shows).toBe("E12b");
    give(online(leave(paper)), 7);
    expect(attempts(paper)).toHaveLength(7);
  });

  it("a restart gives no escrow back, and a clock that is turned back none either", () => {
    const paper = kiosk();
    for (const n of [1, 2, 3]) give(paper, n);
    expect(paper.reboot().type(codeOf(4)).shows).toBe("E12b");
    expect(paper.reboot({ utc: noon - 3 * day }).type(codeOf(4)).shows).toBe("E12b");
    expect(paper.reboot({ utc: noon - 3 * day, trusted: false }).type(codeOf(4)).shows).toBe("E12b");
  });

  it("a later day on which the centre agreed, and a clock turned back after it, leave both days their own escrow", () => {
    const paper = kiosk({ disk: written([...fullShelf, ...fullShelf]), setting: { ...setting, escrow: 2 } });
    paper.send({ kind: "link", online: true });
    paper.pass(seconds(16));
    give(paper, 1);
    paper.send({ kind: "link", online: false });
    paper.utc -= day;
    give(paper, 2);
    expect(paper.state.books.escrow.count).toBe(1);
    paper.utc += day;
    give(give(paper, 3), 4);
    expect(paper.state.books.escrow.count).toBe(2);
    expect(paper.type(codeOf(5)).shows).toBe("E12b");
  });

  it("a proven failure gives the escrow back", () => {
    const paper = kiosk({ disk: written([refill("1"), refill("2")]), setting: { ...setting, escrow: 1 } });
    paper.type(codeOf(1)).saveAll().fails().saveAll().curtain().saveAll();
    expect(paper.shows).toBe("E9");
    expect(paper.state.books.escrow.count).toBe(0);
    expect(give(leave(paper), 2).state.books.escrow.count).toBe(1);
  });

  it("an unknown outcome keeps its place in the escrow, and the same token tries again at no further cost", () => {
    const paper = kiosk({ setting: { ...setting, escrow: 1 } });
    leave(paper.type(codeOf(1)).saveAll().unclear().saveAll());
    expect(paper.state.books.escrow.count).toBe(1);
    expect(paper.type(codeOf(2)).shows).toBe("E12b");
    leave(paper).type(codeOf(1)).saveAll();
    expect(paper.shows).toBe("dispensing");
    paper.fails().saveAll();
    expect(paper.state.books.escrow.count).toBe(1);
  });

  it("a power cut in the middle of a vend keeps its place too", () => {
    const paper = kiosk({ setting: { ...setting, escrow: 1 } })
      .type(codeOf(1))
      .saveAll();
    const again = paper.reboot();
    again.pass(seconds(30));
    again.saveAll();
    leave(again);
    again.pass(seconds(60));
    expect(again.type(codeOf(2)).shows).toBe("E12b");
  });
});

type Act =
  | { readonly do: "vend"; readonly token: number; readonly ends: "drops" | "fails" | "unclear" | "cut" }
  | { readonly do: "link"; readonly online: boolean }
  | { readonly do: "list"; readonly token: number }
  | { readonly do: "wait" }
  | { readonly do: "reboot" }
  | { readonly do: "day" }
  | { readonly do: "yesterday" };

const acts: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("vend" as const),
      token: fc.integer({ min: 1, max: 9 }),
      ends: fc.constantFrom("drops" as const, "drops" as const, "fails" as const, "unclear" as const, "cut" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("link" as const), online: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("list" as const), token: fc.integer({ min: 1, max: 9 }) }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Act>({ do: "wait" }, { do: "reboot" }, { do: "day" }, { do: "yesterday" }),
  },
);

describe("whatever happens", () => {
  const escrow = 2;

  function play(story: readonly Act[]): { readonly paper: Paper; readonly listedAt: ReadonlyMap<string, number> } {
    const listedAt = new Map<string, number>();
    let paper = kiosk({ setting: { ...setting, escrow }, disk: written([...fullShelf, ...fullShelf]) });
    const restarted = (): void => {
      paper = paper.reboot();
      paper.pass(seconds(90));
      paper.saveAll();
      paper.pass(seconds(90));
    };
    for (const act of story) {
      if (act.do === "link") paper.send({ kind: "link", online: act.online });
      else if (act.do === "wait") paper.pass(seconds(16));
      else if (act.do === "reboot") restarted();
      else if (act.do === "day") paper.utc += day;
      else if (act.do === "yesterday") paper.utc -= day;
      else if (act.do === "list") {
        listedAt.set(idOf(act.token), paper.disk.length);
        const elsewhere = new Map([...listedAt.keys()].map((id) => [id, there]));
        paper.send({ kind: "knowledge", knowledge: { ...knowledge, elsewhere } });
      } else {
        paper.type(codeOf(act.token));
        paper.pass(seconds(2));
        paper.saveAll();
        if (paper.waits("release") > 0) {
          if (act.ends === "cut") restarted();
          else paper[act.ends]().saveAll();
        }
        for (let turn = 0; turn < 3; turn++) {
          if (paper.waits("curtain") > 0) paper.curtain().saveAll();
          if (paper.waits("release") > 0) paper.drops().saveAll();
        }
        paper.pass(seconds(70));
      }
    }
    return { paper, listedAt };
  }

  it("no day gives more area tokens offline than the escrow, none is given twice, and none that the list names", () => {
    let given = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.array(acts, { minLength: 5, maxLength: 40 }), (story) => {
        const { paper, listedAt } = play(story);
        const failed = new Set<number>();
        const fell = new Map<number, number>();
        for (const { entry } of paper.disk) {
          if (entry.kind !== "outcome") continue;
          if (entry.delivery === "not-delivered") failed.add(entry.of);
          if (entry.delivery === "delivered") fell.set(entry.of, (fell.get(entry.of) ?? 0) + 1);
        }
        const offline = new Map<number, Set<string>>();
        const drops = new Map<string, number>();
        let newest = 0;
        for (const { seq, at, entry } of paper.disk) {
          if (entry.kind !== "attempt" || entry.credential.kind !== "token") continue;
          const { id } = entry.credential;
          expect(entry.area).toBe(true);
          expect(seq).toBeLessThanOrEqual(listedAt.get(id) ?? Infinity);
          if (fell.has(seq)) drops.set(id, (drops.get(id) ?? 0) + 1);
          if (entry.offline === undefined) continue;
          // A clock that is turned back begins no day of the escrow anew. What the centre agreed to begins none.
          newest = Math.max(newest, dayOf(at));
          if (!failed.has(seq)) offline.set(newest, (offline.get(newest) ?? new Set()).add(id));
        }
        for (const tokens of offline.values()) expect(tokens.size).toBeLessThanOrEqual(escrow);
        for (const count of drops.values()) expect(count).toBe(1);
        given += drops.size;
        refused += paper.performed.filter(({ kind }) => kind === "chime").length;
      }),
      { numRuns: 200 },
    );
    expect(given).toBeGreaterThan(200);
    expect(refused).toBeGreaterThan(200);
  });
});
