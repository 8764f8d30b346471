import { describe, expect, it } from "vitest";
import { delays } from "../../../../controller/delays.ts";
import { minutes, seconds } from "../../../../devices/kit/clock.ts";
import { ann, bob, card } from "../members.ts";
import { command } from "../ordering.ts";
import { Paper, setting } from "../on-paper.ts";
import { gives, pressure, Seat } from "./seat.ts";

// Values that occur nowhere else in a state.
const glucose = 7.77;
const temperature = 37.1234;
const marks = /7\.8|37\.1|7\.77|severe-headache|after-meal|"female"|"age":43/;

/** Somebody of whom everything is known, on the page of a figure. */
const known = (consent = "agree"): Seat =>
  new Seat()
    .sit({ consent, sex: "female", age: "43", ticks: ["severe-headache"] })
    .press("step:glucose", "after-meal", "ready")
    .answers([gives("glucose", glucose)])
    .press("steps")
    .measure("temperature", gives("temperature", temperature));

it("a marker that was measured can be found while the visit lasts", () => {
  expect(known().memory).toMatch(/7\.8/);
  expect(known().memory).toMatch(/37\.1/);
  expect(known().memory).toMatch(/severe-headache/);
});

const ways: Readonly<Record<string, (seat: Seat) => unknown>> = {
  "the key": (seat) => seat.press("end"),
  "a minute without a key": (seat) => seat.pass(delays.visitForgotten),
  "a minute without a key on the results": (seat) => seat.press("steps", "results").pass(delays.visitForgotten),
  "a minute without a key at the code": (seat) => seat.press("steps", "results", "qr").pass(delays.visitForgotten),
  "the key while an instrument measures": (seat) => seat.press("next", "ready", "end"),
  "the key in the rest": (seat) => seat.press("steps").take("pressure").press("end"),
  "somebody new": (seat) =>
    seat.press("steps").take("pressure").pass(delays.rest).answers(pressure(121, 79)).press("stop", "new-person"),
  "an instrument that nobody uses": (seat) =>
    seat
      .press("steps")
      .take("oxygen")
      .pass(delays.measurementGivenUp + delays.visitForgotten),
  "an emergency that nobody understands": (seat) => seat.press("steps", "symptoms", "tick:chest-pain").pass(minutes(5)),
  "a slip on its way": (seat) => seat.press("steps", "results", "print", "end"),
};

describe("every way out of the cabin", () => {
  it.each(Object.entries(ways))("forgets everything: %s", (_, leaves) => {
    const seat = known();
    leaves(seat);
    expect(seat.memory).not.toMatch(marks);
    expect(["idle", "bye", "consent"]).toContain(seat.on);
    seat.pass(minutes(1));
    expect(seat.on).toBe("idle");
    expect(seat.memory).not.toMatch(marks);
  });

  it.each(Object.entries(ways))("stops what still measures, once: %s", (_, leaves) => {
    const seat = known();
    leaves(seat);
    seat.pass(minutes(1));
    const begun = seat.effects("measure").map(({ number }) => number);
    const stops = seat.effects("stop-measuring").map(({ number }) => number);
    expect(stops).toEqual(begun.filter((number) => !seat.ended.has(number)));
  });

  it("leaves nothing for an answer that comes late", () => {
    const seat = known().press("next", "ready").press("end");
    seat.answers([gives("spo2", 93)]).shows({ is: "preview", reading: gives("spo2", 94) });
    seat.press("cabin").answers([gives("spo2", 93)], seat.asked.number);
    expect(seat.on).toBe("idle");
    seat.press("cabin");
    expect(seat.on).toBe("consent");
    seat.answers([gives("spo2", 93)], seat.asked.number).answers([gives("spo2", 93)], 0);
    expect(seat.on).toBe("consent");
    expect(seat.memory).not.toMatch(/"value":9[34]/);
  });

  it("asks to wipe what was used, and nothing where nothing was", () => {
    expect(known().press("end").on).toBe("bye");
    expect(new Seat().sit().press("end").on).toBe("idle");
    expect(new Seat().press("cabin", "end").on).toBe("idle");
    expect(known().press("end", "x").on).toBe("idle");
  });

  it("is in the first language for the next person", () => {
    const seat = new Seat().press("language", "cabin", "agree");
    expect(seat.paper.picture.language).toBe("en");
    seat.pass(delays.visitForgotten);
    expect(seat.paper.picture.language).toBe("zh-CN");
  });
});

