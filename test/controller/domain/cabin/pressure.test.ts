import { describe, expect, it } from "vitest";
import { delays } from "../../../../controller/delays.ts";
import { minutes, seconds } from "../../../../devices/kit/clock.ts";
import { gives, pressure, Seat } from "./seat.ts";

const rested = (seat = new Seat().sit()): Seat => seat.take("pressure").pass(delays.rest);
/** A reading, and the pause after it. */
const reads = (seat: Seat, systolic: number, diastolic: number): Seat =>
  seat.pass(seconds(40)).answers(pressure(systolic, diastolic)).pass(delays.betweenPressures);
const left = (seat: Seat): number | undefined =>
  seat.page.is === "rest" || seat.page.is === "between" ? seat.page.left : undefined;

describe("the rest before a blood pressure", () => {
  it("takes five minutes since the person sat down, whatever is done sitting meanwhile", () => {
    const seat = new Seat().sit().measure("glucose", gives("glucose", 5.4)).pass(seconds(50)).press("steps");
    seat.pass(seconds(50)).take("pressure");
    expect(left(seat)).toBe(delays.rest - seconds(100));
  });

  it("has a last minute in which nothing else is done", () => {
    const seat = new Seat().sit();
    for (let half = 0; half < 10; half++) seat.pass(seconds(30)).press("go-on");
    seat.take("pressure");
    expect(left(seat)).toBe(delays.quietRest);
  });

  it("begins anew for whoever stood on the scale", () => {
    const seat = new Seat().sit();
    for (let half = 0; half < 8; half++) seat.pass(seconds(30)).press("go-on");
    seat.measure("body", gives("height", 170), gives("weight", 70)).press("steps").take("pressure");
    expect(left(seat)).toBe(delays.rest);
  });

  it("counts down every second, and asks for no other tick", () => {
    const seat = new Seat().sit().take("pressure");
    seat.pass(seconds(10));
    expect(left(seat)).toBe(delays.rest - seconds(10));
    // One of the minute beside them.
    expect(seat.paper.pass(seconds(60))).toBeLessThanOrEqual(61);
  });

  it("is nobody's silence: nothing is forgotten meanwhile", () => {
    const seat = new Seat()
      .sit()
      .take("pressure")
      .pass(delays.rest - 1);
    expect([seat.on, seat.still]).toEqual(["rest", undefined]);
  });

  it("lets other things be measured meanwhile, and goes on", () => {
    const seat = new Seat().sit().take("pressure").pass(minutes(1)).press("steps");
    seat.measure("temperature", gives("temperature", 36.5));
    // A minute without a key lies before it.
    expect(seat.on).toBe("still-you");
    seat.press("still-me", "steps").take("pressure");
    expect(left(seat)).toBe(minutes(4));
  });

  it("may be skipped, which every later page says", () => {
    const seat = new Seat().sit().take("pressure").pass(seconds(20)).press("skip-rest");
    reads(seat, 121, 79).pass(seconds(40)).answers(pressure(122, 78)).press("still-me");
    expect(seat.page).toMatchObject({
      is: "told",
      figures: [{ unrested: true }, { unrested: true }, { unrested: true }],
    });
    seat.press("steps", "results");
    expect(seat.page).toMatchObject({ results: { figures: [{ unrested: true }, { unrested: true }, {}] } });
  });

  it("that was sat already is not called skipped where only the quiet minute is", () => {
    const seat = new Seat().sit();
    for (let half = 0; half < 10; half++) seat.pass(seconds(30)).press("go-on");
    seat.take("pressure").press("skip-rest").answers(pressure(121, 79)).press("stop");
    expect(seat.page).toMatchObject({ is: "told" });
    expect(JSON.stringify(seat.page)).not.toContain("unrested");
  });

  it("tells the rules how long somebody sat: a fast pulse after it is another thing than one from the stairs", () => {
    const flagged = (seat: Seat) =>
      seat.page.is === "told" ? seat.page.flags.map(({ rule, level }) => [rule, level]) : [];
    const stairs = new Seat().sit().measure("oxygen", gives("spo2", 97), gives("pulse", 128));
    expect(flagged(stairs)).toEqual([["pulse-fast", "amber"]]);
    const sat = rested()
      .answers(pressure(124, 80, 128))
      .press("stop", "still-me");
    expect(flagged(sat)).toEqual([["pulse-fast", "red"]]);
  });
});

