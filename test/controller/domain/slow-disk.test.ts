import { describe, expect, it } from "vitest";
import { reference } from "../../../controller/domain/reference.ts";
import { seconds } from "../../../devices/kit/clock.ts";
import { startOf } from "../../../protocol/pickup-code/calendar.ts";
import { derived, found, noon, Paper, today, type Sheet } from "./on-paper.ts";

const codes = Object.fromEntries(
  Array.from({ length: 9 }, (_, index) => [String(index + 1).repeat(10), found(derived(index + 1))]),
);
const kiosk = (over: Partial<Sheet> = {}): Paper => new Paper({ codes, ...over });
const released = (paper: Paper): readonly string[] =>
  paper.performed.flatMap((effect) => (effect.kind === "release" ? [`${effect.slot} for ${effect.seq}`] : []));
/** A refusal or "done" is read, and the worker goes. */
const leave = (paper: Paper): Paper => {
  paper.pass(seconds(20));
  return paper;
};

describe("a disk that does not answer", () => {
  it("sends the worker away after ten seconds, and moves nothing when it takes the attempt at last", () => {
    const paper = kiosk().choose();
    paper.pass(seconds(10) - 1);
    expect(paper.shows).toBe("dispensing");
    paper.pass(1);
    expect(paper.refusal).toEqual({ id: "E10", until: startOf(today + 2) });
    paper.save();
    expect(released(paper)).toEqual([]);
    expect(paper.save().entry).toMatchObject({ of: 5, delivery: "not-delivered", started: false, frees: true });
    expect(leave(paper).start().drops().saveAll().shows).toBe("done");
    expect(released(paper)).toEqual(["1 for 7"]);
  });

  it("closes the machine while an attempt that was called off may still come", () => {
    const paper = leave(leave(kiosk().choose()));
    expect(paper.closed).toBe("E10");
    expect(paper.type("2222222222").shows).toBe("E10");
    paper.refuse();
    leave(paper);
    expect(paper.waits("save")).toBeGreaterThan(0);
    paper.saveAll();
    expect(paper.closed).toBeUndefined();
  });

  it("keeps nobody waiting who has the good in hand", () => {
    const paper = kiosk().start().drops();
    paper.pass(seconds(10));
    expect(paper.shows).toBe("done");
    const other = kiosk().start().unclear();
    other.pass(seconds(10));
    expect(other.refusal).toEqual({ id: "E23", ref: reference(5) });
    const third = kiosk().start().fails();
    third.pass(seconds(10));
    expect(third.refusal).toEqual({ id: "E10", ref: reference(5) });
  });

  it("lets keys and picture go on: a code is typed, the language changes, the minutes pass", () => {
    const paper = kiosk().choose();
    for (let visit = 0; visit < 5; visit++) {
      paper.pass(seconds(30));
      expect(paper.shows).toBe("idle");
      expect(paper.type("22").body).toMatchObject({ is: "enter", typed: "22" });
      expect(paper.press("language").state.language).toBe("en");
      paper.press("clear");
    }
  });

  it("tells nothing of a guess whose cost it does not take", () => {
    const paper = kiosk().type("0000000000");
    paper.pass(seconds(10));
    expect(paper.refusal).toEqual({ id: "E10" });
  });
});

it("a code whose outcome the disk refuses gives nothing, and nobody waits before a screen that says nothing", () => {
  const paper = kiosk().start().drops();
  paper.refuse();
  expect(paper.shows).toBe("done");
  leave(paper).type("1111111111");
  expect(paper.refusal).toEqual({ id: "E10", ref: reference(5) });
  paper.saveAll();
  leave(paper);
  paper.saveAll();
  expect(paper.type("1111111111").refusal).toEqual({ id: "E4", at: noon, ref: reference(5) });
});
