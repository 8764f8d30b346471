import { expect, test } from "vitest";
import bci5 from "../../../devices/health/bci5.ts";
import peerOf from "../../../devices/health/bci5.peer.ts";
import { readOptions } from "../../../devices/health/bci5-options.ts";
import { fingerOf, framer } from "../../../devices/health/bci5-wire.ts";
import { unhex } from "../../kit/wire.ts";
import { expectFramed, framesOf } from "./framed.ts";
import { layMeter, outcomeOf } from "./meter-wire.ts";

/** bci5-1 and bci5-2, computed from the layout. */
const beat = unhex("C6 3A 07 48 62");
const fast = unhex("85 21 43 0C 5F");

const none = { bit4: false, bit5: false, fingerOut: false, searching: false };

test("the frames of the layout are 98 % and 72, 95 % and 140, however they are cut", () => {
  expectFramed(framer, beat, { ...none, signal: 6, beep: true, wave: 58, bar: 7, pulse: 72, spo2: 98 });
  expectFramed(framer, fast, { ...none, signal: 5, beep: false, wave: 33, bar: 3, pulse: 140, spo2: 95 });
});

const fingerIn = (bytes: string, maker: "contec" | "berry") => {
  const [frame] = framesOf(framer, unhex(bytes));
  if (frame === undefined) throw new Error("no frame");
  return fingerOf(frame, maker);
};

test.each([
  ["contec", "96 3A 07 48 62", { is: "in", pleth: 46 }],
  ["berry", "96 3A 07 48 62", { is: "out" }],
  ["contec", "A6 3A 07 48 62", { is: "in", pleth: 46, values: { pulse: 72, spo2: 98 } }],
  ["berry", "A6 3A 07 48 62", { is: "out" }],
  ["contec", "86 3A 17 48 62", { is: "out" }],
  ["berry", "86 3A 27 48 62", { is: "in", pleth: 46 }],
] as const)("%s means by %s what its own paper says", (maker, bytes, finger) => {
  expect(fingerIn(bytes, maker)).toEqual(finger);
});

test.each([
  ["86 3A 47 7F 62", "a pulse of FF"],
  ["86 3A 07 00 62", "a pulse of 0"],
  ["86 3A 07 48 7F", "SpO2 of 7F"],
  ["86 3A 07 48 00", "SpO2 of 0"],
  ["82 3A 07 48 62", "of a signal of 2"],
])("%s holds no number: %s", (bytes) => {
  expect(fingerIn(bytes, "contec")).toEqual({ is: "in", pleth: 46 });
});

test.each(["contec", "berry"] as const)(
  "a finger in an oximeter of %s is told after 8 s of good frames",
  async (maker) => {
    const bench = await layMeter(bci5, peerOf, { maker });
    const { work } = bench.begin();
    await bench.clock.pass(1000);
    bench.peer.turn("measure", "spo2=97,pulse=131");
    expect(outcomeOf(await bench.clock.finish(work))).toEqual({ spo2: 97, pulse: 131 });
    expect(bench.clock.mono()).toBeGreaterThanOrEqual(11_000);
    expect(bench.clock.mono()).toBeLessThan(11_500);
    expect(bench.wire.said.some((line) => line.startsWith(">"))).toBe(false);
    await bench.close();
  },
);

test("the maker must be named, and there is no other option", () => {
  expect(readOptions({ maker: "berry" })).toEqual({ ok: true, value: { maker: "berry" } });
  expect(readOptions({})).toMatchObject({ error: [expect.stringMatching(/^maker: /)] });
  expect(readOptions({ maker: "contec", rate: 60 })).toMatchObject({ error: [expect.stringMatching(/^rate: /)] });
  expect(readOptions([])).toMatchObject({ error: [expect.stringMatching(/^options: /)] });
});
