import { describe, expect, test } from "vitest";
import xy from "../../../devices/vending/xy.ts";
import { ACK, byHand, drive, framed, POLL, ready } from "./xy-by-hand.ts";

describe("the rhythm of XY", () => {
  test("nothing is said before the board has polled", async () => {
    const hand = await byHand();
    const released = hand.vending.release("1", 1);
    await hand.clock.pass(1500);
    expect(await hand.says("99 99")).toEqual([]);
    await hand.device.close();
    expect(await released).toMatchObject({ kind: "not-delivered", started: false });
  });

  test("the greeting synchronises first, then shuts the acceptors for bills and coins", async () => {
    const hand = await byHand();
    expect(await hand.drain()).toEqual([
      framed("31 01 01"),
      framed("28 04 02 00 00 00"),
      framed("28 04 03 01 00 00"),
      framed("70 05 04 24 01 64 01"),
    ]);
  });

  test("a poll is answered at once, and with one frame only", async () => {
    const hand = await ready();
    void hand.vending.release("1", 1);
    void hand.vending.curtain?.();
    const before = hand.clock.mono();
    expect(await hand.says(POLL)).toEqual([drive("05")]);
    expect(hand.clock.mono() - before).toBe(0);
  });

  test("of several polls that came late together only the last is answered", async () => {
    const hand = await ready();
    expect(await hand.says(POLL, POLL, POLL)).toEqual([ACK]);
  });

  test("an un-ACKed command is repeated five times with the same number, then no more; the next has another number", async () => {
    const hand = await byHand();
    for (let sending = 0; sending < 6; sending++) expect(await hand.says(POLL)).toEqual([framed("31 01 01")]);
    // Synchronising is insisted upon, with a new number.
    expect(await hand.says(POLL)).toEqual([framed("31 01 02")]);
  });

  test("data of the board are acknowledged each time and taken once", async () => {
    const hand = await ready();
    const heard: unknown[] = [];
    hand.vending.reports?.((report) => heard.push(report));
    const report = "FA FB 11 0C 0C 00 01 00 00 00 00 07 0A 00 01 00 1D";
    expect(await hand.says(report)).toEqual([ACK]);
    await hand.clock.pass(200);
    expect(await hand.says(report)).toEqual([ACK]);
    expect(heard).toEqual([{ slot: "1", sells: true, stock: 7, capacity: 10 }]);
    // Much later it is another message that happens to have the same number.
    await hand.clock.pass(60_000);
    expect(await hand.says(report)).toEqual([ACK]);
    expect(heard).toHaveLength(2);
  });

  test("what the board said before anybody listened is told at once", async () => {
    const hand = await ready();
    await hand.says("FA FB 11 0C 0C 00 01 00 00 00 00 07 0A 00 01 00 1D");
    const heard: unknown[] = [];
    hand.vending.reports?.((report) => heard.push(report)).stop();
    await hand.says(framed("17 01 0D"));
    expect(heard).toEqual([{ slot: "1", sells: true, stock: 7, capacity: 10 }]);
  });

  test("numbers go on to 255 and then to 1", async () => {
    const hand = await ready();
    const packs: string[] = [];
    for (let i = 0; i < 256; i++) {
      const asked = hand.device.can.board?.temperature?.();
      packs.push((await hand.poll()).slice(12, 14));
      await hand.says(framed(`71 05 ${i % 2 ? "10" : "11"} 36 00 00 05 00`.replace("71 05", "71 06")));
      expect(await asked).toEqual({ ok: true, value: 5 });
    }
    expect(packs[0]).toBe("05");
    expect(packs.slice(249, 253)).toEqual(["FE", "FF", "01", "02"]);
  });

  test("half a frame does not spoil what comes after a pause", async () => {
    const hand = await ready();
    await hand.says("FA FB 11 0C 0C 00");
    await hand.clock.pass(200);
    expect(await hand.says(POLL)).toEqual([ACK]);
  });

  test("the board's own synchronising is answered with ours, before anything that waits", async () => {
    const hand = await ready();
    void hand.vending.curtain?.();
    expect(await hand.says("FA FB 31 01 02 33")).toEqual([ACK]);
    expect(await hand.poll()).toBe(framed("31 01 05"));
  });
});

