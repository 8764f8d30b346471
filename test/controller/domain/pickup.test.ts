import { describe, expect, it } from "vitest";
import { useOf } from "../../../controller/domain/books.ts";
import { reference, sequenceOf } from "../../../controller/domain/reference.ts";
import type { Setting } from "../../../controller/domain/state.ts";
import { minutes, seconds } from "../../../devices/kit/clock.ts";
import { startOf } from "../../../protocol/pickup-code/calendar.ts";
import {
  day,
  derived,
  found,
  fullShelf,
  noon,
  Paper,
  refill,
  setting,
  today,
  written,
  type Sheet,
} from "./on-paper.ts";

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

describe("save, then move", () => {
  it("nothing moves before its attempt is on the disk, and then exactly once", () => {
    const paper = kiosk().choose();
    paper.pass(seconds(5));
    expect(released(paper)).toEqual([]);
    expect(paper.save().entry).toEqual({
      kind: "attempt",
      credential: derived(1).credential,
      device: "vend",
      slot: "1",
      product: "water",
      until: today + 1,
    });
    expect(released(paper)).toEqual(["1 for 5"]);
    paper.pass(seconds(60));
    expect(released(paper)).toEqual(["1 for 5"]);
  });

  it("nothing moves where the disk refuses, and the code is untouched", () => {
    const paper = kiosk().choose();
    paper.refuse();
    expect(paper.refusal).toEqual({ id: "E10", until: startOf(today + 2) });
    expect(released(paper)).toEqual([]);
    expect(useOf(paper.state.books, derived(1).credential)).toBeUndefined();
  });

  it("the worker hears of an outcome only when it is on the disk", () => {
    for (const end of ["drops", "fails", "unclear"] as const) {
      const paper = kiosk().start()[end]();
      paper.pass(seconds(5));
      expect(paper.shows).toBe("dispensing");
      paper.save();
      expect(paper.performed.some(({ kind }) => kind === "settled")).toBe(true);
    }
  });

  it("a board may forget an outcome only when it is on the disk", () => {
    const paper = kiosk().start().drops();
    expect(paper.waits("settled")).toBe(0);
    paper.save();
    expect(paper.take("settled")).toEqual({ kind: "settled", device: "vend", seq: 5 });
  });
});

