import { describe, expect, it } from "vitest";
import { emptyBooks } from "../../../controller/domain/books.ts";
import type { Allowance } from "../../../controller/domain/credential.ts";
import type { Entry } from "../../../controller/domain/entry.ts";
import type { Taking } from "../../../controller/domain/state.ts";
import { found } from "./on-paper.ts";
import { memberKey } from "../../../controller/domain/credential.ts";
import { millis, minutes } from "../../../devices/kit/clock.ts";
import { startOf } from "../../../protocol/pickup-code/calendar.ts";
import { aDay, ann, bob, card, digital, member, type Card } from "./members.ts";
import {
  booksOf,
  day,
  fullShelf,
  hour,
  knowledge,
  noon,
  offer,
  Paper,
  setting,
  today,
  written,
  type Sheet,
} from "./on-paper.ts";

const readers = [{ id: "reader", reads: ["card"] as const }];
const kiosk = (annsCard: Card = {}, over: Partial<Sheet> = {}): Paper =>
  new Paper({ cards: { A1: card(ann, annsCard), B2: card(bob, annsCard) }, setting: { ...setting, readers }, ...over });

/** A good is taken with this card, whatever is asked meanwhile; the next may tap when the screen is idle. */
function takes(paper: Paper, uid = "A1", product = "choose:1"): Paper {
  paper.tap(uid);
  if (paper.shows === "choose") paper.press(product);
  if (paper.shows === "dispensing") paper.saveAll().drops().saveAll();
  return paper;
}
const next = (paper: Paper): Paper => {
  paper.pass(20_000);
  return paper;
};
const gives = (paper: Paper): number => paper.saves("outcome").length;

describe("a share of so many a day", () => {
  it("is given, and then not until midnight", () => {
    const paper = next(takes(kiosk({ allowances: [aDay(2)] })));
    expect(next(takes(paper)).shows).toBe("idle");
    expect(gives(paper)).toBe(2);
    expect(takes(paper).refusal).toEqual({ id: "E13", per: "day", had: 2, again: startOf(today + 1) });
    expect(gives(paper)).toBe(2);
    paper.pass(12 * hour);
    expect(takes(paper).shows).toBe("done");
  });

  it("is each member's own", () => {
    const paper = next(takes(kiosk()));
    expect(takes(paper, "B2").shows).toBe("done");
    expect(takes(next(paper)).shows).toBe("E13");
  });

  it("says on the way how many are left today", () => {
    const paper = takes(kiosk({ allowances: [aDay(3)] }));
    expect(paper.body).toMatchObject({ is: "done", more: 2 });
    expect(takes(next(paper)).body).toMatchObject({ more: 1 });
    expect(takes(next(paper)).body).not.toHaveProperty("more");
  });

  it("says nothing of a number where none is set", () => {
    expect(takes(kiosk({ allowances: [{ products: ["water", "soda"], gap: 5 }] })).body).not.toHaveProperty("more");
  });

  it("is held over a power cut", () => {
    const paper = next(takes(kiosk())).reboot();
    expect(takes(paper).shows).toBe("E13");
  });

  it("comes back where nothing fell, and was not lost where nobody knows", () => {
    const paper = kiosk();
    paper.tap("A1").press("choose:1").saveAll().unclear().saveAll();
    expect(paper.shows).toBe("E23");
    expect(takes(next(paper)).shows).toBe("done");
    expect(takes(next(paper)).shows).toBe("E13");
  });

  it("is given back to a member's favour once a day", () => {
    const paper = kiosk({ allowances: [aDay(5)] });
    paper.tap("A1").press("choose:1").saveAll().unclear().saveAll();
    next(paper).tap("A1").press("choose:1").saveAll().unclear().saveAll();
    expect(paper.shows).toBe("E23b");
    // The second counted: three are left of five.
    next(paper).tap("A1").press("choose:1").saveAll().drops().saveAll();
    expect(paper.body).toMatchObject({ is: "done", more: 3 });
  });

  it("is used up where the worker says after a power cut that the good did fall", () => {
    const paper = kiosk();
    paper.tap("A1").press("choose:1").saveAll();
    const after = paper.reboot();
    after.saveAll();
    expect(after.shows).toBe("E11");
    after.press("taken").saveAll();
    expect(takes(after).shows).toBe("E13");
    expect(takes(next(after).reboot()).shows).toBe("E13");
  });

  it("is used up also where the word that it did fall came in between", () => {
    const paper = kiosk();
    paper.tap("A1").press("choose:1").saveAll();
    const after = paper.reboot();
    after.saveAll().press("taken").tap("A1").press("choose:1");
    after.saveAll();
    expect(after.waits("release")).toBe(0);
    expect(after.refusal).toMatchObject({ id: "E13" });
    expect(after.saves("outcome").at(-1)).toMatchObject({ delivery: "not-delivered", started: false });
  });

  it("waits for a motion of before a power cut that its board may still settle", () => {
    const remembering = { ...setting, readers, machines: [{ id: "vend", remembers: true }] };
    const paper = kiosk({}, { setting: remembering });
    paper.tap("A1").press("choose:1").saveAll();
    const after = paper.reboot();
    after.tap("A1");
    expect(after.shows).toBe("checking");
    const { seq } = after.take("recall");
    after.send({ kind: "delivery", seq, delivery: { kind: "delivered", evidence: "drop-sensor" } }).saveAll();
    after.pass(2000);
    expect(after.shows).toBe("E13");
    expect(after.saves("attempt")).toEqual([]);
  });
});

