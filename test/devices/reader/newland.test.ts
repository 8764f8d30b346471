import { expect, test } from "vitest";
import newland from "../../../devices/reader/newland.ts";
import peerOf from "../../../devices/reader/newland.peer.ts";
import { encode, framer } from "../../../devices/reader/newland-wire.ts";
import { hex, unhex } from "../../kit/wire.ts";
import { layReader } from "./serial-bench.ts";

const trigger = "7E 01 30 30 30 30 40 53 43 4E 54 52 47 31 3B 03";
const lay = (options: object = {}) => layReader(newland, peerOf, options);
/** Everything that would change the scanner: a command with a value. */
const changes = ({ wire }: ReturnType<typeof lay>) =>
  wire.said.filter((line) => line.startsWith("> 7E 01") && !line.includes("2A 3B 03") && line !== `> ${trigger}`);

test("a reading is started with the published bytes", () => {
  expect(hex(encode({ command: "SCNTRG", data: "1" }))).toBe(trigger);
});

test.each([
  ["06", "taken"],
  ["15", "out-of-range"],
  ["05", "unknown"],
])("status %s in an answer is %s", (status, is) => {
  const bytes = unhex(`02 01 30 30 30 30 40 53 43 4E 4D 4F 44 32 ${status} 3B 03`);
  expect(framer.push(framer.start, bytes).frames).toEqual([{ is: "answer", answer: { said: "SCNMOD2", is } }]);
});

test("what is set already is not written again, for the scanner keeps it in its flash", async () => {
  const bench = lay();
  const device = await bench.open();
  expect(changes(bench)).toHaveLength(2);
  await device.close();
  bench.peer.turn("power", true);
  await bench.open();
  expect(changes(bench)).toHaveLength(2);
});

test("a scanner that lacks a command is told of, and reads", async () => {
  const bench = lay();
  bench.peer.turn("lacks", "RRDDUR");
  const device = await bench.open();
  expect(bench.notes).toEqual([["newland.setting-not-taken", { setting: "RRDDUR" }]]);
  const looked = await bench.clock.finish(device.selfTest("look"));
  expect(looked.ok && looked.value).toContain("not taken by the scanner: RRDDUR");
  bench.peer.turn("scan", "4829163550");
  await bench.clock.pass(3000);
  expect(bench.texts()).toEqual(["4829163550"]);
});

test.each(["sense", "trigger"])(
  "a code that is held in %s mode is told again within 2 s, for a minute",
  async (mode) => {
    const bench = lay({ mode });
    await bench.open();
    bench.peer.turn("hold", "4829163550");
    await bench.clock.pass(60_000);
    const gaps = bench.told.map(({ at }, i) => at - (bench.told[i - 1]?.at ?? at)).slice(1);
    expect(gaps.length).toBeGreaterThan(30);
    expect(Math.max(...gaps)).toBeLessThan(2000);
  },
);

test("in trigger mode a reading is started at once, after each text, and when nothing came", async () => {
  const bench = lay({ mode: "trigger", aim: true });
  await bench.open();
  expect(bench.asked(trigger)).toBe(1);
  bench.peer.turn("scan", "6901028075763");
  await bench.clock.pass(300);
  expect(bench.asked(trigger)).toBe(2);
  await bench.clock.pass(62_000);
  bench.peer.turn("scan", "4829163550");
  await bench.clock.pass(2000);
  expect(bench.texts()).toEqual(["6901028075763", "4829163550"]);
  expect(bench.told[0]?.reading).toMatchObject({ symbology: "qr" });
});

test("where nobody answers it does not open, and leaves nothing behind", async () => {
  const bench = lay();
  bench.peer.turn("silent", true);
  await expect(bench.open()).rejects.toThrow("silent: no answer in 600 ms");
  expect(bench.wire.listeners()).toBe(0);
  bench.peer.stop();
  expect(bench.clock.pending()).toEqual([]);
});
