import { describe, expect, it } from "vitest";
import { delays } from "../../../controller/delays.ts";
import { fresh, keepGuesses, recallGuesses, rest, spend, type Guesses } from "../../../controller/domain/guesses.ts";
import { millis } from "../../../devices/kit/clock.ts";
import { ann, bob, card, digital } from "./members.ts";
import { derived, found, noon, Paper, setting, today, type Sheet } from "./on-paper.ts";

// The second bucket: bare UIDs of cards and printed numbers, which somebody may try one after the other.

const now = { mono: millis(1_000_000), utc: noon, trusted: true };
const empty: Guesses = { ...fresh(now, "numbers"), tries: 0 };

const kiosk = (over: Partial<Sheet> = {}): Paper =>
  new Paper({
    setting: { ...setting, readers: [{ id: "reader", reads: ["card"] }] },
    cards: {
      A1: card(ann),
      tag: card(ann, { proof: "tag", counter: 9 }),
      present: card(bob, { proof: "present" }),
      token: found(digital(bob, "7")),
      code: found(derived(5)),
      "4000": { is: "unregistered", of: "code", guess: true },
      free: { is: "unregistered", of: "card", guess: false },
    },
    ...over,
  });

/** Somebody's card that is nobody's; its cost is written down. */
function stranger(paper: Paper, n = 0): Paper {
  paper.tap(`DEAD${n}`).pass(delays.betweenTries);
  if (paper.waits("keep-guesses") > 0) {
    paper.take("keep-guesses");
    paper.send({ kind: "guesses-kept" });
  }
  return paper;
}

describe("cards of nobody", () => {
  it("cost a try of their own bucket, and none of the keypad's", () => {
    const paper = stranger(kiosk());
    expect(paper.refusal).toEqual({ id: "E15", of: "card" });
    expect(paper.state.numbers.tries).toBe(29);
    expect(paper.state.guesses.tries).toBe(10);
  });

  it("are told only when the cost is on the disk", () => {
    const paper = kiosk().tap("DEAD");
    expect(paper.shows).toBe("checking");
    expect(paper.take("keep-guesses")).toMatchObject({ bucket: "numbers", guesses: { tries: 29 } });
  });

  it("cost the same as printed numbers of nobody, and nothing where no list could know them", () => {
    const paper = kiosk();
    paper.scan("4000");
    paper.take("keep-guesses");
    expect(paper.send({ kind: "guesses-kept" }).refusal).toEqual({ id: "E15", of: "code" });
    paper.tap("free").pass(delays.betweenTries);
    expect(paper.refusal).toEqual({ id: "E15", of: "card" });
    expect(paper.state.numbers.tries).toBe(29);
  });

  it("lock their own kind out after thirty, one comes back each minute, and typing goes on", () => {
    const paper = kiosk();
    for (let n = 0; n < 30; n++) stranger(paper, n);
    expect(paper.saves("lock-out")).toEqual([{ kind: "lock-out", of: "numbers" }]);
    stranger(paper, 31);
    // A minute has passed meanwhile, and its try went with the last.
    expect(stranger(paper, 32).refusal).toMatchObject({ id: "E3", of: "numbers" });
    expect(paper.start().drops().saveAll().shows).toBe("done");
  });

  it("raise an alarm where there are more than sixty a day", () => {
    const paper = kiosk({ numbers: { ...fresh(now, "numbers"), day: today, unknown: 59 } });
    stranger(paper, 1);
    expect(paper.saves("guessing")).toEqual([]);
    stranger(paper, 2);
    expect(paper.saves("guessing")).toEqual([{ kind: "guessing", unknown: 61, of: "numbers" }]);
  });
});

describe("while the bucket of numbers is empty", () => {
  const locked = (): Paper => kiosk({ numbers: empty });

  it("bare cards rest, known or not, with the same words and the minute counting down", () => {
    for (const uid of ["A1", "DEAD"]) {
      const paper = locked().tap(uid);
      expect(paper.refusal).toMatchObject({ id: "E3", of: "numbers", left: 60_000 });
      paper.pass(1000);
      expect(paper.refusal).toMatchObject({ id: "E3", left: 59_000 });
    }
    const paper = locked();
    paper.pass(60_000);
    expect(paper.tap("A1").shows).toBe("choose");
  });

  it.each(["tag", "present", "token", "code", "free"])("does not touch what nobody guesses from it: %s", (what) => {
    expect(locked().tap(what).refusal?.id).not.toBe("E3");
  });
});

describe("while the bucket of codes is empty", () => {
  const locked = (): Paper => kiosk({ guesses: { ...fresh(now), tries: 0 } });

  it("a scanned code rests like a typed one, and every card works", () => {
    expect(locked().scan("code").refusal).toMatchObject({ id: "E3" });
    expect(locked().scan("code").refusal).not.toHaveProperty("of");
    for (const uid of ["A1", "tag", "present", "token"]) expect(locked().tap(uid).shows).toBe("choose");
  });
});

describe("the bucket of numbers", () => {
  it("gets a try back for a bare card that took its good, and none for a stronger one", () => {
    const low: Guesses = { ...fresh(now, "numbers"), tries: 5 };
    const taken = (uid: string): number => {
      const paper = kiosk({ numbers: low });
      paper.tap(uid).press("choose:1").saveAll().drops().saveAll();
      return paper.state.numbers.tries;
    };
    expect(taken("A1")).toBe(6);
    expect(taken("token")).toBe(5);
    expect(taken("present")).toBe(5);
  });

  it("holds thirty, also over a restart, and is not filled by a gap that no clock vouches for", () => {
    const kept = keepGuesses(spend(empty, now.mono, today, "numbers"), now, "numbers");
    const later = { mono: millis(0), utc: millis(noon + 45 * 60_000), trusted: true };
    expect(recallGuesses(kept, later, "numbers").tries).toBe(30);
    expect(recallGuesses(kept, { ...later, trusted: false }, "numbers").tries).toBe(0);
    expect(rest(recallGuesses(kept, { ...later, trusted: false }, "numbers"), millis(0), "numbers")).toBe(60_000);
  });
});
