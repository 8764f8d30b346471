import { describe, expect, test } from "vitest";
import { delays } from "../../../../controller/delays.ts";
import { presenceTold } from "../../../../controller/domain/cabin/roll-call.ts";
import type { Presence } from "../../../../controller/domain/state.ts";
import { fault } from "../../../../devices/kit/fault.ts";
import { day, Paper } from "../on-paper.ts";
import { beside } from "./instruments.ts";

const told = (paper: Paper, id = "cuff"): Presence | undefined => presenceTold(beside, paper.state, id);
const kinds = (paper: Paper) =>
  paper.disk.flatMap(({ entry }) =>
    entry.kind === "fault" || entry.kind === "fault-cleared" ? [`${entry.kind} ${entry.device}`] : [],
  );

/** Instruments that are there, long after the start. */
function settled(cuff: Presence = "working"): Paper {
  const paper = new Paper({ setting: beside });
  paper.device(cuff, undefined, "cuff").device("working", undefined, "finger").saveAll();
  paper.pass(delays.instrumentsSettle + 60_000);
  return paper.saveAll();
}

const gone = (paper: Paper) => paper.device("absent", fault("no-device", "its cable is out"), "cuff").saveAll();
const back = (paper: Paper) => paper.device("working", undefined, "cuff").saveAll();
function night(paper: Paper): Paper {
  paper.mono += day;
  paper.utc += day;
  paper.send({ kind: "tick" }).saveAll().pass(120_000);
  return paper.saveAll();
}

/** Somebody takes up the cuff, or puts a finger into the other one, and goes. */
function visit(paper: Paper, consent: "agree" | "refuse" = "agree", step = "pressure"): Paper {
  paper.press("cabin", consent, "skip", "skip", "next", `step:${step}`);
  return paper.press("end", "end").saveAll();
}

describe("how an instrument is, where fewer than ten people came since it was told", () => {
  test.each(["agree", "refuse"] as const)("shows of nobody that it was used, also of who says %s", (consent) => {
    const paper = gone(settled("absent"));
    const before = kinds(paper);
    for (let n = 0; n < 9; n++) {
      gone(visit(back(paper), consent));
      night(paper);
    }
    expect([told(paper), kinds(paper)]).toEqual(["absent", before]);
    gone(visit(back(paper), consent)).pass(600_000);
    expect([told(paper), kinds(paper.saveAll())], "not on the day of the tenth").toEqual(["absent", before]);
    night(paper);
    expect([told(paper), kinds(paper)]).toEqual(["working", [...before, "fault-cleared cuff"]]);
  });

  test("shows of nobody that it was not used", () => {
    const paper = gone(settled());
    night(paper);
    for (let n = 0; n < 9; n++) night(visit(paper, "agree", "oxygen"));
    expect([told(paper), kinds(paper)]).toEqual(["working", []]);
    night(visit(paper, "agree", "oxygen"));
    expect([told(paper), kinds(paper)]).toEqual(["absent", ["fault cuff"]]);
  });

  test.each(["used it", "did not"] as const)(
    "is told after a whole day without anybody, alike where the one before %s",
    (what) => {
      const paper = night(night(settled()));
      expect(told(paper)).toBe("working");
      if (what === "used it") gone(visit(paper));
      else visit(gone(paper), "agree", "oxygen");
      expect(paper.state.roll.people).toBe(1);
      night(paper);
      expect([told(paper), kinds(paper)], "that day is over, no other").toEqual(["working", []]);
      night(paper);
      expect([told(paper), kinds(paper)]).toEqual(["absent", ["fault cuff"]]);
    },
  );

  test("is not told while somebody sits there, though the day ends meanwhile", () => {
    const paper = settled("absent");
    paper.press("cabin", "agree", "skip", "skip", "next");
    back(paper);
    paper.utc += day;
    paper.send({ kind: "tick" }).saveAll();
    expect([paper.body.is, told(paper)]).toEqual(["cabin", "absent"]);
  });

  test("is not told live in the first minutes after a start any more once somebody sits there", () => {
    const paper = gone(new Paper({ setting: beside }));
    expect(told(paper)).toBe("absent");
    paper.press("cabin", "agree", "skip", "skip", "next");
    back(paper).press("step:pressure").pass(30_000);
    expect(told(paper)).toBe("absent");
    paper.press("end", "end").pass(30_000);
    expect(told(paper)).toBe("absent");
    expect(paper.now.mono).toBeLessThan(delays.instrumentsSettle + paper.state.settlingSince);
  });
});

describe("how an instrument is", () => {
  test("is told at once in the first minutes after a start, where nobody is being measured yet", () => {
    const paper = new Paper({ setting: beside });
    expect(told(paper)).toBeUndefined();
    gone(paper);
    expect([told(paper), kinds(paper)]).toEqual(["absent", ["fault cuff"]]);
    back(paper).pass(120_000);
    expect([told(paper), kinds(paper.saveAll())]).toEqual(["working", ["fault cuff", "fault-cleared cuff"]]);
  });

  test("leaves the kiosk no sooner than the day is over: nobody sees that a sleeping meter is used now", () => {
    const paper = settled("absent");
    const before = kinds(paper);
    back(paper).pass(600_000);
    gone(paper).pass(600_000);
    back(paper).pass(600_000);
    expect([told(paper), kinds(paper.saveAll())]).toEqual(["absent", before]);
    expect(paper.state.presence.get("cuff")).toBe("working");
    night(paper);
    expect([told(paper), kinds(paper)]).toEqual(["working", [...before, "fault-cleared cuff"]]);
  });

  test("is told as working at the end of a day on which it answered, though it sleeps then", () => {
    const paper = gone(back(settled("absent")));
    night(paper);
    expect(told(paper)).toBe("working");
    night(paper);
    expect([told(paper), kinds(paper).at(-1)]).toEqual(["absent", "fault cuff"]);
  });

  test("that was unplugged is a fault in the night, with its reason", () => {
    const paper = gone(settled());
    expect(kinds(paper)).toEqual([]);
    night(paper);
    expect(kinds(paper)).toEqual([]);
    night(paper);
    expect(paper.saves("fault")).toMatchObject([{ device: "cuff", fault: "no-device", detail: "its cable is out" }]);
  });

  test("is no matter of machines: these are told at once", () => {
    const paper = settled();
    paper.device("absent", fault("no-device", "gone")).saveAll();
    expect([told(paper, "vend"), kinds(paper)]).toEqual(["absent", ["fault vend"]]);
  });
});
