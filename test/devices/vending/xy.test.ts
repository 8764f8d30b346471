import { describe, expect, test } from "vitest";
import { fault } from "../../../devices/kit/fault.ts";
import xy from "../../../devices/vending/xy.ts";
import { meaning } from "../../../devices/vending/xy-motor.ts";
import { ACK, byHand, framed, POLL, type ByHand } from "./xy-by-hand.ts";

/** 04: progress and result, with the board's number. */
const tells = (pack: string, status: string, slot = "01") => framed(`04 04 ${pack} ${status} 00 ${slot}`);
const confirmed = framed("71 04 70 24 01 00");
/** Greeted, and drop detection confirmed. The next number of ours is 5. */
async function ready(options: object = {}): Promise<ByHand> {
  const hand = await byHand(options);
  await hand.drain();
  await hand.says(confirmed);
  return hand;
}
const drive = (pack: string, slot = "01") => framed(`06 05 ${pack} 01 00 00 ${slot}`);

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

describe("a release on XY", () => {
  test("06 goes out at the very next poll, before all that waits but the synchronising", async () => {
    const hand = await byHand();
    const released = hand.vending.release("1", 1);
    expect(await hand.poll()).toBe(framed("31 01 01"));
    expect(await hand.poll()).toBe(drive("02"));
    await hand.says(tells("01", "01"));
    await hand.says(tells("02", "02"));
    expect(await released).toEqual({ kind: "delivered", evidence: "motor-home" });
  });

  test("the drop sensor counts as proof only once the board has confirmed that it is on", async () => {
    const hand = await byHand();
    await hand.drain();
    const vend = async (pack: string) => {
      const released = hand.vending.release("1", 1);
      await hand.poll();
      await hand.says(tells(`${pack}1`, "01"));
      await hand.says(tells(`${pack}2`, "02"));
      return released;
    };
    expect(await vend("1")).toEqual({ kind: "delivered", evidence: "motor-home" });
    await hand.says(confirmed);
    expect(await vend("2")).toEqual({ kind: "delivered", evidence: "drop-sensor" });
  });

  test("without a drop sensor the motor's home is all the proof, and the board is not asked for its curtain", async () => {
    const hand = await byHand({ dropSensor: false });
    await hand.drain();
    await hand.says(confirmed);
    expect(hand.vending).not.toHaveProperty("curtain");
    const released = hand.vending.release("1", 1);
    expect(await hand.poll()).toBe(framed("06 05 05 00 00 00 01"));
    await hand.says(tells("01", "01"));
    await hand.says(tells("02", "02"));
    expect(await released).toEqual({ kind: "delivered", evidence: "motor-home" });
  });

  test("with an elevator the board is told to use it", async () => {
    const hand = await ready({ lift: true });
    void hand.vending.release("1", 1);
    expect(await hand.poll()).toBe(framed("06 05 05 01 01 00 01"));
  });

  test.each(["0", "21", "x", "01", "1.5", "-1", "", "999999"])(
    'an unknown slot "%s" is refused without a byte',
    async (slot) => {
      const hand = await ready();
      expect(await hand.vending.release(slot, 1)).toMatchObject({
        kind: "not-delivered",
        started: false,
        fault: { kind: "misconfigured" },
      });
      expect(await hand.poll()).toBe(ACK);
    },
  );

  test("with no poll nothing is sent, neither then nor later", async () => {
    const hand = await ready();
    expect(await hand.clock.finish(hand.vending.release("1", 1), 3000)).toMatchObject({
      kind: "not-delivered",
      started: false,
      fault: { kind: "silent" },
    });
    expect(await hand.poll()).toBe(ACK);
  });

  test("a board that tells its slots for long before it polls is waited for", async () => {
    const hand = await ready();
    const released = hand.vending.release("1", 1);
    for (let n = 1; n <= 20; n++) {
      await hand.says(framed(`11 0C ${n.toString(16).padStart(2, "0")} 00 01 00 00 00 00 07 0A 00 01 00`));
      await hand.clock.pass(300);
    }
    expect(await hand.poll()).toBe(drive("05"));
    await hand.says(tells("31", "01"));
    await hand.says(tells("32", "02"));
    expect(await released).toMatchObject({ kind: "delivered" });
  });

  test("never acknowledged, it may have been heard: unknown, and a late 04 still settles it", async () => {
    const hand = await ready();
    const first = hand.vending.release("1", 1);
    for (let sending = 0; sending < 6; sending++) {
      expect(await hand.says(POLL)).toEqual([drive("05")]);
      await hand.clock.pass(200);
    }
    expect(await hand.says(POLL)).toEqual([ACK]);
    expect(await hand.clock.finish(first, 61_000)).toMatchObject({ kind: "unknown", fault: { kind: "silent" } });

    await hand.clock.pass(60_000);
    const second = hand.vending.release("2", 2);
    for (let sending = 0; sending < 6; sending++) await hand.says(POLL);
    await hand.says(tells("01", "01", "02"));
    await hand.says(tells("02", "02", "02"));
    expect(await second).toEqual({ kind: "delivered", evidence: "drop-sensor" });
  });

  test("60 s without a new 04 is unknown; each 04 gives another 60 s", async () => {
    const hand = await ready();
    const released = hand.vending.release("1", 1);
    await hand.poll();
    await hand.clock.pass(59_000);
    await hand.says(tells("01", "01"));
    await hand.clock.pass(59_000);
    await hand.says(tells("02", "10"));
    let settled = false;
    void released.then(() => (settled = true));
    await hand.clock.pass(59_000);
    expect(settled).toBe(false);
    await hand.clock.pass(1500);
    expect(await released).toMatchObject({ kind: "unknown", fault: { kind: "silent" } });
  });

  test("it is not repeated after 2 s of silence: the board may have been restarted and have forgotten it", async () => {
    const hand = await ready();
    const released = hand.vending.release("1", 1);
    expect(await hand.says(POLL)).toEqual([drive("05")]);
    await hand.clock.pass(2500);
    expect(await hand.says(POLL)).toEqual([ACK]);
    expect(await hand.clock.finish(released, 61_000)).toMatchObject({ kind: "unknown" });
  });

  test("a board that synchronises in the middle was restarted: unknown at once, and never repeated", async () => {
    const hand = await ready();
    const released = hand.vending.release("1", 1);
    expect(await hand.says(POLL)).toEqual([drive("05")]);
    await hand.says("FA FB 31 01 02 33");
    expect(await released).toMatchObject({ kind: "unknown", fault: { kind: "interrupted" } });
    expect(await hand.drain()).not.toContain(drive("05"));
  });

  test("one motion at a time: the second waits for the first", async () => {
    const hand = await ready();
    const first = hand.vending.release("1", 1);
    const second = hand.vending.release("2", 2);
    expect(await hand.poll()).toBe(drive("05"));
    expect(await hand.poll()).toBe(ACK);
    await hand.says(tells("01", "01"));
    await hand.says(tells("02", "03"));
    expect(await first).toMatchObject({ kind: "not-delivered", started: true, fault: { kind: "jammed" } });
    expect(await hand.poll()).toBe(drive("06", "02"));
    await hand.says(tells("03", "01", "02"));
    await hand.says(tells("04", "02", "02"));
    expect(await second).toMatchObject({ kind: "delivered" });
  });

  test("the result of another slot is not ours", async () => {
    const hand = await ready();
    const released = hand.vending.release("1", 1);
    await hand.poll();
    await hand.says(tells("01", "01"));
    await hand.says(tells("02", "02", "07"));
    await hand.says(tells("03", "03"));
    expect(await released).toMatchObject({ kind: "not-delivered" });
  });

  test("soon after a start, a result without a beginning is of the motion before: not ours", async () => {
    const hand = await ready();
    const released = hand.vending.release("1", 1);
    await hand.poll();
    await hand.says(tells("01", "02"));
    await hand.says(tells("02", "01"));
    await hand.says(tells("03", "03"));
    expect(await released).toMatchObject({ kind: "not-delivered" });
  });

  test("once no earlier motion can report, a result counts although its beginning was lost", async () => {
    const hand = await ready();
    await hand.clock.pass(61_000);
    const released = hand.vending.release("1", 1);
    await hand.poll();
    await hand.says(tells("01", "02"));
    expect(await released).toMatchObject({ kind: "delivered" });
  });

  test("FF after a finished motion does not end the next one on the same slot", async () => {
    const hand = await ready();
    await hand.clock.pass(61_000);
    const first = hand.vending.release("1", 1);
    await hand.poll();
    await hand.says(tells("01", "02"));
    await first;
    const second = hand.vending.release("1", 2);
    await hand.poll();
    await hand.says(tells("02", "FF"));
    await hand.says(tells("03", "01"));
    await hand.says(tells("04", "03"));
    expect(await second).toMatchObject({ kind: "not-delivered", fault: { kind: "jammed" } });
  });

  test("unplugged before the poll nothing was sent; unplugged after it, nobody knows", async () => {
    const before = await ready();
    const unsent = before.vending.release("1", 1);
    await before.clock.pass(0);
    before.lose(fault("no-device", "unplugged"));
    expect(await unsent).toMatchObject({ kind: "not-delivered", started: false, fault: { kind: "no-device" } });

    const after = await ready();
    const sent = after.vending.release("1", 1);
    await after.poll();
    after.lose(fault("no-device", "unplugged"));
    expect(await sent).toMatchObject({ kind: "unknown", fault: { kind: "interrupted" } });
    expect(await after.vending.release("1", 2)).toMatchObject({ kind: "not-delivered", started: false });
  });

  test("a write that fails counts as heard", async () => {
    const hand = await ready();
    const released = hand.vending.release("1", 1);
    await hand.clock.pass(0);
    hand.breakWrites(fault("no-device", "EIO"));
    await hand.says(POLL);
    hand.lose(fault("no-device", "hung up"));
    expect(await released).toMatchObject({ kind: "unknown" });
  });
});

