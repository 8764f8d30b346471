import * as fc from "fast-check";
import { expect, test } from "vitest";
import peerOf from "../../../devices/health/sinocare-wl.peer.ts";
import driver from "../../../devices/health/sinocare-wl.ts";
import { acknowledgement, encode, framer, resultOf } from "../../../devices/health/sinocare-wl-wire.ts";
import { seconds } from "../../../devices/kit/clock.ts";
import { hex, unhex } from "../../kit/wire.ts";
import { expectChecked, expectFramed, framesOf } from "./framed.ts";
import { layMeter, outcomeOf } from "./meter-wire.ts";

/** sino-wl1, REAL [S22]. */
const published = unhex("53 4e 10 00 04 04 11 04 0b 10 1b 24 00 36 00 00 cd 18 a2");

test("the published result is 5.4 mmol/L on 2017-04-11 at 16:27:36, however its bytes come; no flipped bit leaves one", () => {
  const frame = { machine: 4, command: 4, data: published.slice(6, -1) };
  expectFramed(framer, published, frame);
  expectChecked(framer, published);
  expect(encode(frame)).toEqual(published);
  expect(resultOf(frame)).toEqual({ at: "17 4 11 16 27 36", glucose: 5.4 });
});

test("what is no result gives none: too short, no date, no glucose", () => {
  const data = published.slice(6, -1);
  const frame = { machine: 4, command: 4, data };
  expect(resultOf({ ...frame, data: data.slice(0, 7) })).toBeUndefined();
  expect(resultOf({ ...frame, data: data.with(1, 13) })).toBeUndefined();
  expect(resultOf({ ...frame, data: data.with(3, 24) })).toBeUndefined();
  expect(resultOf({ ...frame, data: data.with(7, 0) })).toBeUndefined();
});

test("an acknowledgement is a frame of its own with the time", () => {
  const at = { year: 2026, month: 11, day: 22, hour: 6, minute: 30, second: 5 };
  expect(hex(acknowledgement({ machine: 4, command: 6 }, at))).toBe("53 4E 0A 00 04 06 1A 0B 16 06 1E 05 78");
});

test("no bytes make the framer throw, or hold more than a frame", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
      expect(framer.push(framer.start, noise).state.length).toBeLessThan(44);
      for (const frame of framesOf(framer, noise)) expect(encode(frame).length).toBeLessThan(44);
    }),
  );
});

test("a result that is told again because the kiosk was not heard is one; the next person does not get it", async () => {
  const { clock, peer, begin, close } = await layMeter(driver, peerOf);
  peer.turn("deaf", true);
  const first = begin();
  await clock.pass(seconds(1));
  peer.turn("measure", "glucose=7.2");
  await clock.pass(seconds(13));
  expect(outcomeOf(first.under.outcome)).toEqual({ glucose: 7.2 });
  const second = begin();
  await clock.pass(seconds(30));
  expect(outcomeOf(second.under.outcome)).toBe("pending");
  peer.turn("deaf", false);
  peer.turn("measure", "glucose=5.6");
  await clock.pass(seconds(13));
  expect(outcomeOf(second.under.outcome)).toEqual({ glucose: 5.6 });
  await close();
});

test("on a line that echoes it does not answer its own answers", async () => {
  const { clock, wire, close } = await layMeter(driver, peerOf);
  wire.inject(
    acknowledgement({ machine: 4, command: 4 }, { year: 2026, month: 7, day: 1, hour: 8, minute: 0, second: 0 }),
  );
  await clock.pass(seconds(1));
  expect(wire.said).toEqual([]);
  await close();
});

test("what the meter had kept is acknowledged and given to nobody", async () => {
  const { clock, peer, begin, wire, notes, close } = await layMeter(driver, peerOf);
  const { under } = begin();
  await clock.pass(seconds(1));
  peer.turn("history", true);
  await clock.pass(seconds(10));
  expect(outcomeOf(under.outcome)).toBe("pending");
  expect(wire.said.filter((line) => line.startsWith("> 53 4E 0A 00 04 0E"))).toHaveLength(1);
  expect(notes).toEqual([]);
  await close();
});
