import { describe, expect, it } from "vitest";
import { delays } from "../../../../controller/delays.ts";
import { seconds } from "../../../../devices/kit/clock.ts";
import { gives, oximeter, Seat, stateOf, thermometer } from "./seat.ts";
import { today } from "../on-paper.ts";

describe("the steps of a station", () => {
  it("are those for which it has an instrument, or keys", () => {
    const seat = new Seat().sit();
    expect(seat.page).toEqual({
      is: "steps",
      any: false,
      steps: ["temperature", "oxygen", "glucose", "urate", "lipids", "pressure", "body", "composition", "waist"].map(
        (step) => ({ step, state: "ready" }),
      ),
    });
  });

  it("are grey where the instrument does not answer, and ready again when it does", () => {
    const seat = new Seat().device("cuff", "broken").sit();
    expect([stateOf(seat, "pressure"), stateOf(seat, "oxygen")]).toEqual(["absent", "ready"]);
    seat.press("step:pressure");
    expect(seat.on).toBe("steps");
    seat.device("cuff", "working");
    expect(stateOf(seat, "pressure")).toBe("ready");
  });

  it("an oximeter is no blood pressure meter because it counts the pulse too", () => {
    const seat = new Seat({ instruments: [oximeter], entered: [] }).sit();
    expect(seat.page).toMatchObject({ steps: [{ step: "oxygen" }] });
  });

  it("say that a calibration has ended, and are not measured where the station refuses", () => {
    const instruments = [{ ...thermometer, due: today - 1 }, oximeter];
    const says = new Seat({ instruments }).sit().press("step:temperature");
    expect(says.page).toMatchObject({ is: "prepare", overdue: true });
    says.press("ready").answers([gives("temperature", 36.5)]);
    expect(says.page).toMatchObject({ is: "told", figures: [{ overdue: true }] });
    const refuses = new Seat({ instruments, overdue: "refuse" }).sit();
    expect(stateOf(refuses, "temperature")).toBe("overdue");
    refuses.press("step:temperature");
    expect(refuses.on).toBe("steps");
    expect(refuses.effects("measure")).toEqual([]);
  });

  it("hold until the end of the last day of a calibration", () => {
    const seat = new Seat({ instruments: [{ ...thermometer, due: today }], overdue: "refuse" }).sit();
    expect(stateOf(seat, "temperature")).toBe("ready");
  });

  it("lead from one that is ready to the next, and skip what is skipped until somebody takes it up", () => {
    const seat = new Seat({ instruments: [thermometer, oximeter], entered: [] }).sit().press("begin", "skip");
    expect(seat.page).toMatchObject({ is: "prepare", step: "oxygen" });
    seat
      .press("ready")
      .answers([gives("spo2", 97)])
      .press("next");
    expect(seat.on).toBe("results");
    seat.press("steps");
    expect([stateOf(seat, "temperature"), stateOf(seat, "oxygen")]).toEqual(["skipped", "done"]);
    seat
      .take("temperature")
      .answers([gives("temperature", 36.6)])
      .press("steps");
    expect(stateOf(seat, "temperature")).toBe("done");
  });

  it("that were all skipped lead back to the list and to no empty results", () => {
    const seat = new Seat({ instruments: [thermometer], entered: [] }).sit().press("begin", "skip");
    expect(seat.page).toMatchObject({ is: "steps", any: false });
    seat.press("results", "begin");
    expect(seat.on).toBe("steps");
  });
});

