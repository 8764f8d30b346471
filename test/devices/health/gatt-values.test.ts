import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compositionOf, miScaleOf, temperatureOf, weightOf } from "../../../devices/health/gatt-body.ts";
import { longDecimal, shortDecimal, valueOf } from "../../../devices/kit/medical-float.ts";
import { fieldsOf } from "../../../devices/health/gatt-fields.ts";
import { benecheckOf, glucoseOf, glucoseRecordOf, isBenecheck } from "../../../devices/health/gatt-glucose.ts";
import { ichoiceFramer, pc60Framer } from "../../../devices/health/gatt-maker.ts";
import { crc8 } from "../../../devices/kit/checksum.ts";
import { cuffOf, pressureOf } from "../../../devices/health/gatt-pressure.ts";
import { beltOf, spotOf, streamOf } from "../../../devices/health/gatt-pulse.ts";
import type { Told } from "../../../devices/health/gatt-told.ts";
import { expectChecked, expectFramed } from "./framed.ts";

const unhex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
/** Item to value and unit; of others what they are. */
const short = (told: Told | undefined): unknown =>
  told?.is === "result"
    ? Object.fromEntries(told.readings.map(({ item, value, unit }) => [item, `${value} ${unit}`]))
    : told;
const at = (told: Told | undefined): unknown =>
  told?.is === "result" ? told.at && Object.values(told.at).join(" ") : undefined;

const july = "2024 7 15 9 41 30";

/** The vectors: id, kind, bytes, parser, what it tells, when. */
const vectors = [
  [
    "bps-1",
    "TEST",
    "1e8a00580078000000041114293b3c00012700",
    pressureOf,
    { systolic: "138 mm[Hg]", diastolic: "88 mm[Hg]", "mean-arterial": "120 mm[Hg]", pulse: "60 /min" },
    undefined,
  ],
  ["plx-spot", "SYN", "0161004800e807070f09291e", spotOf, { spo2: "97 %", pulse: "72 /min" }, july],
  ["gls-mol", "SYN", "060700e807070f09291e38c011", glucoseOf, { glucose: "5.6 mmol/L" }, july],
  ["gls-kg", "SYN", "020800e807070f09291e65b011", glucoseOf, { glucose: "101 mg/dL" }, july],
  ["benecheck-ua", "SYN", "065100e807070f09291e26b011", benecheckOf, { urate: "0.38 mmol/L" }, july],
  ["hts-1", "TEST", "06b00e00fedc070c050b321b04", temperatureOf, { temperature: "37.6 Cel" }, "2012 12 5 11 50 27"],
  [
    "wss-1",
    "REAL",
    "0e205cea07070e1729200140018007",
    weightOf,
    { weight: "117.92 kg", height: "1.92 m", bmi: "32 kg/m2" },
    "2026 7 14 23 41 32",
  ],
  [
    "bcs-1",
    "REAL",
    "9803f300962389014042fa2f550f",
    compositionOf,
    { "body-fat": "24.3 %", "muscle-mass": "39.3 %", "body-water": "61.41 kg", "basal-metabolism": "9110 kJ/d" },
    undefined,
  ],
  ["mi2-1", "SYN", "0222e807070f09291ef401ac30", miScaleOf, { weight: "62.3 kg" }, july],
] as const;

test.each(vectors)("%s (%s)", (_id, _kind, hex, parse, told, when) => {
  expect(short(parse(unhex(hex)))).toEqual(told);
  expect(at(parse(unhex(hex)))).toBe(when);
});

test.each(vectors)("%s (%s) cut short anywhere tells nothing", (_id, _kind, hex, parse) => {
  const bytes = unhex(hex);
  for (let length = 0; length < bytes.length; length++)
    expect(parse(bytes.slice(0, length)), `${length}`).toBeUndefined();
});

test("bps-1 says that the arm moved, the cuff was loose and the pulse irregular", () => {
  const told = pressureOf(unhex(vectors[0][2]));
  expect(told?.is === "result" && told.readings[0]?.notes).toEqual(["moved", "cuff-loose", "irregular-pulse"]);
});

test("a mean pressure or a pulse of 0 is none, and takes nothing from the pressure; a pressure of 0 is a failure", () => {
  expect(short(pressureOf(unhex("047f004c0000000000")))).toEqual({ systolic: "127 mm[Hg]", diastolic: "76 mm[Hg]" });
  expect(pressureOf(unhex("000000000000000000"))).toMatchObject({ is: "refused" });
});

test("bps-short (TEST) is rejected: its length", () => {
  expect(pressureOf(unhex("00bdf00b009f"))).toBeUndefined();
});

test("plx-cont (SYN) is 98 % and 66 a minute", () => {
  expect(streamOf(unhex("0062004200"))).toEqual({ is: "moment", moment: { spo2: 98, pulse: 66 } });
});

