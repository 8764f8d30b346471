import { describe, expect, it } from "vitest";
import { seconds } from "../../../devices/kit/clock.ts";
import { aDay, card } from "./members.ts";
import { offer, Paper, setting, today } from "./on-paper.ts";

/** The link has been up long enough for the centre's lists to have come down. */
const online = (paper: Paper): Paper => {
  paper.send({ kind: "link", online: true });
  paper.pass(seconds(15));
  return paper;
};
const leave = (paper: Paper): Paper => {
  paper.pass(seconds(20));
  return paper;
};
const attempts = (paper: Paper) => paper.disk.flatMap(({ entry }) => (entry.kind === "attempt" ? [entry] : []));
const onlyWater = { offer: offer({ products: ["water"] }) };

describe("a member of several stations", () => {
  const cards = Object.fromEntries(
    ["A", "B", "C", "D", "E"].map((who) => [
      who,
      card({ list: "union", pid: who.toLowerCase().repeat(16) }, { area: true, allowances: [aDay(2)], ...onlyWater }),
    ]),
  );
  const station = (escrow = 3): Paper => new Paper({ cards, setting: { ...setting, escrow } });
  const tap = (paper: Paper, who: string): Paper => leave(paper.tap(who).saveAll().drops().saveAll());

  it("takes of the same escrow as a token, each good anew, while the centre is not heard", () => {
    const paper = station();
    for (const who of ["A", "A", "B"]) tap(paper, who);
    expect(paper.state.books.escrow).toEqual({ day: today, count: 3 });
    expect(paper.tap("C").refusal).toEqual({ id: "E12b", minutes: 15 });
    expect(attempts(paper).map(({ area, offline }) => [area, offline])).toEqual(
      Array.from({ length: 3 }, () => [true, true]),
    );
  });

  it("takes none of it online", () => {
    const paper = online(station(0));
    for (const who of ["A", "A", "B", "C", "D"]) tap(paper, who);
    expect(attempts(paper)).toHaveLength(5);
    expect(paper.state.books.escrow.count).toBe(0);
  });

  it("costs nothing more after an outcome that nobody knew, and what fails costs nothing", () => {
    const paper = station(1);
    leave(paper.tap("A").saveAll().unclear().saveAll());
    expect(paper.tap("B").shows).toBe("E12b");
    leave(paper).tap("A").saveAll();
    while (paper.waits("release") > 0) paper.fails("busy", false).saveAll().curtain("cannot-tell").saveAll();
    expect(paper.state.books.escrow.count).toBe(1);
    expect(leave(paper).tap("A").shows).toBe("dispensing");
    leave(paper.saveAll().drops().saveAll());
    expect(paper.state.books.escrow.count).toBe(1);
    expect(paper.tap("A").shows).toBe("E12b");
  });

  it("gives back what a proven failure had cost", () => {
    const paper = station(1).tap("A").saveAll().fails().saveAll().curtain("blocked").saveAll();
    expect(paper.state.books.escrow.count).toBe(0);
  });
});
