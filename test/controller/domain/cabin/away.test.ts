import { describe, expect, it } from "vitest";
import { minutes } from "../../../../devices/kit/clock.ts";
import { cuff, gives, instrument, scale, Seat, stateOf, thermometer } from "./seat.ts";

describe("an instrument that goes away", () => {
  it("in the middle ends its measurement kindly, greys its step, and lets the others go on", () => {
    const seat = new Seat().sit().take("temperature").device("thermometer", "broken");
    expect(seat.page).toEqual({ is: "again", step: "temperature", why: "instrument-gone" });
    expect(seat.effects("stop-measuring")).toHaveLength(1);
    seat.fails("no-device").press("again");
    expect(seat.on).toBe("again");
    seat.press("skip");
    expect(seat.page).toMatchObject({ is: "prepare", step: "oxygen" });
    seat.press("skip", "unknown").press("skip", "skip", "skip", "skip", "skip", "skip", "skip", "skip");
    expect(stateOf(seat, "temperature")).toBe("absent");
  });

  it("is followed by another that gives the same", () => {
    const second = instrument("second", ["temperature"]);
    const seat = new Seat({ instruments: [thermometer, second] }).sit().take("temperature");
    seat.device("thermometer", "absent");
    expect(seat.page).toMatchObject({ is: "again", instrument: { en: "second" } });
    seat.press("again");
    expect(seat.page).toMatchObject({ is: "prepare", instrument: { en: "second" } });
    seat.press("ready");
    expect(seat.asked.device).toBe("second");
    seat.answers([gives("temperature", 36.7)]);
    expect(seat.page).toMatchObject({ is: "told", figures: [{ by: "second" }] });
  });

  it("before it was begun is followed by another at once, or by the advice", () => {
    const second = instrument("second", ["temperature"]);
    const seat = new Seat({ instruments: [thermometer, second] }).sit().press("step:temperature");
    seat.device("thermometer", "broken");
    expect(seat.page).toMatchObject({ is: "prepare", instrument: { en: "second" } });
    seat.device("second", "broken");
    expect(seat.page).toMatchObject({ is: "again", why: "instrument-gone" });
    seat.device("second", "working").press("again");
    expect(seat.page).toMatchObject({ is: "prepare", instrument: { en: "second" } });
  });

  it("while another measures says nothing to it", () => {
    const seat = new Seat().sit().take("temperature").device("scale", "broken");
    expect(seat.on).toBe("measuring");
    expect(seat.effects("stop-measuring")).toEqual([]);
  });

  it("during the rest for it is told at once", () => {
    const seat = new Seat().sit().take("pressure").pass(minutes(1)).device("cuff", "broken");
    expect(seat.page).toMatchObject({ is: "again", step: "pressure", why: "instrument-gone" });
  });
});

describe("what is typed in", () => {
  const waist = (seat: Seat, text: string): Seat => {
    for (const sign of text) seat.press(sign === "." ? "dot" : sign);
    return seat.press("next");
  };

  it("is marked so, and its ratio reckoned", () => {
    const seat = new Seat().sit().press("step:waist");
    expect(seat.page).toEqual({ is: "enter", step: "waist", item: "waist", typed: "" });
    waist(seat, "84.5");
    expect(seat.page).toMatchObject({ is: "enter", item: "hip" });
    waist(seat, "96");
    expect(seat.page).toMatchObject({
      is: "told",
      figures: [
        { shown: { figure: "waist", value: 84.5 }, entered: true },
        { shown: { figure: "hip", value: 96 }, entered: true },
        { shown: { figure: "waist-to-hip", value: 0.88 } },
      ],
    });
    expect(seat.effects("measure")).toEqual([]);
  });

  it("and cannot be that is asked again, and is no doubtful measurement", () => {
    const seat = waist(new Seat().sit().press("step:waist"), "845");
    expect(seat.page).toEqual({ is: "enter", step: "waist", item: "waist", typed: "", wrong: true });
    seat.press("skip", "skip");
    expect(seat.page).toMatchObject({ is: "prepare", step: "temperature" });
    seat.press("end");
    expect(seat.memory).not.toContain("845");
  });

  it("has one dot, two decimals and no more signs than a number needs", () => {
    const seat = new Seat().sit().press("step:waist", "dot", "8", "dot", "dot", "2", "5", "7", "x", "choose:1");
    expect(seat.page).toMatchObject({ typed: "8.25" });
    seat.press("back", "back", "back", "back", "back", "next");
    expect(seat.page).toMatchObject({ is: "enter", typed: "" });
  });

  it("follows where an instrument gives only a part", () => {
    const weighs = instrument("weighs", ["weight"]);
    const seat = new Seat({ instruments: [weighs], entered: ["height"] }).sit().measure("body", gives("weight", 80));
    expect(seat.page).toMatchObject({ is: "enter", item: "height" });
    waist(seat, "180");
    expect(seat.page).toMatchObject({ is: "told", figures: [{}, {}, { shown: { figure: "bmi", value: 24.7 } }] });
  });

  it("follows where the other instrument is away, and is no blood pressure", () => {
    const seat = new Seat({ instruments: [cuff, scale], entered: ["height", "systolic", "diastolic"] });
    seat.device("scale", "broken").device("cuff", "broken").sit();
    expect([stateOf(seat, "body"), stateOf(seat, "pressure")]).toEqual(["ready", "absent"]);
  });
});
