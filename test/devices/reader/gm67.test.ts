import { expect, test } from "vitest";
import gm67 from "../../../devices/reader/gm67.ts";
import peerOf from "../../../devices/reader/gm67.peer.ts";
import { encode, framer } from "../../../devices/reader/gm67-wire.ts";
import { hex, unhex } from "../../kit/wire.ts";
import { layReader } from "./serial-bench.ts";

const start = "04 E4 04 00 FF 14";
const stop = "04 E5 04 00 FF 13";

test("the published messages carry the sums that we compute", () => {
  expect(hex(encode("start"))).toBe(start);
  expect(hex(encode("stop"))).toBe(stop);
  expect(hex(encode("host-mode"))).toBe("07 C6 04 08 00 8A 08 FE 95");
});

test("the published yes is understood, and nothing that differs by a bit", () => {
  const yes = unhex("04 D0 00 00 FF 2C");
  expect(framer.push(framer.start, yes).frames).toEqual([{ is: "answer", answer: true }]);
  for (let bit = 0; bit < yes.length * 8; bit++) {
    const flipped = yes.with(bit >> 3, (yes[bit >> 3] ?? 0) ^ (1 << (bit & 7)));
    expect(framer.push(framer.start, flipped).frames).toEqual([]);
  }
});

test("a sleeping module is woken for each reading, and reads whenever a code comes", async () => {
  const bench = layReader(gm67, peerOf);
  const device = await bench.open();
  for (const [text, pause] of [
    ["6901028075763", 2000],
    ["4829163550", 60_000],
    ["4829163551", 7000],
  ] as const) {
    await bench.clock.pass(pause);
    bench.peer.turn("scan", text);
    await bench.clock.pass(1300);
  }
  expect(bench.texts()).toEqual(["6901028075763", "4829163550", "4829163551"]);
  await device.close();
  expect(bench.asked(stop)).toBe(1);
});

test("a code that is held is told again within 2 s, for a minute", async () => {
  const bench = layReader(gm67, peerOf);
  await bench.open();
  bench.peer.turn("hold", "4829163550");
  await bench.clock.pass(60_000);
  const gaps = bench.told.map(({ at }, i) => at - (bench.told[i - 1]?.at ?? at)).slice(1);
  expect(gaps.length).toBeGreaterThan(30);
  expect(Math.max(...gaps)).toBeLessThan(2000);
});
