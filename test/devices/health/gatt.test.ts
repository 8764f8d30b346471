import { expect, test } from "vitest";
import type { Progress, Reading } from "../../../devices/health/capability.ts";
import peerOf from "../../../devices/health/gatt.peer.ts";
import driver from "../../../devices/health/gatt.ts";
import { instrumentClock } from "../../../devices/health/gatt-clock.ts";
import { steadying } from "../../../devices/health/gatt-steady.ts";
import type { Result } from "../../../devices/kit/result.ts";
import { millis, seconds } from "../../../devices/kit/clock.ts";
import { manualClock } from "../../kit/clock.ts";
import { layGattWire } from "../../kit/gatt-wire.ts";
import { outcomeOf } from "./meter-wire.ts";

async function lay(services: readonly string[], keeps = true) {
  const read = driver.options({ services, keeps });
  if (!read.ok) throw new Error(read.error.join("; "));
  const clock = manualClock();
  const { wire, peer } = layGattWire(peerOf, read.value, clock);
  const end = await wire.open();
  if (!end.ok) throw new Error(end.error.detail);
  const notes: unknown[] = [];
  const opening = driver.open({
    id: "m",
    options: read.value,
    port: end.value.port,
    clock,
    note: (...said) => notes.push(said),
  });
  const opened = await clock.finish(opening);
  if (!opened.ok || !opened.value.can.meter) throw new Error("it measures nothing");
  const { meter } = opened.value.can;
  const begin = () => {
    const stopping = new AbortController();
    const progress: Progress[] = [];
    const under: { outcome?: Result<readonly Reading[]> } = {};
    const work = meter.measure({
      stop: stopping.signal,
      began: clock.mono(),
      person: {},
      heard: (now) => progress.push(now),
    });
    void work.then((outcome) => (under.outcome = outcome));
    return { progress, under, stop: () => stopping.abort() };
  };
  const close = async () => {
    peer.stop();
    await clock.finish(opened.value.close());
  };
  return { clock, wire, peer, notes, begin, close };
}

test("a cuff is seen while it lets go, and the result is what was measured", async () => {
  const { clock, peer, begin, close } = await lay(["pressure"]);
  const { under, progress } = begin();
  peer.turn("measure", "systolic=141,diastolic=88");
  await clock.pass(seconds(40));
  expect(outcomeOf(under.outcome)).toMatchObject({ systolic: 141, diastolic: 88 });
  const cuff = progress.flatMap((now) => (now.is === "cuff" ? now.pressure : []));
  expect(cuff.length).toBeGreaterThan(10);
  expect(cuff).toEqual([...cuff].sort((a, b) => b - a));
  await close();
});

test.each([["pressure"], ["temperature"], ["glucose"]])(
  "%s: a measurement that failed is a refusal in a sentence",
  async (service) => {
    const { clock, peer, begin, close } = await lay([service]);
    const { under } = begin();
    peer.turn("fail", true);
    peer.turn("measure", "");
    await clock.pass(seconds(45));
    expect(under.outcome).toMatchObject({ error: { kind: "refused", detail: expect.stringMatching(/\w+ \w+ \w+/) } });
    await close();
  },
);

test("a result is refused where the clock of the instrument cannot be read: it could be anybody's", async () => {
  const { clock, peer, begin, close } = await lay(["temperature"]);
  peer.turn("clockless", true);
  const { under } = begin();
  peer.turn("measure", "temperature=37.4");
  await clock.pass(seconds(20));
  expect(under.outcome).toMatchObject({ error: { kind: "refused", detail: expect.stringContaining("clock") } });
  await close();
});

test("what somebody else left in the memory is not told, although it is sent while a person waits", async () => {
  const { clock, peer, wire, begin, close } = await lay(["temperature"]);
  const { under } = begin();
  peer.turn("stale", true);
  await clock.pass(seconds(60));
  expect(wire.said.filter((line) => line.startsWith("< value 2a1c"))).toHaveLength(2);
  expect(outcomeOf(under.outcome)).toBe("pending");
  await close();
});

test("a BeneCheck is heard by its name alone, and by the standard only what is none", async () => {
  for (const [service, name, told] of [
    ["benecheck", "BeneCheck", { urate: 0.38 }],
    ["benecheck", "meter+", "pending"],
    ["glucose", "BeneCheck", "pending"],
  ] as const) {
    const { clock, peer, notes, begin, close } = await lay([service]);
    peer.turn("name", name);
    const { under } = begin();
    peer.turn("measure", service === "benecheck" ? "urate=0.38" : "glucose=5.6");
    await clock.pass(seconds(30));
    expect(outcomeOf(under.outcome)).toEqual(told);
    expect(notes).toEqual(told === "pending" ? [["gatt.another-instrument"]] : []);
    await close();
  }
});

test("two people of the same weight get each their own, although the scale tells no time", async () => {
  const { clock, peer, begin, close } = await lay(["weight"], false);
  for (let person = 1; person <= 2; person++) {
    const { under } = begin();
    peer.turn("measure", "weight=80.5");
    await clock.pass(seconds(20));
    expect(outcomeOf(under.outcome)).toMatchObject({ weight: 80.5 });
  }
  await close();
});

test("nothing is written but the question for the last record and a maker's password", async () => {
  const { clock, peer, wire, begin, close } = await lay(["glucose"]);
  begin();
  peer.turn("measure", "glucose=5.6");
  await clock.pass(seconds(20));
  expect(wire.said.filter((line) => line.startsWith("> write"))).toEqual(["> write 2a52 01 06"]);
  await close();
});

test("shown is what stood still for eight seconds: the median of the last five, and nothing after a gap or a jump", async () => {
  const clock = manualClock();
  const run = async (values: readonly number[], everySeconds = 1) => {
    const steady = steadying(clock);
    let shown: readonly Reading[] | undefined;
    for (const spo2 of values) {
      shown = steady.see({ spo2, pulse: 70 });
      await clock.pass(everySeconds * 1000);
    }
    return shown?.map(({ item, value }) => `${item} ${value}`);
  };
  expect(await run([97, 97, 97, 97, 97, 97, 97, 97])).toBeUndefined();
  expect(await run([95, 95, 95, 95, 96, 97, 97, 97, 96])).toEqual(["spo2 96", "pulse 70"]);
  expect(await run([97, 97, 97, 97, 97, 97, 97, 94, 97])).toBeUndefined();
  expect(await run([97, 97, 97, 97, 97, 97, 97, 97, 97], 4)).toBeUndefined();
});

test("how old a result is, is told by the instrument's own clock, however wrong that is; from the future it is unknown", async () => {
  const clock = manualClock();
  await clock.pass(100_000);
  const own = instrumentClock(clock);
  const at = (minute: number, second: number) => ({ year: 2019, month: 2, day: 27, hour: 11, minute, second });
  expect(own.isSince(at(10, 0), millis(0))).toBeUndefined();
  own.read(Uint8Array.of(0xe3, 0x07, 2, 27, 11, 10, 0));
  expect(own.isSince(undefined, millis(0))).toBeUndefined();
  expect(own.isSince(at(10, 0), millis(100_000))).toBe(true);
  expect(own.isSince(at(9, 30), millis(70_000))).toBe(true);
  expect(own.isSince(at(9, 24), millis(70_000))).toBe(false);
  expect(own.isSince(at(10, 6), millis(0))).toBe(false);
  await clock.pass(60_000);
  expect(own.isSince(at(11, 0), millis(150_000))).toBe(true);
  own.forget();
  expect(own.isSince(at(11, 0), millis(150_000))).toBeUndefined();
});