describe("an outcome", () => {
  it("of a good that fell uses the code up", () => {
    const paper = kiosk().start().drops();
    expect(paper.save().entry).toMatchObject({ delivery: "delivered", why: "drop-sensor", frees: false });
    expect(paper.shows).toBe("done");
    expect(leave(paper).type("1111111111").shows).toBe("E4");
  });

  it("that is proven a failure leads to one motion more, out of another slot of the same product", () => {
    const paper = kiosk().start().fails();
    expect(paper.save().entry).toMatchObject({ delivery: "not-delivered", why: "no-drop", frees: true });
    expect(paper.shows).toBe("dispensing");
    paper.curtain("clear").save();
    expect(released(paper)).toEqual(["1 for 5", "3 for 7"]);
    paper.fails().saveAll().curtain("clear");
    expect(released(paper).length).toBe(2);
    expect(paper.refusal).toMatchObject({ id: "E9", ref: reference(7) });
  });

  it("that is proven a failure leads to no motion where the slot has no fellow", () => {
    const paper = kiosk({ disk: written([refill("1"), refill("2")]) })
      .start()
      .fails()
      .saveAll()
      .curtain("clear");
    expect(released(paper).length).toBe(1);
    expect(paper.refusal).toMatchObject({ id: "E9", instead: { key: "2" } });
  });

  it("nobody knows frees the code once, and the second time keeps it", () => {
    const paper = kiosk().start().unclear();
    expect(paper.save().entry).toMatchObject({ delivery: "unknown", frees: true });
    expect(paper.refusal).toEqual({ id: "E23", ref: reference(5) });
    leave(paper).start().unclear();
    const { entry } = paper.save();
    expect(entry).toMatchObject({ delivery: "unknown", frees: false });
    expect(paper.refusal?.id).toBe("E23b");
    expect(leave(paper).type("1111111111").shows).toBe("E4");
  });

  it("nobody knows never leads to a second motion by itself", () => {
    const paper = kiosk().start().unclear().saveAll();
    leave(paper);
    expect(released(paper).length).toBe(1);
  });

  it("nobody knows stays closed after three of them a day at the machine, and not on the next day", () => {
    const paper = kiosk();
    const shown = ["1", "2", "3", "4"].map((digit) => {
      paper.start(digit.repeat(10)).unclear().saveAll();
      const { shows } = paper;
      leave(paper);
      return shows;
    });
    expect(shown).toEqual(["E23", "E23", "E23", "E23b"]);
    paper.utc += day;
    paper.start("5555555555").unclear().saveAll();
    expect(paper.shows).toBe("E23");
  });

  it("that no board told for three minutes is unknown, and what it says later changes nothing", () => {
    const paper = kiosk().start();
    paper.pass(minutes(3) - 1);
    expect(paper.saves("outcome")).toEqual([]);
    paper.pass(1);
    expect(paper.save().entry).toMatchObject({ delivery: "unknown", why: "silent", frees: true });
    paper.drops().saveAll();
    expect(paper.saves("outcome").length).toBe(1);
  });

  it("told twice is written once", () => {
    const paper = kiosk().start();
    const { seq } = paper.take("release");
    const delivery = { kind: "delivered", evidence: "drop-sensor" } as const;
    paper.send({ kind: "delivery", seq, delivery }).send({ kind: "delivery", seq, delivery });
    paper.saveAll();
    paper.send({ kind: "delivery", seq, delivery });
    expect(paper.saves("outcome").length).toBe(1);
  });

  it("of a motion that nobody made is not written", () => {
    const paper = kiosk().send({
      kind: "delivery",
      seq: 3,
      delivery: { kind: "delivered", evidence: "drop-sensor" },
    });
    expect(paper.saves("outcome")).toEqual([]);
  });
});

describe("a motion that the board refused before a motor turned", () => {
  it("is not one of the three, and the worker is not told that nothing fell", () => {
    const paper = kiosk().start().fails("refused", false).saveAll().curtain("clear").save();
    expect(paper.entry.kind).toBe("attempt");
  });

  it("twice is a machine that cannot now, with the attempt's reference, and not a machine sold out", () => {
    const paper = kiosk().start().fails("refused", false).saveAll().curtain("clear").saveAll();
    paper.fails("refused", false).saveAll().curtain("clear");
    expect(paper.refusal).toEqual({ id: "E10", ref: reference(7), until: startOf(today + 2) });
    leave(paper);
    for (let visit = 0; visit < 2; visit++) {
      paper.start().fails("busy", false).saveAll().curtain("clear").saveAll();
      paper.fails("busy", false).saveAll().curtain("clear");
      leave(paper);
    }
    expect(paper.start().drops().saveAll().shows).toBe("done");
  });

  it("for want of goods is a machine sold out where it was the last", () => {
    const paper = kiosk({ disk: written([refill("1", 1)]) })
      .start()
      .fails("empty", false)
      .saveAll()
      .curtain("clear");
    expect(paper.shows).toBe("E8b");
  });
});

