import { describe, expect, test } from "vitest";
import { openOutbox } from "../../../controller/link/events.ts";
import { fault } from "../../../devices/kit/fault.ts";
import { err } from "../../../devices/kit/result.ts";
import { writeAck } from "../../../protocol/events/ack.ts";
import { Desk, note } from "./desk.ts";
import { fair } from "./wire.ts";

const minute = 60_000;
const life = 1;
/** The most that went within any second. */
const busiest = (went: readonly number[]): number =>
  Math.max(0, ...went.map((at, n) => went.slice(n).filter((later) => later < at + 1000).length));

describe("an event", () => {
  test("goes at once when it is written down, and has left when the centre has it", async () => {
    const desk = new Desk({ weather: { ...fair, rtt: 100 } }).connect();
    await desk.clock.pass(1000);
    const saved = desk.save();
    await desk.clock.until(() => desk.outbox.depth().count === 1);
    const since = desk.clock.mono();
    expect(desk.outbox.depth()).toEqual({ count: 1, oldestAt: desk.card.entries.at(-1)?.at });
    await desk.clock.until(() => desk.outbox.depth().count === 0);
    await saved;
    expect(desk.clock.mono() - since).toBeLessThanOrEqual(100);
    expect(desk.wrong()).toBeUndefined();
  });

  test("does not go before the births: nothing is sent without a session", async () => {
    const desk = new Desk().fill(20);
    await desk.clock.pass(minute);
    expect(desk.wire.went).toEqual([]);
    expect(desk.outbox.depth()).toEqual({ count: 21, oldestAt: desk.card.entries[0]?.at });
  });

  test("has not left because the broker has it: only the centre's database counts", async () => {
    const desk = new Desk({ weather: { ...fair, batchLost: 1 } }).fill(5).connect();
    await desk.clock.pass(1000);
    expect(desk.wire.went).toHaveLength(1);
    expect(desk.outbox.depth().count).toBe(6);
    await desk.outbox.stop();
    desk.reboot();
    await desk.clock.pass(1);
    expect(desk.outbox.depth().count).toBe(6);
  });

  test("that is saved while the disk is asked for others is not overlooked", async () => {
    const desk = new Desk({ diskTakes: 50 }).connect();
    await desk.clock.until(() => desk.outbox.depth().count === 0);
    for (let n = 0; n < 20; n++) {
      desk.cut().connect();
      await desk.clock.pass(n);
      void desk.save();
      await desk.clock.pass(1000);
      expect(desk.wrong()).toBeUndefined();
    }
  });

  test("that was lost behind the broker goes again, and then all the others", async () => {
    const desk = new Desk({ weather: { ...fair, batchLost: 1 } }).fill(800).connect();
    await desk.clock.pass(1000);
    desk.wire.weather = fair;
    await desk.clock.until(() => desk.outbox.depth().count === 0, 2 * minute);
    expect(desk.wrong()).toBeUndefined();
  });

  test("costs little where no centre answers: one batch now and then, also over connections that come and go", async () => {
    const desk = new Desk({ weather: { ...fair, batchLost: 1 } }).fill(5000).connect();
    await desk.clock.pass(60 * minute);
    expect(desk.wire.went.length).toBeLessThanOrEqual(12);
    const before = desk.wire.went.length;
    for (let n = 0; n < 20; n++) {
      desk.cut().connect();
      await desk.clock.pass(10_000);
    }
    expect(desk.wire.went.length - before).toBe(20);
  });
});