describe("a share of so many a campaign", () => {
  const few: Card = { allowances: [{ products: ["water", "soda"], perCampaign: 2 }] };

  it("ends with its last, and says so", () => {
    const paper = next(takes(kiosk(few)));
    paper.pass(day);
    takes(paper);
    paper.pass(day);
    expect(takes(paper).refusal).toEqual({ id: "E13", per: "campaign", had: 2 });
  });

  it("is what a day's share is on the last day of the campaign", () => {
    const paper = next(takes(kiosk({ offer: offer({ to: today }) })));
    expect(takes(paper).refusal).toEqual({ id: "E13", per: "campaign", had: 1 });
  });
});

describe("a gap between two", () => {
  const gap: Card = { allowances: [{ products: ["water", "soda"], perDay: 3, gap: 120 }] };

  it("tells the minutes that are left, and when the last was", () => {
    const paper = next(takes(kiosk(gap)));
    paper.pass(minutes(117));
    const refused = takes(paper);
    expect(refused.refusal).toEqual({ id: "E14", minutes: 3, last: noon });
    paper.pass(minutes(3));
    expect(takes(paper).shows).toBe("done");
  });

  it("gives way to the day's end: whoever had the day's share is not told to wait two hours", () => {
    const paper = kiosk({ allowances: [{ products: ["water", "soda"], perDay: 1, gap: 120 }] });
    expect(takes(next(takes(paper))).refusal).toMatchObject({ id: "E13", per: "day" });
  });

  it("is not held against anybody by a clock that fell behind the last", () => {
    const paper = next(takes(kiosk(gap)));
    paper.utc -= 5 * hour;
    expect(takes(paper).shows).toBe("done");
  });
});

