import { expect, test } from "vitest";
import cms50v7 from "../../../devices/health/cms50v7.ts";
import peerOf from "../../../devices/health/cms50v7.peer.ts";
import { fingerOf, framer, textOf, unpack, type Live } from "../../../devices/health/cms50v7-wire.ts";
import { unhex } from "../../kit/wire.ts";
import { expectFramed, framesOf } from "./framed.ts";
import { layMeter, outcomeOf } from "./meter-wire.ts";

/** cms50-1, captured. */
const pulsing = unhex("01 E0 85 B3 96 C1 E1 FF FF");
/** cms50-finger-out, captured. */
const empty = unhex("01 E1 84 C0 90 80 80 FF FF");

const live = (frame: unknown): Live => {
  expect(frame).toMatchObject({ is: "live" });
  return frame as Live;
};

test("the captured frame of a finger is 97 % and 65 a minute, however it is cut", () => {
  const frame = { is: "live", fingerOut: false, searching: false, signal: 5, wave: 51, bar: 6, pulse: 65, spo2: 97 };
  expectFramed(framer, pulsing, frame as Live);
});

test("the captured frame of an empty clip holds no number", () => {
  const frame = { is: "live", fingerOut: true, searching: false, signal: 4, wave: 64, bar: 0 };
  expectFramed(framer, empty, frame as Live);
  expect(fingerOf(live(frame))).toEqual({ is: "out" });
});

test.each([
  // cms50-model-a, cms50-model-b, captured.
  ["02 80 80 B5 B0 C4 A8 C1 A9", 0, "50D(A)"],
  ["02 81 FF AB A0 A0 A0 A0 A0", 0xff, "+"],
])("the captured answer %s is part %i of the model's name", (bytes, part, text) => {
  expectFramed(framer, unhex(bytes), { is: "model", part, text });
});

test("a user's name is unpacked by nobody but this test: the frame says nothing", () => {
  // cms50-user, captured.
  const user = unhex("04 80 F5 F3 E5 F2 A0 A0 A0");
  expect(textOf(unpack(user))).toBe("user");
  expectFramed(framer, user, { is: "other" });
});

test("a pulse of 128 or more keeps its high bit, which stands in the second byte", () => {
  // PR B4 and PI 0180: bits 3, 5 and 7 are taken from the second byte. Computed.
  const [frame] = framesOf(framer, unhex("01 A8 86 B3 86 B4 E1 80 81"));
  expect(live(frame)).toMatchObject({ pulse: 180, spo2: 97, perfusion: 3.84 });
});

test.each([
  ["FF and 7F", "01 E8 86 B3 86 FF FF FF FF"],
  ["SpO2 of 101", "01 E0 86 B3 86 C1 E5 FF FF"],
  ["0", "01 80 86 B3 86 80 80 80 80"],
])("%s is no number", (_, bytes) => {
  const frame = live(framesOf(framer, unhex(bytes))[0]);
  expect(frame.spo2).toBeUndefined();
  expect(frame.perfusion).toBeUndefined();
  expect(fingerOf(frame)).toEqual({ is: "in", pleth: 40 });
});

test.each([
  ["weak", "01 80 82 B3 86 C1 E1 FF FF"],
  ["searched for", "01 82 85 B3 86 C1 E1 FF FF"],
  ["searched for too long", "01 80 95 B3 86 C1 E1 FF FF"],
])("a pulse that is %s has no number yet", (_, bytes) => {
  const finger = fingerOf(live(framesOf(framer, unhex(bytes))[0]));
  expect(finger.is === "in" && finger.values).toBe(undefined);
});

