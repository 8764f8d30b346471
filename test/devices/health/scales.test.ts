import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerIn } from "../../../devices/health/mt-sics-wire.ts";
import { framerOf as aanddFramerOf, weighedBy } from "../../../devices/health/scale-aandd-wire.ts";
import { readOptions } from "../../../devices/health/scale-text-options.ts";
import { recordsTo } from "../../../devices/health/scale-text-wire.ts";
import { framerOf as toledoFramerOf } from "../../../devices/health/toledo-wire.ts";
import { unhex } from "../../kit/wire.ts";
import { expectChecked, expectFramed, framesOf } from "./framed.ts";

const bytesOf = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const bytewise = (bytes: Uint8Array) => Array.from(bytes, (byte) => Uint8Array.of(byte));
/** Every way to cut the bytes in two, and into single ones. */
const cuts = (bytes: Uint8Array) => [
  [bytes],
  bytewise(bytes),
  ...Array.from(bytes, (_, at) => [bytes.slice(0, at), bytes.slice(at)]),
];
const kg = (value: number, stable = true) => ({ is: "weight", stable, value, unit: "kg" });

describe("A&D's standard format", () => {
  const framer = aanddFramerOf({ line: "8n1", output: "stream" });
  const weighed = (...chunks: readonly Uint8Array[]) => framesOf(framer, ...chunks).map(weighedBy);

  test.each([
    // tscale-1, a published sample; aandd-scale, computed from the format.
    ["ST,GS,   245.6 g", kg(0.2456)],
    ["ST,+00062.30  kg", kg(62.3)],
    ["ST,GS    20.7g", kg(0.0207)],
    ["US,NT,    61.95 kg", kg(61.95, false)],
    ["ST,-00000.15  kg", kg(-0.15)],
    ["ST,+00137.40  lb", { ...kg(137.4), unit: "[lb_av]" }],
    ["OL,+99999999  kg", { is: "overload" }],
    ["QT,+00000012  PC", undefined],
    ["ST,+00062.3O  kg", undefined],
    ["ST,+00062.30", undefined],
    ["XST,+00062.30  kg", undefined],
  ])("%s, however it is cut, and twice", (line, said) => {
    const bytes = bytesOf(`${line}\r\n`);
    for (const chunks of cuts(bytes)) expect(weighed(...chunks)).toEqual([said]);
    expect(weighed(bytes, bytes)).toEqual([said, said]);
  });

  test("noise spoils the line that it is in, and no other", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 16 }), (junk) => {
        const line = bytesOf("ST,+00062.30  kg\r\n");
        const heard = weighed(junk, line, line);
        expect(heard.at(-1)).toEqual(kg(62.3));
      }),
      { seed: 1 },
    );
  });
});

describe("MT-SICS", () => {
  test.each([
    // sics-ok and sics-dyn, computed from the format.
    ["S S     62.30 kg", kg(62.3)],
    ["S D     61.95 kg", kg(61.95, false)],
    ["S S   62300.0 g", kg(62.3)],
    ["S S     -0.05 kg", kg(-0.05)],
    ["S I", { is: "busy" }],
    ["S +", { is: "overload" }],
    ["S -", { is: "underload" }],
    ["ES", { is: "unknown-command" }],
    ["S S     62.30", undefined],
    ["S S     62.30 kg N", undefined],
    ["T S     62.30 kg", undefined],
    ["constructor", undefined],
  ])("%s", (line, said) => {
    expect(answerIn(line)).toEqual(said);
  });
});

