import { describe, expect, it } from "vitest";
import { fault } from "../../../devices/kit/fault.ts";
import { day, found, derived, hour, Paper } from "./on-paper.ts";

const forked = { kind: "disagreed", why: "forked" } as const;

describe("where the centre holds another past of this card, a new life", () => {
  it("begins at once while nobody stands there, and says which life it follows and why", () => {
    const paper = new Paper().send(forked);
    expect(paper.beginLife()).toMatchObject({ life: 2, seq: 1, entry: { kind: "new-life", before: 1, why: "forked" } });
    expect(paper.state.books).toMatchObject({ life: 2, seq: 1 });
    expect(paper.state.disagreed).toBeUndefined();
  });

  it("does not begin while a good is on its way, but once its outcome is written down and the worker has left", () => {
    const paper = new Paper().choose().send(forked);
    expect(paper.waits("new-life")).toBe(0);
    paper.saveAll();
    expect(paper.waits("new-life")).toBe(0);
    paper.drops();
    paper.pass(hour / 60);
    expect(paper.waits("new-life")).toBe(0);
    paper.saveAll().pass(hour / 60);
    expect(paper.state.scene.is).toBe("idle");
    expect(paper.beginLife().entry).toMatchObject({ before: 1 });
  });

  it("does not begin while an attempt of before the start is not settled", () => {
    const before = new Paper().start();
    const paper = before.reboot().send(forked);
    expect(paper.waits("new-life")).toBe(0);
    paper.saveAll().pass(2 * 60_000);
    expect(paper.state.books.open.size).toBe(0);
    expect(paper.waits("new-life")).toBe(1);
  });

  it("does not begin while the disk may still take an attempt that was called off", () => {
    const paper = new Paper().choose();
    paper.pass(60_000);
    expect(paper.state).toMatchObject({ abandoned: true, scene: { is: "idle" } });
    paper.send(forked).pass(60_000);
    expect(paper.waits("new-life")).toBe(0);
  });

  it("does not begin while an outcome waits for a full disk", () => {
    const paper = new Paper().start().drops();
    paper.refuse();
    paper.send(forked).pass(2000);
    expect(paper.waits("new-life")).toBe(0);
    expect(paper.state.unsaved).not.toEqual([]);
  });

  it("is asked for once, however often the centre says it", () => {
    const paper = new Paper().send(forked).send(forked).send(forked);
    paper.pass(10 * 60_000);
    expect(paper.waits("new-life")).toBe(1);
  });

  it("begins at most once a day, and then when the day is over", () => {
    const paper = new Paper().send(forked);
    paper.beginLife();
    paper.send(forked).pass(day - 60_000);
    expect(paper.waits("new-life")).toBe(0);
    paper.pass(2 * 60_000);
    expect(paper.beginLife()).toMatchObject({ life: 3, seq: 1 });
  });

  it("at most once a day also over a restart, and although the clock stands still", () => {
    const paper = new Paper().send(forked);
    paper.beginLife();
    const after = paper.reboot({ trusted: false, utc: 0 }).send(forked);
    after.pass(hour);
    expect(after.waits("new-life")).toBe(0);
  });

  it("is not kept waiting for years by a clock that ran ahead when the last one began", () => {
    const paper = new Paper({ utc: Date.UTC(2027, 6, 15) }).send(forked);
    paper.beginLife();
    const later = paper.reboot({ utc: Date.UTC(2026, 6, 17) }).send(forked);
    expect(later.waits("new-life")).toBe(1);
  });

  it("that the disk refuses is tried again when the disk works, and is no entry of the old life", () => {
    const paper = new Paper().send(forked);
    const { entry } = paper.take("new-life");
    paper.send({ kind: "not-saved", entry, fault: fault("refused", "the card is full") });
    expect(paper.waits("new-life")).toBe(0);
    paper.pass(10_000);
    expect(paper.saves("new-life")).toEqual([]);
    paper.saveAll().pass(60_000);
    expect(paper.waits("new-life")).toBe(1);
  });

  it("remembers every code that was used in the lives before", () => {
    const paper = new Paper({ codes: { "1111111111": found(derived(1)) } }).start().drops().saveAll();
    paper.pass(60_000);
    paper.send(forked).beginLife();
    expect(paper.choose().shows).toBe("E4");
    const again = paper.reboot();
    expect(again.choose().shows).toBe("E4");
  });

  it("gives goods as before, each attempt under a number of the new life", () => {
    const paper = new Paper().send(forked);
    paper.beginLife();
    paper.start("2222222222").drops().saveAll();
    expect(paper.disk.slice(-2)).toMatchObject([
      { life: 2, seq: 2, entry: { kind: "attempt" } },
      { life: 2, seq: 3, entry: { kind: "outcome", of: 2, delivery: "delivered" } },
    ]);
    expect(paper.state.books.open.size).toBe(0);
  });
});
