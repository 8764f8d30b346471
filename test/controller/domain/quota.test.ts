import { describe, expect, it } from "vitest";
import { emptyBooks } from "../../../controller/domain/books.ts";
import type { Allowance } from "../../../controller/domain/credential.ts";
import type { Entry } from "../../../controller/domain/entry.ts";
import { minutes } from "../../../devices/kit/clock.ts";
import { startOf } from "../../../protocol/pickup-code/calendar.ts";
import { aDay, ann, card, type Card } from "./members.ts";
import { booksOf, day, fullShelf, hour, noon, offer, Paper, setting, today, written } from "./on-paper.ts";
import { gives, kiosk, next, readers, takes } from "./shares.ts";

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
