import { describe, expect, it } from "vitest";
import type { Entry } from "../../../controller/domain/entry.ts";
import { millis, minutes, seconds } from "../../../devices/kit/clock.ts";
import { fault } from "../../../devices/kit/fault.ts";
import { startOf } from "../../../protocol/pickup-code/calendar.ts";
import { booksOf, day, fullShelf, hour, knowledge, noon, Paper, refill, today, written } from "./on-paper.ts";

const full = fault("refused", "the card is full");

describe("a disk that refuses", () => {
  it("closes the machine, is tried again every five seconds, and opens it with its own fault written down", () => {
    const paper = new Paper().choose();
    paper.refuse(full);
    paper.pass(seconds(20));
    expect(paper.closed).toBe("E10");
    expect(paper.type("1111111111").shows).toBe("E10");
    expect(paper.saves("attempt").length).toBe(1);
    expect(paper.save().entry).toEqual({ kind: "fault", device: "disk", fault: "refused", detail: "the card is full" });
    paper.press("clear");
    expect(paper.closed).toBeUndefined();
    paper.pass(minutes(1));
    expect(paper.saves("fault-cleared")).toEqual([{ kind: "fault-cleared", device: "disk" }]);
  });

  it("is not asked more often than every five seconds, whatever waits", () => {
    const paper = new Paper().choose();
    paper.refuse(full);
    const before = paper.saves("fault").length;
    paper.pass(seconds(5) - 1);
    expect(paper.saves("fault").length).toBe(before);
    paper.pass(1);
    expect(paper.saves("fault").length).toBe(before + 1);
    paper.refuse(full);
    paper.pass(seconds(5) - 1);
    expect(paper.saves("fault").length).toBe(before + 1);
  });

  it("gets every outcome in the end, and nothing is given before", () => {
    const paper = new Paper().start().drops();
    paper.refuse(full);
    for (let tries = 0; tries < 30; tries++) {
      paper.pass(seconds(5));
      while (paper.waits("save") > 0) paper.refuse(full);
      expect(paper.press("clear").type("2222222222").shows).not.toBe("choose");
      paper.pass(seconds(2));
    }
    for (let tries = 0; tries < 10; tries++) {
      paper.pass(seconds(5));
      paper.saveAll();
    }
    const outcomes = paper.disk.filter(({ entry }) => entry.kind === "outcome");
    expect(outcomes.length).toBe(1);
    expect(paper.state.books.open.size).toBe(0);
    expect(paper.press("clear").type("2222222222").shows).toBe("choose");
  });

  it("loses nothing that must be known: a lock-out, a refill, what was taken; only sums and ratings are let go", () => {
    const paper = new Paper();
    const entries: readonly Entry[] = [
      { kind: "lock-out" },
      refill("1"),
      { kind: "rating", of: 1, face: "good" },
      { kind: "refusals", counts: { E1: 1 } },
    ];
    for (const entry of entries) paper.send({ kind: "not-saved", entry, fault: full });
    expect(paper.state.unsaved.map(({ kind }) => kind)).toEqual(["lock-out", "fault", "refill"]);
  });

  it("that refuses a small thing has its fault written down too, so that it is known when it is well", () => {
    const paper = new Paper().send({ kind: "not-saved", entry: { kind: "refusals", counts: {} }, fault: full });
    expect(paper.closed).toBe("E10");
    paper.pass(seconds(5));
    paper.saveAll();
    expect(paper.closed).toBeUndefined();
  });

  it("relapses without being called mended in between", () => {
    const paper = new Paper().choose();
    paper.refuse(full);
    paper.pass(seconds(5));
    paper.saveAll();
    paper.pass(seconds(40));
    paper.choose("2222222222");
    while (paper.waits("save") > 0) paper.refuse(full);
    for (let n = 0; n < 20; n++) {
      paper.pass(seconds(5));
      while (paper.waits("save") > 0) paper.refuse(full);
    }
    expect(paper.saves("fault-cleared")).toEqual([]);
  });

  it("and was mended before a restart has no open fault after it", () => {
    const paper = new Paper({
      disk: written([...fullShelf, { kind: "fault", device: "disk", fault: "refused", detail: "" }]),
    });
    paper.pass(minutes(1));
    expect(paper.saves("fault-cleared")).toEqual([{ kind: "fault-cleared", device: "disk" }]);
  });
});

