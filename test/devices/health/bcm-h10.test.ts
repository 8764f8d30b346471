import { expect, test } from "vitest";
import bcm from "../../../devices/health/bcm-h10.ts";
import peerOf from "../../../devices/health/bcm-h10.peer.ts";
import { readOptions } from "../../../devices/health/bcm-h10-options.ts";
import { dialect, framer, numberOf, statusOf, type Question } from "../../../devices/health/bcm-h10-wire.ts";
import { hex, unhex } from "../../kit/wire.ts";
import { expectChecked, expectFramed, framesOf } from "./framed.ts";
import { layMeter, outcomeOf } from "./meter-wire.ts";

const man = { sex: "male", age: 29, height: 1680, weight: 623 } as const;

test.each<readonly [string, string, Question]>([
  ["bcmh10-test", "A5 5A 03 03 3C 42", { is: "test" }],
  ["bcmh10-weigh", "A5 5A 03 03 36 3C", { is: "weigh" }],
  ["bcmh10-height", "A5 5A 03 03 35 3B", { is: "height" }],
  ["bcmh10-bia", "A5 5A 09 08 37 4D 1D 06 90 02 6F B9", { is: "compose", electrodes: "whole-body", ...man }],
  // These two and the result are in the same paper.
  ["of the hands", "A5 5A 09 01 37 4D 1D 06 90 02 6F B2", { is: "compose", electrodes: "hands", ...man }],
  ["of the feet", "A5 5A 09 03 37 4D 1D 06 90 02 6F B4", { is: "compose", electrodes: "feet", ...man }],
  ["of body water", "A5 5A 04 03 38 01 40", { is: "result", index: 1 }],
])("the published command %s is %s", (_, bytes, question) => {
  expect(hex(dialect.encode(question))).toBe(bytes);
});

test.each([
  ["bcmh10-test", "A5 5A 03 03 3C 42"],
  ["bcmh10-tare", "A5 5A 03 03 34 3A"],
  ["bcmh10-weigh", "A5 5A 03 03 36 3C"],
  ["bcmh10-height", "A5 5A 03 03 35 3B"],
  ["bcmh10-bia", "A5 5A 09 08 37 4D 1D 06 90 02 6F B9"],
  ["bcmh10-calw", "A5 5A 05 03 3B 02 65 AA"],
  ["bcmh10-calh", "A5 5A 05 03 33 06 95 D6"],
  ["bcmh10-rep", "A5 5A 03 64 01 68"],
])("the published frame %s is one however it is cut, and none with a bit flipped", (_, text) => {
  const bytes = unhex(text);
  expectFramed(framer, bytes, { mark: bytes[3] ?? 0, data: bytes.slice(4, -1) });
  expectChecked(framer, bytes);
});

test("mark 64 is a status and no number; anything else with two bytes is a number", () => {
  const [status] = framesOf(framer, unhex("A5 5A 03 64 01 68"));
  const [number] = framesOf(framer, unhex("A5 5A 04 65 02 6F DA"));
  if (!status || !number) throw new Error("no frame");
  expect([statusOf(status), numberOf(status)]).toEqual([1, undefined]);
  expect([statusOf(number), numberOf(number)]).toEqual([undefined, 623]);
});

const all = {
  electrodes: "whole-body",
  sensors: ["weight", "height"],
  results: [
    { index: 1, item: "body-water", divide: 10 },
    { index: 2, item: "body-fat", divide: 10 },
    { index: 7, item: "basal-metabolism", divide: 1 },
  ],
};
const person = { sex: "female", age: 41 } as const;
const sample = "weight=62.3,height=168.5,body-water=55.2,body-fat=21.4,basal-metabolism=1480";

const saidOf = (said: readonly string[], command: string) =>
  said.filter((line) => line.startsWith(">") && line.split(" ")[5] === command).length;

test("whoever stands still is weighed and measured, and then the current passes once", async () => {
  const bench = await layMeter(bcm, peerOf, all);
  bench.peer.turn("measure", sample);
  const { work, progress } = bench.begin(person);
  const told = { weight: 62.3, height: 168.5, "body-water": 55.2, "body-fat": 21.4, "basal-metabolism": 1480 };
  expect(outcomeOf(await bench.clock.finish(work))).toEqual(told);
  expect(saidOf(bench.wire.said, "37")).toBe(1);
  // A woman of 41, 1685 mm, 62.3 kg.
  expect(bench.wire.said.find((line) => line.startsWith("> A5 5A 09"))).toContain("08 37 57 29 06 95 02 6F");
  expect(progress).toContainEqual({ is: "waiting" });
  await bench.close();
});