describe("shares of several kinds", () => {
  const each: readonly Allowance[] = [aDay(1, "water"), aDay(1, "soda")];

  it("are shown as had one by one, and refused when none is left", () => {
    const paper = next(takes(kiosk({ allowances: each })));
    paper.tap("A1");
    expect(paper.body).toMatchObject({
      is: "choose",
      products: [
        { key: "1", had: true },
        { key: "2", left: 20 },
      ],
    });
    paper.press("choose:1");
    expect(paper.refusal).toMatchObject({ id: "E8a", had: true, instead: { key: "2" } });
    paper.press("choose:2").saveAll().drops().saveAll();
    expect(paper.body).not.toHaveProperty("more");
    expect(takes(next(paper)).refusal).toMatchObject({ id: "E13", had: 2 });
  });

  it("that lie in one another are counted together", () => {
    const paper = kiosk({ allowances: [aDay(2), aDay(1, "soda")] });
    takes(paper, "A1", "choose:2");
    expect(paper.body).toMatchObject({ more: 1 });
    next(paper).tap("A1");
    expect(paper.body).toMatchObject({ products: [{ key: "1" }, { had: true }] });
  });

  it("give nothing of what no allowance names", () => {
    const paper = kiosk({ allowances: [aDay(1, "water")] });
    paper.tap("A1");
    expect(paper.body).toMatchObject({ products: [{ key: "1" }, { key: "2", had: true }] });
    expect(takes(next(takes(paper.press("cancel")))).refusal).toMatchObject({ id: "E13", had: 1 });
  });

  it("leave a sold-out rest to be told as sold out", () => {
    const paper = new Paper({
      cards: { A1: card(ann, { allowances: each }) },
      setting: { ...setting, readers },
      disk: written(fullShelf.slice(0, 1)),
    });
    takes(paper);
    expect(takes(next(paper)).shows).toBe("E8b");
  });

  it("let no retry in the same visit give what the member had", () => {
    const paper = kiosk({ allowances: each });
    paper.tap("A1").press("choose:1").saveAll().fails().saveAll().curtain();
    expect(paper.saves("attempt")).toHaveLength(2);
    expect(paper.saves("attempt").at(-1)).toMatchObject({ product: "water" });
    paper.saveAll().fails().saveAll().curtain().saveAll();
    expect(paper.refusal).toMatchObject({ id: "E9", instead: { key: "2" } });
  });
});

describe("chosen dates", () => {
  const dates = (...ahead: readonly number[]): Card => ({ offer: offer({ dates: ahead.map((n) => today + n) }) });

  it("give on their days only, and name the next", () => {
    expect(takes(kiosk(dates(0, 3))).shows).toBe("done");
    expect(takes(kiosk(dates(-1, 3, 5))).refusal).toMatchObject({ id: "E7a", from: startOf(today + 3) });
    expect(takes(kiosk(dates(-3, -1))).refusal).toMatchObject({ id: "E20" });
  });

  it("name the next date also where the day's share is used up", () => {
    const again = startOf(today + 4);
    expect(takes(next(takes(kiosk(dates(0, 4))))).refusal).toEqual({ id: "E13", per: "day", had: 1, again });
  });

  it("name the hour at which it opens", () => {
    const { offer: dated } = dates(0, 4);
    const paper = kiosk({ offer: { ...(dated ?? offer()), opens: 6 * 60, closes: 22 * 60 } });
    expect(takes(next(takes(paper))).refusal).toMatchObject({ again: startOf(today + 4) + 6 * hour });
  });

  it("are held against nobody while nobody knows the day", () => {
    expect(takes(kiosk(dates(-1, 3), { trusted: false })).shows).toBe("done");
  });

  it("get a day either side from a clock that counts on by itself", () => {
    const paper = kiosk(dates(1));
    paper.trusted = false;
    expect(takes(paper).shows).toBe("done");
    const far = kiosk(dates(2));
    far.trusted = false;
    expect(takes(far).shows).toBe("E7a");
  });
});

