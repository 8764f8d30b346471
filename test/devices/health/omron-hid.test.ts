import { describe, expect, test } from "vitest";
import driver from "../../../devices/health/omron-hid.ts";
import peer from "../../../devices/health/omron-hid.peer.ts";
import {
  answers,
  bytesOf,
  countOf,
  encode,
  readingsOf,
  reportsOf,
  versionOf,
  type Answer,
} from "../../../devices/health/omron-hid-wire.ts";
import { patience } from "../../contract/bench.ts";
import { readingsOf as inWords, said, told } from "../../contract/meter-bench.ts";
import { hex, unhex } from "../../kit/wire.ts";
import { flipped, framesOf } from "./framed.ts";
import { benchOf } from "./hid-meter.ts";

const put = benchOf("omron-hid", driver, peer, { user: "A" });
const reports = (text: string): readonly Uint8Array[] => text.split("|").map((one) => unhex(`00 ${one}`));
const data = (text: string): Answer => ({ is: "data", data: unhex(text) });

/** omron-hid-gme-rx, REAL. */
const captured = reports("07 4F 4B 00 07 01 01 00|07 06 26 00 00 7B 4E 57|03 00 00 45 00 00 00 00");
const record = data("07 01 01 00 06 26 00 00 7B 4E 57 00 00");

describe("orders", () => {
  test("omron-hid-gme-tx, REAL: the newest record of bank 0 goes out in a full report and one of a single byte", () => {
    const sent = reportsOf(encode({ is: "record", bank: 0, index: 0 }));
    // As captured, up to the last byte that counts.
    expect(hex(Uint8Array.of(...(sent[0] ?? []).slice(1), ...(sent[1] ?? []).slice(1, 3)))).toBe(
      "07 47 4D 45 00 00 00 00 01 00",
    );
    expect(sent.map((report) => report.length)).toEqual([9, 9]);
  });

  test.each([
    [{ is: "version" }, "05 56 45 52 30 30"],
    [{ is: "count", bank: 1 }, "07 47 44 43 00 01 00 00|01 01"],
    [{ is: "record", bank: 1, index: 6 }, "07 47 4D 45 00 01 00 06|01 07"],
    [{ is: "clear" }, "07 00 00 00 00 00 00 00|05 00 00 00 00 00"],
  ] as const)("%j is as the notes print it", (question, printed) => {
    const sent = reportsOf(encode(question)).map((report) => hex(report.subarray(1, 2 + (report[1] ?? 0))));
    expect(sent.join("|")).toBe(printed);
  });
});

describe("answers", () => {
  test("the captured record is found, doubled, told twice report by report, and behind reports of any kind", () => {
    expect(framesOf(answers, ...captured)).toEqual([record]);
    expect(framesOf(answers, ...captured, ...captured)).toEqual([record, record]);
    expect(framesOf(answers, ...captured.flatMap((report) => [report, report]))).toEqual([record]);
    const junk = reports(
      "07 00 00 00 00 00 00 00|00 00 00 00 00 00 00 00|03 45 4E 44 00 00 00 00|09 4F 4B 00 07 01 01 00",
    );
    expect(framesOf(answers, ...junk, ...captured)).toEqual([record]);
    expect(framesOf(answers, unhex("00 02 4F 4B"), unhex("01 02 4F 4B 00 00 00 00 00"), ...captured)).toEqual([record]);
  });

  test("with any one bit flipped it is another length, or none at all", () => {
    captured.forEach((report, i) => {
      for (const wrong of flipped(report)) {
        // Padding behind the bytes that count, and 8 for 7, change nothing.
        const same = hex(bytesOf(wrong)) === hex(bytesOf(report));
        const found = framesOf(answers, ...captured.with(i, wrong)).filter(
          (answer) => answer.is === "data" && answer.data.length === 13,
        );
        expect(found, hex(wrong)).toEqual(same ? [record] : []);
      }
    });
  });

  test("omron-hid-no, REAL: NO is NO, OK alone is OK", () => {
    expect(framesOf(answers, ...reports("02 4E 4F 00 00 00 00 00|02 4F 4B 00 00 00 00 00"))).toEqual([
      { is: "no" },
      { is: "ok" },
    ]);
  });

  test("the printed version and count of the notes are read", () => {
    const [version, count] = framesOf(
      answers,
      ...reports("07 4F 4B 00 4D 37 30 38|07 30 49 54 20 32 30 37|01 4A 00 00 00 00 00 00"),
      ...reports("07 4F 4B 00 00 0A 00 08|01 02 00 00 00 00 00 00"),
    );
    expect(version?.is === "data" && versionOf(version.data)).toBe("M7080IT 207");
    expect(count?.is === "data" && countOf(count.data)).toBe(8);
  });

  test("an answer that never ends is given up", () => {
    const full = (i: number) => unhex(`00 07 4F 4B 00 00 00 00 ${(i % 9).toString().padStart(2, "0")}`);
    expect(framesOf(answers, ...Array.from({ length: 50 }, (_, i) => full(i)))).toEqual([]);
  });
});

test("the captured record holds 123/78 and a pulse of 87; one without values is a refusal", () => {
  const read = readingsOf(record.is === "data" ? record.data : new Uint8Array());
  expect(read.ok && told(read.value)).toEqual(inWords("systolic=123,diastolic=78,pulse=87"));
  expect(readingsOf(new Uint8Array(13))).toMatchObject({ error: { kind: "refused" } });
});

test("NO four times is asked through; more often it is a fault that doubts the instrument", async () => {
  const bench = await put();
  bench.peer.turn("no", 4);
  expect(said(await bench.measure("systolic=127,diastolic=76,pulse=78"))).toEqual(
    inWords("systolic=127,diastolic=76,pulse=78"),
  );
  bench.peer.turn("no", 1000);
  const { outcome } = bench.begin();
  expect(await bench.clock.finish(outcome, patience)).toMatchObject({
    error: { kind: "garbled", detail: expect.stringContaining("another instrument") },
  });
  await bench.end();
});

test("a full memory gives its newest record although its count stays; user B has records of their own", async () => {
  const bench = await put({ user: "B" });
  bench.peer.turn("full", true);
  const sample = "systolic=141,diastolic=88,pulse=64";
  expect(said(await bench.measure(sample))).toEqual(inWords(sample));
  await bench.end();
});

test("it is never switched off, and nothing is written to it", async () => {
  const bench = await put();
  await bench.measure("systolic=141,diastolic=88,pulse=64");
  const orders = bench.wire.said
    .filter((line) => /^> 00 07 47|^> 00 05 (?!00)/.test(line))
    .map((line) => line.slice(8, 16));
  expect(new Set(orders)).toEqual(new Set(["56 45 52", "47 44 43", "47 4D 45"]));
  await bench.end();
});

test.each([
  [{ user: "C" }, 'user: expected "A" or "B"'],
  [{ user: 1 }, 'user: expected "A" or "B"'],
])("options %j are wrong: %s", (raw, says) => {
  const read = driver.options(raw);
  expect(!read.ok && read.error.join("\n")).toContain(says);
});