describe("a person who presses nothing", () => {
  it("is asked after 45 seconds, counted down for, and forgotten after a minute", () => {
    const seat = known().pass(delays.visitAsked - 1);
    expect(seat.still).toBeUndefined();
    seat.pass(1);
    expect(seat.still).toBe(15);
    seat.pass(seconds(14));
    expect(seat.still).toBe(1);
    seat.pass(seconds(1));
    expect(seat.on).toBe("idle");
  });

  it("and says then that somebody is there goes on where it was", () => {
    const seat = known().pass(delays.visitAsked).press("go-on");
    expect([seat.on, seat.still]).toEqual(["told", undefined]);
    seat
      .pass(delays.visitAsked - 1)
      .press("language")
      .pass(delays.visitAsked);
    expect(seat.still).toBe(15);
  });

  it("before the tick that forgets comes is forgotten by the key", () => {
    const seat = known();
    seat.paper.mono += delays.visitForgotten;
    seat.press("next");
    expect(seat.on).toBe("idle");
    expect(seat.memory).not.toMatch(marks);
  });

  it("asks the processor for no tick that does nothing", () => {
    const seat = known();
    expect(seat.paper.pass(delays.visitForgotten)).toBeLessThanOrEqual(18);
    expect(seat.paper.pass(minutes(10))).toBeLessThanOrEqual(11);
  });
});

describe("after a minute without a key", () => {
  it("it is asked who sits there before any value is shown", () => {
    const seat = known()
      .press("next", "ready")
      .pass(seconds(70))
      .answers([gives("spo2", 97)]);
    expect(seat.page).toEqual({ is: "still-you" });
    seat.press("next", "steps", "results");
    expect(seat.page).toEqual({ is: "still-you" });
    seat.press("still-me");
    expect(seat.page).toMatchObject({ is: "told", step: "oxygen" });
  });

  it("it is asked also where keys follow that show no value themselves", () => {
    const seat = known().press("next", "ready").pass(delays.measurementGivenUp);
    expect(seat.on).toBe("again");
    seat.press("again").answers([gives("spo2", 97)]);
    expect(seat.on).toBe("still-you");
    seat.press("still-me", "steps", "results");
    expect(seat.on).toBe("results");
  });

  it("whoever is new begins with the consent, and finds nothing of the one before", () => {
    const seat = known()
      .press("next", "ready")
      .pass(seconds(70))
      .answers([gives("spo2", 97)])
      .press("new-person");
    expect(seat.on).toBe("consent");
    expect(seat.memory).not.toMatch(marks);
    seat.press("agree", "skip", "skip", "next", "results");
    expect(seat.page).toMatchObject({ is: "steps", any: false });
  });

  it("nothing is asked of whoever pressed a key meanwhile", () => {
    const seat = known().press("next", "ready").pass(seconds(59)).press("go-on").pass(seconds(50));
    seat.answers([gives("spo2", 97)]);
    expect(seat.on).toBe("told");
  });
});

describe("values on the glass", () => {
  it("go after five minutes, however often a key is pressed", () => {
    const seat = known().press("steps", "results");
    for (let half = 0; half < 9; half++) seat.pass(seconds(30)).press(half % 2 === 0 ? "qr" : "results");
    expect(seat.on).toBe("qr");
    seat.pass(seconds(30));
    expect(seat.on).toBe("idle");
  });

  it("of one step go too", () => {
    const seat = known();
    for (let half = 0; half < 9; half++) seat.pass(seconds(30)).press("language");
    expect(seat.on).toBe("told");
    seat.pass(seconds(30));
    expect(seat.on).toBe("idle");
  });

  it("vanish while it is asked whether somebody is there", () => {
    const seat = known().pass(delays.visitAsked);
    expect(seat.paper.body).toMatchObject({ is: "cabin", still: 15 });
  });
});