test("nobody on it is waited for, and no current passes", async () => {
  const bench = await layMeter(bcm, peerOf, all);
  const { work, under, stop } = bench.begin(person);
  await bench.clock.pass(30_000);
  expect(under.outcome).toBeUndefined();
  stop();
  expect(outcomeOf(await bench.clock.finish(work, 0))).toBe("interrupted");
  await bench.clock.pass(5000);
  expect([saidOf(bench.wire.said, "37"), saidOf(bench.wire.said, "38")]).toEqual([0, 0]);
  await bench.close();
});

test("without sex or age only the sensors' numbers are given, and nothing that the board keeps is read", async () => {
  const bench = await layMeter(bcm, peerOf, all);
  bench.peer.turn("stale", true);
  bench.peer.turn("measure", sample);
  expect(outcomeOf(await bench.clock.finish(bench.begin({ age: 41 }).work))).toEqual({ weight: 62.3, height: 168.5 });
  expect(saidOf(bench.wire.said, "38")).toBe(0);
  await bench.close();
});

test("a board that says at once that it heard the command is waited for until it is done", async () => {
  const bench = await layMeter(bcm, peerOf, all);
  bench.peer.turn("stale", true);
  bench.peer.turn("accepts", true);
  bench.peer.turn("measure", sample);
  expect(outcomeOf(await bench.clock.finish(bench.begin(person).work))).toMatchObject({ "body-water": 55.2 });
  bench.peer.turn("measure", sample);
  const again = bench.begin(person);
  await bench.clock.until(() => saidOf(bench.wire.said, "37") === 2);
  await bench.clock.pass(500);
  bench.peer.turn("silent", true);
  expect(outcomeOf(await bench.clock.finish(again.work))).toBe("silent");
  expect(saidOf(bench.wire.said, "38")).toBe(3);
  await bench.close();
});

test("a current that fails is a refusal, and what the board keeps of somebody else is not read", async () => {
  const bench = await layMeter(bcm, peerOf, all);
  bench.peer.turn("stale", true);
  bench.peer.turn("error", 7);
  bench.peer.turn("measure", sample);
  expect(await bench.clock.finish(bench.begin(person).work)).toMatchObject({
    error: { kind: "refused", detail: expect.stringContaining("status 7") },
  });
  expect(saidOf(bench.wire.said, "38")).toBe(0);
  await bench.close();
});

test("a number of 0 is none", async () => {
  const bench = await layMeter(bcm, peerOf, all);
  bench.peer.turn("measure", sample);
  const { work } = bench.begin(person);
  await bench.clock.until(() => saidOf(bench.wire.said, "38") === 1);
  // Zeros come before the board's own answer does.
  bench.wire.inject(unhex("A5 5A 04 01 00 00 05"));
  const outcome = outcomeOf(await bench.clock.finish(work));
  expect(outcome).toMatchObject({ weight: 62.3, "body-fat": 21.4 });
  expect(outcome).not.toHaveProperty("body-water");
  await bench.close();
});

test("the options' mistakes are sentences that begin with their place", () => {
  expect(readOptions(all)).toEqual({ ok: true, value: all });
  const mistake = (over: object) => {
    const read = readOptions({ ...all, ...over });
    return read.ok ? [] : read.error.map((sentence) => sentence.split(":")[0]);
  };
  expect(mistake({ electrodes: "ears" })).toEqual(["electrodes"]);
  expect(mistake({ sensors: ["width"] })).toEqual(["sensors"]);
  expect(mistake({ sensors: "weight" })).toEqual(["sensors"]);
  expect(mistake({ results: [] })).toEqual(["results"]);
  expect(mistake({ results: [{ index: 0, item: "body-fat", divide: 10 }] })).toEqual(["results.0"]);
  expect(mistake({ results: [{ index: 1, item: "glucose", divide: 10 }] })).toEqual(["results.0"]);
  expect(mistake({ results: [...all.results, { index: 1, item: "bmi", divide: 10 }] })).toEqual(["results.3"]);
  expect(mistake({ tare: true })).toEqual(["tare"]);
  expect(readOptions("x")).toMatchObject({ error: [expect.stringMatching(/^options: /)] });
});