describe("what the clock has to do with a share", () => {
  it("a wild clock ahead of the true one brings no new day", () => {
    const paper = next(takes(kiosk({}, { trusted: false })));
    paper.utc += 3 * day;
    expect(takes(paper).refusal).toEqual({ id: "E13", per: "day", had: 1 });
    // Not even over a restart.
    expect(takes(next(paper).reboot()).shows).toBe("E13");
  });

  it("a clock that was set once counts on by itself, whatever the wild one says", () => {
    const paper = next(takes(kiosk()));
    paper.trusted = false;
    paper.utc += 3 * day;
    expect(takes(paper).shows).toBe("E13");
    paper.pass(12 * hour);
    expect(takes(paper).shows).toBe("done");
  });

  it("without any clock a day that the kiosk counted itself is a new day", () => {
    const paper = next(takes(kiosk({}, { trusted: false })));
    paper.pass(11 * hour);
    expect(takes(paper).shows).toBe("E13");
    paper.pass(hour);
    expect(takes(paper).shows).toBe("done");
  });

  it("… also where power cuts lie in between: what was counted is kept", () => {
    let paper = next(takes(kiosk({}, { trusted: false })));
    for (let cut = 0; cut < 3; cut++) {
      paper.pass(4 * hour);
      paper = paper.reboot();
    }
    expect(takes(paper).shows).toBe("E13");
    paper.pass(hour);
    expect(takes(paper).shows).toBe("done");
  });

  it("turned back it takes no share back and refuses nobody for years", () => {
    const paper = next(takes(kiosk({}, { trusted: false })));
    paper.utc -= 400 * day;
    expect(takes(paper).shows).toBe("E13");
    paper.pass(12 * hour);
    expect(takes(paper).shows).toBe("done");
  });

  it("set right again it counts the true days", () => {
    const paper = next(takes(kiosk()));
    paper.utc += day;
    expect(takes(paper).shows).toBe("done");
  });

  it("set back to the true day, that day's share is counted as ever", () => {
    const paper = next(takes(kiosk()));
    paper.utc += 30 * day;
    next(takes(paper));
    paper.utc -= 30 * day;
    expect(takes(paper).shows).toBe("E13");
    paper.utc -= day;
    expect(takes(next(paper)).shows).toBe("done");
    expect(takes(next(paper)).shows).toBe("E13");
  });
});

describe("motions that gave nothing", () => {
  it("are three a member and day at the most", () => {
    const paper = kiosk({ allowances: [aDay(9)] });
    for (let visit = 0; visit < 2; visit++) {
      paper
        .tap("A1")
        .press(`choose:${visit + 1}`)
        .saveAll()
        .fails("jammed")
        .saveAll()
        .curtain("cannot-tell");
      if (paper.waits("save") > 0) paper.saveAll().fails("jammed").saveAll().curtain("cannot-tell");
      next(paper);
    }
    const motions = paper.performed.filter(({ kind }) => kind === "release").length;
    expect(motions).toBe(3);
    expect(takes(paper).shows).toBe("E10");
    expect(paper.performed.filter(({ kind }) => kind === "release")).toHaveLength(3);
  });

  it("do not count those that gave something", () => {
    const paper = kiosk({ allowances: [aDay(9)] });
    for (let visit = 0; visit < 5; visit++) next(takes(paper));
    expect(gives(paper)).toBe(5);
  });
});

describe("a digital card", () => {
  const withTokens = (...ids: readonly string[]): Paper =>
    kiosk({}, { cards: { A1: card(ann), ...Object.fromEntries(ids.map((id) => [id, found(digital(ann, id))])) } });

  it("is good once, and counts against the member's share, however the member comes", () => {
    const paper = withTokens("1", "2");
    takes(paper, "1");
    expect(paper.shows).toBe("done");
    expect(takes(next(paper), "1").shows).toBe("E4");
    expect(takes(next(paper), "2").shows).toBe("E13");
    expect(takes(next(paper), "A1").shows).toBe("E13");
    expect(paper.saves("attempt")).toMatchObject([{ credential: { kind: "token" }, member: ann, day: today }]);
  });

  it("is refused by a share that a card used up, and stays unused", () => {
    const paper = next(takes(withTokens("1")));
    expect(takes(paper, "1").shows).toBe("E13");
    paper.pass(12 * hour);
    expect(takes(paper, "1").shows).toBe("done");
  });

  it("is remembered as the member's as long as the campaign, though it lives a quarter of an hour", () => {
    const token = digital(ann, "1", { validFrom: today, validTo: today });
    const paper = kiosk({}, { cards: { "1": found(token) } });
    takes(paper, "1");
    expect(paper.saves("attempt")).toMatchObject([{ until: today + 20 }]);
  });
});