describe("whoever refuses that anything is kept", () => {
  it("is measured all the same, and marked on every page", () => {
    const seat = known("refuse");
    expect(seat.page).toMatchObject({ is: "told", figures: [{ shown: { figure: "temperature" } }] });
    expect(seat.paper.body).toMatchObject({ forgets: true });
  });

  it("is counted nowhere, sent nowhere, has no pass, and may take the own slip", () => {
    const recipient = { name: { zh: "x", en: "x" } };
    const seat = new Seat({ recipient, pass: [] }).sit({ consent: "refuse" });
    seat.measure("temperature", gives("temperature", 36.5)).press("steps", "results");
    expect(seat.page).toMatchObject({ is: "results", print: "ready" });
    expect(seat.page).not.toHaveProperty("send");
    expect(seat.page).not.toHaveProperty("pass");
    seat.press("send", "pass", "print");
    expect(seat.on).toBe("results");
    seat.press("end");
    expect(seat.effects("print")).toHaveLength(1);
    expect([seat.effects("keep-counts"), seat.effects("seal"), seat.effects("pass")]).toEqual([[], [], []]);
    expect(seat.paper.state.counts.people).toBe(0);
  });

  it("unlike whoever agrees, who is one more person, with items and no values", () => {
    const seat = known().press("end");
    expect(seat.paper.state.counts).toMatchObject({ people: 1, items: { glucose: 1, temperature: 1 } });
    expect(seat.effects("keep-counts")).toHaveLength(1);
    expect(JSON.stringify(seat.effects("keep-counts"))).not.toMatch(marks);
  });
});

describe("whoever sits down in the rest of somebody who left", () => {
  const left = (): Seat =>
    known()
      .press("steps")
      .take("pressure")
      .pass(delays.visitForgotten + seconds(30));

  it("is asked before complaints that were ticked are shown", () => {
    const seat = left().press("steps", "symptoms");
    expect(seat.page).toEqual({ is: "still-you" });
    seat.press("new-person");
    expect(seat.on).toBe("consent");
    expect(seat.memory).not.toMatch(marks);
  });

  it("and is still the same person finds them as they were", () => {
    const seat = left().press("steps", "symptoms", "still-me");
    expect(seat.page).toMatchObject({ is: "symptoms", ticked: ["severe-headache"] });
    seat.press("tick:dizzy");
    expect(seat.page).toMatchObject({ is: "symptoms", ticked: ["severe-headache", "dizzy"] });
  });
});

describe("others, while somebody sits in the cabin", () => {
  it("wait with their card, and a third one hears that the place is taken", () => {
    const seat = new Seat({}, { cards: { A1: card(ann), B2: card(bob) } }).sit();
    seat.paper.tap("A1").tap("B2");
    expect([seat.on, seat.paper.picture.waits]).toEqual(["steps", true]);
    expect(seat.effects("chime")).toEqual([{ kind: "chime", sound: "sorry" }]);
    seat.press("end");
    expect(seat.on).toBe("choose");
    expect(seat.paper.state.next).toBeUndefined();
  });

  it("wait with their orders until the visit is over", () => {
    const seat = new Seat().sit();
    const order = command({ op: "restart" });
    seat.paper.send({ kind: "command", command: order }).saveAll();
    seat.pass(seconds(40));
    expect(seat.effects("restart")).toEqual([]);
    seat.press("end").paper.send({ kind: "tick" });
    expect(seat.effects("restart")).toHaveLength(1);
  });

  it("are told of nothing that is given out where nothing is given", () => {
    const seat = new Seat({}, { setting: { ...setting, places: [] } });
    expect(seat.paper.body).toMatchObject({ is: "idle", cabin: "alone" });
    expect(seat.paper.closed).toBeUndefined();
  });

  it("find the key for a check-up only where there is a cabin", () => {
    expect(new Paper().press("cabin").shows).toBe("idle");
  });
});
