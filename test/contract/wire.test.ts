import { describe, expect, test } from "vitest";
import { supervise, type Presence } from "../../devices/supervise.ts";
import { manualClock } from "../kit/clock.ts";
import { layWire } from "../kit/wire.ts";
import { listenToAll, patience, putOnBench, questions, readOptions, releaseAndLook } from "./bench.ts";
import { vending } from "./drivers.ts";

const faultIn = (answer: unknown): unknown => {
  if (typeof answer !== "object" || answer === null) return undefined;
  if ("error" in answer) return answer.error;
  return "fault" in answer ? answer.fault : undefined;
};

describe.each(vending)("$profile", (one) => {
  test("silence becomes a fault within patience, never a hang", async () => {
    const bench = await putOnBench(one);
    bench.turn("silent", true);
    for (const [name, ask] of questions(bench.device)) {
      const answer = await bench.clock.finish(ask(), patience);
      if (name === "settled") continue;
      expect(faultIn(answer), name).toMatchObject({ kind: expect.any(String), detail: expect.any(String) });
    }
    expect(bench.peer.truth()).toEqual([]);
  });

  test.each([500, 5000, 25_000, 35_000])(
    "the answer of one motion, %i ms late, is not the answer of the next",
    async (late) => {
      const bench = await putOnBench(one);
      bench.turn("jam", "2");
      bench.turn("late-answer", late);
      const first = bench.vending.release("1", 1);
      await bench.clock.finish(first, patience);
      bench.turn("late-answer", 0);
      const second = await bench.clock.finish(bench.vending.release("2", 2), patience);
      expect(second.kind).not.toBe("delivered");
      expect(bench.peer.truth()).toEqual(["1"]);
    },
  );

  test("answers that come twice are harmless", async () => {
    const bench = await putOnBench(one, 1, { double: 1 });
    bench.turn("jam", "2");
    for (const slot of ["1", "2", "3", "2", "1"]) {
      const { delivery, fell } = await releaseAndLook(bench, slot);
      expect([slot, delivery.kind, fell]).toEqual(
        slot === "2" ? [slot, "not-delivered", []] : [slot, "delivered", [slot]],
      );
    }
  });

  test("what is asked at once is answered one after the other", async () => {
    const { clock, peer, vending, device } = await putOnBench(one);
    const motions = ["3", "1", "2"].map((slot, i) => vending.release(slot, i));
    const others = questions(device)
      .filter(([name]) => name !== "release")
      .map(([, ask]) => ask());
    const deliveries = await clock.finish(Promise.all(motions), 3 * patience);
    expect(deliveries.map(({ kind }) => kind)).toEqual(["delivered", "delivered", "delivered"]);
    expect(peer.truth()).toEqual(["3", "1", "2"]);
    for (const answer of await clock.finish(Promise.all(others), patience)) expect(faultIn(answer)).toBeUndefined();
  });

  test.each([100, 700, 3000, 15_000])(
    "a write that fails %i ms late does not touch the next question",
    async (late) => {
      const bench = await putOnBench(one);
      bench.wire.noise.failLate = late;
      const first = await bench.clock.finish(bench.vending.release("1", 1), patience);
      bench.wire.noise.failLate = 0;
      // The first may be unknown, if the failure came before its answer; it is never called undelivered.
      expect(first.kind).not.toBe("not-delivered");
      const second = await bench.clock.finish(bench.vending.release("2", 2), patience);
      expect(second.kind).toBe("delivered");
      expect(bench.peer.truth()).toEqual(["1", "2"]);
    },
  );

  test("unplugged while it is asked: every question settles, and a motion under way is never called undelivered", async () => {
    for (const after of [0, 100, 400, 1000]) {
      const bench = await putOnBench(one);
      const life = bench.device.identify();
      const motion = bench.vending.release("1", 1);
      await bench.clock.pass(after);
      bench.wire.unplug();
      const answered = await bench.clock.finish(life, 0);
      if (!answered.ok) expect(answered.error.kind).toBe("no-device");
      const delivery = await bench.clock.finish(motion, 0);
      await bench.clock.pass(60_000);
      if (bench.peer.truth().length > 0) expect(delivery.kind).not.toBe("not-delivered");
      else expect(delivery.kind).not.toBe("delivered");
      expect(await bench.clock.finish(bench.device.identify(), 0)).toMatchObject({ error: { kind: "no-device" } });

      bench.wire.plug();
      const again = await bench.plugIn();
      expect(await bench.clock.finish(again.identify(), patience)).toMatchObject({ ok: true });
    }
  });

  test("replugged, it works again within 10 s, on a fresh wire", async () => {
    const clock = manualClock();
    const options = readOptions(one);
    const { wire } = layWire(one.peer, options, clock);
    const told: Presence[] = [];
    const supervisor = supervise({
      id: one.profile,
      driver: one.driver,
      options,
      clock,
      open: () => wire.open(),
      note() {},
      turned() {},
      changed: (presence) => told.push(presence),
    });
    await clock.run(20_000);
    wire.unplug();
    await clock.pass(30_000);
    wire.plug();
    await clock.pass(10_000);
    expect(told).toEqual(["working", "absent", "working"]);
    await clock.finish(supervisor.stop());
    expect(wire.listeners()).toBe(0);
  });

  test("closed while it is asked: every question settles at once, and no timer and no listener is left", async () => {
    for (const after of [0, 30, 300, 1500]) {
      const bench = await putOnBench(one);
      const ears = listenToAll(bench.device);
      const asked = questions(bench.device).map(([, ask]) => ask());
      await bench.clock.pass(after);
      await bench.clock.finish(bench.device.close(), 0);
      await bench.clock.finish(Promise.all(asked), 0);
      bench.peer.stop();
      // What is still on its way arrives nowhere.
      expect(bench.clock.pending().filter((label) => !label.startsWith("wire: "))).toEqual([]);
      expect(bench.wire.listeners()).toBe(0);
      for (const ear of ears) ear.stop();
      await bench.clock.finish(bench.device.close(), 0);
    }
  });

  test("asked after it was closed, it answers with a fault and sends nothing", async () => {
    const bench = await putOnBench(one);
    await bench.clock.finish(bench.device.close(), 0);
    const said = bench.wire.said.filter((line) => line.startsWith(">")).length;
    for (const [name, ask] of questions(bench.device)) {
      const answer = await bench.clock.finish(ask(), 0);
      if (name === "settled") continue;
      expect(faultIn(answer), name).toBeDefined();
      if (name === "release") expect(answer).toMatchObject({ kind: "not-delivered", started: false });
    }
    listenToAll(bench.device);
    await bench.clock.pass(20_000);
    expect(bench.wire.said.filter((line) => line.startsWith(">"))).toHaveLength(said);
  });

  test("identify gives the same answer each time", async () => {
    const bench = await putOnBench(one);
    const identify = () => bench.clock.finish(bench.device.identify(), patience);
    const first = await identify();
    expect(first).toMatchObject({ ok: true, value: { model: expect.any(String) } });
    await bench.clock.finish(bench.vending.release("1", 1), patience);
    expect([await identify(), await identify()]).toEqual([first, first]);
  });
});
