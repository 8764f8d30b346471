import { describe, expect, it } from "vitest";
import { memberKey } from "../../../controller/domain/credential.ts";
import type { Taking } from "../../../controller/domain/state.ts";
import { millis } from "../../../devices/kit/clock.ts";
import { aDay, ann, card, digital, member, type Card } from "./members.ts";
import { day, found, hour, knowledge, noon, today, type Paper, type Sheet } from "./on-paper.ts";
import { kiosk, next, takes } from "./shares.ts";

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
