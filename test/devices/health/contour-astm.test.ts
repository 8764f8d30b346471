import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ok } from "../../../devices/kit/result.ts";
import { frameOf, tokens, type Token } from "../../../devices/health/contour-astm.ts";
import { bytesOf, reportsOf } from "../../../devices/health/contour-line.ts";
import { headerOf, keyOf, readingOf, resultOf } from "../../../devices/health/contour-record.ts";
import { expectFramed, flipped, framesOf } from "./framed.ts";

const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

const header = String.raw`H|\^&||7w3LBL|Bayer7390^01.24\01.04\09.02.20^7390-2336773^7403-|A=1^C=63^G=1^I=0200^R=0^S=1^U=0^V=10600^X=070070070070180130150250^Y=360126090050099050300089^Z=1|1714||||||1|201909221304`;
/** contour-hdr, REAL: a whole greeting. */
const greeting = ascii(`\u0004\u00021${header}\r\u0017D7\r\n\u0005`);
/** contour-r8, TEST: a record only. */
const record8 = "R|8|^^^Glucose|133|mg/dL^P||B/X||201202052034";
/** contour-frame, SYN. */
const record1 = "R|1|^^^Glucose|5.6|mmol/L^P||F||202407150941";
const frame4 = ascii(`\u00024${record1}\r\u0017C7\r\n`);

const frame = (number: number, text: string): Token => ({ is: "frame", number, text });

describe("frames of ASTM E1381", () => {
  test("the captured greeting is an end, a header and a request to send, however it is cut", () => {
    const all: readonly Token[] = [{ is: "eot" }, frame(1, header), { is: "enq" }];
    expect(framesOf(tokens, greeting)).toEqual(all);
    expect(framesOf(tokens, ...Array.from(greeting, (byte) => Uint8Array.of(byte)))).toEqual(all);
    for (let at = 1; at < greeting.length; at++)
      expect(framesOf(tokens, greeting.slice(0, at), greeting.slice(at))).toEqual(all);
    expect(framesOf(tokens, greeting, greeting)).toEqual([...all, ...all]);
  });

  test.each([
    ["contour-hdr", greeting.slice(1, -1), frame(1, header)],
    ["contour-frame", frame4, frame(4, record1)],
  ])(
    "the frame of %s is found whole, in pieces, behind junk and doubled, and none with any one bit flipped",
    (_, bytes, token) => {
      expectFramed(tokens, bytes, token);
      for (const wrong of flipped(bytes))
        expect(framesOf(tokens, wrong).filter(({ is }) => is === "frame")).toEqual([]);
    },
  );

  test("a frame that never ends is given up, and the next one is found", () => {
    const endless = ascii(`\u00022${"R|".repeat(400)}`);
    expect(framesOf(tokens, endless, frame4).at(-1)).toEqual(frame(4, record1));
  });

  test("lower-case digits of a check are none, nor is a frame without its end of line", () => {
    expect(framesOf(tokens, ascii(`\u00024${record1}\r\u0017c7\r\n`))).toEqual([]);
    expect(framesOf(tokens, ascii(`\u00024${record1}\r\u0017C7\n\n`))).toEqual([]);
  });

  test("what a meter writes is what is read, whatever the text, also through its reports", () => {
    const text = fc.string({ unit: fc.constantFrom(...Array.from("RHPL|^&/.<>09azAZ \\")), maxLength: 240 });
    fc.assert(
      fc.property(fc.nat(20), text, fc.boolean(), (number, some, last) => {
        const bytes = frameOf(number, some, last);
        expect(framesOf(tokens, bytes)).toEqual([frame(number % 8, some)]);
        const reports = reportsOf(bytes);
        for (const report of reports) expect(report).toHaveLength(65);
        expect(framesOf(tokens, ...reports.map(bytesOf))).toEqual([frame(number % 8, some)]);
      }),
    );
  });
});

test("a report that has a number, another length, or says more than it holds carries nothing", () => {
  const [report = new Uint8Array()] = reportsOf(frame4);
  expect(bytesOf(report)).toEqual(frame4.subarray(0, 60));
  for (const wrong of [report.with(0, 1), report.subarray(0, 64), report.with(4, 61), new Uint8Array()])
    expect(bytesOf(wrong)).toHaveLength(0);
});

describe("records of a Contour", () => {
  test("the captured header names the product, and counts 1714 results; its password is not taken along", () => {
    const read = headerOf(header);
    expect(read).toEqual({
      model: "Contour Bayer7390",
      firmware: "01.24 01.04 09.02.20",
      serial: "7390-2336773",
      count: 1714,
    });
  });

  test.each(["P|1", record8, "L|1|N", "H|", "H|||||||", String.raw`H|\^&||x|^^|A|many`])("%s is no header", (text) => {
    expect(headerOf(text)).toBeUndefined();
  });

  const read = (text: string) => {
    const result = resultOf(text);
    return result && readingOf(result);
  };
  const glucose = (value: number, unit: string, more: object = {}) =>
    ok([{ item: "glucose", value, unit, notes: [], ...more }]);

  test.each([
    ["contour-r8", record8, glucose(133, "mg/dL", { notes: ["before-meal"] })],
    ["contour-frame", record1, glucose(5.6, "mmol/L")],
    [
      "above",
      "R|2|^^^Glucose|600|mg/dL^B||A/>||202407150941",
      glucose(600, "mg/dL", { notes: ["after-meal"], comparator: ">" }),
    ],
    ["below", "R|2|^^^Glucose|0.6|mmol/L^P||<||202407150941", glucose(0.6, "mmol/L", { comparator: "<" })],
    ["minutes after a meal", "R|3|^^^Glucose|93|mg/dL^P||M0/T1||201505261150", glucose(93, "mg/dL")],
    ["control solution", "R|3|^^^Glucose|118|mg/dL^P||C/Z||201505261150", undefined],
    ["an entry of the diary", "R|3|^^^Insulin|4|1^||||201505261150", undefined],
  ])("%s is read as what it is", (_, text, reading) => {
    expect(read(text)).toEqual(reading);
  });

  test.each([
    ["no number", "R|2|^^^Glucose|HI|mg/dL^P||||202407150941", "refused"],
    ["zero", "R|2|^^^Glucose|0|mg/dL^P||||202407150941", "refused"],
    ["no value", "R|2|^^^Glucose||mg/dL^P||||202407150941", "refused"],
    ["an unknown unit", "R|2|^^^Glucose|101|mg^P||||202407150941", "garbled"],
  ])("%s is a fault and no reading", (_, text, kind) => {
    expect(read(text)).toMatchObject({ error: { kind } });
  });

  test("the same result has the same key whatever its place in the memory; another has another", () => {
    const key = (text: string) => {
      const result = resultOf(text);
      return result && keyOf(result);
    };
    expect(key(record8)).toBe(key(record8.replace("|8|", "|7|")));
    const keys = [record8, record1, record8.replace("2034", "2035"), record8.replace("133", "134")].map(key);
    expect(new Set(keys).size).toBe(4);
  });
});