describe("a backlog of 12,000 entries", () => {
  test("is drained in order within bounds: 20 under way, 50 a second, 64 KiB each", async () => {
    const desk = new Desk({ weather: { ...fair, rtt: 200 } }).fill(12_000).connect();
    const since = desk.clock.mono();
    await desk.clock.until(() => desk.outbox.depth().count === 0, minute);
    const seconds = (desk.clock.mono() - since) / 1000;
    expect(12_000 / seconds).toBeGreaterThan(4000);
    expect(desk.wrong()).toBeUndefined();
    expect(desk.wire.widest).toBeLessThanOrEqual(20);
    expect(desk.wire.largest).toBeLessThanOrEqual(64 * 1024);
    expect(busiest(desk.wire.went)).toBeLessThanOrEqual(50);
    // Nothing went twice.
    expect(desk.wire.bytes).toBeLessThan(12_001 * 200);
  });

  test("keeps the broker's own limits, and uses them", async () => {
    const limits = { receiveMaximum: 3, maximumPacketSize: 5000 };
    const desk = new Desk({ weather: { ...fair, rtt: 20 } }).fill(12_000).connect(limits);
    await desk.clock.until(() => desk.outbox.depth().count === 0, 10 * minute);
    expect(desk.wrong()).toBeUndefined();
    expect(desk.wire.widest).toBe(3);
    expect(desk.wire.largest).toBeGreaterThan(4700);
    expect(desk.wire.largest).toBeLessThanOrEqual(5000 - 40);
    expect(busiest(desk.wire.went)).toBe(50);
  });

  test("does not fill a slow line: what else is to be told finds room within seconds", async () => {
    const desk = new Desk({ weather: { ...fair, rtt: 200, bytesASecond: 4000 } }).fill(12_000).connect();
    await desk.clock.pass(5 * minute);
    let slowest = 0;
    for (let n = 0; n < 60; n++) {
      await desk.clock.pass(1000);
      slowest = Math.max(slowest, desk.wire.queued());
    }
    expect(slowest).toBeLessThan(6000);
    expect(desk.outbox.depth().count).toBeLessThan(12_000);
  });
});

describe("the cursor", () => {
  test("is written at most once a minute, and when the kiosk stops", async () => {
    const desk = new Desk().connect();
    let written = 0;
    const put = desk.card.kept.set.bind(desk.card.kept);
    desk.card.kept.set = (name, value) => {
      if (name === "link.cursor") written += 1;
      return put(name, value);
    };
    for (let n = 0; n < 600; n++) {
      void desk.save();
      await desk.clock.pass(1000);
    }
    expect(written).toBeGreaterThanOrEqual(9);
    expect(written).toBeLessThanOrEqual(11);
    void desk.save();
    await desk.clock.pass(1000);
    await desk.clock.finish(desk.outbox.stop());
    desk.reboot();
    await desk.clock.pass(1);
    expect(desk.outbox.depth().count).toBe(0);
  });

  test("that lags a minute after a power cut only sends again what the centre has, which asks no more of it", async () => {
    const desk = new Desk().fill(50).connect();
    await desk.clock.until(() => desk.outbox.depth().count === 0);
    desk.reboot();
    await desk.clock.pass(1);
    expect(desk.outbox.depth().count).toBe(51);
    desk.wire.retained = undefined;
    desk.connect();
    await desk.clock.until(() => desk.outbox.depth().count === 0, minute);
    expect(desk.wrong()).toBeUndefined();
  });

  test("learns from the retained word what is there already, so that nothing is sent again", async () => {
    const desk = new Desk().fill(50).connect();
    await desk.clock.until(() => desk.outbox.depth().count === 0);
    const before = desk.wire.went.length;
    desk.reboot();
    const session = desk.wire.connect();
    await desk.clock.pass(1000);
    desk.outbox.begin(session);
    await desk.clock.pass(minute);
    expect(desk.outbox.depth().count).toBe(0);
    expect(desk.wire.went).toHaveLength(before);
  });

  test("goes back where the centre lost what it had, and all is there again", async () => {
    const desk = new Desk().fill(2000).connect();
    await desk.clock.until(() => desk.outbox.depth().count === 0, minute);
    desk.centre.forget(life, 700);
    void desk.save(note(1));
    await desk.clock.until(() => desk.centre.held(life).length === 2002, 5 * minute);
    await desk.clock.until(() => desk.outbox.depth().count === 0, minute);
    expect(desk.wrong()).toBeUndefined();
    expect(desk.log).toContain("link.events-lost-at-the-centre");
  });
});

