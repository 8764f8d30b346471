import fc from "fast-check";
import { expect, test } from "vitest";
import probe, { probeOnSkin } from "../../../devices/health/ds18b20.ts";
import peerOf from "../../../devices/health/ds18b20.peer.ts";
import { readProbe } from "../../../devices/health/ds18b20-wire.ts";
import { crc8 } from "../../../devices/kit/checksum.ts";
import { watchSkin } from "../../../devices/kit/skin.ts";
import { manualClock } from "../../kit/clock.ts";
import { layFileWire } from "../../kit/file-wire.ts";

/** ds18-ok, computed from the kernel's layout. */
const good = "4a 02 4b 46 7f ff 0c 10 57 : crc=57 YES\n4a 02 4b 46 7f ff 0c 10 57 t=36625\n";

/** What the kernel shows of so many sixteenths. */
function textOf(sixteenths: number): string {
  const scratchpad = [sixteenths & 0xff, (sixteenths >> 8) & 0xff, 0x4b, 0x46, 0x7f, 0xff, 0x0c, 0x10];
  const check = crc8(scratchpad).toString(16).padStart(2, "0");
  const bytes = `${scratchpad.map((byte) => byte.toString(16).padStart(2, "0")).join(" ")} ${check}`;
  return `${bytes} : crc=${check} YES\n${bytes} t=${Math.trunc((sixteenths * 1000) / 16)}\n`;
}

test("the text of the layout is 36.625 degrees", () => {
  expect(textOf(586)).toBe(good);
  expect(readProbe(good)).toEqual({ is: "temperature", degrees: 36.625 });
  expect(readProbe(textOf(-20))).toEqual({ is: "temperature", degrees: -1.25 });
});

test("every sixteenth that the chip can tell is told as it is, though the kernel cuts it to thousandths", () => {
  for (let sixteenths = -55 * 16; sixteenths <= 125 * 16; sixteenths++)
    if (sixteenths !== 85 * 16)
      expect(readProbe(textOf(sixteenths))).toEqual({ is: "temperature", degrees: sixteenths / 16 });
});

test("85 degrees is what the chip has before it measured, and no temperature", () => {
  expect(readProbe(textOf(85 * 16))).toEqual({ is: "not-yet" });
});

test("a failed check, half a text, or what the chip cannot tell is read again", () => {
  expect(readProbe(good.replace("YES", "NO"))).toEqual({ is: "unread" });
  for (let length = 0; length < good.length; length++)
    expect(readProbe(good.slice(0, length)), `the first ${length}`).toEqual({ is: "unread" });
  expect(readProbe(textOf(126 * 16))).toEqual({ is: "unread" });
  expect(readProbe(textOf(-56 * 16))).toEqual({ is: "unread" });
});

test("a text in which one bit is flipped, or one character is another, is no temperature", () => {
  const bytes = new TextEncoder().encode(good);
  for (let at = 0; at < bytes.length; at++)
    for (let bit = 0; bit < 8; bit++) {
      const spoiled = bytes.with(at, (bytes[at] ?? 0) ^ (1 << bit));
      expect(readProbe(new TextDecoder().decode(spoiled)), `bit ${bit} of ${at}`).toEqual({ is: "unread" });
    }
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.constantFrom(...Array.from("0123456789abcdef tYES=\n")), (at, other) => {
      fc.pre(good[at] !== other);
      expect(readProbe(good.slice(0, at) + other + good.slice(at + 1))).toEqual({ is: "unread" });
    }),
  );
});

/** What a probe on somebody's skin is told for, read once a second. */
async function skin(temperatures: readonly number[]) {
  const clock = manualClock();
  const told: number[] = [];
  const hear = watchSkin(clock, probeOnSkin, { gone() {}, steady: (degrees) => told.push(degrees) });
  for (const degrees of temperatures) {
    hear(degrees);
    await clock.pass(1000);
  }
  return told;
}
const forSeconds = (degrees: number, seconds: number) => Array.from({ length: seconds }, () => degrees);

test("steel that still grows warmer is not told: only what kept for 20 s", async () => {
  const creeping = Array.from({ length: 60 }, (_, second) => 34 + second / 16);
  expect(await skin([24, ...creeping])).toEqual([]);
  expect(await skin([24, 30, 34, ...forSeconds(36.5, 20)])).toEqual([]);
  expect(await skin([24, 30, 34, ...forSeconds(36.5, 21)])).toEqual([36.5]);
});

test("what the last person left in the steel only cools, and is nobody's, however slowly", async () => {
  expect(await skin([...forSeconds(37.5, 60), ...forSeconds(37.4375, 60), ...forSeconds(37.375, 60)])).toEqual([]);
});

function onWire() {
  const clock = manualClock();
  const { wire, peer } = layFileWire(peerOf, {}, clock);
  const open = async () => {
    const end = await wire.open();
    if (!end.ok) throw new Error(end.error.detail);
    const opened = await probe.open({ id: "probe", options: {}, port: end.value.port, clock, note() {} });
    if (!opened.ok) throw new Error(opened.error.detail);
    return opened.value;
  };
  return { clock, wire, peer, open };
}

test("a probe that was just given power is asked again until it has measured, and its 85 degrees are nobody's", async () => {
  const { clock, peer, open } = onWire();
  const device = await open();
  peer.turn("power-on", 5);
  const outcome = device.can.meter?.measure({
    stop: new AbortController().signal,
    began: clock.mono(),
    person: {},
    heard() {},
  });
  peer.turn("measure", "temperature=37.4375");
  expect(await clock.finish(Promise.resolve(outcome))).toEqual({
    ok: true,
    value: [{ item: "temperature", value: 37.4375, unit: "Cel", notes: [] }],
  });
});

test("questions that come at once are asked one after the other", async () => {
  const { clock, wire, open } = onWire();
  const device = await open();
  const lives = [device.identify(), device.identify(), device.selfTest("look")];
  await clock.pass(800);
  expect(wire.said.filter((line) => line === "> read")).toHaveLength(2);
  for (const life of await clock.finish(Promise.all(lives))) expect(life.ok).toBe(true);
});
