import { describe, expect, test } from "vitest";
import { patience } from "./bench.ts";
import { meters, type Found } from "./drivers.ts";
import { gone, putMeter, rest, said, truth, twoOf, type MeterBench } from "./meter-bench.ts";
import { replugged } from "./plugging.ts";

const identify = ({ clock, device }: MeterBench) => clock.finish(device.identify(), patience);
const asked = ({ wire }: MeterBench) => wire.said.filter((line) => line.startsWith(">"));

describe.each(meters)("$profile", (one: Found) => {
  test("an instrument that is asked and does not answer is a fault; one that is never asked lives while its wire does", async () => {
    const [first, second] = await twoOf(one);
    const bench = await putMeter(one);
    await identify(bench);
    const isAsked = asked(bench).length > 0;
    bench.peer.turn("silent", true);
    const life = await identify(bench);
    expect(life.ok).toBe(!isAsked);
    if (!life.ok) expect(life.error).toMatchObject({ kind: "silent", detail: expect.stringMatching(/\S/) });

    const measurement = await bench.beginWith(first);
    await bench.clock.pass(patience);
    measurement.stop();
    const outcome = await bench.clock.finish(measurement.outcome, 1000);
    expect(outcome).toMatchObject({ error: { kind: expect.stringMatching(/silent|interrupted/) } });
    expect(bench.peer.truth()).toEqual([]);
    bench.peer.turn("silent", false);
    await bench.clock.pass(gone);
    expect(said(await bench.measure(second))).toEqual(truth(bench));
    await bench.end();
  });

  test("a slow instrument is still understood", async () => {
    const bench = await putMeter(one);
    bench.turn("slow", 20);
    for (const sample of await twoOf(one)) expect(said(await bench.measure(sample))).toEqual(truth(bench));
    await bench.end();
  });

  test("identify gives the same answer each time, also after a measurement", async () => {
    const [first] = await twoOf(one);
    const bench = await putMeter(one);
    const before = await identify(bench);
    expect(before).toMatchObject({ ok: true, value: { model: expect.stringMatching(/\S/) } });
    await bench.measure(first);
    expect([await identify(bench), await identify(bench)]).toEqual([before, before]);
    await bench.end();
  });

  test("asked whether it lives while somebody is measured, it measures on", async () => {
    const [first] = await twoOf(one);
    const bench = await putMeter(one);
    const measurement = await bench.beginWith(first);
    const lives: unknown[] = [];
    while (!measurement.settled() && lives.length < 20) {
      lives.push(await identify(bench));
      await bench.clock.pass(10_000);
    }
    expect(said(await bench.clock.finish(measurement.outcome, patience))).toEqual(truth(bench));
    for (const life of lives) expect(life).toMatchObject({ ok: true });
    await bench.end();
  });

  test("a look measures nobody and tells no value", async () => {
    const [first] = await twoOf(one);
    const bench = await putMeter(one);
    await bench.measure(first);
    const looked = await bench.clock.finish(bench.device.selfTest("look"), patience);
    expect(looked).toMatchObject({ ok: true });
    if (!looked.ok) return;
    expect(looked.value.length).toBeGreaterThan(0);
    for (const line of looked.value) expect(line).toMatch(/\S/);
    expect(bench.peer.truth()).toHaveLength(1);
    await bench.end();
  });

  test("unplugged in the middle it ends within a second with no-device; plugged in again it measures", async () => {
    const [first, second] = await twoOf(one);
    for (const after of [0, 3, 50, 400, 2100, 3000, 5000, 9000, 15_000, 30_000, 36_995, 37_003]) {
      const bench = await putMeter(one, after + 1, { split: true, delay: 6 });
      const measurement = bench.begin();
      if (after > 2000) await bench.clock.pass(2000);
      if (after > 2000) bench.peer.turn("measure", first);
      await bench.clock.pass(after > 2000 ? after - 2000 : after);
      const settled = measurement.settled();
      bench.wire.unplug();
      // One that asks again and again learns of it at its next question.
      const outcome = await bench.clock.finish(measurement.outcome, 1000);
      if (!settled) expect(outcome).toMatchObject({ error: { kind: "no-device" } });
      else if (outcome.ok) expect(said(outcome)).toEqual(truth(bench));
      expect(measurement.listeners()).toBe(0);
      expect(await bench.clock.finish(bench.device.identify(), 0)).toMatchObject({ error: { kind: "no-device" } });
      await bench.clock.finish(bench.device.close(), patience);

      await bench.clock.pass(90_000 + gone);
      bench.wire.plug();
      const again = await bench.plugIn();
      await bench.clock.pass(rest);
      expect(said(await bench.measure(second, again))).toEqual(truth(bench));
      await bench.clock.finish(again.close(), patience);
      bench.peer.stop();
    }
  });

  test("replugged, it works again within 10 s, on a fresh wire", async () => {
    const bench = await putMeter(one);
    expect(await replugged(one, bench)).toEqual({ told: ["working", "absent", "working"], listeners: 0 });
  });

  test("closed in the middle: all settles at once, no timer and no listener is left; asked again it is a fault", async () => {
    const [first] = await twoOf(one);
    for (const after of [0, 1, 30, 1000, 2500, 8000, 20_000]) {
      const bench = await putMeter(one, 1, { split: true, delay: 6 });
      const measurement = after > 2000 ? await bench.beginWith(first) : bench.begin();
      await bench.clock.pass(after);
      const open = [bench.device.identify(), bench.device.selfTest("look")];
      await bench.clock.finish(bench.device.close(), 0);
      await bench.clock.finish(Promise.all(open), 0);
      const settled = await bench.clock.finish(measurement.outcome, 0);
      if (!settled.ok) expect(settled.error.detail).toMatch(/\S/);
      expect(measurement.listeners()).toBe(0);
      const saidBefore = asked(bench).length;
      const late = bench.begin();
      expect(await bench.clock.finish(late.outcome, 0)).toMatchObject({ ok: false });
      expect(await bench.clock.finish(bench.device.identify(), 0)).toMatchObject({ ok: false });
      await bench.clock.pass(rest);
      expect(asked(bench)).toHaveLength(saidBefore);
      expect(late.listeners()).toBe(0);
      expect(bench.wire.listeners()).toBe(0);
      bench.peer.stop();
      // What is still on its way arrives nowhere.
      expect(bench.clock.pending().filter((label) => !label.startsWith("wire: "))).toEqual([]);
      await bench.clock.finish(bench.device.close(), 0);
    }
  });

  const seeds = 200;
  test(`over ${seeds} lines that lose and flip nothing false is told where there is a check, and little where there is none`, async () => {
    const [first, second] = await twoOf(one);
    const quiet = await putMeter(one);
    const before = quiet.wire.said.length;
    await quiet.measure(first);
    const messages = quiet.wire.said.length - before;
    await quiet.end();
    // As many measurements are struck whether it takes one message or twenty; of a stream every tenth message is.
    const loud = Math.max(0.3 / messages, 0.03);
    let right = 0;
    let wrong = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const bench = await putMeter(one, seed, { split: true, delay: 4 });
      Object.assign(bench.wire.noise, { lose: loud / 2, flip: loud, garbage: loud / 4, double: loud / 8 });
      const measurement = await bench.beginWith(seed % 2 ? first : second);
      await bench.clock.until(() => measurement.settled(), 120_000);
      measurement.stop();
      const outcome = await bench.clock.finish(measurement.outcome, 1000);
      const told = said(outcome);
      if (typeof told !== "string") {
        const all = [...truth(bench)].every(([item, value]) => told.get(item) === value);
        if (all && told.size === truth(bench).size) right += 1;
        else wrong += 1;
      }
      await bench.end();
    }
    // The noise was not so loud that nothing was read.
    expect(right).toBeGreaterThan(seeds / 10);
    if (one.checked) expect(wrong).toBe(0);
    else expect(wrong).toBeLessThan(seeds / 4);
  });
});