describe("refusals", () => {
  it("are written down in sums, at most once a minute", () => {
    const paper = new Paper({
      codes: { "3333333333": { is: "mistyped" }, "5555555555": { is: "other-site", site: "7" } },
    });
    for (let n = 0; n < 40; n++) {
      paper.type(n % 2 === 0 ? "3333333333" : "5555555555");
      paper.pass(seconds(4));
      paper.press("clear");
    }
    paper.pass(minutes(1));
    const sums = paper.saves("refusals");
    expect(sums.length).toBeLessThanOrEqual(4);
    const counts = sums.map((entry) => (entry.kind === "refusals" ? entry.counts : {}));
    expect(counts.reduce((sum, { E1 = 0 }) => sum + E1, 0)).toBe(20);
    expect(counts.reduce((sum, { E6 = 0 }) => sum + E6, 0)).toBe(20);
  });

  it("are no entry of their own while nobody is refused", () => {
    const paper = new Paper();
    paper.pass(hour);
    expect(paper.performed.filter(({ kind }) => kind === "save")).toEqual([]);
  });
});

describe("what is kept beside the ledger", () => {
  const floors = (paper: Paper): readonly number[] =>
    paper.performed.flatMap((effect) => (effect.kind === "keep-floor" ? [effect.floor] : []));

  it("is the clock's floor, every five minutes and not oftener", () => {
    const paper = new Paper();
    paper.pass(hour);
    const kept = floors(paper);
    expect(kept.length).toBe(12);
    expect(kept.at(-1)).toBe(noon + hour);
  });

  it("is no floor beyond the newest key, nor of a clock that nobody vouches for", () => {
    const paper = new Paper();
    paper.utc += 400 * day;
    paper.pass(hour);
    expect(floors(paper)).toEqual([startOf(knowledge.ceiling + 1) - 1]);
    const blind = new Paper({ trusted: false });
    blind.pass(hour);
    expect(floors(blind)).toEqual([]);
  });

  it("rises with a signed file, and is not lowered by an old one", () => {
    const paper = new Paper({ trusted: false });
    paper.send({ kind: "knowledge", knowledge: { ...knowledge, signedAt: millis(noon + 2 * day) } });
    expect(paper.state.almanac.floor).toBe(noon + 2 * day);
    paper.send({ kind: "knowledge", knowledge: { ...knowledge, ceiling: today - 9, signedAt: millis(noon) } });
    expect(paper.state.almanac.floor).toBe(noon + 2 * day);
  });

  it("is a checkpoint after five hundred entries, when nobody stands there, and it is the fold of them", () => {
    const paper = new Paper();
    paper.type("1");
    for (let n = 0; n < 500; n++) paper.send({ kind: "saved", stamped: paper.write({ kind: "lock-out" }) });
    expect(paper.waits("checkpoint")).toBe(0);
    paper.press("clear");
    expect(paper.take("checkpoint").books).toEqual(booksOf(paper.disk));
    for (let n = 0; n < 499; n++) paper.send({ kind: "saved", stamped: paper.write({ kind: "lock-out" }) });
    expect(paper.waits("checkpoint")).toBe(0);
  });
});

describe("an idle hour", () => {
  /** At most the strip's minutes, and a few times what each state asks for. */
  const calm = (paper: Paper): void => {
    paper.pass(minutes(5));
    expect(paper.pass(hour)).toBeLessThan(60 * 15);
  };
  const failing = (): Paper => {
    const paper = new Paper();
    for (let n = 0; n < 3; n++) {
      paper.start();
      while (paper.waits("release") > 0) {
        paper.fails("jammed").saveAll().curtain("clear");
        paper.saveAll();
      }
      paper.pass(seconds(20));
      paper.press("clear");
    }
    return paper.device("absent").device("working");
  };

  it.each<[string, () => Paper]>([
    ["of a healthy machine", () => new Paper()],
    ["of a machine that rests after failures", failing],
    ["of a machine whose curtain is blocked", () => new Paper().start().fails().saveAll().curtain("blocked")],
    [
      "of a machine whose curtain was blocked and that is gone",
      () => new Paper().start().fails().saveAll().curtain("blocked").device("absent"),
    ],
    ["with a disk that refuses", () => ((paper) => (paper.refuse(), paper))(new Paper().choose())],
    ["with a disk that never answers an attempt", () => new Paper().choose()],
    ["with a disk that never answers an outcome", () => new Paper().start().drops()],
    ["with a disk that never keeps a guess", () => new Paper().type("0000000000")],
    ["with a board that never says how it ended", () => new Paper().start()],
    ["with a board that never says how its curtain is", () => new Paper().start().fails().saveAll()],
  ])("passes without the processor being kept busy: %s", (_, paper) => calm(paper()));
});
