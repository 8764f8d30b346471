import { describe, expect, it } from "vitest";
import { millis } from "../../../devices/kit/clock.ts";
import type { Order } from "../../../protocol/commands/order.ts";
import { hour, noon, type Paper, refill, written } from "./on-paper.ts";
import {
  answers,
  coasting,
  command,
  floorOnly,
  kiosk,
  lock,
  minute,
  on,
  send,
  soda,
  states,
  water,
} from "./ordering.ts";

describe("a command is written down before it is obeyed", () => {
  it("and not answered before that", () => {
    const paper = kiosk();
    const one = command(lock);
    send(paper, one);
    expect(paper.waits("save")).toBe(1);
    expect(answers(paper, one)).toEqual([]);
    expect(paper.closed).toBe(undefined);
    paper.save();
    expect(states(paper, one)).toEqual(["accepted"]);
    expect(paper.closed).toBe("E21");
    paper.save();
    expect(states(paper, one)).toEqual(["accepted", "done"]);
  });

  it("and where the disk refuses, it is refused, and not obeyed later either", () => {
    const paper = send(kiosk(), command(lock));
    const one = command(water);
    send(paper, one);
    paper.refuse();
    paper.refuse();
    paper.saveAll().pass(minute);
    paper.saveAll();
    expect(states(paper, one)).toEqual(["refused: disk"]);
    expect(paper.state.books.locked).toBe(undefined);
    expect(paper.waits("release")).toBe(0);
    // The same command sent again is a new try.
    send(paper, { ...one, expires: millis(noon + hour) }).saveAll();
    expect(paper.waits("release")).toBe(1);
  });
});

describe("a lock", () => {
  it("is told to the worker with a reference, and nothing is given until an unlock", () => {
    const paper = send(kiosk(), command(lock, { role: "ops" })).saveAll();
    paper.type("1111111111");
    expect(paper.refusal).toMatchObject({ id: "E21", ref: expect.stringMatching(/^[2-9A-Z]{6}$/) });
    expect(paper.waits("release")).toBe(0);
    send(paper.press("cancel"), command({ op: "unlock" })).saveAll();
    paper.start();
    expect(paper.waits("release")).toBe(1);
  });

  it("stands over a power cut", () => {
    const paper = send(kiosk(), command(lock));
    paper.save();
    expect(paper.reboot().closed).toBe("E21");
  });

  it("that comes while the disk writes an attempt stops its motor", () => {
    const paper = send(kiosk(), command(lock)).choose();
    paper.saveAll();
    expect(paper.waits("release")).toBe(0);
    expect(paper.shows).toBe("E21");
    expect(paper.saves("outcome")).toMatchObject([{ delivery: "not-delivered", started: false, frees: true }]);
  });

  it("does not stop a motor that turns, and forbids a second motion", () => {
    const paper = kiosk().start();
    send(paper, command(lock)).saveAll().fails().saveAll().curtain();
    expect(paper.waits("release")).toBe(0);
    expect(paper.waits("save")).toBe(0);
  });

  it("cannot be ended by an ops key", () => {
    const paper = send(kiosk(), command(lock)).saveAll();
    const one = command({ op: "unlock" }, { role: "ops" });
    send(paper, one);
    expect(states(paper, one)).toEqual(["refused: wrong-role"]);
    expect(paper.closed).toBe("E21");
  });
});

describe("a slot that is switched off", () => {
  it("is not offered, and is again when it is switched on", () => {
    const paper = send(kiosk(), command(on("vend", "1", false)), command(on("vend", "3", false))).saveAll();
    paper.type("1111111111");
    expect(paper.body).toMatchObject({ is: "choose", products: [{ left: 0 }, { left: 20 }] });
    send(paper.press("cancel"), command(on("vend", "3", true))).saveAll();
    paper.type("1111111111").press("choose:1").saveAll();
    expect(paper.take("release")).toMatchObject({ slot: "3" });
  });

  it("that this station has not is refused", () => {
    const one = command(on("vend", "77", false));
    expect(states(send(kiosk(), one), one)).toEqual(["refused: no-such-place"]);
  });
});