describe("a measurement", () => {
  it("counts nothing from before this person came to this step", () => {
    const seat = new Seat().sit().pass(seconds(20)).press("step:temperature");
    const came = seat.now;
    seat.pass(seconds(12)).press("ready");
    expect(seat.asked).toMatchObject({ device: "thermometer", began: came });
    seat.fails().pass(seconds(5)).press("again");
    expect(seat.asked.began).toBe(seat.now);
  });

  it("tells the instrument what its makers' formulas need of the person", () => {
    const seat = new Seat().sit({ sex: "female", age: "38" });
    seat.measure("body", gives("height", 162), gives("weight", 55.5)).press("steps").take("composition");
    expect(seat.asked).toMatchObject({
      device: "analyser",
      person: { sex: "female", age: 38, heightCm: 162, weightKg: 55.5 },
    });
  });

  it("is told with the instrument's word of a meal for glucose, and for nothing else", () => {
    const seat = new Seat().sit().take("urate");
    seat.answers([gives("urate", 320, { notes: ["after-meal", "moved"] })]);
    expect(seat.page).toMatchObject({ figures: [{ shown: { figure: "urate", notes: ["moved"] } }] });
    seat
      .press("steps", "step:glucose", "unknown", "ready")
      .answers([gives("glucose", 6.4, { notes: ["after-meal", "moved"] })]);
    expect(seat.page).toMatchObject({ figures: [{ shown: { figure: "glucose", notes: ["after-meal", "moved"] } }] });
  });

  it("shows what comes while it goes on: the cuff, the wave, and a number that is not steady", () => {
    const seat = new Seat()
      .sit()
      .take("oxygen")
      .shows({ is: "wave", samples: [1, 2, 3], rate: 1 });
    seat.shows({ is: "wave", samples: [4, 5], rate: 1 });
    expect(seat.page).toMatchObject({ live: { is: "wave", samples: [2, 3, 4, 5], rate: 1 } });
    seat.shows({ is: "preview", reading: gives("spo2", 97) });
    expect(seat.page).toMatchObject({ live: { is: "preview", shown: { figure: "spo2", value: 97 } } });
    seat.shows({ is: "preview", reading: gives("spo2", 20) });
    expect(seat.page).toMatchObject({ live: { is: "waiting" } });
    seat.shows({ is: "cuff", pressure: 120, unit: "mm[Hg]" });
    expect(seat.page).toMatchObject({ live: { is: "cuff", pressure: 120 } });
  });

  it.each([
    ["refused", "instrument-error"],
    ["garbled", "instrument-error"],
    ["no-device", "instrument-gone"],
    ["silent", "instrument-gone"],
  ] as const)("that ends with %s is advised upon as %s, and may be repeated or skipped", (kind, why) => {
    const seat = new Seat().sit().take("temperature").fails(kind);
    expect(seat.page).toMatchObject({ is: "again", step: "temperature", why, instrument: { en: "thermometer" } });
    seat.press("again").answers([gives("temperature", 36.5)]);
    expect(seat.on).toBe("told");
  });

  it("that nobody came to ends after two minutes, and its instrument is told to stop", () => {
    const seat = new Seat().sit().take("temperature");
    seat.pass(delays.measurementGivenUp - 1);
    expect(seat.on).toBe("measuring");
    const { number } = seat.asked;
    seat.pass(1);
    expect(seat.page).toMatchObject({ is: "again", why: "nothing-came" });
    expect(seat.effects("stop-measuring")).toEqual([{ kind: "stop-measuring", number }]);
    seat.answers([gives("temperature", 36.5)], number);
    expect(seat.on).toBe("again");
    expect(seat.memory).not.toContain("36.5");
  });

  it("that gives an empty list gave nothing", () => {
    expect(new Seat().sit().take("temperature").answers([]).page).toMatchObject({ is: "again", why: "nothing-came" });
  });

  it("may be stopped: the instrument hears it, and the step can be taken up again", () => {
    const seat = new Seat().sit().take("temperature").press("stop");
    expect(seat.effects("stop-measuring")).toHaveLength(1);
    expect(stateOf(seat, "temperature")).toBe("skipped");
    seat.answers([gives("temperature", 36.5)]);
    expect(stateOf(seat, "temperature")).toBe("skipped");
  });

  it("is answered once: the same answer again, and one with another number, are nobody's", () => {
    const seat = new Seat().sit().take("temperature");
    seat.answers([gives("temperature", 41.5)], seat.asked.number + 1).answers([gives("temperature", 41.6)], 0);
    expect(seat.on).toBe("measuring");
    seat.answers([gives("temperature", 36.5)]).answers([gives("temperature", 41.7)]);
    expect(seat.page).toMatchObject({ is: "told", figures: [{ shown: { value: 36.5 } }] });
    expect(seat.memory).not.toMatch(/41\.[567]/);
  });

  it("that is not believed shows no number, and says so until it was measured well", () => {
    const seat = new Seat()
      .sit()
      .take("temperature")
      .answers([gives("temperature", 46.3)]);
    expect(seat.page).toMatchObject({ is: "again", why: "doubtful" });
    expect(seat.memory).not.toContain("46.3");
    seat.press("skip", "skip").press("end");
    const other = new Seat()
      .sit()
      .take("temperature")
      .answers([gives("temperature", 46.3)])
      .press("skip");
    other.press("skip", "unknown", "skip").press("skip", "skip", "skip", "skip", "skip", "skip", "skip");
    expect(other.page).toMatchObject({ is: "results", results: { figures: [], doubtful: ["temperature"] } });
    other
      .press("steps")
      .take("temperature")
      .answers([gives("temperature", 36.8)]);
    expect(other.page).toMatchObject({ is: "told", doubtful: [], figures: [{ shown: { value: 36.8 } }] });
  });

  it("of which a part is not believed tells the other part, and the doubt beside it", () => {
    const seat = new Seat().sit().measure("oxygen", gives("spo2", 97), gives("pulse", 191));
    expect(seat.page).toMatchObject({
      is: "told",
      figures: [{ shown: { figure: "spo2", value: 97 } }],
      doubtful: ["pulse"],
    });
    expect(seat.memory).not.toContain("191");
  });

  it("made once more replaces the one before", () => {
    const seat = new Seat().sit().measure("temperature", gives("temperature", 36.4)).press("again", "ready");
    seat.answers([gives("temperature", 36.9)]).press("steps", "results");
    expect(seat.page).toMatchObject({ results: { figures: [{ shown: { value: 36.9 } }] } });
    expect(seat.page).not.toMatchObject({ results: { figures: [{}, {}] } });
  });

  it("of the body gives an index, reckoned and not measured", () => {
    const seat = new Seat().sit().measure("body", gives("height", 170), gives("weight", 70));
    const { page } = seat;
    expect(page).toMatchObject({ is: "told", figures: [{ by: "scale" }, { by: "scale" }, { shown: { value: 24.2 } }] });
    expect(page.is === "told" && page.figures[2]).not.toHaveProperty("by");
  });
});