describe("two blood pressures", () => {
  it("lie a minute apart, from the end of the one to the beginning of the other", () => {
    const seat = rested();
    const first = seat.asked;
    seat
      .pass(seconds(40))
      .answers(pressure(130, 80))
      .pass(delays.betweenPressures - 1);
    expect(left(seat)).toBe(seconds(1));
    seat.pass(1);
    expect(seat.asked.number).toBe(first.number + 1);
    expect(seat.asked.began).toBe(seat.now);
    expect(first.began + seconds(100)).toBe(seat.now);
  });

  it("that lie far apart ask for a third, and all three count", () => {
    const seat = rested();
    reads(reads(seat, 150, 90), 138, 88);
    expect(seat.page).toMatchObject({ is: "measuring", reading: 3 });
    seat.answers(pressure(141, 86)).press("still-me");
    expect(seat.page).toMatchObject({
      is: "told",
      figures: [{ shown: { value: 143 }, mean: 3, by: "cuff" }, { shown: { value: 88 }, mean: 3 }, {}],
    });
  });

  it("of which the person waits for one only are told as one, without a mean", () => {
    const seat = rested().answers(pressure(131, 82)).press("stop", "still-me");
    const { page } = seat;
    expect(page).toMatchObject({ is: "told", figures: [{ shown: { value: 131 } }, {}, {}] });
    expect(page.is === "told" && page.figures[0]).not.toHaveProperty("mean");
    expect(seat.effects("stop-measuring")).toEqual([]);
  });

  it("of which the second fails go on where it failed", () => {
    const seat = reads(rested(), 131, 82).fails();
    expect(seat.page).toMatchObject({ is: "again", step: "pressure", why: "instrument-error" });
    seat.press("again");
    expect(seat.page).toMatchObject({ is: "measuring", reading: 2 });
    seat.answers(pressure(129, 80)).press("still-me");
    expect(seat.page).toMatchObject({ is: "told", figures: [{ shown: { value: 130 }, mean: 2 }, {}, {}] });
  });

  it("of which the second is not believed may be left at the first, and the doubt is said", () => {
    const seat = reads(rested(), 131, 82).answers(pressure(265, 120));
    expect(seat.page).toMatchObject({ is: "again", why: "doubtful" });
    seat.press("skip", "still-me");
    expect(seat.page).toMatchObject({ is: "told", figures: [{ shown: { value: 131 } }, {}, {}] });
    expect(seat.page).toMatchObject({ doubtful: ["systolic", "diastolic"] });
    expect(seat.memory).not.toContain("265");
  });

  it("are both told beside their mean", () => {
    const seat = reads(rested(), 131, 82).answers(pressure(128, 79)).press("still-me");
    expect(seat.page).toMatchObject({
      is: "told",
      figures: [{ shown: { value: 130 }, each: [131, 128] }, { shown: { value: 81 }, each: [82, 79] }, {}],
    });
    expect(seat.page.is === "told" && seat.page.figures[2]).not.toHaveProperty("each");
  });

  it("of which the person did not wait for the third say that they lie far apart", () => {
    const seat = reads(reads(rested(), 150, 90), 138, 88)
      .fails()
      .press("skip", "still-me");
    expect(seat.page).toMatchObject({
      is: "told",
      figures: [{ shown: { value: 144 }, mean: 2 }, {}, {}],
      flags: [{ rule: "pressure-apart", steps: [{ do: "rest" }, { do: "measure-again" }], ambulance: "no" }],
    });
    const near = reads(rested(), 150, 90).answers(pressure(140, 88)).press("still-me");
    expect(near.page).toMatchObject({ is: "told", flags: [] });
  });

  it("made anew replace the two before, with a mean of their own", () => {
    const seat = reads(rested(), 150, 95).answers(pressure(148, 93)).press("still-me", "again", "ready", "skip-rest");
    reads(seat, 130, 84).answers(pressure(132, 86)).press("still-me");
    expect(seat.page).toMatchObject({ is: "told", figures: [{ shown: { value: 131 }, mean: 2 }, {}, {}] });
  });

  it("made anew are judged by the mean that is told, not by one with those before", () => {
    const seat = reads(rested(), 124, 80).answers(pressure(126, 78)).press("still-me", "again", "ready", "skip-rest");
    reads(seat, 172, 98).answers(pressure(174, 96)).press("still-me");
    expect(seat.page).toMatchObject({
      is: "told",
      figures: [{ shown: { value: 173 }, mean: 2 }, {}, {}],
      flags: [{ rule: "pressure-high" }],
    });
  });

  it("are no mean where the cuff could only say that it lies above", () => {
    const seat = reads(rested(), 250, 120);
    seat.answers([gives("systolic", 255, { comparator: ">" }), gives("diastolic", 125)]).press("still-me");
    expect(seat.page).toMatchObject({
      is: "told",
      figures: [{ shown: { value: 255, comparator: ">" } }, { shown: { value: 125 } }, {}],
    });
  });

  it("measured by a meter that was asked for something else are taken, and called unrested", () => {
    const seat = new Seat().sit().measure("glucose", ...pressure(124, 80));
    expect(seat.page).toMatchObject({ is: "told", step: "pressure", figures: [{ unrested: true }, {}, {}] });
  });
});
