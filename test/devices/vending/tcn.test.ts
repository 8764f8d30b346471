import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import tcn from "../../../devices/vending/tcn.ts";
import peerOf from "../../../devices/vending/tcn.peer.ts";
import { celsius, encode, faultsIn, framer, orders, outcome } from "../../../devices/vending/tcn-wire.ts";
import { manualClock } from "../../kit/clock.ts";
import { hex, layWire, unhex, type Noise } from "../../kit/wire.ts";

const q = (board: number, command: number, parameter: number) => hex(encode({ board, command, parameter }));
const answer = (bytes: string) => {
  const [frame] = framer.push(framer.start, unhex(bytes)).frames;
  if (!frame) throw new Error(`${bytes} is no frame`);
  return frame;
};

describe("the bytes of the manual [S-TCN]", () => {
  // P: printed in the vendor's document. C: computed from its rule.
  test.each([
    ["P", "00 FF 01 FE 55 AA", 0, 0x01, 0x55, "vend slot 1, no light"],
    ["P", "01 FE 02 FD AA 55", 1, 0x02, 0xaa, "board 1, slot 2, light"],
    ["C", "00 FF 0C F3 AA 55", 0, 0x0c, 0xaa, "slot 12, light"],
    ["P", "00 FF 64 9B AA 55", 0, 0x64, 0xaa, "self-test with light"],
    ["P", "00 FF DC 23 55 AA", 0, 0xdc, 0x55, "temperature"],
    ["P", "00 FF DF 20 55 AA", 0, 0xdf, 0x55, "door"],
    ["P", "00 FF CC 33 01 FE", 0, 0xcc, 0x01, "temperature control on"],
    ["P", "00 FF CD 32 01 FE", 0, 0xcd, 0x01, "cool"],
    ["P", "00 FF CE 31 05 FA", 0, 0xce, 0x05, "to 5 degrees"],
    ["P", "00 FF E6 19 02 FD", 0, 0xe6, 0x02, "2 shakes"],
    ["P", "00 FF E9 16 03 FC", 0, 0xe9, 0x03, "3 s for the drop"],
    ["P", "00 FF E8 17 00 FF", 0, 0xe8, 0x00, "light curtain"],
    ["P", "00 FF E7 18 00 FF", 0, 0xe7, 0x00, "version"],
  ])("%s %s is said", (_mark, bytes, board, command, parameter) => {
    expect(q(board, command, parameter)).toBe(bytes);
  });

  test.each([
    ["P", "00 5D 00 00 5D", false, { kind: "delivered", evidence: "motor-home" }],
    ["P", "00 5D 00 00 5D", true, { kind: "not-delivered", started: true, fault: { kind: "no-drop" } }],
    ["P", "00 5D 00 AA 07", true, { kind: "delivered", evidence: "drop-sensor" }],
    ["P", "00 5D 00 CC 29", true, { kind: "delivered", evidence: "drop-sensor" }],
    ["P", "00 5D 00 33 90", true, { kind: "not-delivered", started: true, fault: { kind: "no-drop" } }],
    ["P", "00 5C 40 00 9C", true, { kind: "not-delivered", started: false, fault: { kind: "jammed" } }],
    ["P", "00 5C 40 00 9C", false, { kind: "not-delivered", started: false, fault: { kind: "jammed" } }],
    ["P", "00 5C 02 00 5E", true, { kind: "not-delivered", started: false, fault: { kind: "self-test" } }],
    ["C", "00 5C 50 00 AC", true, { kind: "not-delivered", started: true, fault: { kind: "jammed" } }],
    ["C", "00 5C 50 00 AC", false, { kind: "unknown", fault: { kind: "jammed" } }],
    ["C", "00 5C 50 AA 56", true, { kind: "delivered", evidence: "drop-sensor" }],
    ["C", "00 5C 00 00 5C", true, { kind: "not-delivered", started: true, fault: { kind: "refused" } }],
    ["C", "00 5C 00 00 5C", false, { kind: "unknown", fault: { kind: "refused" } }],
    ["C", "00 5D 00 11 6E", true, { kind: "unknown", fault: { kind: "garbled" } }],
    ["C", "00 5D 50 00 AD", false, { kind: "unknown", fault: { kind: "jammed" } }],
  ])("%s %s with light check %s is understood", (_mark, bytes, lightCheck, meaning) => {
    expect(outcome(answer(bytes), lightCheck)).toMatchObject(meaning);
  });

  test("the self-test names the part: 00 5C 10 00 6C is printed as PMOS short", () => {
    expect(faultsIn(answer("00 5C 10 00 6C").r3)).toBe("PMOS short");
    expect(faultsIn(0x43)).toBe("motor open, light signal always on");
    expect(faultsIn(0x00)).toBe("");
    expect(faultsIn(0x90)).toBe("code 9");
  });

  test("temperatures are signed, and two of them are faults of the probe", () => {
    const { r3, r4 } = answer("00 5D 06 08 6B"); // printed: 6 and 8 degrees
    expect([celsius(r3), celsius(r4), celsius(0xfb)]).toEqual([6, 8, -5].map((value) => ({ ok: true, value })));
    expect(celsius(0xeb)).toMatchObject({ error: { kind: "self-test" } });
    expect(celsius(0x65)).toMatchObject({ error: { kind: "self-test" } });
  });

  test("the version B27 is a frame although it has no 5D", () => {
    expect(answer("00 42 32 37 AB")).toEqual({ board: 0, head: 0x42, r3: 0x32, r4: 0x37 });
  });
});