describe("questions to XY", () => {
  test("identify is silent when no poll comes, and garbled when only noise does", async () => {
    const hand = await ready();
    expect(await hand.clock.finish(hand.device.identify(), 2500)).toMatchObject({ error: { kind: "silent" } });
    const asked = hand.device.identify();
    await hand.says("01 02 03 04 05");
    expect(await hand.clock.finish(asked, 2500)).toMatchObject({ error: { kind: "garbled" } });
  });

  test("identify tells the version, and the same each time even if it comes too late", async () => {
    const hand = await ready();
    const first = hand.device.identify();
    await hand.poll();
    await hand.clock.pass(1000);
    expect(await first).toEqual({ ok: true, value: { model: "XY V3" } });
    await hand.says(framed("32 10 02 58 59 2D 56 33 2E 32 2E 31 31 2D 30 30 31 31"));
    const second = hand.device.identify();
    await hand.poll();
    expect(await second).toEqual({ ok: true, value: { model: "XY V3" } });
  });

  test("the answer to another menu is not taken", async () => {
    const hand = await ready();
    const cold = hand.device.can.board?.temperature?.();
    await hand.poll();
    await hand.says(framed("71 04 01 50 01 00"));
    await hand.says(framed("71 06 02 36 00 00 FD 00"));
    expect(await cold).toEqual({ ok: true, value: -3 });
  });

  test("a menu that is refused is a fault, and a curtain that fails is dead", async () => {
    const hand = await ready();
    const cold = hand.device.can.board?.temperature?.();
    await hand.poll();
    await hand.says(framed("71 04 01 36 00 01"));
    expect(await cold).toMatchObject({ error: { kind: "refused" } });
    const curtain = hand.vending.curtain?.();
    await hand.poll();
    await hand.says(framed("71 04 02 50 01 01"));
    expect(await curtain).toEqual({ ok: true, value: "dead" });
  });

  test("close settles every open question, and leaves neither timer nor listener", async () => {
    const hand = await ready();
    const open = [
      hand.device.identify(),
      hand.vending.curtain?.(),
      hand.device.can.board?.temperature?.(),
      hand.vending.release("1", 1),
      hand.vending.release("2", 1),
      hand.device.selfTest("look"),
    ];
    await hand.clock.pass(0);
    await hand.device.close();
    for (const answer of await Promise.all(open.map((one) => Promise.resolve(one))))
      expect(answer).toMatchObject(
        answer && "kind" in answer ? { kind: "not-delivered", started: false } : { error: { kind: "no-device" } },
      );
    expect(hand.clock.pending()).toEqual([]);
    expect(hand.listeners()).toBe(0);
  });

  test("a card number behind a payment is not noted", async () => {
    const hand = await ready();
    await hand.says(framed("21 0A 05 03 00 00 00 64 12 34 56 78"));
    expect(hand.notes).toContainEqual(["xy.money-taken", { bytes: "03 00 00 00 64" }]);
  });
});

describe("the options of XY", () => {
  test("what is left out is as the document has it", () => {
    expect(xy.options({ slots: 24 })).toEqual({
      ok: true,
      value: { slots: 24, slotsPerTray: 10, dropSensor: true, lift: false, climate: "as-set", silentAfterSeconds: 2 },
    });
  });

  test.each([
    [{}, ["slots:"]],
    [{ slots: 0 }, ["slots:"]],
    [{ slots: 24, slotsPerTray: 0.5 }, ["slotsPerTray:"]],
    [{ slots: 24, dropSensor: [0] }, ["dropSensor:"]],
    [{ slots: 24, dropSensor: "on" }, ["dropSensor:"]],
    [{ slots: 24, lift: 1 }, ["lift:"]],
    [{ slots: 24, climate: "cold" }, ["climate:"]],
    [{ slots: 24, climate: { mode: "chill", celsius: 5.5 } }, ["climate.mode:", "climate.celsius:"]],
    [{ slots: 24, silentAfterSeconds: 1 }, ["silentAfterSeconds:"]],
    [{ slots: 24, slot: 3 }, ["slot:"]],
    [null, ["options:"]],
  ])("each mistake of %j begins with its name", (raw, names) => {
    const read = xy.options(raw);
    expect(read.ok ? [] : read.error.map((mistake) => mistake.slice(0, mistake.indexOf(":") + 1))).toEqual(names);
  });
});