test("gls-1 (TEST) is record 1 of 2019-02-27, 5 minutes back, 30 kg/L of type 2 at 1, status 261: refused for its status", () => {
  const bytes = unhex("1b0100e307021b0b0a1efbff1e00120501");
  expect(glucoseRecordOf(bytes)).toEqual({
    sequence: 1,
    at: { year: 2019, month: 2, day: 27, hour: 11, minute: 10, second: 30 },
    offsetMinutes: -5,
    concentration: { mantissa: 30, exponent: 0 },
    unit: "kg/L",
    type: 2,
    location: 1,
    status: 261,
  });
  expect(glucoseOf(bytes)).toMatchObject({ is: "refused", says: expect.stringMatching(/the drop was too small/) });
});

describe("what is no number is none", () => {
  test.each([0x07ff, 0x0800, 0x07fe, 0x0802, 0x0801])("SFLOAT %i", (word) => {
    expect(shortDecimal(word)).toBeUndefined();
    const bytes = Uint8Array.of(0, word & 0xff, word >> 8, 80, 0, 90, 0);
    expect(pressureOf(bytes)).toMatchObject({ is: "refused" });
    expect(streamOf(Uint8Array.of(0, word & 0xff, word >> 8, 66, 0))).toEqual({ is: "empty" });
    expect(spotOf(Uint8Array.of(0, 98, 0, word & 0xff, word >> 8))).toMatchObject({ is: "refused" });
    const glucose = unhex("060700e807070f09291e38c011")
      .with(10, word & 0xff)
      .with(11, word >> 8);
    expect(glucoseOf(glucose)).toBeUndefined();
    expect(
      benecheckOf(
        unhex("065100e807070f09291e26b011")
          .with(10, word & 0xff)
          .with(11, word >> 8),
      ),
    ).toBeUndefined();
  });

  test.each([0x007fffff, 0x00800000, 0x007ffffe, 0x00800002])("FLOAT %i", (word) => {
    expect(longDecimal(word)).toBeUndefined();
    expect(temperatureOf(Uint8Array.of(0, word & 0xff, (word >> 8) & 0xff, word >> 16, 0))).toMatchObject({
      is: "refused",
    });
  });

  test("the stub of a body composition, a failed one, and a scale with nobody on it", () => {
    expect(compositionOf(new Uint8Array(14))).toBeUndefined();
    expect(compositionOf(unhex("9803000000000000000000000000"))).toBeUndefined();
    expect(compositionOf(unhex("0000ffff"))).toBeUndefined();
    expect(weightOf(unhex("000000"))).toBeUndefined();
    expect(weightOf(unhex("00ffff"))).toMatchObject({ is: "refused" });
    expect(beltOf(unhex("0000"))).toEqual({ is: "empty" });
    expect(miScaleOf(unhex("0202e807070f09291ef401ac30"))).toBeUndefined();
    expect(miScaleOf(unhex("02a2e807070f09291ef401ac30"))).toBeUndefined();
  });
});

test("units are those of the instrument: kPa, degrees Fahrenheit, pounds", () => {
  expect(short(pressureOf(unhex("01a9f065f086f0")))).toMatchObject({ systolic: "16.9 kPa", diastolic: "10.1 kPa" });
  expect(short(temperatureOf(unhex("01d30300ff")))).toEqual({ temperature: "97.9 [degF]" });
  expect(short(weightOf(unhex("01a73c")))).toEqual({ weight: "155.27 [lb_av]" });
  expect(cuffOf(unhex("009600ff07ff07"))).toEqual({ is: "cuff", pressure: 150 });
});

test("an oximeter's demonstration, test, calibration, and what it doubts itself, is no measurement", () => {
  for (const status of ["0004", "0008", "0010", "0020", "0040", "0080"]) {
    expect(spotOf(unhex(`0261004800${status}`)), status).toMatchObject({ is: "refused" });
    expect(streamOf(unhex(`0462004200${status}`)), status).toEqual({ is: "empty" });
  }
  // Ongoing, an early estimate, validated, qualified.
  for (const status of ["2000", "4000", "8000", "0001"]) {
    expect(spotOf(unhex(`0261004800${status}`)), status).toMatchObject({ is: "result" });
    expect(streamOf(unhex(`0462004200${status}`)), status).toMatchObject({ is: "moment" });
  }
  // From its memory.
  expect(spotOf(unhex("02610048000002"))).toMatchObject({ is: "result", stored: true });
  expect(streamOf(unhex("04620042000002"))).toEqual({ is: "empty" });
});

test("a pulse belt tells a pulse of one byte or two, and none without skin", () => {
  expect(beltOf(unhex("0048"))).toEqual({ is: "moment", moment: { pulse: 72 } });
  expect(beltOf(unhex("11480000002003"))).toEqual({ is: "moment", moment: { pulse: 72 } });
  expect(beltOf(unhex("0448"))).toEqual({ is: "empty" });
  expect(beltOf(unhex("0648"))).toEqual({ is: "moment", moment: { pulse: 72 } });
});