describe("Toledo continuous", () => {
  const frames = [
    // Computed from the layout [instruments.md 2.6.6].
    ["two decimals, kilograms", "02 34 30 20 20 20 36 32 33 30 30 30 30 30 30 30 0D 42", 62.3, "kg"],
    ["one decimal, pounds", "02 2B 20 20 30 30 31 33 37 34 30 30 30 30 30 30 0D 37", 137.4, "[lb_av]"],
    ["whole, negative", "02 22 32 20 20 20 20 20 36 32 20 20 20 20 20 30 0D 45", -62, "kg"],
  ] as const;

  test.each(frames)("%s: understood however it is cut, and never with a flipped bit", (_, text, value, unit) => {
    const bytes = unhex(text);
    const framer = toledoFramerOf({ checksum: true, line: "8n1" });
    expectFramed(framer, bytes, { value, unit, moving: false, overload: false, strange: false });
    expectChecked(framer, bytes);
  });

  test("without a checksum the same frame is understood too, and its bits go unseen", () => {
    const framer = toledoFramerOf({ checksum: false, line: "8n1" });
    const bytes = unhex(frames[0][1]).slice(0, -1);
    expect(framesOf(framer, bytes, bytes).map(({ value }) => value)).toEqual([62.3, 62.3]);
    expect(framesOf(framer, bytes.with(6, 0x37)).map(({ value }) => value)).toEqual([72.3]);
  });

  test("status words tell of motion, overload and other units", () => {
    const framer = toledoFramerOf({ checksum: false, line: "8n1" });
    const states = (b: number, c: number) =>
      framesOf(framer, unhex(frames[0][1]).slice(0, -1).with(2, b).with(3, c)).map(({ moving, overload, strange }) => [
        moving,
        overload,
        strange,
      ]);
    expect(states(0x38, 0x20)).toEqual([[true, false, false]]);
    expect(states(0x34, 0x20)).toEqual([[false, true, false]]);
    expect(states(0x30, 0x21)).toEqual([[false, false, true]]);
    expect(states(0x30, 0x30)).toEqual([[false, false, true]]);
  });
});

describe("records of text", () => {
  const framer = recordsTo("\x1bT");
  /** gtech-print, captured [S2]. */
  const slip = `\0\r\nGENDER   ---- FEMALE\r\nWEIGHT   ---- 90.05 kg\r\nSTANDARD ---- 74.69 kg\r\nHEIGHT   ---- 188.6 cm\r\nB  M  I  ----  25.3   \r\nFATNESS  ---- 120.5 % \r\nMARKS    ---- FATTY\r\n\x1bT\0`;

  test("the captured slip is one record, however it is cut, and twice it is two", () => {
    const bytes = bytesOf(slip);
    for (const chunks of cuts(bytes)) expect(framesOf(framer, ...chunks)).toHaveLength(1);
    expect(framesOf(framer, bytes, bytes)).toHaveLength(2);
    const [record = ""] = framesOf(framer, bytes);
    expect(record.startsWith("GENDER")).toBe(true);
    expect(record.endsWith("FATTY")).toBe(true);
  });

  test("what never ends is dropped to its end, counted, and the record behind it is whole", () => {
    let state = framer.start;
    let junk = 0;
    for (let i = 0; i < 100; i++) {
      const pushed = framer.push(state, bytesOf("never ends ".repeat(10)));
      expect(pushed.frames).toEqual([]);
      state = pushed.state;
      junk += pushed.junk;
      expect(state.text.length).toBeLessThanOrEqual(1024);
    }
    expect(junk).toBeGreaterThan(9000);
    expect(framer.push(state, bytesOf(`\x1bT${slip}`)).frames).toHaveLength(1);
  });

  test.each([
    [{ pattern: "(?<weight>\\d+)" }, []],
    [{}, ["pattern: expected a regular expression with named groups"]],
    [{ pattern: "\\d+" }, [expect.stringContaining("names no value")]],
    [{ pattern: "(?<wieght>\\d+)" }, [expect.stringContaining('"wieght" is no value of a scale')]],
    [{ pattern: "(?<weight>\\d+" }, [expect.stringContaining("is not closed")]],
    [{ pattern: "(?<weight>\\d+)", ends: "END" }, [expect.stringContaining("ends: ")]],
    [{ pattern: "(?<weight>\\d+)", least: 51 }, [expect.stringContaining("least: ")]],
    [
      { pattern: "(?<weight>\\d+)", units: { weight: "stone" } },
      [expect.stringContaining("expected kg or g or [lb_av]")],
    ],
    [{ pattern: "(?<weight>\\d+)", units: { height: "m" } }, [expect.stringContaining("the pattern has not")]],
    [
      { pattern: "(?<weight>\\d+)", units: { __proto__: null, constructor: "m" } },
      [expect.stringContaining("units: ")],
    ],
    [{ pattern: "(?<constructor>\\d+)" }, [expect.stringContaining("is no value of a scale")]],
  ])("options %j", (options, mistakes) => {
    const read = readOptions(options);
    expect(read.ok ? [] : read.error).toEqual(mistakes);
  });
});
