import * as fc from "fast-check";
import { expect, test } from "vitest";
import { delays } from "../../controller/delays.ts";
import { openMeters } from "../../controller/meters.ts";
import { paced } from "../../controller/pace.ts";
import type { Meter, Progress, Reading } from "../../devices/health/capability.ts";
import { fault } from "../../devices/kit/fault.ts";
import { err, ok, type Result } from "../../devices/kit/result.ts";
import { manualClock } from "../kit/clock.ts";

type Outcome = Result<readonly Reading[]>;
type Asked = Parameters<Meter["measure"]>[0];

const weight = (value: number): Reading => ({ item: "weight", value, unit: "kg", notes: [] });
const preview = (value: number): Progress => ({ is: "preview", reading: weight(value) });
const wave = (...samples: number[]): Progress => ({ is: "wave", samples, rate: 60 });

/** An instrument whose every measurement ends when the test says so. */
function instrument() {
  const calls: (Asked & { end(outcome: Outcome): void })[] = [];
  const meter: Meter = {
    items: ["weight"],
    starts: false,
    measure: (asked) => new Promise((resolve) => calls.push({ ...asked, end: resolve })),
  };
  return { meter, calls };
}

function cabin() {
  const clock = manualClock();
  const scale = instrument();
  const cuff = instrument();
  const there = new Map([
    ["scale", scale.meter],
    ["cuff", cuff.meter],
  ]);
  const meters = openMeters(clock, (device) => there.get(device));
  const told: { number: number; progress?: Progress; outcome?: Outcome }[] = [];
  const measure = (device: string, number: number) =>
    meters.measure(device, {
      number,
      began: clock.mono(),
      person: {},
      heard: (progress) => told.push({ number, progress }),
      ended: (outcome) => told.push({ number, outcome }),
    });
  const settle = () => clock.pass(0);
  return { clock, scale, cuff, there, meters, told, measure, settle };
}

const kinds = ({ told }: ReturnType<typeof cabin>) =>
  told.map(({ number, outcome }) => `${number} ${outcome?.ok ? "ok" : outcome?.error.kind}`);

test("a measurement's end is told once, with its number and what came", async () => {
  const here = cabin();
  here.measure("scale", 1);
  here.scale.calls[0]?.end(ok([weight(62.3)]));
  await here.settle();
  expect(here.told).toEqual([{ number: 1, outcome: ok([weight(62.3)]) }]);
});

test("an instrument that is not there is told at once as not there", () => {
  const here = cabin();
  here.there.delete("scale");
  here.measure("scale", 1);
  expect(kinds(here)).toEqual(["1 no-device"]);
  expect(here.scale.calls).toEqual([]);
});

test("what comes after a stop is told to nobody, neither a number nor the end", async () => {
  const here = cabin();
  here.measure("scale", 1);
  const [call] = here.scale.calls;
  here.meters.stop(1);
  expect(call?.stop.aborted).toBe(true);
  call?.heard(preview(62.3));
  call?.end(ok([weight(62.3)]));
  await here.clock.pass(1000);
  expect(here.told).toEqual([]);
});

test("the next person is measured only once the instrument has let go of the one before", async () => {
  const here = cabin();
  here.measure("scale", 1);
  here.meters.stop(1);
  here.measure("scale", 2);
  expect(here.scale.calls).toHaveLength(1);
  here.scale.calls[0]?.end(err(fault("interrupted", "stopped")));
  await here.settle();
  expect(here.scale.calls).toHaveLength(2);
  here.scale.calls[1]?.end(ok([weight(80.5)]));
  await here.settle();
  expect(here.told).toEqual([{ number: 2, outcome: ok([weight(80.5)]) }]);
});

test("of two who wait for an instrument the later is measured, and both are told", async () => {
  const here = cabin();
  for (const number of [1, 2, 3]) here.measure("scale", number);
  expect(kinds(here)).toEqual(["1 interrupted", "2 interrupted"]);
  here.scale.calls[0]?.end(ok([weight(62.3)]));
  await here.settle();
  here.scale.calls[1]?.end(ok([weight(80.5)]));
  await here.settle();
  expect(kinds(here)).toEqual(["1 interrupted", "2 interrupted", "3 ok"]);
});

test("who waits and is stopped is never measured", async () => {
  const here = cabin();
  here.measure("scale", 1);
  here.meters.stop(1);
  here.measure("scale", 2);
  here.meters.stop(2);
  here.scale.calls[0]?.end(err(fault("interrupted", "stopped")));
  await here.settle();
  expect(here.scale.calls).toHaveLength(1);
  expect(here.told).toEqual([]);
});

test("two instruments measure at the same time, and one is stopped without the other", async () => {
  const here = cabin();
  here.measure("scale", 1);
  here.measure("cuff", 2);
  here.meters.stop(1);
  expect([here.scale, here.cuff].map(({ calls }) => calls[0]?.stop.aborted)).toEqual([true, false]);
  here.cuff.calls[0]?.end(ok([]));
  await here.settle();
  expect(kinds(here)).toEqual(["2 ok"]);
});