describe("a card that counts its readings", () => {
  const counted = (counter: number, which?: string) =>
    found(member(ann, { allowances: [aDay(9)], proof: "tag", counter, ...(which ? { card: which } : {}) }));
  const cards = {
    five: counted(5),
    "five again": counted(5),
    four: counted(4),
    six: counted(6),
    "the other card's two": counted(2, "f".repeat(16)),
  };

  it("is refused as a copy where its counter has not risen, with the use that it copies", () => {
    const paper = next(takes(kiosk({}, { cards }), "five"));
    for (const copy of ["five again", "four"])
      expect(takes(next(paper), copy).refusal).toMatchObject({ id: "E4", of: "card", at: noon });
    expect(takes(next(paper), "six").shows).toBe("done");
  });

  it("is so over restarts", () => {
    const paper = next(takes(kiosk({}, { cards }), "six")).reboot();
    expect(takes(paper, "five").shows).toBe("E4");
  });

  it("counts for itself where a member has two", () => {
    const paper = next(takes(kiosk({}, { cards }), "six"));
    expect(takes(paper, "the other card's two").shows).toBe("done");
  });

  it("may try a second slot within the same visit", () => {
    const paper = kiosk({}, { cards });
    paper.tap("five").press("choose:1").saveAll().fails().saveAll().curtain().saveAll();
    paper.drops().saveAll();
    expect(paper.shows).toBe("done");
  });
});

describe("what other stations gave", () => {
  const there = { zh: "青阳路站", en: "Qingyang Road" };
  const taken = (...ago: readonly number[]): Sheet["knowledge"] => ({
    ...knowledge,
    taken: new Map([
      [memberKey(ann), ago.map((span): Taking => ({ station: there, at: millis(noon - span), product: "water" }))],
    ]),
  });

  it("counts against the day, the campaign and the gap like our own", () => {
    expect(takes(kiosk({}, { knowledge: taken(hour) })).refusal).toMatchObject({ id: "E13", per: "day", had: 1 });
    expect(takes(kiosk({}, { knowledge: taken(day) })).shows).toBe("done");
    const few: Card = { allowances: [{ products: ["water"], perCampaign: 2 }] };
    expect(takes(kiosk(few, { knowledge: taken(day, 2 * day) })).refusal).toMatchObject({ per: "campaign", had: 2 });
    const gap: Card = { allowances: [{ products: ["water", "soda"], gap: 120 }] };
    expect(takes(kiosk(gap, { knowledge: taken(hour) })).refusal).toMatchObject({ id: "E14", minutes: 60 });
  });

  it("counts also where the centre's list comes while the member chooses", () => {
    const paper = kiosk().tap("A1");
    paper.send({ kind: "knowledge", knowledge: taken(hour) ?? knowledge }).press("choose:1");
    expect(paper.saves("attempt")).toEqual([]);
    expect(paper.shows).toBe("E13");
    expect(takes(kiosk().send({ kind: "knowledge", knowledge: taken(hour) ?? knowledge })).shows).toBe("E13");
  });
});

describe("the books of members", () => {
  const attempt = (over: Partial<Extract<Entry, { kind: "attempt" }>> = {}): Entry => ({
    kind: "attempt",
    credential: { kind: "member", ...ann },
    device: "vend",
    slot: "1",
    product: "water",
    until: today + 20,
    day: today,
    ...over,
  });

  it("keep no more of a member than the ledger's pseudonym", () => {
    const { visits, uses } = booksOf(written([attempt()]));
    expect([...visits.keys()]).toEqual(["union:aaa"]);
    expect(uses.size).toBe(0);
    expect(emptyBooks.visits.size).toBe(0);
  });
});
