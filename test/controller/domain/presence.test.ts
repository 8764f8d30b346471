import { describe, expect, it } from "vitest";
import { reference } from "../../../controller/domain/reference.ts";
import { minutes, seconds } from "../../../devices/kit/clock.ts";
import { fault } from "../../../devices/kit/fault.ts";
import { fullShelf, Paper, refill, written } from "./on-paper.ts";

const unplugged = fault("no-device", "the cable is out");

describe("a machine that goes and comes", () => {
  it("closes the kiosk at once, and opens it when it answers", () => {
    const paper = new Paper();
    expect(paper.closed).toBeUndefined();
    expect(paper.device("absent", unplugged).closed).toBe("E10");
    expect(paper.device("working").closed).toBeUndefined();
  });

  it.each(["starting", "stale", "broken", "absent", "off"] as const)("gives nothing while it is %s", (presence) => {
    expect(new Paper().device(presence).type("1111111111").shows).toBe("E10");
  });

  it("is written down as a fault with its reason, and the screen's reference leads there", () => {
    const paper = new Paper().device("absent", unplugged);
    const { seq, entry } = paper.save();
    expect(entry).toEqual({ kind: "fault", device: "vend", fault: "no-device", detail: "the cable is out" });
    const { body } = paper;
    expect(body.is === "idle" && body.closed).toEqual({ id: "E10", ref: reference(seq) });
    expect(paper.type("1111111111").refusal).toMatchObject({ id: "E10", ref: reference(seq) });
  });

  it("is written down once, however often it comes and goes within a minute", () => {
    const paper = new Paper();
    for (let n = 0; n < 50; n++) {
      paper.device("stale").device("broken").device("absent", unplugged);
      paper.pass(seconds(3));
      paper.device("starting").device("working");
      paper.pass(seconds(59));
      if (n === 10) paper.saveAll();
    }
    paper.saveAll();
    expect(paper.saves("fault").length).toBe(1);
    expect(paper.saves("fault-cleared")).toEqual([]);
    paper.pass(minutes(1));
    paper.saveAll();
    expect(paper.saves("fault-cleared").length).toBe(1);
    paper.device("absent", unplugged);
    expect(paper.saves("fault").length).toBe(2);
  });

  it("is written down once also while the disk refuses, and as mended only after that", () => {
    const paper = new Paper();
    for (let n = 0; n < 20; n++) {
      paper.device("absent", unplugged).device("working");
      while (paper.waits("save") > 0) paper.refuse();
      paper.pass(seconds(6));
    }
    expect(paper.state.unsaved.filter((entry) => entry.kind === "fault" && entry.device === "vend").length).toBe(1);
    for (let n = 0; n < 40; n++) {
      paper.saveAll();
      paper.pass(seconds(5));
    }
    const kinds = paper.disk.flatMap(({ entry }) =>
      (entry.kind === "fault" || entry.kind === "fault-cleared") && entry.device === "vend" ? [entry.kind] : [],
    );
    expect(kinds).toEqual(["fault", "fault-cleared"]);
    expect(paper.state.books.faults.size).toBe(0);
  });

  it("is mended over a restart too", () => {
    const paper = new Paper().device("absent", unplugged).saveAll().reboot();
    paper.pass(minutes(1));
    expect(paper.saves("fault-cleared").length).toBe(1);
    expect(new Paper().device("absent").saveAll().reboot({ presence: "absent" }).saves("fault")).toEqual([]);
  });

  it("that is stopped by us is no fault", () => {
    const paper = new Paper().device("off").device("starting");
    expect(paper.saves("fault")).toEqual([]);
  });
});

describe("the board's slot reports", () => {
  const report = (paper: Paper, slot: string, stock?: number, sells = true): Paper =>
    paper.send({ kind: "slot", device: "vend", report: { slot, sells, ...(stock === undefined ? {} : { stock }) } });

  it("are believed: a slot that does not sell is not taken from", () => {
    const paper = report(report(new Paper(), "1", 10, false), "3", 10, false);
    expect(paper.choose("1111111111", "1").shows).toBe("E8a");
  });

  it("of more goods than the ledger knows are a refill, once", () => {
    const paper = report(new Paper(), "1", 15);
    for (let n = 0; n < 5; n++) report(paper, "1", 15);
    expect(paper.saves("refill")).toEqual([
      { kind: "refill", device: "vend", slot: "1", product: "water", count: 15, by: "board" },
    ]);
    paper.saveAll();
    expect(paper.state.books.stock.slots.get("vend/1")?.count).toBe(15);
    report(paper, "1", 9);
    expect(paper.saves("refill").length).toBe(1);
    report(paper, "1", 16);
    expect(paper.saves("refill").length).toBe(2);
  });

  it("that count a good still there after an unknown outcome are no refill: the slot's failures stay", () => {
    const paper = report(new Paper({ disk: written([refill("1", 10)]) }), "1", 10);
    paper.start().unclear().saveAll();
    report(paper, "1", 10);
    expect(paper.saves("refill")).toEqual([]);
  });

  it("of a slot that the station file does not know, or without a count, change no stock", () => {
    const paper = report(report(new Paper({ disk: written(fullShelf) }), "77", 3), "1");
    expect(paper.saves("refill")).toEqual([]);
  });
});