describe("a refill", () => {
  const fills: Order = { op: "refill", device: "vend", slot: "1", count: 3, expires: "2026-09-30" };

  it("stands in the ledger as the centre's, and is done when it does", () => {
    const paper = kiosk();
    const one = command(fills, { role: "ops" });
    send(paper, one).save();
    expect(states(paper, one)).toEqual(["accepted"]);
    paper.save();
    expect(states(paper, one)).toEqual(["accepted"]);
    paper.save();
    expect(states(paper, one)).toEqual(["accepted", "done"]);
    expect(paper.saves("refill")).toEqual([
      {
        kind: "refill",
        device: "vend",
        slot: "1",
        product: "water",
        count: 3,
        expires: "2026-09-30",
        by: "centre",
        command: one.id,
      },
    ]);
    expect(paper.state.books.stock.slots.get("vend/1")?.count).toBe(3);
  });

  it("that a power cut parted from its entry is called interrupted; with its entry it is done", () => {
    for (const [entries, told] of [
      [1, "failed: interrupted"],
      [2, "done"],
    ] as const) {
      const paper = kiosk();
      const one = command(fills);
      send(paper, one);
      for (let n = 0; n < entries; n++) paper.save();
      const later = paper.reboot().saveAll();
      expect(states(later, one)).toEqual([told]);
    }
  });
});

describe("a free vend", () => {
  it("goes the way of every good: attempt, motion, outcome", () => {
    const paper = kiosk();
    const one = command(water, { role: "ops" });
    send(paper, one).save();
    expect(paper.saves("attempt")).toMatchObject([{ credential: { kind: "command", id: one.id }, product: "water" }]);
    expect(paper.waits("release")).toBe(0);
    paper.saveAll();
    expect(paper.body.is).toBe("dispensing");
    expect(states(paper, one)).toEqual(["accepted", "running"]);
    paper.drops().saveAll();
    expect(paper.shows).toBe("done");
    expect(states(paper, one)).toEqual(["accepted", "running", "done"]);
    expect(paper.state.books.stock.slots.get("vend/1")?.count).toBe(9);
  });

  it("takes a second slot where nothing fell, and fails where that does not give either", () => {
    const paper = kiosk();
    const one = command(water);
    send(paper, one).saveAll();
    paper.fails().saveAll();
    expect(states(paper, one)).toEqual(["accepted", "running"]);
    paper.curtain().saveAll();
    expect(paper.waits("release")).toBe(1);
    paper.fails("jammed").saveAll().curtain().saveAll();
    expect(states(paper, one)).toEqual(["accepted", "running", "failed: jammed"]);
    expect(paper.shows).toBe("E10");
    expect(paper.saves("attempt")).toHaveLength(2);
  });

  it("of which nobody knows how it ended is never repeated", () => {
    const paper = kiosk();
    const one = command(water);
    send(paper, one).saveAll().unclear().saveAll();
    expect(states(paper, one)).toEqual(["accepted", "running", "failed: silent"]);
    expect(paper.shows).toBe("E23b");
    expect(paper.saves("outcome")).toMatchObject([{ delivery: "unknown", frees: false }]);
    send(paper, one).saveAll().pass(minute);
    expect(paper.saves("attempt")).toHaveLength(1);
    expect(states(paper, one).at(-1)).toBe("failed: silent");
  });

  it("waits while somebody is served, and comes afterwards", () => {
    const paper = kiosk().press("1");
    const one = command(water);
    send(paper, one).saveAll();
    expect(paper.saves("attempt")).toHaveLength(0);
    paper.press("clear").saveAll();
    expect(paper.saves("attempt")).toHaveLength(1);
  });

  it("waits no longer than it lives", () => {
    const paper = kiosk();
    const one = command(water);
    send(paper.press("1"), one).saveAll();
    for (let n = 0; n < 40; n++) {
      paper.pass(20_000);
      paper.press("2", "back");
    }
    paper.saveAll();
    expect(states(paper, one)).toEqual(["accepted", "expired"]);
    expect(paper.press("clear").saveAll().saves("attempt")).toHaveLength(0);
    send(paper, one);
    expect(states(paper, one).at(-1)).toBe("expired");
  });

  it.each([
    ["nothing to give", (paper: Paper) => paper, soda],
    ["locked", (paper: Paper) => send(paper, command(lock)).saveAll(), water],
  ])("fails at once where there is %s", (why, prepare, order) => {
    const disk = written([refill("1"), refill("3"), refill("2", 0), refill("4", 0)]);
    const paper = prepare(kiosk({ disk }));
    const one = command(order);
    send(paper, one).saveAll();
    expect(states(paper, one)).toEqual(["accepted", `failed: ${why}`]);
  });

  it("fails where the disk does not take its attempt", () => {
    const paper = kiosk();
    const one = command(water);
    send(paper, one).save();
    paper.refuse();
    paper.saveAll().pass(minute);
    paper.saveAll();
    expect(states(paper, one)).toEqual(["accepted", "running", "failed: disk"]);
    expect(paper.waits("release")).toBe(0);
  });

  it("of a product that this station has not is refused", () => {
    const one = command({ op: "vend", product: "beer", why: "thirst" });
    expect(states(send(kiosk(), one), one)).toEqual(["refused: no-such-place"]);
  });

  it("may be ordered five times a day with ops keys, also where the disk is slow, and again the next day", () => {
    const paper = kiosk();
    const six = Array.from({ length: 6 }, () => command(water, { role: "ops" }));
    send(paper, ...six);
    expect(six.map((one) => states(paper, one))).toEqual([[], [], [], [], [], ["refused: too-many-vends"]]);
    for (let n = 0; n < 5; n++) {
      paper.saveAll().drops().saveAll().pass(10_000);
    }
    expect(paper.saves("attempt")).toHaveLength(5);
    const seventh = command(water, { role: "ops" });
    expect(states(send(paper, seventh), seventh)).toEqual(["refused: too-many-vends"]);
    const release = command(water);
    send(paper, release).saveAll();
    expect(states(paper, release)).toEqual(["accepted", "running"]);
    const rebooted = paper.reboot();
    const again = command(water, { role: "ops" });
    expect(states(send(rebooted, again), again)).toEqual(["refused: too-many-vends"]);
    rebooted.utc += 24 * hour;
    const tomorrow = command(water, { role: "ops", issued: millis(rebooted.utc), expires: millis(rebooted.utc + 1) });
    expect(send(rebooted.saveAll(), tomorrow).waits("save")).toBe(1);
  });
});

