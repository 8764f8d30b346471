import { describe, expect, it } from "vitest";
import { delays } from "../../../../controller/delays.ts";
import { gives, pressure, Seat } from "./seat.ts";

describe("a check-up visit", () => {
  it("goes from the consent over its steps to the results and ends with nothing", () => {
    const seat = new Seat().press("cabin");
    expect(seat.on).toBe("consent");
    seat.press("agree");
    expect(seat.on).toBe("sex");
    seat.press("male");
    expect(seat.on).toBe("age");
    seat.press("4", "5", "next");
    expect(seat.on).toBe("symptoms");
    seat.press("next");
    expect(seat.page).toMatchObject({ is: "steps", any: false });
    seat.press("begin");
    expect(seat.page).toMatchObject({ is: "prepare", step: "temperature", instrument: { en: "thermometer" } });
    seat.press("ready");
    expect(seat.page).toMatchObject({ is: "measuring", step: "temperature", starts: false, live: { is: "waiting" } });
    seat.answers([gives("temperature", 36.4)]);
    expect(seat.page).toMatchObject({
      is: "told",
      step: "temperature",
      figures: [{ shown: { figure: "temperature", value: 36.4 }, place: "within", by: "thermometer" }],
      more: true,
    });
    seat
      .press("next")
      .press("skip")
      .press("unknown")
      .press("ready")
      .answers([gives("glucose", 5.4)]);
    expect(seat.page).toMatchObject({ is: "told", step: "glucose" });
    seat.press("steps", "results");
    expect(seat.page).toMatchObject({ is: "results", leaf: 1, leaves: 1, print: "ready" });
    seat.press("end");
    expect(seat.on).toBe("bye");
    seat.pass(delays.byeShown);
    expect(seat.on).toBe("idle");
  });

  it("takes two blood pressures a minute apart after five minutes of sitting, and tells their mean", () => {
    const seat = new Seat().sit().take("pressure");
    expect(seat.page).toMatchObject({ is: "rest", left: delays.rest, of: delays.rest });
    seat.pass(delays.rest);
    expect(seat.page).toMatchObject({ is: "measuring", step: "pressure", starts: true, reading: 1 });
    seat.pass(40_000).answers(pressure(131, 82));
    expect(seat.page).toMatchObject({ is: "between", left: delays.betweenPressures, reading: 2 });
    seat.pass(delays.betweenPressures);
    expect(seat.page).toMatchObject({ is: "measuring", reading: 2 });
    seat.pass(40_000).answers(pressure(128, 79));
    expect(seat.on).toBe("still-you");
    seat.press("still-me");
    expect(seat.page).toMatchObject({
      is: "told",
      figures: [
        { shown: { figure: "systolic", value: 130 }, mean: 2 },
        { shown: { figure: "diastolic", value: 81 }, mean: 2 },
        { shown: { figure: "pulse", value: 72 } },
      ],
    });
  });
});