describe("a meter of strips", () => {
  const items = (seat: Seat) => (seat.page.is === "prepare" ? seat.page.items : undefined);

  it("is believed as to what was put in, whatever was asked for", () => {
    const seat = new Seat().sit().measure("urate", gives("glucose", 5.6));
    expect(seat.page).toMatchObject({ is: "told", step: "glucose", figures: [{ shown: { figure: "glucose" } }] });
    seat.press("steps");
    expect([stateOf(seat, "urate"), stateOf(seat, "glucose")]).toEqual(["ready", "done"]);
  });

  it("is asked strip by strip for what it may give, and for no strip that is left out", () => {
    const seat = new Seat().sit().press("step:lipids");
    expect(items(seat)).toEqual(["cholesterol", "triglyceride"]);
    seat.press("ready").answers([gives("cholesterol", 4.82)]);
    expect(items(seat)).toEqual(["triglyceride"]);
    seat.press("ready").answers([gives("triglyceride", 1.44)]);
    expect(seat.page).toMatchObject({ is: "told", step: "lipids", figures: [{}, {}] });
    seat
      .press("again", "ready")
      .answers([gives("cholesterol", 4.9)])
      .press("skip");
    expect(seat.page).toMatchObject({ is: "told", figures: [{ shown: { value: 4.9 } }] });
  });

  it("that gives nothing that was looked for is not asked without end", () => {
    const seat = new Seat()
      .sit()
      .take("lipids")
      .answers([gives("glucose", 5.6)]);
    expect(seat.page).toMatchObject({ is: "told", step: "glucose" });
  });

  it("is told with what it was asked for first: of an oximeter the oxygen, then the pulse", () => {
    const seat = new Seat().sit().measure("oxygen", gives("pulse", 72), gives("spo2", 97));
    expect(seat.page.is === "told" && seat.page.figures.map(({ shown }) => shown.figure)).toEqual(["spo2", "pulse"]);
  });

  it("asks of the last meal once, before the first glucose, and the tables hear it", () => {
    const seat = new Seat().sit().press("step:glucose");
    expect(seat.on).toBe("meal");
    seat.press("fasting", "ready").answers([gives("glucose", 6.5)]);
    const fasting = seat.page;
    expect(fasting).toMatchObject({ is: "told", figures: [{ class: "raised", place: "above" }] });
    seat.press("again");
    expect(seat.on).toBe("prepare");
  });

  it.each([
    ["fasting", ["before-meal"], ["fasting"]],
    ["after-meal", ["weak-signal"], ["weak-signal", "after-meal"]],
    ["unknown", ["before-meal"], ["before-meal"]],
  ] as const)(
    "tells glucose with what the person said of the meal: %s, where the meter had %j",
    (said, noted, told) => {
      const seat = new Seat().sit().press("step:glucose", said, "ready");
      seat.answers([gives("glucose", 6.5, { notes: noted })]);
      expect(seat.page).toMatchObject({ is: "told", figures: [{ shown: { notes: told } }] });
      expect(seat.page.is === "told" && seat.page.figures[0]?.shown.notes).toEqual(told);
      seat.press("steps").measure("urate", gives("urate", 380)).press("steps", "results");
      expect(seat.page).toMatchObject({ results: { figures: [{ shown: { notes: told } }, { shown: { notes: [] } }] } });
    },
  );
});
