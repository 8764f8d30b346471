import { describe, expect, test } from "vitest";
import { fault } from "../../../devices/kit/fault.ts";
import { meaning } from "../../../devices/vending/xy-motor.ts";
import { ACK, byHand, confirmed, drive, framed, POLL, ready, tells } from "./xy-by-hand.ts";

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
