import { describe, expect, it } from "vitest";
import { fresh } from "../../../controller/domain/guesses.ts";
import { reference } from "../../../controller/domain/reference.ts";
import { minutes, seconds } from "../../../devices/kit/clock.ts";
import { startOf } from "../../../protocol/pickup-code/calendar.ts";
import { day, derived, found, hour, knowledge, noon, offer, Paper, setting, today, type Sheet } from "./on-paper.ts";

const good = "1111111111";
const slip = "3333333333";
const nobodys = "4444444444";
const otherSite = "5555555555";
const codes = {
  [good]: found(derived(1)),
  "2222222222": found(derived(2)),
  [slip]: { is: "mistyped" },
  [otherSite]: { is: "other-site", site: "77" },
  "6666666666": found(derived(6, { validFrom: today - 3, validTo: today - 3 })),
  "7777777777": found(derived(7, { validFrom: today + 1, validTo: today + 1 })),
  "8888888888": found(derived(8, { offer: offer({ opens: 0, closes: 60 }) })),
} as const;
const kiosk = (over: Partial<Sheet> = {}): Paper => new Paper({ codes, ...over });

describe("refusals", () => {
  const after = (code: string, over: Partial<Sheet> = {}) => kiosk(over).type(code).refusal;

  it("say why, and until when or from when", () => {
    expect(after(otherSite)).toEqual({ id: "E6" });
    expect(after("6666666666")).toEqual({ id: "E7b", until: startOf(today - 1), campaignOn: true });
    expect(after("7777777777")).toEqual({ id: "E7a", from: startOf(today + 1), until: startOf(today + 3) });
    expect(after("8888888888")).toEqual({ id: "E7c", opens: 0, closes: 60 });
    expect(after(good, { knowledge: { ...knowledge, offers: [offer()] }, utc: noon + 30 * day })).toMatchObject({
      id: "E20",
      month: 6,
    });
    expect(after(good, { disk: [] })).toEqual({ id: "E8b", until: startOf(today + 2) });
    expect(after(good, { presence: "absent" })).toMatchObject({ id: "E10", until: startOf(today + 2) });
  });

  it("say when a used code was used, with the reference of that attempt", () => {
    const paper = kiosk().start().drops().saveAll();
    paper.pass(8000);
    paper.type(good);
    expect(paper.refusal).toEqual({ id: "E4", at: noon, ref: reference(5) });
  });

  it("need a clock for a short token, and say when to try again", () => {
    const token = derived(1, {
      credential: { kind: "token", kid: 1, id: "00112233445566aa" },
      lifetime: { from: noon, until: (noon + hour) as typeof noon },
    });
    expect(after(good, { codes: { [good]: found(token) }, trusted: false, floor: noon })).toEqual({
      id: "E12b",
      minutes: 15,
    });
  });

  it("name how long a new code may need only beside an imported list, and E12b where that list is old", () => {
    const lagging = (lag: number) => {
      const paper = kiosk({ codes: { [nobodys]: { is: "unknown", lag: lag as typeof noon } } }).type(nobodys);
      return paper.send({ kind: "guesses-kept" }).refusal;
    };
    expect(kiosk().type(nobodys).send({ kind: "guesses-kept" }).refusal).toEqual({ id: "E2", triesLeft: 9 });
    expect(lagging(minutes(15))).toEqual({ id: "E2", triesLeft: 9, newCodeMinutes: 15 });
    expect(lagging(minutes(16))).toEqual({ id: "E12b", minutes: 15 });
  });

  it("of a code that is being judged while a board is still asked about it wait for the board", () => {
    const before = kiosk().start();
    const paper = before.reboot({
      setting: { ...setting, machines: [{ id: "vend", remembers: true }] },
      presence: "starting",
    });
    paper.type(good);
    expect(paper.shows).toBe("checking");
    paper.pass(seconds(5));
    expect(paper.shows).toBe("checking");
    paper.device("working");
    const { seq } = paper.take("recall");
    paper.send({ kind: "delivery", seq, delivery: { kind: "delivered", evidence: "drop-sensor" } }).saveAll();
    paper.pass(seconds(1));
    expect(paper.shows).toBe("E4");
  });
});

describe("guessing", () => {
  const guess = (paper: Paper): void => {
    paper.press("clear").type(nobodys);
    paper.pass(2000);
  };

  it("is told only when its cost is on the disk", () => {
    const paper = kiosk().type(nobodys);
    expect(paper.shows).toBe("checking");
    expect(paper.take("keep-guesses").guesses.tries).toBe(9);
    expect(paper.send({ kind: "guesses-kept" }).refusal).toEqual({ id: "E2", triesLeft: 9 });
  });

  it("costs a try; a slip, another site's, a used, an expired and a coming code cost none", () => {
    const paper = kiosk().start().drops().saveAll();
    for (const code of [slip, otherSite, good, "6666666666", "7777777777", "8888888888"]) {
      paper.press("clear").type(code);
      paper.pass(2000);
    }
    expect(paper.state.guesses.tries).toBe(10);
  });

  it("rests the keypad after ten, with one entry in the ledger, and counts down before the worker's eyes", () => {
    const paper = kiosk();
    for (let n = 0; n < 10; n++) {
      guess(paper);
      paper.send({ kind: "guesses-kept" });
    }
    expect(paper.refusal).toEqual({ id: "E2", triesLeft: 0 });
    expect(paper.saves("lock-out").length).toBe(1);
    paper.press("1");
    const first = paper.refusal;
    expect(first).toMatchObject({ id: "E3" });
    paper.pass(1000);
    const second = paper.refusal;
    if (first?.id !== "E3" || second?.id !== "E3") throw new Error("the pause is over");
    expect(second.left).toBe(first.left - 1000);
    expect(second.until).toBe(paper.utc + second.left);
    paper.pass(first.left);
    expect(paper.press("1").shows).toBe("enter");
  });

  it("gives one back for a good that fell, kept with its outcome", () => {
    const spent = { ...fresh(kiosk().now), tries: 4 };
    const paper = kiosk({ guesses: spent }).start().drops();
    expect(paper.take("save")).toMatchObject({ entry: { kind: "outcome" }, guesses: { tries: 5 } });
    expect(kiosk({ guesses: spent }).start().fails().take("save")).not.toHaveProperty("guesses");
  });

  it("of more than sixty codes a day is written down once, as an alarm", () => {
    const { now } = kiosk();
    const paper = kiosk({ guesses: { tries: 5, counted: now.mono, day: today, unknown: 59 } });
    for (const _ of [60, 61, 62]) {
      guess(paper);
      paper.send({ kind: "guesses-kept" });
    }
    expect(paper.saves("guessing")).toEqual([{ kind: "guessing", unknown: 61 }]);
  });
});