describe("the drop curtain", () => {
  it.each(["blocked", "dead"] as const)("that is %s closes the machine before a second motion", (curtain) => {
    const paper = kiosk().start().fails().saveAll().curtain(curtain);
    expect(released(paper).length).toBe(1);
    expect(paper.save().entry).toMatchObject({ kind: "fault", device: "vend", fault: "self-test" });
    expect(paper.refusal).toMatchObject({ id: "E9", ref: reference(5) });
    expect(leave(paper).closed).toBe("E10");
    const told = paper.type("2222222222").refusal;
    expect(told).toMatchObject({ id: "E10" });
    const ref = told?.id === "E10" ? told.ref : undefined;
    expect(paper.disk.find(({ seq }) => seq === sequenceOf(ref ?? ""))?.entry.kind).toBe("fault");
  });

  it("is asked again each minute, and the machine opens when it is clear", () => {
    const paper = leave(kiosk().start().fails().saveAll().curtain("blocked").saveAll());
    paper.pass(minutes(1));
    paper.curtain("blocked");
    paper.pass(minutes(1) - 1);
    expect(paper.waits("curtain")).toBe(0);
    paper.pass(1);
    paper.curtain("clear");
    expect(paper.closed).toBeUndefined();
    paper.pass(minutes(1));
    expect(paper.saveAll().saves("fault-cleared")).toEqual([{ kind: "fault-cleared", device: "vend" }]);
    expect(paper.saves("fault").length).toBe(1);
    expect(paper.choose("2222222222").shows).toBe("dispensing");
  });

  it("whose board cannot tell opens nothing that is shut, and shuts nothing that is open", () => {
    const paper = leave(kiosk().start().fails().saveAll().curtain("dead").saveAll());
    paper.pass(minutes(1));
    expect(paper.curtain("cannot-tell").closed).toBe("E10");
    const other = kiosk().start().fails().saveAll().curtain("cannot-tell").saveAll();
    expect(released(other).length).toBe(2);
  });

  it("is asked after a restart too, before anybody is served, where its fault was not mended", () => {
    const before = leave(kiosk().start().fails().saveAll().curtain("blocked").saveAll());
    const paper = before.reboot();
    paper.curtain("blocked");
    expect(paper.closed).toBe("E10");
    paper.pass(minutes(5));
    expect(paper.saves("fault-cleared")).toEqual([]);
    expect(paper.saves("fault")).toEqual([]);
  });
});

describe("failures in a row", () => {
  it("rest the machine at the fifth, and it says so with a fault that the staff can find", () => {
    const paper = kiosk();
    for (const digit of ["1", "2", "3"]) {
      paper.start(digit.repeat(10), digit === "2" ? "choose:2" : "choose:1");
      while (paper.waits("release") > 0) {
        paper.fails("jammed").saveAll().curtain("clear");
        paper.saveAll();
      }
      leave(paper);
    }
    expect(released(paper).length).toBe(5);
    expect(paper.saves("fault")).toMatchObject([{ device: "vend", fault: "jammed" }]);
    expect(paper.closed).toBe("E10");
    paper.send({ kind: "saved", stamped: paper.write(refill("1")) });
    expect(paper.closed).toBeUndefined();
    paper.pass(minutes(1));
    expect(paper.saves("fault-cleared").length).toBe(1);
  });
});