describe("a restart", () => {
  it("comes when nobody is served, once, and is done when the kiosk is there again", () => {
    const paper = kiosk().start();
    const one = command({ op: "restart" }, { role: "ops" });
    send(paper, one).saveAll().pass(minute);
    expect(paper.waits("restart")).toBe(0);
    paper.drops().saveAll().pass(minute);
    paper.saveAll();
    expect(paper.waits("restart")).toBe(1);
    paper.pass(minute);
    expect(paper.waits("restart")).toBe(1);
    expect(states(paper, one)).toEqual(["accepted"]);
    const later = paper.reboot().saveAll();
    expect(states(later, one)).toEqual(["done"]);
    expect(later.waits("restart")).toBe(0);
    expect(states(send(later, one), one)).toEqual(["done", "done"]);
  });
});

describe("log lines", () => {
  it("are pulled, and the command is done when they are on their way", () => {
    const paper = kiosk(floorOnly);
    const one = command({ op: "log", lines: 50 }, { role: "ops" });
    send(paper, one).save();
    expect(paper.take("pull-log")).toEqual({ kind: "pull-log", id: one.id, lines: 50 });
    paper.send({ kind: "log-pulled", id: one.id }).send({ kind: "log-pulled", id: one.id }).saveAll();
    expect(states(paper, one)).toEqual(["accepted", "done"]);
  });

  it("that never come are given up when the command expires", () => {
    const paper = kiosk();
    const one = command({ op: "log", lines: 50 });
    send(paper, one)
      .saveAll()
      .pass(11 * minute);
    paper.saveAll();
    expect(states(paper, one)).toEqual(["accepted", "expired"]);
  });
});

describe("a beacon", () => {
  const years = 3 * 365 * 24 * hour;

  it("sets the floor back where a clock gone wild has driven it ahead, and that is kept", () => {
    const paper = kiosk({ ...floorOnly, floor: noon + 10 * 24 * hour });
    const one = command({ op: "beacon", utc: noon });
    send(paper, one).saveAll();
    expect(states(paper, one)).toEqual(["accepted", "done"]);
    expect(paper.state.almanac.floor).toBe(noon);
    expect(paper.performed.filter(({ kind }) => kind === "keep-floor").at(-1)).toMatchObject({ floor: noon });
    expect(paper.reboot().state.almanac.floor).toBe(noon);
  });

  it("ends what was counted on where it contradicts it, and leaves it where it agrees", () => {
    const away = coasting();
    send(away, command({ op: "beacon", utc: noon + years })).saveAll();
    expect(away.state.almanac).toMatchObject({ floor: noon + years });
    expect(away.state.almanac.sure).toBe(undefined);
    const near = coasting();
    send(near, command({ op: "beacon", utc: noon + minute })).saveAll();
    expect(near.state.almanac.sure).not.toBe(undefined);
  });

  it("is not an ops key's to send", () => {
    const one = command({ op: "beacon", utc: noon }, { role: "ops" });
    expect(states(send(kiosk(), one), one)).toEqual(["refused: wrong-role"]);
  });
});
