import { expect, test } from "vitest";
import gy, { forehead } from "../../../devices/health/gy-mcu90614.ts";
import peerOf from "../../../devices/health/gy-mcu90614.peer.ts";
import { framer } from "../../../devices/health/gy-mcu90614-wire.ts";
import { sum } from "../../../devices/kit/checksum.ts";
import { watchSkin } from "../../../devices/kit/skin.ts";
import { manualClock } from "../../kit/clock.ts";
import { unhex } from "../../kit/wire.ts";
import { expectChecked, expectFramed, framesOf } from "./framed.ts";
import { layMeter, outcomeOf } from "./meter-wire.ts";

/** gy614-1, computed from the layout. */
const frame = unhex("5A 5A 45 04 0C 78 0D 19 A7");

test("the frame of the layout is 31.92 before a sensor of 33.53 degrees, however it is cut, and nothing with a bit flipped", () => {
  expectFramed(framer, frame, { object: 31.92, ambience: 33.53 });
  expectChecked(framer, frame);
});

test("frost is below zero", () => {
  // FC E0 is -800, FF FF is -1.
  const body = unhex("5A 5A 45 04 FC E0 FF FF");
  expect(framesOf(framer, Uint8Array.of(...body, sum(body)))).toEqual([{ object: -8, ambience: -0.01 }]);
});

async function skin(temperatures: readonly number[], step = 100) {
  const clock = manualClock();
  const told: number[] = [];
  let gone = 0;
  const hear = watchSkin(clock, forehead, { gone: () => (gone += 1), steady: (degrees) => told.push(degrees) });
  for (const degrees of temperatures) {
    hear(degrees);
    await clock.pass(step);
  }
  return { told, gone };
}
const steadily = (degrees: number, seconds: number) => Array.from({ length: seconds * 10 + 1 }, () => degrees);

test("a forehead that comes and stays 2 s is told, as the median", async () => {
  expect(await skin([24, 30, 35, ...steadily(36.5, 1), 36.7, ...steadily(36.6, 0.9)])).toEqual({
    told: [36.5],
    gone: 0,
  });
  expect((await skin([24, ...steadily(36.5, 1.9)])).told).toEqual([]);
});

test("a wall in a hot cabin is nobody, however warm it is and however long", async () => {
  expect((await skin(steadily(36.4, 60))).told).toEqual([]);
  expect((await skin([...steadily(36.4, 10), ...steadily(36.8, 10)])).told).toEqual([]);
  expect((await skin([...steadily(36.4, 10), ...steadily(37, 3)])).told).toEqual([37]);
});

test("what is too cold, too hot, restless, or away in between is not told", async () => {
  expect((await skin([20, ...steadily(29.9, 10)])).told).toEqual([]);
  expect((await skin([20, ...steadily(45.1, 10)])).told).toEqual([]);
  expect((await skin([20, ...Array.from({ length: 100 }, (_, i) => 36 + (i % 5) / 10)])).told).toEqual([]);
  expect((await skin([20, 36.5, 36.5, 36.5], 1100)).told).toEqual([]);
  expect(await skin([20, ...steadily(36.5, 1), 20, ...steadily(36.5, 1)])).toEqual({ told: [], gone: 1 });
});

test("whoever is there already steps back and comes near again", async () => {
  const bench = await layMeter(gy, peerOf);
  bench.peer.turn("measure", "temperature=37.4");
  await bench.clock.pass(2000);
  const { work, under } = bench.begin();
  await bench.clock.pass(8000);
  expect(under.outcome).toBeUndefined();
  bench.peer.turn("measure", "temperature=37.4");
  expect(outcomeOf(await bench.clock.finish(work, 5000))).toEqual({ temperature: 37.4 });
  await bench.close();
});

test("a module that lost its power in the middle is told to speak again; one that stays away is silent", async () => {
  const bench = await layMeter(gy, peerOf);
  const { work, under } = bench.begin();
  await bench.clock.pass(3000);
  const asked = () => bench.wire.said.filter((line) => line === "> A5 45 EA").length;
  expect(asked()).toBe(1);
  bench.peer.turn("silent", true);
  await bench.clock.pass(2000);
  expect([asked(), under.outcome]).toEqual([2, undefined]);
  bench.peer.turn("silent", false);
  await bench.clock.pass(2000);
  expect(under.outcome).toBeUndefined();
  bench.peer.turn("silent", true);
  expect(outcomeOf(await bench.clock.finish(work, 10_000))).toBe("silent");
  await bench.close();
});

test("a look tells how warm the sensor is, and not what is before it", async () => {
  const bench = await layMeter(gy, peerOf);
  bench.peer.turn("measure", "temperature=37.4");
  await bench.clock.pass(3000);
  const looked = await bench.clock.finish(bench.device.selfTest("look"));
  expect(looked).toMatchObject({ value: ["the sensor itself has 25.4 °C", expect.stringContaining("noise")] });
  expect(JSON.stringify(looked)).not.toContain("37");
  await bench.close();
});