test("no flipped bit of an answer is taken for an answer", () => {
  const whole = fc.record({ r3: fc.nat(255), r4: fc.nat(255), second: fc.constantFrom(0x5c, 0x5d), bit: fc.nat(39) });
  fc.assert(
    fc.property(whole, ({ r3, r4, second, bit }) => {
      const bytes = Uint8Array.of(0, second, r3, r4, (second + r3 + r4) & 0xff);
      expect(framer.push(framer.start, bytes).frames).toHaveLength(1);
      const at = bit >> 3;
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
      expect(framer.push(framer.start, bytes).frames).toEqual([]);
    }),
  );
});

const byte = fc.nat(255);

test("what is encoded is decoded to the same, and to nothing with one bit flipped", () => {
  fc.assert(
    fc.property(fc.record({ board: byte, command: byte, parameter: byte }), fc.nat(47), (question, bit) => {
      const bytes = encode(question);
      expect(orders.push(orders.start, bytes)).toEqual({ state: orders.start, frames: [question], junk: 0 });
      const at = bit >> 3;
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
      expect(orders.push(orders.start, bytes).frames).toEqual([]);
    }),
  );
});

async function machine(raw: object = {}, noise: Partial<Noise> = {}, seed = 1) {
  const clock = manualClock();
  const options = tcn.options({ slots: ["1-12", "1/1-4"], ...raw });
  if (!options.ok) throw new Error(options.error.join("; "));
  const { wire, peer } = layWire(peerOf, options.value, clock, seed, noise);
  const end = await wire.open();
  if (!end.ok) throw new Error(end.error.detail);
  const notes: unknown[] = [];
  const opened = await tcn.open({
    id: "vend",
    options: options.value,
    port: end.value.port,
    clock,
    note: (event, facts) => notes.push([event, facts]),
  });
  if (!opened.ok) throw new Error(opened.error.detail);
  const { vending, board } = opened.value.can;
  if (!vending || !board?.door || !board.temperature) throw new Error("a TCN board vends and has a door and a probe");
  return { clock, wire, peer, device: opened.value, vending, board, notes };
}