test("control solution, type 10, is nobody's", () => {
  expect(glucoseOf(unhex("060700e807070f09291e38c01a"))).toBeUndefined();
  expect(benecheckOf(unhex("065100e807070f09291e26b01a"))).toBeUndefined();
});

test("HI and LO stay what they are", () => {
  const base = "0e0700e807070f09291e38c011";
  expect(glucoseOf(unhex(`${base}2000`))).toMatchObject({ readings: [{ comparator: ">" }] });
  expect(glucoseOf(unhex(`${base}4000`))).toMatchObject({ readings: [{ comparator: "<" }] });
});

test("HI and LO are told too where the meter sends infinity, or nothing, for a number", () => {
  const high = { item: "glucose", value: 33.3, unit: "mmol/L", comparator: ">", notes: [] };
  const low = { item: "glucose", value: 1.1, unit: "mmol/L", comparator: "<", notes: [] };
  for (const [hex, reading] of [
    ["0e0700e807070f09291efe07112000", high],
    ["0a0700e807070f09291e0208114000", low],
    ["080700e807070f09291e2000", high],
  ] as const)
    expect(glucoseOf(unhex(hex))).toMatchObject({ readings: [reading] });
});

test("a glucose was measured when its meter's clock showed it: minutes by which that was set count", () => {
  const told = (offset: string) => at(glucoseOf(unhex(`070700e807070f09291e${offset}38c011`)));
  expect(["0000", "88ff", "7800", "6003"].map(told)).toEqual([
    july,
    "2024 7 15 7 41 30",
    "2024 7 15 11 41 30",
    "2024 7 16 0 5 30",
  ]);
  // A clock that failed tells nothing.
  expect(at(glucoseOf(unhex("0e0700e807070f09291e38c0110008")))).toBeUndefined();
});

test("the substances of a BeneCheck; a substance it does not have is none", () => {
  const record = (mark: string) => unhex(`06${mark}00e807070f09291e26b011`);
  expect(["41", "51", "61"].map((mark) => Object.keys(short(benecheckOf(record(mark))) as object)[0])).toEqual([
    "glucose",
    "urate",
    "cholesterol",
  ]);
  expect(benecheckOf(record("07"))).toBeUndefined();
  expect(["BeneCheck", "BENECHECK PLUS", "Benecheck TC-B"].every(isBenecheck)).toBe(true);
  expect(["Contour7830H", "meter+", "My BeneCheck"].some(isBenecheck)).toBe(false);
});

test("a date that is not known, or is none, is no time", () => {
  for (const hex of ["0000070f09291e", "e807000f09291e", "e807070009291e", "e8070d0f09291e", "e807070f18291e"])
    expect(fieldsOf(unhex(hex)).time()).toBeUndefined();
});

test("every SFLOAT and FLOAT is the nearest double to what it says", () => {
  fc.assert(
    fc.property(fc.integer({ min: -2000, max: 2000 }), fc.integer({ min: -8, max: 7 }), (mantissa, exponent) => {
      const raw = ((exponent & 15) << 12) | (mantissa & 0xfff);
      expect(valueOf(shortDecimal(raw) ?? { mantissa: NaN, exponent: 0 })).toBe(Number(`${mantissa}e${exponent}`));
    }),
  );
  expect(valueOf(longDecimal(0xfe000eb0) ?? { mantissa: NaN, exponent: 0 })).toBe(37.6);
});

test("no bytes make a parser throw or tell what is no number", () => {
  const parsers = [
    pressureOf,
    cuffOf,
    spotOf,
    streamOf,
    beltOf,
    glucoseOf,
    benecheckOf,
    temperatureOf,
    weightOf,
    compositionOf,
    miScaleOf,
  ];
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 30 }), (bytes) => {
      for (const parse of parsers) {
        const told = parse(bytes);
        if (told?.is === "result")
          for (const { value } of told.readings) expect(Number.isFinite(value), parse.name).toBe(true);
      }
    }),
  );
});

test("the check value of CRC-8/MAXIM is A1", () => {
  expect(crc8(new TextEncoder().encode("123456789"))).toBe(0xa1);
});

test.each([
  [
    "pc60fw-1",
    "REALc",
    "aa550f0801603e005000c008",
    pc60Framer,
    { is: "moment", moment: { spo2: 96, pulse: 62, perfusion: 8 } },
  ],
  ["pc60fw-wave", "REALc", "aa550f07023b3835322fbd", pc60Framer, { is: "wave", samples: [59, 56, 53, 50, 47] }],
  ["ichoice-ok", "REAL", "55aa03b100b4", ichoiceFramer, undefined],
  ["ichoice-1", "REAL", "55aa03614db1", ichoiceFramer, { is: "moment", moment: { spo2: 97, pulse: 77 } }],
] as const)(
  "%s (%s) is one frame, however its bytes come, and no flipped bit leaves one",
  (_id, _kind, hex, framer, told) => {
    expectFramed(framer, unhex(hex), told as Told | undefined);
    expectChecked(framer, unhex(hex));
  },
);