describe("what 04 means", () => {
  const kinds = (...codes: readonly number[]) => new Set(codes.map((code) => meaning(code).is));

  test("01 begins, lift, doors and heating go on", () => {
    expect(meaning(0x01)).toEqual({ is: "begun" });
    expect(kinds(0x10, 0x11, 0x14, 0x16, 0x18, 0x19, 0x22, 0x23, 0x26)).toEqual(new Set(["going-on"]));
  });

  test("02, and 24 by the text, are success; nothing else is", () => {
    const success = Array.from({ length: 256 }, (_, code) => code).filter((code) => meaning(code).is === "delivered");
    expect(success).toEqual([0x02, 0x24]);
  });

  test("only where the good provably stayed in its slot it was not delivered", () => {
    const not = Array.from({ length: 256 }, (_, code) => code).filter((code) => meaning(code).is === "not-delivered");
    expect(not).toEqual([0x03, 0x06, 0x0a]);
  });

  test("faults of lift, doors and microwave, a motor that ran on, and a bare end leave it open", () => {
    expect(kinds(0x04, 0x07, 0x12, 0x13, 0x15, 0x17, 0x20, 0x21, 0x25, 0x27, 0x2a, 0x30, 0x32, 0xff)).toEqual(
      new Set(["unknown"]),
    );
  });

  test("a code that is not in the document ends nothing", () => {
    expect(kinds(0x00, 0x05, 0x08, 0x33, 0xfe)).toEqual(new Set(["going-on"]));
  });

  test("24 tells the worker at once; what follows of the same motion is not taken for the next", async () => {
    const hand = await ready({ lift: true });
    await hand.clock.pass(61_000);
    const first = hand.vending.release("1", 1);
    await hand.poll();
    await hand.says(tells("01", "01"));
    await hand.says(tells("02", "24"));
    expect(await first).toMatchObject({ kind: "delivered" });
    const second = hand.vending.release("1", 2);
    await hand.poll();
    await hand.says(tells("03", "02"));
    await hand.says(tells("04", "FF"));
    await hand.says(tells("05", "01"));
    await hand.says(tells("06", "03"));
    expect(await second).toMatchObject({ kind: "not-delivered" });
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
