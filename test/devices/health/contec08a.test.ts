import { describe, expect, test } from "vitest";
import driver from "../../../devices/health/contec08a.ts";
import peer from "../../../devices/health/contec08a.peer.ts";
import { answers, readingsOf, unpack, type Answer } from "../../../devices/health/contec08a-wire.ts";
import { patience } from "../../contract/bench.ts";
import { readingsOf as inWords, said, told } from "../../contract/meter-bench.ts";
import { unhex } from "../../kit/wire.ts";
import { framesOf } from "./framed.ts";
import { benchOf } from "./hid-meter.ts";

const put = benchOf("contec08a", driver, peer, { user: 1 });

/** id, kind, bytes, SYS DIA MAP PR, year month day hour minute. */
const vectors = [
  ["contec08a-1, REAL", "82 80 94 D5 C8 E9 97 85 80 81 8D 89 80 91", [148, 85, 105, 72], [23, 5, 1, 13, 9]],
  ["contec08a-2, REAL", "82 80 92 D6 BA F1 97 85 80 82 8A 85 80 91", [146, 86, 113, 58], [23, 5, 2, 10, 5]],
  ["contec08a-4, REAL", "82 80 8A D4 C2 EB 97 85 80 83 8B 84 80 91", [138, 84, 107, 66], [23, 5, 3, 11, 4]],
  // By the rule of the others: all four values have the high bit.
  ["contec08a-msb, SYN", "9E 80 BC 83 81 96 97 85 80 84 89 82 80 91", [188, 131, 150, 129], [23, 5, 4, 9, 2]],
] as const;

const report = (text: string) => {
  const bytes = new Uint8Array(65);
  bytes.set(unhex(text), 1);
  return bytes;
};
const header = (count: number) => report(`46 41 80 80 ${(0x80 | count).toString(16)} 82 80 80 80 80 80 80 80 81`);
const records = (bytes: readonly string[]): Answer => ({
  is: "records",
  records: bytes.map((one) => unpack(unhex(one))),
});

describe.each(vectors)("%s", (_, bytes, [systolic, diastolic, mean, pulse], when) => {
  test("holds these values and this time", () => {
    const readings = readingsOf(unpack(unhex(bytes)));
    expect(readings.ok && told(readings.value)).toEqual(
      inWords(`systolic=${systolic},diastolic=${diastolic},mean-arterial=${mean},pulse=${pulse}`),
    );
    expect(Array.from(unpack(unhex(bytes)).subarray(5, 10))).toEqual(when);
  });

  test("is a dump with its header, behind reports of any kind, and twice in a row", () => {
    const dump = [header(1), report(bytes)];
    expect(framesOf(answers, ...dump, ...dump)).toEqual([records([bytes]), records([bytes])]);
    const junk = ["4F", "46 41", "00", bytes, "46 41 80 80 80 82 80 80 80 80 80 80 80 01"].map(report);
    expect(framesOf(answers, ...junk, ...dump).at(-1)).toEqual(records([bytes]));
    expect(framesOf(answers, header(3), ...dump).at(-1)).toEqual(records([bytes]));
  });

  test("is no record where a byte lacks its high bit, or where more than a record is filled", () => {
    for (let at = 0; at < 14; at++) {
      const low = report(bytes);
      low[1 + at] = (low[1 + at] ?? 0) & 0x7f;
      expect(framesOf(answers, header(1), low)).toEqual([{ is: "other" }]);
    }
    const long = report(bytes);
    long[64] = 1;
    expect(framesOf(answers, header(1), long)).toEqual([{ is: "other" }]);
  });
});

test("a dump is whole or none: broken off it never ends, cut by something else it is given up", () => {
  const [[, one], [, two]] = vectors;
  expect(framesOf(answers, header(2), report(one))).toEqual([]);
  expect(framesOf(answers, header(2), report(one), report("4A 43 01"), report(two))).toEqual([{ is: "other" }]);
  expect(framesOf(answers, header(2), report(one), report(one), report(two))).toEqual([records([one, two])]);
  expect(framesOf(answers, header(0))).toEqual([records([])]);
});

test("reports that are short or have a number are none of its own", () => {
  expect(framesOf(answers, unhex("00 48 41 02"), Uint8Array.of(3, ...report("48 41").subarray(1)))).toEqual([]);
});

test.each([
  ["no pressure", "00 00 00 00 00"],
  ["no diastolic", "00 94 00 48 69"],
  ["no pulse", "00 94 55 00 69"],
])("a record of %s is a refusal", (_, values) => {
  expect(readingsOf(unhex(values))).toMatchObject({ error: { kind: "refused" } });
});

test("a mean pressure of 0 is none, and takes nothing from the others", () => {
  const readings = readingsOf(unhex("00 94 55 48 00"));
  expect(readings.ok && told(readings.value)).toEqual(inWords("systolic=148,diastolic=85,pulse=72"));
});

test("a full memory gives its newest record although its count stays, also of values from 128 on", async () => {
  const bench = await put();
  bench.peer.turn("full", true);
  const sample = "systolic=188,diastolic=131,mean-arterial=150,pulse=129";
  expect(said(await bench.measure(sample))).toEqual(inWords(sample));
  await bench.end();
});

test("a monitor that is switched off is a fault that says to press its button", async () => {
  const bench = await put();
  bench.peer.turn("off", true);
  const { outcome } = bench.begin();
  expect(await bench.clock.finish(outcome, patience)).toMatchObject({
    error: { kind: "silent", detail: expect.stringContaining("button") },
  });
  await bench.end();
});

test("nothing but pings, the question for the type and fetches is ever sent", async () => {
  const bench = await put();
  await bench.measure("systolic=127,diastolic=76,mean-arterial=97,pulse=78");
  const sent = new Set(bench.wire.said.filter((line) => line.startsWith(">")).map((line) => line.slice(5, 7)));
  expect([...sent].sort((a, b) => a.localeCompare(b))).toEqual(["40", "42", "43"]);
  await bench.end();
});

test.each([
  [{ user: 0 }, "user: expected 1, 2 or 3"],
  [{ user: 4 }, "user: expected 1, 2 or 3"],
])("options %j are wrong: %s", (raw, says) => {
  const read = driver.options(raw);
  expect(!read.ok && read.error.join("\n")).toContain(says);
});
