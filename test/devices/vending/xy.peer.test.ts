import { describe, expect, test } from "vitest";
import { millis } from "../../../devices/kit/clock.ts";
import type { SlotReport } from "../../../devices/vending/capability.ts";
import machine from "../../../devices/vending/xy.peer.ts";
import xy from "../../../devices/vending/xy.ts";
import { manualClock } from "../../kit/clock.ts";
import { layWire, type Noise } from "../../kit/wire.ts";
import { ACK, POLL } from "./xy-by-hand.ts";

async function cabinet(given: { options?: object; seed?: number; noise?: Partial<Noise> } = {}) {
  const read = xy.options({ slots: 6, ...given.options });
  if (!read.ok) throw new Error(read.error.join("; "));
  const clock = manualClock();
  const { wire, peer } = layWire(machine, read.value, clock, given.seed, given.noise);
  const end = await wire.open();
  if (!end.ok) throw new Error(end.error.detail);
  const opened = await xy.open({ id: "vend", options: read.value, port: end.value.port, clock, note() {} });
  if (!opened.ok) throw new Error(opened.error.detail);
  const { vending, board } = opened.value.can;
  if (!vending) throw new Error("the cabinet gives nothing");
  // Greeted, slots told, drop detection confirmed.
  await clock.pass(3000);
  return {
    clock,
    wire,
    peer,
    device: opened.value,
    vending,
    curtain: async () => clock.finish(Promise.resolve(vending.curtain?.())),
    temperature: async () => clock.finish(Promise.resolve(board?.temperature?.())),
    vend: (slot: string) => clock.finish(vending.release(slot, 1), 120_000),
  };
}

const delivered = { kind: "delivered", evidence: "drop-sensor" };