test("what is measured is told after 8 s of good frames, and the stream is stopped", async () => {
  const bench = await layMeter(cms50v7, peerOf);
  const { work, progress } = bench.begin();
  await bench.clock.pass(1000);
  expect(progress).toEqual([{ is: "waiting" }]);
  bench.peer.turn("measure", "spo2=96,pulse=141,perfusion=1.35");
  await bench.clock.pass(9500);
  expect(bench.peer.truth()).toEqual(["spo2=96,pulse=141,perfusion=1.35"]);
  expect(outcomeOf(await bench.clock.finish(work))).toEqual({ spo2: 96, pulse: 141, perfusion: 1.35 });
  expect(bench.clock.mono()).toBeGreaterThanOrEqual(1000 + 2000 + 8000);
  expect(bench.clock.mono()).toBeLessThan(1000 + 2000 + 8500);
  await bench.clock.pass(100);
  const { length } = bench.wire.said;
  expect(bench.wire.said[length - 1]).toBe("> 7D 81 A2 80 80 80 80 80 80");
  await bench.clock.pass(10_000);
  expect(bench.wire.said).toHaveLength(length);
  await bench.close();
});

test("the live stream is asked for once, kept alive each second, and asked for again where it fell silent", async () => {
  const bench = await layMeter(cms50v7, peerOf);
  const { work, stop } = bench.begin();
  const said = () => bench.wire.said.filter((line) => line.startsWith(">")).map((line) => line.slice(2, 10));
  await bench.clock.pass(3500);
  expect(said()).toEqual(["7D 81 A1", "7D 81 AF", "7D 81 AF", "7D 81 AF"]);
  bench.peer.turn("silent", true);
  await bench.clock.pass(3000);
  expect(said().slice(4)).toEqual(["7D 81 AF", "7D 81 A1", "7D 81 A1"]);
  stop();
  expect(outcomeOf(await bench.clock.finish(work))).toBe("interrupted");
  expect(said().at(-1)).toBe("7D 81 A2");
  await bench.close();
});

test("a minute of weak signal is no reading; as soon as it is good, 8 s later there is one", async () => {
  const bench = await layMeter(cms50v7, peerOf);
  bench.peer.turn("hold", true);
  bench.peer.turn("weak", true);
  const { work, under, progress } = bench.begin();
  bench.peer.turn("measure", "spo2=97,pulse=78,perfusion=4.2");
  await bench.clock.pass(60_000);
  expect(under.outcome).toBeUndefined();
  // The wave runs meanwhile: 60 samples a second.
  const samples = progress.flatMap((one) => (one.is === "wave" ? one.samples : []));
  expect(samples.length).toBeGreaterThan(3550);
  expect(Math.min(...samples)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...samples)).toBeLessThanOrEqual(100);
  bench.peer.turn("weak", false);
  await bench.clock.pass(7900);
  expect(under.outcome).toBeUndefined();
  expect(outcomeOf(await bench.clock.finish(work, 400))).toEqual({ spo2: 97, pulse: 78, perfusion: 4.2 });
  await bench.close();
});

test("the finger of somebody who was there before and leaves gives nothing", async () => {
  const bench = await layMeter(cms50v7, peerOf);
  const { work, under, stop } = bench.begin();
  bench.peer.turn("stale", true);
  await bench.clock.pass(20_000);
  expect(under.outcome).toBeUndefined();
  stop();
  await bench.clock.finish(work);
  await bench.close();
});

test("nothing that was measured is in a note", async () => {
  const bench = await layMeter(cms50v7, peerOf);
  const { work } = bench.begin();
  bench.peer.turn("measure", "spo2=97,pulse=78,perfusion=4.2");
  await bench.clock.finish(work);
  expect(bench.notes).toEqual([]);
  await bench.close();
});

test("the self-test names the model, or says to switch it on", async () => {
  const bench = await layMeter(cms50v7, peerOf);
  const look = () => bench.clock.finish(bench.device.selfTest("look"));
  expect(await look()).toMatchObject({ value: ["model 50D(A)", expect.stringContaining("noise")] });
  bench.peer.turn("silent", true);
  expect(await look()).toMatchObject({ value: [expect.stringContaining("switch it on"), expect.any(String)] });
  await bench.close();
});
