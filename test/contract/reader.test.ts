import { describe, expect, test } from "vitest";
import { dice } from "../kit/dice.ts";
import { patience } from "./bench.ts";
import { readers, type Found } from "./drivers.ts";
import { putReader, rest, samplesOf, valueOf, valuesOf, type ReaderBench, type Sample } from "./reader-bench.ts";
import { replugged } from "./plugging.ts";

const identify = ({ clock, device }: ReaderBench) => clock.finish(device.identify(), patience);
const asked = ({ wire }: ReaderBench) => wire.said.filter((line) => line.startsWith(">"));
/** The values that were told and never shown. */
const falseOnes = (bench: ReaderBench, shown: readonly Sample[]) =>
  valuesOf(bench.told).filter((value) => !shown.some((sample) => sample.value === value));

describe.each(readers)("$profile", (one: Found) => {
  const samples = samplesOf(one);
  const [first, second] = samples;
  if (first === undefined || second === undefined)
    throw new Error(`${one.profile} can be shown fewer than two samples`);

  test("tells what is shown to it, each as it is, and the simulated machine knows the same", async () => {
    const bench = await putReader(one);
    for (const sample of samples) await bench.show(sample);
    const shown = samples.map(({ value }) => value);
    expect(valuesOf(bench.told)).toEqual(shown);
    expect(bench.peer.truth()).toEqual(shown);
    for (const reading of bench.told) if (reading.is === "unread") expect.unreachable("nothing was damaged");
    await bench.end();
  });

  test("any split of the bytes gives the same readings", async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const bench = await putReader(one, seed, { split: true, delay: 5 });
      for (const sample of samples) await bench.show(sample);
      expect(valuesOf(bench.told)).toEqual(samples.map(({ value }) => value));
      await bench.end();
    }
  });

  test("one shown right after another are two", async () => {
    for (const [a, b] of [
      [first, second],
      [second, first],
    ] as const) {
      const bench = await putReader(one);
      bench.peer.turn(a.knob, a.value);
      // A card is taken away before the next is held there; codes follow each other at once.
      if (a.knob === "card") await bench.clock.pass(700);
      bench.peer.turn(b.knob, b.value);
      await bench.clock.pass(2 * rest);
      expect(valuesOf(bench.told)).toEqual([a.value, b.value]);
      await bench.end();
    }
  });

  test("what is held for a minute is told as the same all the time, and stands once in the truth", async () => {
    const bench = await putReader(one);
    if (one.peer.knobs.includes("hold")) {
      bench.peer.turn("hold", first.value);
      await bench.clock.pass(60_000);
      bench.peer.turn("take-away", true);
      await bench.clock.pass(rest);
    } else await bench.show(first, 60_000);
    expect(new Set(bench.told.map(valueOf))).toEqual(new Set([first.value]));
    expect(bench.peer.truth()).toEqual([first.value]);
    const { length } = bench.told;
    await bench.clock.pass(60_000);
    expect(bench.told).toHaveLength(length);
    await bench.end();
  });

  test("nothing shown for ten minutes is no fault and no reading", async () => {
    const bench = await putReader(one);
    for (let minute = 0; minute < 10; minute++) {
      expect(await identify(bench)).toMatchObject({ ok: true });
      await bench.clock.pass(60_000);
    }
    expect(bench.told).toEqual([]);
    await bench.end();
  });

  test("a reader that is asked and does not answer is a fault; one that is never asked lives while its wire does", async () => {
    const bench = await putReader(one);
    await identify(bench);
    const isAsked = asked(bench).length > 0;
    bench.peer.turn("silent", true);
    const life = await identify(bench);
    expect(life.ok).toBe(!isAsked);
    if (!life.ok) expect(life.error).toMatchObject({ kind: "silent", detail: expect.stringMatching(/\S/) });
    await bench.show(first);
    expect(valuesOf(bench.told)).toEqual([]);
    expect(bench.peer.truth()).toEqual([]);
    await bench.end();
  });

  test("identify gives the same answer each time, also after a reading", async () => {
    const bench = await putReader(one);
    const before = await identify(bench);
    expect(before).toMatchObject({ ok: true, value: { model: expect.stringMatching(/\S/) } });
    await bench.show(first);
    expect([await identify(bench), await identify(bench)]).toEqual([before, before]);
    await bench.end();
  });

  test("a look tests itself without a reading, in sentences that tell no value", async () => {
    const bench = await putReader(one);
    await bench.show(first);
    const { length } = bench.told;
    const looked = await bench.clock.finish(bench.device.selfTest("look"), patience);
    expect(looked).toMatchObject({ ok: true });
    if (!looked.ok) return;
    expect(looked.value.length).toBeGreaterThan(0);
    for (const line of looked.value) {
      expect(line).toMatch(/\S/);
      expect(line).not.toContain(first.value);
    }
    expect(bench.told).toHaveLength(length);
    await bench.end();
  });

  test("a damaged reading is unread or nothing, and the next one is read", async () => {
    const bench = await putReader(one);
    expect(one.peer.knobs).toContain("garble");
    bench.peer.turn("garble", 1);
    await bench.show(first);
    // A reader that repeats itself may tell it rightly afterwards.
    expect(falseOnes(bench, [first])).toEqual([]);
    await bench.show(second);
    expect(falseOnes(bench, [first, second])).toEqual([]);
    expect(valuesOf(bench.told).at(-1)).toBe(second.value);
    await bench.end();
  });

  test("a slow reader is still understood", async () => {
    const bench = await putReader(one);
    bench.peer.turn("slow", 20);
    for (const sample of [first, second]) await bench.show(sample);
    expect(valuesOf(bench.told)).toEqual([first.value, second.value]);
    await bench.end();
  });

  test("unplugged in the middle of a reading: nothing or unread, never a false value; plugged in again it reads", async () => {
    for (let step = 0; step < 40; step++) {
      const bench = await putReader(one, step + 1, { split: true, delay: 6 });
      bench.peer.turn(first.knob, first.value);
      await bench.clock.pass(step * 5);
      bench.wire.unplug();
      await bench.clock.pass(rest);
      expect(falseOnes(bench, [first])).toEqual([]);
      expect(await bench.clock.finish(bench.device.identify(), 0)).toMatchObject({ error: { kind: "no-device" } });
      await bench.clock.finish(bench.device.close(), patience);
      bench.told.length = 0;

      if (one.peer.knobs.includes("take-away")) bench.peer.turn("take-away", true);
      await bench.clock.pass(rest);
      bench.wire.plug();
      const again = await bench.plugIn();
      await bench.clock.pass(rest);
      await bench.show(second);
      expect(falseOnes(bench, [first, second])).toEqual([]);
      expect(valuesOf(bench.told).at(-1)).toBe(second.value);
      await bench.clock.finish(again.close(), patience);
      bench.peer.stop();
    }
  });

  test("replugged, it works again within 10 s, on a fresh wire", async () => {
    const bench = await putReader(one);
    expect(await replugged(one, bench)).toEqual({ told: ["working", "absent", "working"], listeners: 0 });
  });

  test("closed in the middle of a reading: no timer, no listener, no further reading; asked again it is a fault", async () => {
    for (const after of [0, 1, 3, 10, 30, 100, 300, 1000]) {
      const bench = await putReader(one, 1, { split: true, delay: 6 });
      bench.peer.turn(first.knob, first.value);
      await bench.clock.pass(after);
      const open = [bench.device.identify(), bench.device.selfTest("look")];
      await bench.clock.finish(bench.device.close(), 0);
      await bench.clock.finish(Promise.all(open), 0);
      const { length } = bench.told;
      const said = asked(bench).length;
      const late = bench.device.can.reader?.seen((reading) => bench.told.push(reading));
      expect(await bench.clock.finish(bench.device.identify(), 0)).toMatchObject({ ok: false });
      await bench.clock.pass(rest);
      expect(bench.told).toHaveLength(length);
      expect(asked(bench)).toHaveLength(said);
      expect(bench.wire.listeners()).toBe(0);
      bench.peer.stop();
      // What is still on its way arrives nowhere.
      expect(bench.clock.pending().filter((label) => !label.startsWith("wire: "))).toEqual([]);
      late?.stop();
      await bench.clock.finish(bench.device.close(), 0);
    }
  });

  test("several listen: each is told, and one that stops is told no more", async () => {
    const bench = await putReader(one);
    const others: (string | undefined)[] = [];
    const ear = bench.device.can.reader?.seen((reading) => others.push(valueOf(reading)));
    await bench.show(first);
    expect(others.at(-1)).toBe(first.value);
    ear?.stop();
    const { length } = others;
    await bench.show(second);
    expect(others).toHaveLength(length);
    expect(valuesOf(bench.told)).toEqual([first.value, second.value]);
    await bench.end();
  });

  const seeds = 500;
  test(`over ${seeds} lines that lose and flip, no value is told that was not shown, where the protocol can know`, async () => {
    const quiet = await putReader(one);
    const before = quiet.wire.said.length;
    quiet.peer.turn(first.knob, first.value);
    await quiet.clock.until(() => quiet.told.length > 0, rest);
    // A keyboard needs twenty reports for what others say in one message: as many readings are to be struck.
    const loud = 0.3 / (quiet.wire.said.length - before);
    await quiet.end();
    let right = 0;
    let wrong = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const bench = await putReader(one, seed, { split: true, delay: 4 });
      Object.assign(bench.wire.noise, { lose: loud / 2, flip: loud, garbage: loud / 4, double: loud / 8 });
      const { between } = dice(seed);
      const shown = [0, 1].map(() => samples[between(0, 2)] ?? first);
      for (const sample of shown) await bench.show(sample, 1500);
      const said = new Set(bench.told.map(valueOf));
      right += shown.filter(({ value }) => said.has(value)).length;
      wrong += falseOnes(bench, shown).length;
      await bench.end();
    }
    // The noise was not so loud that nothing was read.
    expect(right).toBeGreaterThan(seeds / 10);
    // A profile that says "no check" says the truth: then errors are taken for values.
    if (one.checked) expect(wrong).toBe(0);
    else expect(wrong).toBeGreaterThan(0);
  });
});