describe("the simulated XY cabinet and its driver", () => {
  test("a good falls, is proven, and the board counts one less", async () => {
    const { vending, vend, peer, clock } = await cabinet();
    const reports: SlotReport[] = [];
    vending.reports?.((report) => reports.push(report));
    expect(reports).toHaveLength(6);
    expect(await vend("3")).toEqual(delivered);
    await clock.pass(1000);
    expect(peer.truth()).toEqual(["3"]);
    expect(reports.at(-1)).toEqual({ slot: "3", sells: true, stock: 9, capacity: 10 });
  });

  test("the order to drive is on the wire within one poll", async () => {
    const { vending, wire, clock } = await cabinet();
    const before = wire.said.length;
    void vending.release("3", 1);
    await clock.pass(200);
    expect(wire.said.slice(before).filter((line) => line.startsWith("> FA FB 06"))).toHaveLength(1);
  });

  test.each([
    ["jam", "2", { kind: "not-delivered", started: true, fault: { kind: "jammed" } }, []],
    ["no-drop", "2", { kind: "not-delivered", started: true, fault: { kind: "jammed" } }, []],
    ["late-drop", "2", delivered, ["2"]],
    ["stock", "2=0", { kind: "not-delivered", started: true, fault: { kind: "jammed" } }, []],
    ["curtain", "dead", { kind: "not-delivered", fault: { kind: "self-test" } }, []],
    ["refuse", true, { kind: "not-delivered", started: false, fault: { kind: "misconfigured" } }, []],
    ["lose-answer", 1, { kind: "unknown", fault: { kind: "silent" } }, ["2"]],
    ["lose-ack", 3, delivered, ["2"]],
    ["lose-ack", 100, delivered, ["2"]],
    ["wrong-sum", 4, delivered, ["2"]],
    ["late-answer", 20_000, delivered, ["2"]],
  ] as const)("with %s turned to %s", async (knob, to, outcome, fell) => {
    const { vend, peer } = await cabinet();
    peer.turn(knob, to);
    expect(await vend("2")).toMatchObject(outcome);
    expect(peer.truth()).toEqual(fell);
    peer.turn("mend", "*");
  });

  test("mended, it gives again", async () => {
    const { vend, peer } = await cabinet();
    peer.turn("jam", "2");
    await vend("2");
    peer.turn("mend", "2");
    expect(await vend("2")).toEqual(delivered);
    expect(peer.truth()).toEqual(["2"]);
  });

  test("a board without current is silent, and when it comes back it is greeted and gives again", async () => {
    const { vend, peer, clock, device } = await cabinet();
    peer.turn("power", false);
    expect(await clock.finish(device.identify(), 3000)).toMatchObject({ error: { kind: "silent" } });
    expect(await vend("1")).toMatchObject({ kind: "not-delivered", started: false, fault: { kind: "silent" } });
    peer.turn("power", true);
    await clock.pass(3000);
    expect(await vend("1")).toEqual(delivered);
  });

  test("cut off in the middle of a turn, nothing falls, nobody knows, and the order is not repeated", async () => {
    const { vending, peer, clock } = await cabinet();
    const released = vending.release("1", 1);
    await clock.pass(1000);
    peer.turn("power", false);
    await clock.pass(500);
    peer.turn("power", true);
    expect(await clock.finish(released, 5000)).toMatchObject({ kind: "unknown", fault: { kind: "interrupted" } });
    await clock.pass(20_000);
    expect(peer.truth()).toEqual([]);
  });

  test("pausing and filling are reported", async () => {
    const { vending, vend, peer, clock } = await cabinet();
    await vend("4");
    const reports: SlotReport[] = [];
    await clock.pass(1000);
    vending.reports?.((report) => reports.push(report));
    expect(reports.find((report) => report.slot === "4")).toMatchObject({ stock: 9, sells: true });
    reports.length = 0;
    peer.turn("paused", "4");
    await clock.pass(1000);
    expect(reports).toEqual([{ slot: "4", sells: false, stock: 9, capacity: 10 }]);
    peer.turn("fill", true);
    await clock.pass(1000);
    expect(reports.slice(1)).toHaveLength(6);
    expect(reports.slice(1).every((report) => report.stock === 10)).toBe(true);
  });

  test("cold and curtain are told", async () => {
    const { curtain, temperature, peer } = await cabinet();
    peer.turn("temperature", -4);
    expect(await temperature()).toEqual({ ok: true, value: -4 });
    peer.turn("temperature", "missing");
    expect(await temperature()).toMatchObject({ error: { kind: "self-test" } });
    expect(await curtain()).toEqual({ ok: true, value: "clear" });
    peer.turn("curtain", "blocked");
    expect(await curtain()).toEqual({ ok: true, value: "dead" });
  });

  test("the self-test moves nothing, says what it found, and fails where a part is broken", async () => {
    const { device, peer, clock } = await cabinet();
    peer.turn("jam", "2");
    peer.turn("door", true);
    const look = await clock.finish(device.selfTest("look"));
    expect(look.ok ? look.value : []).toEqual(
      expect.arrayContaining([
        expect.stringContaining(": 00 00 00 00 06 01 ("),
        "6 of 6 slots reported, none paused.",
        "Jammed slots: 2.",
        "Drop detection is on for all trays.",
        "The drop curtain sees.",
        "Cabinet 6 °C, its controller: in order.",
      ]),
    );
    peer.turn("curtain", "dead");
    expect(await clock.finish(device.selfTest("look"))).toMatchObject({ error: { kind: "self-test" } });
    expect(peer.truth()).toEqual([]);
  });

  test("the board never hears a word that it did not ask for", async () => {
    const { wire, vend } = await cabinet();
    await vend("1");
    let owed = 0;
    for (const line of wire.said) {
      if (line === `< ${POLL}` || (line.startsWith("<") && line !== `< ${ACK}`)) owed = 1;
      else if (line.startsWith(">")) {
        expect(owed).toBe(1);
        owed = 0;
      }
    }
    expect(wire.said.length).toBeGreaterThan(40);
  });

  test("with nobody there it polls once a minute, and at once when somebody comes", async () => {
    const { wire, peer, clock, vend } = await cabinet();
    const polls = () => wire.said.filter((line) => line === `< ${POLL}`).length;
    peer.turn("awake", false);
    await clock.pass(10_000);
    const before = polls();
    await clock.pass(600_000);
    expect(polls() - before).toBe(10);
    peer.turn("awake", true);
    expect(await vend("1")).toEqual(delivered);
    peer.turn("rhythm", 1000);
    await clock.pass(1000);
    const slower = polls();
    await clock.pass(10_000);
    expect(polls() - slower).toBe(10);
  });

  test("stopped and closed, nothing waits", async () => {
    const { wire, peer, clock, device, vending } = await cabinet();
    void vending.release("1", 1);
    await clock.pass(500);
    await device.close();
    peer.stop();
    await clock.pass(millis(0));
    expect(clock.pending()).toEqual([]);
    expect(wire.listeners()).toBe(0);
  });

  test("over a noisy wire it never says delivered of what did not fall, nor not delivered of what did", async () => {
    const outcomes: Record<string, number> = {};
    for (let seed = 1; seed <= 60; seed++) {
      const noise = { lose: 0.05, flip: 0.05, double: 0.05, garbage: 0.05, split: true, delay: 20 };
      const { vend, peer, clock } = await cabinet({ seed, noise });
      if (seed % 3 === 0) peer.turn("jam", "2");
      if (seed % 5 === 0) peer.turn("lose-answer", 1);
      for (const slot of ["1", "2", "2"]) {
        const before = peer.truth().length;
        const { kind } = await vend(slot);
        await clock.pass(5000);
        const fell = peer.truth().slice(before);
        outcomes[kind] = (outcomes[kind] ?? 0) + 1;
        expect(fell.length, `seed ${seed}`).toBeLessThanOrEqual(1);
        if (kind === "delivered") expect(fell, `seed ${seed}`).toEqual([slot]);
        if (kind === "not-delivered") expect(fell, `seed ${seed}`).toEqual([]);
      }
    }
    expect(outcomes["delivered"]).toBeGreaterThan(90);
    expect(outcomes["not-delivered"]).toBeGreaterThan(20);
    expect(outcomes["unknown"]).toBeGreaterThan(5);
  });
});
