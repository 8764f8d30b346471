import { expect, test } from "vitest";
import lineScanner from "../../../devices/reader/line-scanner.ts";
import peerOf from "../../../devices/reader/line-scanner.peer.ts";
import { hex } from "../../kit/wire.ts";
import { trigger } from "../../../devices/reader/line-scanner-wire.ts";
import { layReader } from "./serial-bench.ts";

const lay = (options: object = {}) => layReader(lineScanner, peerOf, options);
const bytes = (text: string) => new TextEncoder().encode(text);

test("a Honeywell scanner is started and stopped with the published bytes", () => {
  expect(hex(trigger.start)).toBe("16 54 0D");
  expect(hex(trigger.stop)).toBe("16 55 0D");
});

test("with the trigger of a Honeywell it reads, is started after each text, and stopped when it is closed", async () => {
  const bench = lay({ trigger: "honeywell" });
  const device = await bench.open();
  bench.peer.turn("scan", "6901028075763");
  await bench.clock.pass(300);
  expect(bench.asked("16 54 0D")).toBe(2);
  await bench.clock.pass(65_000);
  bench.peer.turn("scan", "4829163550");
  await bench.clock.pass(2000);
  expect(bench.texts()).toEqual(["6901028075763", "4829163550"]);
  await device.close();
  expect(bench.asked("16 55 0D")).toBe(1);
});

test("without a trigger nothing is ever sent to it", async () => {
  const bench = lay();
  const device = await bench.open();
  bench.peer.turn("hold", "4829163550");
  await bench.clock.pass(10_000);
  await device.close();
  expect(bench.wire.said.filter((line) => line.startsWith(">"))).toEqual([]);
});

test("a spark on the cable is no code that could not be read; half a code is", async () => {
  const bench = lay();
  await bench.open();
  bench.wire.inject(Uint8Array.of(0x00));
  await bench.clock.pass(3000);
  bench.wire.inject(Uint8Array.of(0xff, 0x0d));
  await bench.clock.pass(3000);
  expect(bench.told).toEqual([]);
  bench.wire.inject(bytes("48291"));
  await bench.clock.pass(3000);
  expect(bench.texts()).toEqual(["unread"]);
  bench.wire.inject(bytes("4829163550\r"));
  await bench.clock.pass(0);
  expect(bench.texts()).toEqual(["unread", "4829163550"]);
});

test("what is longer than any code is unread, and the next line is read", async () => {
  const bench = lay();
  await bench.open();
  for (let i = 0; i < 100; i++) bench.wire.inject(bytes("4".repeat(100)));
  bench.wire.inject(bytes("\r4829163550\r"));
  await bench.clock.pass(0);
  expect(bench.texts()).toEqual(["unread", "4829163550"]);
});

test("the largest QR code is read whole", async () => {
  const bench = lay();
  await bench.open();
  const largest = "7".repeat(7089);
  bench.wire.inject(bytes(`${largest}\r`));
  await bench.clock.pass(0);
  expect(bench.texts()).toEqual([largest]);
});

test("an AIM identifier is taken off only where the scanner is said to send one", async () => {
  for (const [aim, text] of [
    [true, "6901"],
    [false, "]E06901"],
  ] as const) {
    const bench = lay({ aim });
    await bench.open();
    bench.wire.inject(bytes("]E06901\r"));
    await bench.clock.pass(0);
    expect(bench.texts()).toEqual([text]);
    expect(bench.told[0]?.reading).toMatchObject(aim ? { symbology: "ean" } : {});
    expect("symbology" in (bench.told[0]?.reading ?? {})).toBe(aim);
  }
});