test("a lost instrument ends its measurement and whoever waits, and measures anew when it is back", async () => {
  const here = cabin();
  here.measure("scale", 1);
  here.measure("scale", 2);
  here.there.delete("scale");
  here.meters.lost("scale");
  expect(kinds(here)).toEqual(["1 interrupted", "2 no-device"]);
  // The driver that was left behind comes to its senses in the middle of the next measurement.
  const back = instrument();
  here.there.set("scale", back.meter);
  here.measure("scale", 3);
  here.scale.calls[0]?.end(ok([weight(62.3)]));
  await here.settle();
  expect(back.calls[0]?.stop.aborted).toBe(false);
  here.measure("scale", 4);
  expect(back.calls).toHaveLength(1);
  back.calls[0]?.end(err(fault("interrupted", "stopped")));
  await here.settle();
  back.calls[1]?.end(ok([weight(80.5)]));
  await here.settle();
  expect(kinds(here).slice(2)).toEqual(["3 interrupted", "4 ok"]);
  expect(here.told.at(-1)?.outcome).toEqual(ok([weight(80.5)]));
});

test("a driver that is closed with its wire is told as not there, in whatever words it says so", async () => {
  const here = cabin();
  here.measure("scale", 1);
  here.there.delete("scale");
  here.scale.calls[0]?.end(err(fault("interrupted", "closed")));
  await here.settle();
  expect(kinds(here)).toEqual(["1 no-device"]);
});

test("when the kiosk stops, every instrument is told to stop and nobody hears of it", async () => {
  const here = cabin();
  here.measure("scale", 1);
  here.measure("cuff", 2);
  here.measure("cuff", 3);
  here.told.length = 0;
  here.meters.close();
  for (const { calls } of [here.scale, here.cuff]) {
    expect(calls[0]?.stop.aborted).toBe(true);
    calls[0]?.end(ok([weight(62.3)]));
  }
  await here.clock.pass(1000);
  expect(here.told).toEqual([]);
  expect(here.cuff.calls).toHaveLength(1);
});

test("the first sign is passed on at once, a wave of 60 samples a second ten times a second and whole", async () => {
  const here = cabin();
  here.measure("scale", 1);
  here.scale.calls[0]?.heard({ is: "waiting" });
  expect(here.told).toHaveLength(1);
  for (let at = 0; at < 60; at++) {
    here.scale.calls[0]?.heard(wave(at));
    await here.clock.pass(1000 / 60);
  }
  await here.clock.pass(delays.progressTold);
  expect(here.told.length).toBeGreaterThan(8);
  expect(here.told.length).toBeLessThanOrEqual(12);
  const samples = here.told.flatMap(({ progress }) => (progress?.is === "wave" ? progress.samples : []));
  expect(samples).toEqual(Array.from({ length: 60 }, (_, at) => at));
});

test("nothing that was shown comes after the end, and no timer is left", async () => {
  const here = cabin();
  here.measure("scale", 1);
  for (const value of [1, 2, 3]) here.scale.calls[0]?.heard(preview(value));
  here.scale.calls[0]?.end(ok([weight(3)]));
  await here.settle();
  expect(here.clock.pending()).toEqual([]);
  await here.clock.pass(1000);
  expect(here.told.map(({ progress }) => progress?.is)).toEqual(["preview", undefined]);
});

test("however an instrument speaks, at most ten signs a second pass, no sample is lost, and the newest number arrives", async () => {
  const sign = fc.oneof(
    fc.record({ wave: fc.integer({ min: 0, max: 100 }) }),
    fc.record({ value: fc.integer({ min: 1, max: 300 }) }),
  );
  const talk = fc.array(fc.tuple(fc.integer({ min: 0, max: 130 }), sign), { minLength: 1, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(talk, async (said) => {
      const clock = manualClock();
      const passed: { at: number; progress: Progress }[] = [];
      const pace = paced(clock, (progress) => passed.push({ at: clock.mono(), progress }));
      for (const [wait, one] of said) {
        await clock.pass(wait);
        pace.heard("wave" in one ? wave(one.wave) : preview(one.value));
      }
      await clock.pass(300);
      const samples = passed.flatMap(({ progress }) => (progress.is === "wave" ? progress.samples : []));
      expect(samples).toEqual(said.flatMap(([, one]) => ("wave" in one ? [one.wave] : [])));
      const newest = said.findLast(([, one]) => "value" in one)?.[1];
      const shown = passed.findLast(({ progress }) => progress.is === "preview")?.progress;
      expect(shown).toEqual(newest && "value" in newest ? preview(newest.value) : undefined);
      const waits = passed.slice(1).map(({ at }, before) => at - (passed[before]?.at ?? 0));
      expect(Math.min(delays.progressTold, ...waits)).toBe(delays.progressTold);
      expect(clock.pending()).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
