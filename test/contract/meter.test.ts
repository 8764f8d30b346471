import { describe, expect, test } from "vitest";
import { supervise, type Presence } from "../../devices/supervise.ts";
import { patience, readOptions } from "./bench.ts";
import { meters, type Found } from "./drivers.ts";
import { beyondOf, gone, putMeter, readingsOf, rest, said, samplesOf, twoOf, type MeterBench } from "./meter-bench.ts";

const identify = ({ clock, device }: MeterBench) => clock.finish(device.identify(), patience);
const asked = ({ wire }: MeterBench) => wire.said.filter((line) => line.startsWith(">"));
/** What the simulated instrument measured last. */
const truth = ({ peer }: MeterBench) => readingsOf(peer.truth().at(-1) ?? "nothing=0");

describe.each(meters)("$profile", (one: Found) => {
  test("gives what was measured, item by item and value by value, in units of its own, and says what it may give", async () => {
    for (const sample of await samplesOf(one)) {
      const bench = await putMeter(one);
      const outcome = await bench.measure(sample);
      expect(said(outcome)).toEqual(truth(bench));
      expect([...truth(bench)]).toEqual(expect.arrayContaining([...readingsOf(sample)]));
      if (!outcome.ok) return;
      for (const { item, value, unit, comparator, notes } of outcome.value) {
        expect(bench.meter.items).toContain(item);
        expect(Number.isFinite(value)).toBe(true);
        expect(unit).toMatch(/\S/);
        expect(comparator).toBeUndefined();
        expect(notes).not.toContain("entered");
      }
      expect(new Set(outcome.value.map(({ item }) => item)).size).toBe(outcome.value.length);
      await bench.end();
    }
  });

  test("what lies beyond its range is told as beyond, never as a number of its own", async () => {
    for (const sample of await beyondOf(one)) {
      const bench = await putMeter(one);
      expect(said(await bench.measure(sample))).toEqual(truth(bench));
      await bench.end();
    }
  });

  test("any split of the bytes gives the same readings", async () => {
    const samples = await samplesOf(one);
    for (let seed = 1; seed <= 12; seed++) {
      const bench = await putMeter(one, seed, { split: true, delay: 5 });
      expect(said(await bench.measure(samples[seed % samples.length] ?? ""))).toEqual(truth(bench));
      await bench.end();
    }
  });

  test("people who are measured one after the other get each their own", async () => {
    const [first, second] = await twoOf(one);
    const bench = await putMeter(one);
    for (const sample of [first, second, first, first]) {
      expect(said(await bench.measure(sample))).toEqual(truth(bench));
      expect([...truth(bench)]).toEqual(expect.arrayContaining([...readingsOf(sample)]));
    }
    expect(bench.peer.truth()).toHaveLength(4);
    await bench.end();
  });

  test("what comes twice is given once: nobody who sits down afterwards gets it", async () => {
    const [first, second] = await twoOf(one);
    const bench = await putMeter(one, 1, { double: 1 });
    expect(said(await bench.measure(first))).toEqual(truth(bench));
    const empty = bench.begin();
    await bench.clock.pass(gone);
    expect(empty.settled() && said(await empty.outcome)).not.toEqual(truth(bench));
    empty.stop();
    await bench.clock.finish(empty.outcome, 1000);
    await bench.clock.pass(gone);
    expect(said(await bench.measure(second))).toEqual(truth(bench));
    await bench.end();
  });

  test("a result of another person who is gone is never given, whether it was sent or lies in the memory", async () => {
    const [first, second] = await twoOf(one);
    expect(one.peer.knobs).toContain("stale");
    for (const before of [10, 1000, 20_000]) {
      const bench = await putMeter(one);
      bench.peer.turn("stale", true);
      await bench.clock.pass(before);
      const empty = bench.begin();
      await bench.clock.pass(60_000);
      if (empty.settled()) expect(await empty.outcome).toMatchObject({ ok: false });
      empty.stop();
      await bench.clock.finish(empty.outcome, 1000);
      await bench.clock.pass(gone);
      expect(said(await bench.measure(first))).toEqual(truth(bench));
      expect(said(await bench.measure(second))).toEqual(truth(bench));
      await bench.end();
    }
  });

  test("somebody who was measured before the kiosk asked is nobody's business afterwards", async () => {
    const [first, second] = await twoOf(one);
    const bench = await putMeter(one);
    if (bench.meter.starts) return expect(asked(bench)).toEqual(expect.any(Array));
    bench.peer.turn("measure", first);
    await bench.clock.pass(90_000 + gone);
    const later = bench.begin();
    await bench.clock.pass(gone);
    if (later.settled()) expect(await later.outcome).toMatchObject({ ok: false });
    later.stop();
    await bench.clock.finish(later.outcome, 1000);
    expect(said(await bench.measure(second))).toEqual(truth(bench));
    await bench.end();
  });

  test("waits for a person, or gives up with a fault; stopped, it ends with interrupted within a second", async () => {
    const [first, second] = await twoOf(one);
    for (const after of [0, 1, 20, 300, 2500, 7000, 120_000]) {
      const bench = await putMeter(one, 1, { split: true, delay: 6 });
      const measurement = after === 7000 ? await bench.beginWith(first) : bench.begin();
      await bench.clock.pass(after);
      const settled = measurement.settled();
      measurement.stop();
      const outcome = await bench.clock.finish(measurement.outcome, 1000);
      if (!settled)
        expect(outcome).toMatchObject({ error: { kind: "interrupted", detail: expect.stringMatching(/\S/) } });
      else if (after !== 7000) expect(outcome).toMatchObject({ ok: false });
      expect(measurement.listeners()).toBe(0);
      const { length } = measurement.progress;
      await bench.clock.pass(90_000 + gone);
      expect(measurement.progress).toHaveLength(length);
      expect(said(await bench.measure(second))).toEqual(truth(bench));
      await bench.end();
    }
  });

  test("stopped before it began, it does not begin", async () => {
    const bench = await putMeter(one);
    const outcome = bench.meter.measure({
      stop: AbortSignal.abort(),
      began: bench.clock.mono(),
      person: {},
      heard: () => expect.unreachable("nobody is measured"),
    });
    expect(await bench.clock.finish(outcome, 1000)).toMatchObject({ error: { kind: "interrupted" } });
    await bench.end();
  });

  test("asked twice at once, the first person is measured, and the second call is busy or comes after it", async () => {
    const [first] = await twoOf(one);
    const bench = await putMeter(one);
    const measurement = await bench.beginWith(first);
    const beside = bench.begin();
    expect(said(await bench.clock.finish(measurement.outcome, patience))).toEqual(truth(bench));
    beside.stop();
    const outcome = await bench.clock.finish(beside.outcome, 1000);
    if (!outcome.ok) expect(["busy", "interrupted"]).toContain(outcome.error.kind);
    expect(beside.listeners()).toBe(0);
    await bench.end();
  });

  test("progress is what it says it is, and none comes after the end", async () => {
    const [first] = await twoOf(one);
    const bench = await putMeter(one);
    const measurement = await bench.beginWith(first);
    await bench.clock.finish(measurement.outcome, patience);
    const { length } = measurement.progress;
    await bench.clock.pass(gone);
    expect(measurement.progress).toHaveLength(length);
    for (const progress of measurement.progress) {
      if (progress.is === "cuff") expect(progress.pressure).toBeGreaterThanOrEqual(0);
      else if (progress.is === "preview") expect(bench.meter.items).toContain(progress.reading.item);
      else if (progress.is === "wave") {
        expect(progress.rate).toBeGreaterThan(0);
        for (const sample of progress.samples) expect(sample).toBe(Math.min(100, Math.max(0, sample)));
      } else expect(progress).toEqual({ is: "waiting" });
    }
    await bench.end();
  });

  test("an error of the instrument is a refusal in a sentence, and the next person is measured", async () => {
    const [first, second] = await twoOf(one);
    const bench = await putMeter(one);
    if (!one.peer.knobs.includes("error")) return expect(one.peer.knobs).not.toContain("error");
    bench.peer.turn("error", 1);
    const outcome = await bench.measure(first);
    expect(outcome).toMatchObject({ error: { kind: "refused", detail: expect.stringMatching(/\w+ \w+ \w+/) } });
    expect(bench.peer.truth()).toEqual([]);
    expect(said(await bench.measure(second))).toEqual(truth(bench));
    await bench.end();
  });

  test("a damaged result is a fault or waited out, never a value; the next person is measured", async () => {
    const [first, second] = await twoOf(one);
    expect(one.peer.knobs).toContain("garble");
    for (const spoilt of [1, 2]) {
      const bench = await putMeter(one);
      bench.peer.turn("garble", spoilt);
      const measurement = await bench.beginWith(first);
      await bench.clock.pass(90_000 + gone);
      const settled = measurement.settled();
      measurement.stop();
      const outcome = await bench.clock.finish(measurement.outcome, 1000);
      // It may say it again: then the second is right.
      if (settled && outcome.ok) expect(said(outcome)).toEqual(truth(bench));
      bench.turn("garble", 0);
      expect(said(await bench.measure(second))).toEqual(truth(bench));
      await bench.end();
    }
  });

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
    await bench.clock.finish(bench.device.close(), patience);
    bench.wire.unplug();
    bench.wire.plug();
    const told: Presence[] = [];
    const supervisor = supervise({
      id: one.profile,
      driver: one.driver,
      options: readOptions(one),
      clock: bench.clock,
      open: () => bench.wire.open(),
      note() {},
      turned() {},
      changed: (presence) => told.push(presence),
    });
    await bench.clock.pass(20_000);
    bench.wire.unplug();
    await bench.clock.pass(30_000);
    bench.wire.plug();
    await bench.clock.pass(10_000);
    expect(told).toEqual(["working", "absent", "working"]);
    await bench.clock.finish(supervisor.stop());
    expect(bench.wire.listeners()).toBe(0);
    bench.peer.stop();
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
