import { expect, test } from "vitest";
import nonin from "../../../devices/health/nonin.ts";
import peerOf from "../../../devices/health/nonin.peer.ts";
import { fingersOf, frameOf, framer, type Packet } from "../../../devices/health/nonin-wire.ts";
import { sum } from "../../../devices/kit/checksum.ts";
import { unhex } from "../../kit/wire.ts";
import { expectChecked, expectFramed, flipped, framesOf } from "./framed.ts";
import { layMeter, outcomeOf } from "./meter-wire.ts";

/** nonin-packet, computed from the layout: 72 a minute, 97 %, revision 48. */
const packet = unhex(
  `01 81 03 00 85 01 80 06 48 CF 01 80 09 61 EB 01 80 0C 30 BD 01 80 0F 00 90 01 80 12 00 93 01 80 15 00 96
   01 80 18 00 99 01 80 1B 61 FD 01 80 1E 61 00 01 80 21 61 03 01 80 24 00 A5 01 80 27 00 A8 01 80 2A 00 AB
   01 80 2D 48 F6 01 80 30 61 12 01 80 33 61 15 01 80 36 00 B7 01 80 39 00 BA 01 80 3C 00 BD 01 80 3F 48 08
   01 80 42 00 C3 01 80 45 48 0E 01 80 48 00 C9 01 80 4B 00 CC`,
);

const told = {
  disconnected: false,
  weak: false,
  pleth: Array.from({ length: 25 }, (_, i) => 3 * (i + 1)),
  pulse: 72,
  spo2: 97,
  revision: 48,
} satisfies Packet;

test.each([
  // nonin-1 to nonin-4, from published tests.
  ["01 81 01 00 83", { status: 0x81, pleth: 1, value: 0 }],
  ["01 80 01 48 CA", { status: 0x80, pleth: 1, value: 72 }],
  ["01 80 01 61 E3", { status: 0x80, pleth: 1, value: 97 }],
  ["01 80 01 30 B2", { status: 0x80, pleth: 1, value: 48 }],
])("%s is one frame, and with a flipped bit none", (bytes, frame) => {
  expect(frameOf(unhex(bytes))).toEqual(frame);
  for (const wrong of flipped(unhex(bytes))) expect(frameOf(wrong)).toBeUndefined();
});

test("the packet of the layout is 72 a minute and 97 %, however it is cut", () => {
  expectFramed(framer, packet, told);
});

test("no bit of a packet can be flipped", () => {
  expectChecked(framer, packet);
});

test("a packet that lost a frame is none, and the next is whole", () => {
  for (let place = 0; place < 25; place++) {
    const lost = packet.filter((_, at) => Math.floor(at / 5) !== place);
    expect(framesOf(framer, lost, packet), `frame ${place + 1} lost`).toEqual([told]);
  }
});

/** The packet with other bits in the status of all its frames, and other values in some of them. */
function withBits(status: number, values: Readonly<Record<number, number>> = {}): Packet | undefined {
  const bytes = packet.slice();
  for (let at = 0; at < bytes.length; at += 5) {
    bytes[at + 1] = (bytes[at + 1] ?? 0) | status;
    bytes[at + 3] = values[at / 5 + 1] ?? bytes[at + 3] ?? 0;
    bytes[at + 4] = sum(bytes.subarray(at, at + 4));
  }
  return framesOf(framer, bytes)[0];
}

const isGood = (heard: Packet | undefined) =>
  heard !== undefined && fingersOf(heard).every((finger) => finger.is === "in" && finger.values !== undefined);

test("artifacts, out of track, an alarm and a low pulse are no number yet; a green or yellow one is", () => {
  for (const bits of [0x20, 0x10, 0x08, 0x04]) expect(isGood(withBits(bits)), `bits ${bits}`).toBe(false);
  for (const bits of [0x00, 0x02, 0x06]) expect(isGood(withBits(bits)), `bits ${bits}`).toBe(true);
});

test("511 and 127 are no numbers, and a clip without sensor is empty", () => {
  expect(withBits(0, { 1: 3, 2: 127, 3: 127 })).toEqual({
    disconnected: false,
    weak: false,
    pleth: told.pleth,
    revision: 48,
  });
  expect(withBits(0, { 1: 1, 2: 2 })).toMatchObject({ pulse: 130 });
  const off = withBits(0x40);
  expect(off && fingersOf(off)).toEqual([{ is: "out" }]);
});

test("a finger is told after 8 s of good packets", async () => {
  const bench = await layMeter(nonin, peerOf);
  const { work, progress } = bench.begin();
  await bench.clock.pass(1000);
  bench.peer.turn("measure", "spo2=95,pulse=131");
  expect(outcomeOf(await bench.clock.finish(work))).toEqual({ spo2: 95, pulse: 131 });
  expect(bench.clock.mono()).toBeGreaterThanOrEqual(11_000);
  expect(bench.clock.mono()).toBeLessThan(12_000);
  expect(progress[0]).toEqual({ is: "waiting" });
  expect(progress.slice(1).every((one) => one.is === "wave" && one.rate === 75)).toBe(true);
  await bench.close();
});
