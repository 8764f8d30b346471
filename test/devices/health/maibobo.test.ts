import { expect, test } from "vitest";
import maibobo from "../../../devices/health/maibobo.ts";
import peerOf from "../../../devices/health/maibobo.peer.ts";
import { readOptions } from "../../../devices/health/maibobo-options.ts";
import { encode, failure, framer, meaning } from "../../../devices/health/maibobo-wire.ts";
import { hex, unhex } from "../../kit/wire.ts";
import { expectChecked, expectFramed, framesOf } from "./framed.ts";
import { layMeter, outcomeOf } from "./meter-wire.ts";

test.each([
  // maibobo-connect, maibobo-start, maibobo-stop: real.
  ["connect", "CC 80 03 03 01 01 00 00"],
  ["start", "CC 80 03 03 01 02 00 03"],
  ["stop", "CC 80 03 03 01 03 00 02"],
] as const)("%s is %s", (command, bytes) => {
  expect(hex(encode(command))).toBe(bytes);
});

test.each([
  // maibobo-live, computed.
  ["AA 80 03 04 01 05 00 96 95", { is: "cuff", pressure: 150 }],
  // maibobo-result, computed.
  [
    "AA 80 03 0F 01 06 00 18 07 0F 09 29 1E 00 84 00 53 00 4C BE",
    { is: "result", systolic: 132, diastolic: 83, pulse: 76 },
  ],
  // Published in the test data of a clinic's client, with its own check: real.
  [
    "AA 80 03 0F 01 06 01 13 07 02 0F 0B 1C 00 8B 00 66 00 48 A1",
    { is: "result", systolic: 139, diastolic: 102, pulse: 72 },
  ],
  ["AA 80 03 03 01 07 02 04", { is: "error", code: 2 }],
  ["AA 80 03 03 01 01 00 00", { is: "done", command: "connect" }],
])("%s means itself however it is cut, and nothing with a bit flipped", (bytes, told) => {
  const [frame] = framesOf(framer, unhex(bytes));
  if (frame === undefined) throw new Error("no frame");
  expect(meaning(frame, 7)).toEqual(told);
  expectFramed(framer, unhex(bytes), frame);
  expectChecked(framer, unhex(bytes));
});

test("a result where the option does not say it is, or of zeros, is none", () => {
  const result = (bytes: string, at: number) => {
    const [frame] = framesOf(framer, unhex(bytes));
    return frame && meaning(frame, at);
  };
  const real = "AA 80 03 0F 01 06 01 13 07 02 0F 0B 1C 00 8B 00 66 00 48 A1";
  expect(result(real, 10)).toEqual({ is: "no-result" });
  expect(result("AA 80 03 0F 01 06 01 13 07 02 0F 0B 1C 00 00 00 00 00 00 04", 7)).toEqual({ is: "no-result" });
});

test("a code that no source knows is no word of ours", () => {
  expect(meaning({ code: 0x44, data: unhex("01") }, 7)).toBeUndefined();
});

test("every failure is a sentence with its code and what to do, and no value", () => {
  for (const code of [1, 2, 5, 6, 7, 9, 15, 16, 99])
    expect(failure(code)).toMatch(
      new RegExp(`^.+ \\(error ${code} of the instrument\\): put the arm in again and repeat$`),
    );
});

test("the live pressure goes up and down before the result is told", async () => {
  const bench = await layMeter(maibobo, peerOf);
  bench.peer.turn("measure", "systolic=141,diastolic=88,pulse=64");
  const { work, progress } = bench.begin();
  expect(outcomeOf(await bench.clock.finish(work))).toEqual({ systolic: 141, diastolic: 88, pulse: 64 });
  const pressures = progress.map((one) => (one.is === "cuff" ? one.pressure : NaN));
  const top = Math.max(...pressures);
  expect(top).toBeGreaterThan(160);
  expect(pressures.slice(0, pressures.indexOf(top))).toEqual(
    pressures.slice(0, pressures.indexOf(top)).toSorted((a, b) => a - b),
  );
  expect(pressures.at(-1)).toBe(0);
  await bench.close();
});

const saidOf = (said: readonly string[], command: "connect" | "start" | "stop") =>
  said.filter((line) => line === `> ${hex(encode(command))}`).length;

test("stopped under pressure the cuff lets go at once, and not a byte is sent to one that was not started", async () => {
  const bench = await layMeter(maibobo, peerOf);
  bench.peer.turn("measure", "systolic=141,diastolic=88,pulse=64");
  const { work, stop, progress } = bench.begin();
  await bench.clock.pass(5000);
  stop();
  expect(outcomeOf(await bench.clock.finish(work, 0))).toBe("interrupted");
  await bench.clock.pass(100);
  expect(saidOf(bench.wire.said, "stop")).toBe(1);
  const { length } = progress;
  await bench.clock.pass(10_000);
  expect(progress).toHaveLength(length);
  expect(bench.peer.truth()).toEqual([]);
  await bench.close();

  const silent = await layMeter(maibobo, peerOf);
  silent.peer.turn("silent", true);
  const asked = silent.begin();
  await silent.clock.pass(500);
  asked.stop();
  expect(outcomeOf(await silent.clock.finish(asked.work, 0))).toBe("interrupted");
  await silent.clock.pass(10_000);
  expect([saidOf(silent.wire.said, "start"), saidOf(silent.wire.said, "stop")]).toEqual([0, 0]);
  await silent.close();
});

test("a start that is not acknowledged is not said again, and the cuff is told to let go, three times where it is silent", async () => {
  const bench = await layMeter(maibobo, peerOf);
  const { work } = bench.begin();
  await bench.clock.until(() => saidOf(bench.wire.said, "start") === 1);
  bench.peer.turn("silent", true);
  expect(outcomeOf(await bench.clock.finish(work))).toBe("silent");
  await bench.clock.pass(30_000);
  expect([saidOf(bench.wire.said, "start"), saidOf(bench.wire.said, "stop")]).toEqual([1, 3]);
  await bench.close();
});

test("closed under pressure, the last that is said is stop", async () => {
  const bench = await layMeter(maibobo, peerOf);
  bench.peer.turn("measure", "systolic=141,diastolic=88,pulse=64");
  const { work } = bench.begin();
  await bench.clock.pass(5000);
  await bench.close();
  expect(outcomeOf(await bench.clock.finish(work, 0))).toBe("no-device");
  expect(bench.wire.said.filter((line) => line.startsWith(">")).at(-1)).toBe(`> ${hex(encode("stop"))}`);
});

test("a result that is too short for the option is a refusal that names the option", async () => {
  const bench = await layMeter(maibobo, peerOf, { resultAt: 10 });
  const { work } = bench.begin();
  await bench.clock.pass(1000);
  bench.wire.inject(unhex("AA 80 03 0F 01 06 01 13 07 02 0F 0B 1C 00 8B 00 66 00 48 A1"));
  expect(await bench.clock.finish(work)).toMatchObject({
    error: { kind: "refused", detail: expect.stringContaining("resultAt") },
  });
  await bench.close();
});

test("the option's mistakes are sentences that begin with its name", () => {
  expect(readOptions({})).toEqual({ ok: true, value: { resultAt: 7 } });
  for (const resultAt of [-1, 21, 7.5, "7", null])
    expect(readOptions({ resultAt })).toMatchObject({ error: [expect.stringMatching(/^resultAt: /)] });
  expect(readOptions({ offset: 1 })).toMatchObject({ error: [expect.stringMatching(/^offset: /)] });
  expect(readOptions(null)).toMatchObject({ error: [expect.stringMatching(/^options: /)] });
});