describe("a TCN board", () => {
  test("gives a good and says that it was seen falling", async () => {
    const { clock, vending, peer, wire } = await machine();
    expect(await clock.finish(vending.release("12", 1))).toEqual({ kind: "delivered", evidence: "drop-sensor" });
    expect(peer.truth()).toEqual(["12"]);
    expect(wire.said).toEqual(["> 00 FF 0C F3 AA 55", "< 00 5D 00 AA 07"]);
  });

  test("turns the slot of a second board by its number", async () => {
    const { clock, vending, peer } = await machine();
    expect((await clock.finish(vending.release("1/2", 1))).kind).toBe("delivered");
    expect(peer.truth()).toEqual(["1/2"]);
  });

  test.each([
    ["jam", "3", { kind: "not-delivered", started: false, fault: { kind: "jammed" } }, 0],
    ["stuck", "3", { kind: "not-delivered", started: true, fault: { kind: "jammed" } }, 0],
    ["no-drop", "3", { kind: "not-delivered", started: true, fault: { kind: "no-drop" } }, 0],
    ["stock", "3=0", { kind: "not-delivered", started: true, fault: { kind: "no-drop" } }, 0],
    ["late-drop", "3", { kind: "delivered", evidence: "drop-sensor" }, 1],
    ["curtain", "dead", { kind: "not-delivered", started: false, fault: { kind: "self-test" } }, 0],
    ["curtain", "blocked", { kind: "not-delivered", started: false, fault: { kind: "self-test" } }, 0],
    ["lose-answer", 1, { kind: "unknown", fault: { kind: "silent" } }, 1],
    ["silent", true, { kind: "unknown", fault: { kind: "silent" } }, 0],
    ["refuse", true, { kind: "not-delivered", started: true, fault: { kind: "refused" } }, 0],
  ])("with %s %s says no more than it knows", async (knob, to, delivery, fallen) => {
    const { clock, vending, peer } = await machine();
    peer.turn(knob, to);
    expect(await clock.finish(vending.release("3", 1))).toMatchObject(delivery);
    expect(peer.truth()).toHaveLength(fallen);
  });

  test("without shaking a drop that was not seen is a no-drop, not a delivery", async () => {
    const { clock, vending, peer } = await machine();
    peer.turn("shakes", 0);
    peer.turn("no-drop", "3");
    expect(await clock.finish(vending.release("3", 1))).toMatchObject({ started: true, fault: { kind: "no-drop" } });
  });

  test("without a light curtain proves nothing but the motor, and claims no curtain", async () => {
    const { clock, vending, wire } = await machine({ lightCheck: false });
    expect("curtain" in vending).toBe(false);
    expect(await clock.finish(vending.release("1", 1))).toEqual({ kind: "delivered", evidence: "motor-home" });
    expect(wire.said[0]).toBe("> 00 FF 01 FE 55 AA");
  });

  test("never sends a drive command twice, however long the silence", async () => {
    const { clock, vending, peer, wire } = await machine();
    peer.turn("silent", true);
    expect((await clock.finish(vending.release("1", 1))).kind).toBe("unknown");
    expect(clock.mono()).toBe(20_000);
    await clock.pass(600_000);
    expect(wire.said).toEqual(["> 00 FF 01 FE AA 55"]);
  });

  test("an answer after the time-out is not taken for the next slot's", async () => {
    const { clock, vending, peer, wire } = await machine();
    peer.turn("late-answer", 25_000);
    peer.turn("jam", "2");
    const first = vending.release("1", 1);
    const second = vending.release("2", 2);
    expect((await clock.finish(first)).kind).toBe("unknown");
    peer.turn("late-answer", 0);
    await clock.run(41_900);
    expect(wire.said).toEqual(["> 00 FF 01 FE AA 55", "< 00 5D 00 AA 07"]);
    expect(await clock.finish(second)).toMatchObject({ kind: "not-delivered", fault: { kind: "jammed" } });
  });

  test("the life question waits behind a motion and does not disturb it", async () => {
    const { clock, vending, device, wire } = await machine();
    const motion = vending.release("1", 1);
    const life = device.identify();
    expect((await clock.finish(motion)).kind).toBe("delivered");
    expect(await clock.finish(life)).toEqual({ ok: true, value: { model: "TCN drive board", firmware: "B27" } });
    expect(wire.said.map((line) => line.slice(0, 13))).toEqual([
      "> 00 FF 01 FE",
      "< 00 5D 00 AA",
      "> 00 FF E7 18",
      "< 00 42 32 37",
    ]);
  });

  test("takes no stray answer of another question for its version", async () => {
    const { clock, device, wire } = await machine();
    const life = device.identify();
    wire.inject(unhex("00 5D 00 AA 07"));
    expect(await clock.finish(life)).toMatchObject({ value: { firmware: "B27" } });
  });

  test("unplugged while it turns: unknown, interrupted; asked when already gone: nothing moved", async () => {
    const { clock, vending, peer, wire } = await machine();
    const motion = vending.release("1", 1);
    await clock.pass(500);
    wire.unplug();
    expect(await clock.finish(motion)).toMatchObject({ kind: "unknown", fault: { kind: "interrupted" } });
    const next = await clock.finish(vending.release("2", 2));
    expect(next).toMatchObject({ kind: "not-delivered", started: false, fault: { kind: "no-device" } });
    await clock.pass(10_000);
    expect(peer.truth()).toEqual(["1"]);
  });

  test.each([
    ["clear", "clear"],
    ["blocked", "blocked"],
    ["dead", "dead"],
  ])("tells a curtain that is %s", async (turned, told) => {
    const { clock, vending, peer } = await machine();
    peer.turn("curtain", turned);
    expect(await clock.finish(vending.curtain?.() ?? Promise.reject(new Error("no curtain")))).toEqual({
      ok: true,
      value: told,
    });
  });

  test("tells the door at once and at each change, until it is told to stop", async () => {
    const { clock, board, peer } = await machine();
    const told: boolean[] = [];
    const watch = board.door?.((open) => told.push(open));
    await clock.pass(1000);
    expect(told).toEqual([false]);
    peer.turn("door", true);
    await clock.pass(11_000);
    expect(told).toEqual([false, true]);
    watch?.stop();
    peer.turn("door", false);
    await clock.pass(11_000);
    expect([told, clock.pending()]).toEqual([[false, true], []]);
  });

  test("reads the cabinet's temperature, and says which probe is broken", async () => {
    const { clock, board, peer } = await machine();
    const read = () => clock.finish(board.temperature?.() ?? Promise.reject(new Error("no probe")));
    expect(await read()).toEqual({ ok: true, value: 6 });
    peer.turn("temperature", -3);
    expect(await read()).toEqual({ ok: true, value: -3 });
    peer.turn("temperature", "missing");
    expect(await read()).toMatchObject({ error: { kind: "self-test", detail: "temperature probe missing (EB)" } });
  });

  test("its self-test is a list of sentences", async () => {
    const { clock, device } = await machine();
    expect(await clock.finish(device.selfTest("look"))).toEqual({
      ok: true,
      value: [
        "firmware B27",
        "self-test: nothing found",
        "light curtain: clear",
        "door: shut",
        "temperature 1: 6 °C",
        "temperature 2: 8 °C",
        "noise on the line: 0 bytes since it was opened",
      ],
    });
    expect(await clock.finish(device.selfTest("move"))).toEqual({ ok: true, value: ["all motors stand at home"] });
  });
});

test("each mistake in the options begins with the option's path", () => {
  const wrong = tcn.options({ board: -1, slots: ["0", "5-3", "1-2", "2", 7, "81"], lightCheck: "yes", colour: "red" });
  expect(wrong.ok ? [] : wrong.error.map((mistake) => mistake.slice(0, mistake.indexOf(":")))).toEqual([
    "colour",
    "board",
    "lightCheck",
    "slots.0",
    "slots.1",
    "slots.3",
    "slots.4",
    "slots.5",
  ]);
  expect(tcn.options({ slots: ["1-2", "1/5"] })).toEqual({
    ok: true,
    value: {
      board: 0,
      lightCheck: true,
      slots: [
        { name: "1", board: 0, number: 1 },
        { name: "2", board: 0, number: 2 },
        { name: "1/5", board: 1, number: 5 },
      ],
    },
  });
});