describe("where the broker's word counts", () => {
  test("an event has left when the broker has it, and acknowledgements are nobody's", async () => {
    const desk = new Desk({ mode: "broker", weather: { ...fair, rtt: 50 } }).fill(1000);
    desk.wire.deliver(writeAck({ life, upTo: 900, hash: desk.card.items[899]?.hash ?? "" }));
    await desk.clock.pass(1000);
    expect(desk.outbox.depth().count).toBe(1001);
    desk.connect();
    await desk.clock.until(() => desk.outbox.depth().count === 0, minute);
    expect(desk.wrong()).toBeUndefined();
  });

  test("what a broken connection left open goes again", async () => {
    const desk = new Desk({ mode: "broker", weather: { ...fair, rtt: 400 } }).fill(3000).connect();
    for (let n = 0; n < 5; n++) {
      await desk.clock.pass(700);
      desk.cut().connect();
    }
    await desk.clock.until(() => desk.outbox.depth().count === 0, minute);
    expect(desk.wrong()).toBeUndefined();
  });
});

describe("whatever fails", () => {
  test("a disk that does not answer is asked again, and nobody is told anything wrong meanwhile", async () => {
    const desk = new Desk().fill(100);
    await desk.clock.pass(1);
    const { outgoing } = desk.disk;
    Object.assign(desk.disk, { outgoing: async () => err(fault("refused", "the card does not answer")) });
    desk.connect();
    desk.wire.deliver(writeAck({ life, upTo: 100, hash: "ab".repeat(32) }));
    await desk.clock.pass(minute);
    expect(desk.wire.went).toEqual([]);
    expect(desk.disagreements).toEqual([]);
    Object.assign(desk.disk, { outgoing });
    await desk.clock.until(() => desk.outbox.depth().count === 0, minute);
    expect(desk.wrong()).toBeUndefined();
  });

  test("a broker that takes no packet large enough is named, and nothing is skipped", async () => {
    const desk = new Desk().fill(3).connect({ maximumPacketSize: 200 });
    await desk.clock.pass(minute);
    expect(desk.wire.went).toEqual([]);
    expect(desk.log.join("\n")).toMatch(/takes no packet that holds entry 1/);
    desk.cut().connect();
    await desk.clock.until(() => desk.outbox.depth().count === 0, minute);
  });

  test("a broker that refuses a batch gets it again later", async () => {
    const desk = new Desk().fill(10);
    const session = desk.wire.connect();
    let refused = 0;
    desk.outbox.begin({
      ...session,
      publish: async (message) => {
        if (refused++ < 3) return err(fault("refused", "quota exceeded"));
        return session.publish(message);
      },
    });
    await desk.clock.until(() => desk.outbox.depth().count === 0, 10 * minute);
    expect(refused).toBe(4);
    expect(desk.wrong()).toBeUndefined();
  });

  test("after it stopped no timer is left, and what comes late changes nothing", async () => {
    const desk = new Desk({ weather: { ...fair, batchLost: 1 } }).fill(10).connect();
    await desk.clock.pass(100);
    for (let n = 0; n < 50; n++) desk.wire.deliver(writeAck({ life, upTo: 5, hash: "cd".repeat(32) }));
    await desk.clock.finish(desk.outbox.stop());
    desk.wire.deliver(writeAck({ life, upTo: 5, hash: desk.card.items[4]?.hash ?? "" }));
    desk.outbox.appended({ life, seq: 12, at: desk.clock.wall().utc });
    expect(desk.clock.pending().filter((label) => label.startsWith("link"))).toEqual([]);
  });

  test("an outbox that nobody connects holds nothing but its cursor", async () => {
    const desk = new Desk();
    const outbox = openOutbox({
      disk: desk.disk,
      clock: desk.clock,
      log: { note() {}, fail() {} },
      mode: "central",
      topic: "t",
      disagreed() {},
    });
    await desk.clock.finish(outbox.stop());
    expect(outbox.depth().count).toBe(1);
  });
});
