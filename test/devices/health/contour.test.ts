import { expect, test } from "vitest";
import driver from "../../../devices/health/contour.ts";
import peer from "../../../devices/health/contour.peer.ts";
import { patience } from "../../contract/bench.ts";
import { said } from "../../contract/meter-bench.ts";
import { benchOf } from "./hid-meter.ts";

const put = benchOf("contour", driver, peer);

test("a full memory gives the result that was not there before, although its count stays", async () => {
  const bench = await put();
  bench.peer.turn("full", true);
  const measurement = bench.begin();
  await bench.clock.until(() => measurement.progress.length > 0);
  bench.peer.turn("measure", "glucose=133");
  expect(said(await bench.clock.finish(measurement.outcome, patience))).toEqual(new Map([["glucose", "133"]]));
  await bench.end();
});

test("a memory that is not full is not read again and again: only its count is", async () => {
  const bench = await put();
  const measurement = bench.begin();
  await bench.clock.pass(4000);
  const before = bench.wire.said.length;
  await bench.clock.pass(30_000);
  const looks = bench.wire.said.slice(before).filter((line) => line.startsWith(">"));
  expect(looks.length).toBeGreaterThan(10);
  // Each is an EOT by which it is woken.
  expect(new Set(looks.map((line) => line.slice(2, 19)))).toEqual(new Set(["00 00 00 00 01 04"]));
  measurement.stop();
  await bench.end();
});

test("goes on waiting after a control solution", async () => {
  const bench = await put();
  const measurement = bench.begin();
  await bench.clock.pass(4000);
  bench.peer.turn("control", true);
  await bench.clock.pass(20_000);
  expect(measurement.settled()).toBe(false);
  bench.peer.turn("measure", "glucose=101");
  expect(said(await bench.clock.finish(measurement.outcome, patience))).toEqual(new Map([["glucose", "101"]]));
  await bench.end();
});

test("nothing but EOT, ACK and NAK is ever sent", async () => {
  const bench = await put();
  bench.peer.turn("garble", 1);
  await bench.measure("glucose=101");
  const sent = new Set(bench.wire.said.filter((line) => line.startsWith(">")).map((line) => line.slice(14, 19)));
  expect([...sent].sort((a, b) => a.localeCompare(b))).toEqual(["01 04", "01 06", "01 15"]);
  await bench.end();
});