describe("after a power cut", () => {
  const remembering: Setting = { ...setting, machines: [{ id: "vend", remembers: true }] };
  const cut = (over: Partial<Sheet> = {}) => kiosk().start().reboot(over);

  it("an attempt whose board remembers nothing is unknown at once, and frees the code", () => {
    const paper = cut();
    expect(paper.save().entry).toMatchObject({ of: 5, delivery: "unknown", why: "power-cut", frees: true });
    expect(paper.refusal).toEqual({ id: "E11", ref: reference(5) });
  });

  it("a second unknown outcome of the same code keeps it, and says whom to call", () => {
    const first = kiosk().start().unclear().saveAll();
    const paper = leave(first).start().reboot().saveAll();
    expect(paper.refusal?.id).toBe("E23b");
    expect(leave(leave(leave(paper))).type("1111111111").shows).toBe("E4");
  });

  it("an attempt that never reached the disk has not happened", () => {
    const paper = kiosk().choose().reboot();
    expect(paper.waits("save")).toBe(0);
    expect(paper.choose().shows).toBe("dispensing");
  });

  it("a board that remembers is asked when it comes, and what it says is the outcome, told to it afterwards", () => {
    const paper = cut({ setting: remembering });
    const { seq, slot } = paper.take("recall");
    expect([seq, slot]).toEqual([5, "1"]);
    paper.send({ kind: "delivery", seq, delivery: { kind: "delivered", evidence: "drop-sensor" } });
    expect(paper.save().entry).toMatchObject({ of: 5, delivery: "delivered", frees: false });
    expect(paper.take("settled")).toMatchObject({ seq: 5 });
    paper.pass(minutes(1));
    expect(paper.saves("outcome").length).toBe(1);
  });

  it("a board that remembers and does not know leaves it to the worker", () => {
    const paper = cut({ setting: remembering });
    const { seq } = paper.take("recall");
    paper.send({
      kind: "delivery",
      seq,
      delivery: { kind: "unknown", fault: { kind: "interrupted", detail: "no record of it" } },
    });
    expect(paper.save().entry).toMatchObject({ why: "power-cut", frees: true, detail: "no record of it" });
    expect(paper.shows).toBe("E11");
  });

  it("a board that remembers is waited for 20 s and no longer", () => {
    const paper = cut({ setting: remembering, presence: "absent" });
    paper.saveAll();
    paper.pass(seconds(20) - 1);
    expect(paper.saves("outcome")).toEqual([]);
    paper.pass(1);
    expect(paper.saves("outcome")).toMatchObject([{ of: 5, why: "power-cut" }]);
    paper.device("working");
    expect(paper.waits("recall")).toBe(0);
  });

  it("an attempt has one outcome, whether the board speaks first, last or twice", () => {
    const paper = cut({ setting: remembering });
    paper.device("absent").device("working");
    const [first, second] = [paper.take("recall"), paper.take("recall")];
    expect(first).toEqual(second);
    const no = {
      kind: "not-delivered",
      started: true,
      fault: { kind: "jammed", detail: "" },
    } as const;
    paper.send({ kind: "delivery", seq: 5, delivery: no });
    paper.pass(seconds(30));
    paper.send({ kind: "delivery", seq: 5, delivery: { kind: "delivered", evidence: "drop-sensor" } });
    paper.saveAll();
    paper.pass(seconds(30));
    expect(paper.saves("outcome")).toMatchObject([{ of: 5, delivery: "not-delivered" }]);
  });

  it("days are counted on although the clock came back as 1970", () => {
    const paper = kiosk();
    for (const digit of ["1", "2", "3"]) {
      paper.start(digit.repeat(10)).unclear().saveAll();
      leave(paper);
    }
    const after = paper.reboot({ utc: 0, trusted: false });
    after.start("4444444444").unclear().saveAll();
    expect(after.shows).toBe("E23b");
  });
});

describe("the shelf", () => {
  it("gives what expires first, and nothing of a batch that has expired", () => {
    const dated = [refill("1", 10, "2026-08-30"), refill("3", 10, "2026-07-20")];
    expect(released(kiosk({ disk: written(dated) }).start())).toEqual(["3 for 3"]);
    expect(released(kiosk({ disk: written(dated), utc: noon + 6 * day, codes: later }).start())).toEqual(["1 for 3"]);
  });

  it("gives nothing of a batch that had expired by the floor, where nothing better is known of the time", () => {
    const dated = [refill("1", 10, "2026-07-10"), refill("2")];
    const paper = kiosk({ disk: written(dated), trusted: false, utc: 0 }).choose("1111111111", "choose:1");
    expect(paper.shows).toBe("E8a");
  });
});
const later = { "1111111111": found(derived(1, { validFrom: today + 6, validTo: today + 6 })) };

it("a full shelf gives every worker one good, each with its own attempt", () => {
  const paper = kiosk({ disk: written(fullShelf) });
  for (let digit = 1; digit <= 9; digit++) {
    expect(paper.start(String(digit).repeat(10)).drops().saveAll().shows).toBe("done");
    leave(paper);
  }
  expect(new Set(released(paper)).size).toBe(9);
  expect([...paper.state.books.stock.slots.values()].reduce((sum, { count }) => sum + count, 0)).toBe(31);
});
