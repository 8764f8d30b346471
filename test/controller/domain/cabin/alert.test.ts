import { describe, expect, it } from "vitest";
import { delays } from "../../../../controller/delays.ts";
import { minutes, seconds } from "../../../../devices/kit/clock.ts";
import { gives, pressure, Seat } from "./seat.ts";

const rules = (seat: Seat): readonly string[] =>
  seat.page.is === "alert" ? seat.page.flags.map(({ rule }) => rule) : [];

describe("an emergency", () => {
  it("that is ticked takes the whole glass at once, before anything is measured", () => {
    const seat = new Seat().press("cabin", "agree", "skip", "skip", "tick:chest-pain");
    expect(rules(seat)).toEqual(["emergency-symptom"]);
    expect(seat.page).toMatchObject({
      flags: [{ ambulance: "now", steps: [{ do: "call-120" }, { do: "call-staff" }] }],
    });
    seat.press("next", "agree", "begin");
    expect(seat.on).toBe("alert");
    seat.press("understood");
    expect(seat.page).toMatchObject({ is: "symptoms", ticked: ["chest-pain"] });
    seat.press("tick:chest-pain", "tick:chest-pain");
    expect(seat.on).toBe("symptoms");
  });

  it("that comes with heat is not cleared by a cool forehead", () => {
    const seat = new Seat().press("cabin", "agree", "skip", "skip", "tick:confusion", "understood", "next");
    seat.measure("temperature", gives("temperature", 36.2)).press("steps", "results");
    expect(seat.page).toMatchObject({ results: { flags: [{ rule: "heat-r2", level: "emergency" }] } });
  });

  it("in the first of two blood pressures is told at once, and the second follows", () => {
    const seat = new Seat()
      .sit({ ticks: ["severe-headache"] })
      .take("pressure")
      .press("skip-rest");
    seat.answers(pressure(188, 112));
    expect(rules(seat)).toEqual(["pressure-emergency"]);
    seat.pass(delays.betweenPressures + seconds(5));
    expect(seat.on).toBe("alert");
    seat.press("understood").pass(1);
    expect(seat.page).toMatchObject({ is: "measuring", reading: 2 });
    seat.answers(pressure(186, 110)).press("still-me");
    // It was heard, and is told beside the figures.
    expect(seat.page).toMatchObject({ is: "told" });
    expect(seat.page.is === "told" && seat.page.flags.map(({ rule }) => rule)).toContain("pressure-emergency");
  });

  it("is told without the advice of those who may wait: nobody rests a quarter of an hour before 120", () => {
    const seat = new Seat()
      .sit({ ticks: ["severe-headache"] })
      .take("pressure")
      .press("skip-rest");
    seat.answers(pressure(188, 112)).press("understood", "stop", "results");
    expect(seat.page.is === "told" && seat.page.flags.map(({ rule }) => rule)).toEqual(["pressure-emergency"]);
    seat.press("steps", "results");
    expect(seat.page).toMatchObject({ results: { flags: [{ rule: "pressure-emergency" }] } });
  });

  it("of oxygen needs a second measurement: the first asks for it", () => {
    const seat = new Seat().sit().measure("oxygen", gives("spo2", 86));
    expect(seat.page).toMatchObject({ is: "told", flags: [{ rule: "spo2-recheck" }] });
    seat.press("again", "ready").answers([gives("spo2", 87)]);
    expect(rules(seat)).toEqual(["spo2-low"]);
  });

  it("is judged by all readings, also by one that was replaced", () => {
    const seat = new Seat().sit().measure("temperature", gives("temperature", 39.4));
    expect(rules(seat)).toEqual(["heat-r2"]);
    seat
      .press("understood", "again", "ready")
      .answers([gives("temperature", 36.4)])
      .press("steps", "results");
    expect(seat.page).toMatchObject({
      results: { figures: [{ shown: { value: 36.4 } }], flags: [{ rule: "heat-r2" }] },
    });
  });

  it("is said to whoever sits there, also after a minute without a key; the values are not", () => {
    const seat = new Seat()
      .sit()
      .take("temperature")
      .pass(seconds(70))
      .answers([gives("temperature", 39.4)]);
    expect(seat.on).toBe("alert");
    expect(JSON.stringify(seat.page)).not.toContain("39.4");
    seat.press("understood");
    expect(seat.on).toBe("still-you");
  });

  it("stays longer than a minute, for whoever it is about may press nothing; and not for ever", () => {
    const seat = new Seat().press("cabin", "agree", "skip", "skip", "tick:chest-pain").pass(minutes(5) - 1);
    expect([seat.on, seat.still]).toEqual(["alert", undefined]);
    seat.pass(1);
    expect(seat.on).toBe("idle");
  });

  it("between the parts of a step is not put off to its end", () => {
    const both = { id: "both", name: { zh: "both", en: "both" }, model: "both" };
    const seat = new Seat({ instruments: [{ ...both, items: ["height", "temperature"] }], entered: ["weight"] }).sit();
    seat.take("body").answers([gives("height", 170), gives("temperature", 39.5)]);
    expect(rules(seat)).toEqual(["heat-r2"]);
    seat.press("understood");
    expect(seat.page).toMatchObject({ is: "enter", item: "weight" });
  });
});

describe("what is no emergency", () => {
  it("stands beside its own figure, and beside no other", () => {
    const seat = new Seat().sit().measure("urate", gives("urate", 640));
    expect(seat.page).toMatchObject({ is: "told", flags: [{ rule: "urate-high", level: "amber" }] });
    seat.press("steps").measure("temperature", gives("temperature", 36.4));
    expect(seat.page).toMatchObject({ is: "told", flags: [] });
    seat.press("steps", "results");
    expect(seat.page).toMatchObject({ results: { flags: [{ rule: "urate-high" }] } });
  });
});
