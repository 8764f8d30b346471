import { describe, expect, it, test } from "vitest";
import { delays } from "../../../controller/delays.ts";
import { pruned, remembered } from "../../../controller/domain/books.ts";
import { dayOf } from "../../../protocol/pickup-code/calendar.ts";
import { millis } from "../../../devices/kit/clock.ts";
import { booksOf, fullShelf, hour, noon, Paper, written } from "./on-paper.ts";
import { coasting, command, floorOnly, kiosk, lock, minute, on, send, states, water } from "./ordering.ts";

describe("by the clock", () => {
  it("a command that has expired, or expires this moment, is told so and not obeyed", () => {
    for (const paper of [kiosk(), coasting()])
      for (const expires of [noon, noon - 1, noon - 24 * hour]) {
        const one = command(lock, { expires: millis(expires) });
        send(paper, one);
        expect(states(paper, one)).toEqual(["expired"]);
        expect(paper.waits("save")).toBe(0);
      }
  });

  it("a command of the kiosk's future is refused beyond a tolerance", () => {
    const paper = kiosk();
    const ahead = command(lock, { issued: millis(noon + delays.issuedAhead + 1), expires: millis(noon + hour) });
    const just = command(lock, { issued: millis(noon + delays.issuedAhead), expires: millis(noon + hour) });
    send(paper, ahead, just);
    expect(states(paper, ahead)).toEqual(["refused: issued-ahead"]);
    expect(paper.waits("save")).toBe(1);
  });

  it("with only a floor nothing but beacon, lock and log is obeyed, and what had expired by the floor is not", () => {
    const paper = kiosk(floorOnly);
    for (const order of [
      { op: "restart" },
      { op: "unlock" },
      on("vend", "1", false),
      water,
      { op: "refill", device: "vend", slot: "1", count: 1 },
    ] as const) {
      const one = command(order);
      send(paper, one);
      expect(states(paper, one)).toEqual(["refused: needs-clock"]);
    }
    expect(paper.waits("save")).toBe(0);
    const late = command(lock, { expires: millis(noon) });
    expect(states(send(paper, late), late)).toEqual(["expired"]);
    send(paper, command(lock), command({ op: "log", lines: 1 }), command({ op: "beacon", utc: noon }));
    expect(paper.waits("save")).toBe(3);
  });
});

describe("a command that comes again", () => {
  it("is answered with what became of it, before and after a restart, and does nothing", () => {
    const paper = kiosk();
    const one = command(lock);
    send(paper, one, one);
    expect(paper.waits("save")).toBe(1);
    paper.saveAll();
    send(paper, command({ op: "unlock" })).saveAll();
    send(paper, one).saveAll();
    expect(states(paper, one)).toEqual(["accepted", "done", "done"]);
    expect(paper.closed).toBe(undefined);
    const later = paper.reboot();
    send(later, one).saveAll();
    expect(states(later, one)).toEqual(["done"]);
    expect(later.closed).toBe(undefined);
    // Even where its time is long over.
    later.utc += 24 * hour;
    expect(states(send(later, one), one)).toEqual(["done", "done"]);
  });

  it("with another content under the same id is refused", () => {
    const paper = kiosk();
    const one = command(lock);
    send(paper, one, { ...one, order: { op: "lock", why: "bees" } });
    paper.saveAll();
    send(paper, { ...one, kid: "o1" }, { ...one, expires: millis(noon + 11 * minute) }, { ...one, order: water });
    expect(states(paper, one)).toEqual([
      "refused: id-reused",
      "accepted",
      "done",
      "refused: id-reused",
      "refused: id-reused",
      "refused: id-reused",
    ]);
  });

  it("is not obeyed a second time when it was forgotten, whatever the clock says then", () => {
    const paper = send(kiosk(), command(lock), command({ op: "unlock" })).saveAll();
    const [first] = paper.state.books.orders;
    const past = pruned(paper.state.books, dayOf(noon) + remembered + 2);
    expect(past.orders.size).toBe(0);
    expect(pruned(paper.state.books, dayOf(noon) + remembered).orders.size).toBe(2);
    const again = command(lock, { id: first?.[0] ?? "" });
    for (const clock of [{}, floorOnly]) {
      const later = new Paper({ ...clock, disk: [] });
      later.state = { ...later.state, books: { ...booksOf(written(fullShelf)), forgotten: past.forgotten } };
      send(later, again);
      expect(states(later, again)).toEqual(["expired"]);
      const newer = command(lock, { expires: millis(noon + 20 * minute) });
      expect(send(later, newer).waits("save")).toBe(1);
    }
  });
});

test("refused commands are counted, and written down at most once a minute", () => {
  const paper = kiosk();
  for (let n = 0; n < 100; n++) {
    paper.send({ kind: "command-refused", counts: { "bad-signature": 100, "too-many": 9000 } });
    paper.pass(1000);
  }
  send(paper, command({ op: "unlock" }, { role: "ops" }), command(lock, { expires: millis(noon) }));
  paper.pass(minute);
  const entries = paper.saves("commands-refused");
  expect(entries).toHaveLength(2);
  const sums = entries.map((entry) => (entry.kind === "commands-refused" ? entry.counts : {}));
  expect(sums.reduce((sum, counts) => sum + (counts["too-many"] ?? 0), 0)).toBe(900_000);
  expect(sums.at(-1)).toMatchObject({ "wrong-role": 1, expired: 1 });
});
