import { expect, test } from "vitest";
import { watchFinger, type Finger, type Steady } from "../../../devices/kit/oximetry.ts";
import { manualClock } from "../../kit/clock.ts";

const good = (spo2: number, pulse = 70, perfusion?: number): Finger => ({
  is: "in",
  pleth: 50,
  values: { spo2, pulse, ...(perfusion !== undefined && { perfusion }) },
});
const weak: Finger = { is: "in", pleth: 50 };

function watched(rate = 10) {
  const clock = manualClock();
  const told: { readonly at: number; readonly readings: readonly Steady[] }[] = [];
  const waves: number[] = [];
  let outs = 0;
  const hear = watchFinger(clock, rate, {
    out: () => (outs += 1),
    wave: (samples) => waves.push(...samples),
    steady: (readings) => told.push({ at: clock.mono(), readings }),
  });
  /** One frame after another, at the rate. */
  const stream = async (seconds: number, frame: (i: number) => Finger) => {
    for (let i = 0; i < seconds * rate; i++) {
      hear(frame(i));
      await clock.pass(1000 / rate);
    }
  };
  const values = () => told.map(({ readings }) => Object.fromEntries(readings.map(({ item, value }) => [item, value])));
  return { clock, told, waves, hear, stream, values, outs: () => outs };
}

test("8 s of frames whose SpO2 differs by 2 are told, not sooner", async () => {
  const bench = watched();
  await bench.stream(8, (i) => good(95 + (i % 3)));
  expect(bench.told).toEqual([]);
  bench.hear(good(96));
  expect(bench.values()).toEqual([{ spo2: 96, pulse: 70 }]);
  expect(bench.told[0]?.at).toBe(8000);
});

test("what is told is the median of the last 5 s, each number by itself", async () => {
  const bench = watched();
  // Of all 8 s the medians would be 97, 120 and 1.
  await bench.stream(4.5, () => good(97, 120, 1));
  await bench.stream(3.5, (i) => good(95, i % 10 === 0 ? 250 : 64, i === 3 ? 20 : 4.2));
  bench.hear(good(95, 64, 4.2));
  expect(bench.values()).toEqual([{ spo2: 95, pulse: 64, perfusion: 4.2 }]);
});

test("SpO2 that differs by 3 begins the 8 s anew", async () => {
  const bench = watched();
  await bench.stream(7, () => good(95));
  await bench.stream(7.9, () => good(98));
  expect(bench.told).toEqual([]);
  await bench.stream(0.3, () => good(98));
  expect(bench.values()).toEqual([{ spo2: 98, pulse: 70 }]);
  const never = watched();
  await never.stream(60, (i) => good(i % 20 === 0 ? 98 : 95));
  expect(never.told).toEqual([]);
});

test("a weak moment begins the 8 s anew, and so does a finger that was out, or a stream that was away", async () => {
  for (const disturb of [
    (bench: ReturnType<typeof watched>) => Promise.resolve(bench.hear(weak)),
    (bench: ReturnType<typeof watched>) => Promise.resolve(bench.hear({ is: "out" })),
    (bench: ReturnType<typeof watched>) => bench.clock.pass(1100),
  ]) {
    const bench = watched();
    await bench.stream(7.5, () => good(96));
    await disturb(bench);
    const since = bench.clock.mono();
    await bench.stream(9, () => good(96));
    expect(bench.told[0]?.at).toBe(since + 8000);
  }
});

test("a burst that was held up counts as the moment in which it came", async () => {
  const bench = watched();
  for (let i = 0; i < 1000; i++) bench.hear(good(96));
  await bench.stream(7, () => good(96));
  expect(bench.told).toEqual([]);
});

test("perfusion that only a few frames tell is not told", async () => {
  const bench = watched();
  await bench.stream(8.1, (i) => good(96, 70, i % 3 === 0 ? 2 : undefined));
  expect(bench.values()).toEqual([{ spo2: 96, pulse: 70 }]);
});

test("the wave is handed on 20 times a second, in order and whole", async () => {
  const clock = manualClock();
  const batches: (readonly number[])[] = [];
  const hear = watchFinger(clock, 60, { out() {}, wave: (samples) => batches.push(samples), steady() {} });
  for (let i = 0; i < 60; i++) hear({ is: "in", pleth: i });
  expect(batches).toHaveLength(20);
  expect(batches.flat()).toEqual(Array.from({ length: 60 }, (_, i) => i));
});

test("a finger that is taken out is told once, an empty clip is not", () => {
  const bench = watched();
  bench.hear({ is: "out" });
  expect(bench.outs()).toBe(0);
  bench.hear(weak);
  bench.hear({ is: "out" });
  bench.hear({ is: "out" });
  expect(bench.outs()).toBe(1);
});

test("what is told has the unit of a reading", async () => {
  const bench = watched();
  await bench.stream(8.1, () => good(96, 70, 2));
  expect(bench.told[0]?.readings).toEqual([
    { item: "spo2", value: 96, unit: "%", notes: [] },
    { item: "pulse", value: 70, unit: "/min", notes: [] },
    { item: "perfusion", value: 2, unit: "%", notes: [] },
  ]);
});
