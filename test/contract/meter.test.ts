import { describe, expect, test } from "vitest";
import { patience } from "./bench.ts";
import { meters, type Found } from "./drivers.ts";
import { beyondOf, gone, putMeter, readingsOf, said, samplesOf, truth, twoOf } from "./meter-bench.ts";

/** What the kiosk said. */
const asked = (said: readonly string[]) => said.filter((line) => line.startsWith(">"));

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
    if (bench.meter.starts) return expect(asked(bench.wire.said)).toEqual(expect.any(Array));
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
});
