import { describe, expect, test } from "vitest";
import type { Delivery } from "../../devices/vending/capability.ts";
import { dice } from "../kit/dice.ts";
import { patience, putOnBench, releaseAndLook, type Bench } from "./bench.ts";
import { vending } from "./drivers.ts";

const seeds = 1000;
const slots = ["1", "2", "3"];
const faults = ["jam", "stuck", "no-drop", "late-drop"];

/** What a delivery claims against what fell; undefined where the claim is honest. */
function lie(slot: string, delivery: Delivery, fell: readonly string[]): string | undefined {
  if (fell.length > 1) return `${fell.length} goods fell for one release`;
  if (fell.some((other) => other !== slot)) return `slot ${fell.join()} moved for slot ${slot}`;
  if (delivery.kind === "not-delivered" && fell.length > 0) return "called undelivered, and it fell";
  // A motor that came home is no proof of a drop, and is not called one.
  if (delivery.kind === "delivered" && delivery.evidence !== "motor-home" && fell.length === 0)
    return "called delivered, and nothing fell";
  return undefined;
}

function spoil({ turn }: Bench, seed: number): void {
  const { chance, between } = dice(seed * 7919);
  for (const slot of slots) {
    if (chance(0.3)) turn(faults[between(0, faults.length)] ?? "jam", slot);
    if (chance(0.1)) turn("stock", `${slot}=0`);
  }
  if (chance(0.1)) turn("curtain", chance(0.5) ? "blocked" : "dead");
  if (chance(0.1)) turn("lose-answer", 1);
  if (chance(0.1)) turn("late-answer", between(0, 30_000));
  if (chance(0.05)) turn("refuse", true);
}

describe.each(vending)("$profile", (one) => {
  test(`release is honest over ${seeds} machines with faults, lost bytes and flipped bits`, async () => {
    const lies: string[] = [];
    const kinds = new Map<string, number>();
    for (let seed = 1; seed <= seeds; seed++) {
      const bench = await putOnBench(one, seed, { split: true, delay: 4 });
      spoil(bench, seed);
      Object.assign(bench.wire.noise, { lose: 0.05, flip: 0.05, garbage: 0.02 });
      for (const slot of slots.slice(0, 1 + (seed % 2))) {
        const { delivery, fell } = await releaseAndLook(bench, slot, seed);
        kinds.set(delivery.kind, (kinds.get(delivery.kind) ?? 0) + 1);
        const told = lie(slot, delivery, fell);
        if (told) lies.push(`seed ${seed}: ${told}: ${JSON.stringify(delivery)}`);
      }
      bench.peer.stop();
      await bench.device.close();
    }
    expect(lies).toEqual([]);
    // The noise was loud enough to hide some outcomes, and not so loud that nothing was learnt.
    for (const kind of ["delivered", "not-delivered", "unknown"]) expect(kinds.get(kind), kind).toBeGreaterThan(50);
  });

  test.each([
    ["nothing", undefined, "delivered"],
    ["jam", "1", "not-delivered"],
    ["no-drop", "1", "not-delivered"],
    ["late-drop", "1", "delivered"],
    ["stock", "1=0", "not-delivered"],
    ["silent", true, "not-delivered or unknown"],
    ["lose-answer", 1, "unknown"],
  ])("with %s turned to %s a release is %s", async (knob, to, kind) => {
    const bench = await putOnBench(one);
    if (to !== undefined) bench.turn(knob, to);
    const { delivery, fell } = await releaseAndLook(bench, "1");
    expect(kind.split(" or ")).toContain(delivery.kind);
    expect(lie("1", delivery, fell)).toBeUndefined();
    if (delivery.kind === "delivered") expect(delivery.evidence).toBe("drop-sensor");
  });

  test.each(["0", "999", "-1", "1.5", "1e1", "", " 1", "１", "constructor", "__proto__"])(
    'slot "%s" is misconfigured, without a byte sent',
    async (slot) => {
      const bench = await putOnBench(one);
      const said = bench.wire.said.length;
      expect(await bench.clock.finish(bench.vending.release(slot, 1), 0)).toMatchObject({
        kind: "not-delivered",
        started: false,
        fault: { kind: "misconfigured" },
      });
      expect(bench.wire.said).toHaveLength(said);
    },
  );

  test("looking moves nothing", async () => {
    const bench = await putOnBench(one);
    const looked = await bench.clock.finish(bench.device.selfTest("look"), patience);
    expect(looked).toMatchObject({ ok: true });
    if (looked.ok) for (const line of looked.value) expect(line).toMatch(/\S/);
    await bench.clock.pass(60_000);
    expect(bench.peer.truth()).toEqual([]);
  });

  test("asks the curtain before it says clear", async () => {
    const told: unknown[] = [];
    for (const state of ["clear", "blocked", "dead"]) {
      const bench = await putOnBench(one);
      bench.turn("curtain", state);
      if (!bench.vending.curtain) return expect(one.options["dropSensor"] ?? one.options["lightCheck"]).not.toBe(true);
      const seen = await bench.clock.finish(bench.vending.curtain(), patience);
      told.push(seen.ok && seen.value);
    }
    expect(told[0]).toBe("clear");
    expect(told[2]).toBe("dead");
    expect(told[1]).not.toBe("clear");
  });
});
