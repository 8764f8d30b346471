import { describe, expect, it } from "vitest";
import { delays } from "../../../../controller/delays.ts";
import { seconds } from "../../../../devices/kit/clock.ts";
import { cuff, gives, instrument, pressure, Seat, strips } from "./seat.ts";

/** A cuff with a button of its own. */
const own = instrument("own", cuff.items);
const cabin = (): Seat => new Seat({ instruments: [own, strips], entered: [] });
/** The next person is in a hurry. */
const hurries = (seat: Seat): Seat =>
  seat.press("x").sit({ sex: "skip", age: "30" }).take("pressure").press("skip-rest");

/** How the one before left a cuff that inflates. */
const left: Readonly<Record<string, (seat: Seat) => unknown>> = {
  "while it measured": (seat) => seat.take("pressure").press("skip-rest", "end"),
  "stopped, before the end": (seat) => seat.take("pressure").press("skip-rest", "stop", "end"),
  "started before the rest": (seat) => seat.press("step:pressure", "end"),
  "started in the rest": (seat) => seat.take("pressure").pass(seconds(5)).press("end"),
  "skipped after it was started": (seat) => seat.press("step:pressure", "skip", "end"),
};

describe.each(Object.entries(left))("a cuff that somebody left %s", (_, leaves) => {
  const next = (): Seat => {
    const seat = cabin().sit();
    leaves(seat);
    return hurries(seat);
  };

  it("gives the next person no value of the one before", () => {
    const seat = next().answers(pressure(177, 99));
    expect(seat.page).toMatchObject({ is: "again", why: "doubtful" });
    expect(seat.memory).not.toMatch(/177|99\b/);
  });

  it("shows nothing of it either while it goes on", () => {
    const seat = next().shows({ is: "cuff", pressure: 177, unit: "mm[Hg]" });
    seat.shows({ is: "preview", reading: gives("systolic", 177) });
    expect(seat.page).toMatchObject({ is: "measuring", live: { is: "waiting" } });
  });

  it("is believed again when it must have ended", () => {
    const seat = next().answers(pressure(177, 99)).pass(delays.instrumentLingers);
    // Somebody pressed in between.
    seat.press("cabin");
    const later = hurries(seat.press("end")).answers(pressure(121, 79));
    expect(later.page).toMatchObject({ is: "between" });
  });
});

describe("an instrument that was left", () => {
  it("stays believed by whoever left it and comes back to it", () => {
    const seat = cabin().sit().take("pressure").press("skip-rest", "stop").take("pressure").press("skip-rest");
    expect(seat.answers(pressure(121, 79)).on).toBe("between");
  });

  it("is not cleared by the next person's own hand on it", () => {
    const seat = new Seat({ instruments: [own], entered: [] }).sit().take("pressure").press("skip-rest", "end", "x");
    seat.sit().press("step:pressure", "skip").take("pressure").press("skip-rest").answers(pressure(177, 99));
    expect(seat.page).toMatchObject({ is: "again", why: "doubtful" });
  });

  it("says nothing of another instrument, nor of one that the kiosk starts and stops", () => {
    const seat = cabin().sit().take("pressure").press("skip-rest", "end", "x").sit();
    expect(seat.measure("glucose", gives("glucose", 5.2)).on).toBe("told");
    const starts = new Seat().sit().take("pressure").press("skip-rest", "end", "x").sit().take("pressure");
    expect(starts.press("skip-rest").answers(pressure(121, 79)).on).toBe("between");
  });

  it("that answered its own person lingers for nobody", () => {
    const seat = cabin().sit().take("pressure").press("skip-rest").answers(pressure(131, 82)).press("end");
    expect(hurries(seat).answers(pressure(121, 79)).on).toBe("between");
  });
});

describe("after a power cut", () => {
  const after = (cut: boolean): Seat =>
    new Seat({ instruments: [own, cuff], entered: [] }, { cut }).sit().device(cuff.id, "absent");

  it("an instrument that somebody may have started before it gives nobody a value, until it must have ended", () => {
    const seat = after(true).take("pressure").press("skip-rest").answers(pressure(177, 99));
    expect(seat.page).toMatchObject({ is: "again", why: "doubtful" });
    expect(seat.memory).not.toMatch(/177|99\b/);
    const most = seconds(44);
    seat
      .pass(most)
      .press("go-on")
      .pass(delays.instrumentLingers - most - 1)
      .press("again");
    expect(seat.pass(1).answers(pressure(121, 79)).on).toBe("between");
  });

  it("what the kiosk starts is believed at once, and so is everything where the run before was stopped in order", () => {
    const seat = after(true).device(own.id, "absent").device(cuff.id, "working").take("pressure").press("skip-rest");
    expect(seat.answers(pressure(121, 79)).on).toBe("between");
    expect(after(false).take("pressure").press("skip-rest").answers(pressure(121, 79)).on).toBe("between");
  });
});
