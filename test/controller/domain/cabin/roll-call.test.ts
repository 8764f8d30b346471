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
