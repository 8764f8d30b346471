import { expect, test } from "vitest";
import rdm6300 from "../../../devices/reader/rdm6300.ts";
import peerOf from "../../../devices/reader/rdm6300.peer.ts";
import { framer } from "../../../devices/reader/rdm6300-wire.ts";
import { unhex } from "../../kit/wire.ts";
import { layReader } from "./serial-bench.ts";

const published = "02 36 32 45 33 30 38 36 43 45 44 30 38 03";

test("the published frame is card 62E3086CED, whose number is 3808980205", () => {
  const [uid] = framer.push(framer.start, unhex(published)).frames;
  expect(uid).toBe("62E3086CED");
  expect(Number.parseInt(uid?.slice(2) ?? "", 16)).toBe(3_808_980_205);
});

test("no byte of the frame can be another and make another card", () => {
  const frame = unhex(published);
  for (let at = 0; at < frame.length; at++)
    for (let byte = 0; byte < 256; byte++) {
      const { frames } = framer.push(framer.start, frame.with(at, byte));
      expect(frames).toEqual(byte === frame[at] ? ["62E3086CED"] : []);
    }
});

test("small letters are no frame: the module sends capitals", () => {
  expect(framer.push(framer.start, unhex("02 36 32 65 33 30 38 36 63 65 64 30 38 03")).frames).toEqual([]);
});

test("a card that is held is told again every 50 ms or so, and no more once it is gone", async () => {
  const bench = layReader(rdm6300, peerOf);
  await bench.open();
  bench.peer.turn("hold", "62E3086CED");
  await bench.clock.pass(60_000);
  bench.peer.turn("take-away", true);
  await bench.clock.pass(100);
  const { length } = bench.told;
  expect(length).toBeGreaterThan(1000);
  expect(bench.told.every(({ reading }) => reading.is === "card" && reading.uid.reveal() === "62E3086CED")).toBe(true);
  await bench.clock.pass(60_000);
  expect(bench.told).toHaveLength(length);
});

test("a number in the log, in JSON or in a sentence is secret", async () => {
  const bench = layReader(rdm6300, peerOf);
  await bench.open();
  bench.peer.turn("card", "62E3086CED");
  await bench.clock.pass(1000);
  expect(JSON.stringify(bench.told)).not.toContain("62E3086CED");
  expect(bench.notes).toEqual([]);
});
