import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chinaTime } from "../../../devices/kit/civil.ts";
import { millis } from "../../../devices/kit/clock.ts";
import { ok } from "../../../devices/kit/result.ts";
import {
  bloodOf,
  bodyOf,
  pressureOf,
  stripItems,
  temperatureOf,
  weightOf,
  type Meaning,
} from "../../../devices/health/taidoc-record.ts";
import {
  bytesOfTime,
  command,
  countOf,
  encode,
  frames,
  modelOf,
  numberOf,
  timeOf,
  type Message,
} from "../../../devices/health/taidoc-wire.ts";
import { unhex } from "../../kit/wire.ts";
import { expectChecked, expectFramed, framesOf } from "./framed.ts";

/** The vectors of the collection: id, kind, bytes, command, data. */
const vectors = [
  ["taidoc-connect, TEST", "51 22 00 00 00 00 A3 16", "host", 0x22, "00 00 00 00"],
  ["taidoc-off, REAL", "51 50 00 00 00 00 A3 44", "host", 0x50, "00 00 00 00"],
  ["taidoc-model, SYN", "51 24 77 42 00 00 A5 D3", "instrument", 0x24, "77 42 00 00"],
  ["taidoc-count, SYN", "51 2B 03 00 FF FF A5 22", "instrument", 0x2b, "03 00 FF FF"],
  ["taidoc-time, SYN", "51 25 EF 30 29 09 A5 6C", "instrument", 0x25, "EF 30 29 09"],
  ["taidoc-glu, SYN", "51 26 65 00 00 40 A5 C1", "instrument", 0x26, "65 00 00 40"],
  ["taidoc-chol, SYN", "51 26 C2 00 00 24 A5 02", "instrument", 0x26, "C2 00 00 24"],
  ["taidoc-hb, SYN", "51 26 8E 00 00 2C A5 D6", "instrument", 0x26, "8E 00 00 2C"],
  ["taidoc-ket, SYN", "51 26 12 00 00 1C A5 4A", "instrument", 0x26, "12 00 00 1C"],
  ["taidoc-temp, SYN", "51 26 6E 01 FB 00 A5 86", "instrument", 0x26, "6E 01 FB 00"],
  ["taidoc-spo2, SYN", "51 49 61 00 00 48 A5 E8", "instrument", 0x49, "61 00 00 48"],
  // Printed with the questions of the collection [S21].
  ["record of user 1", "51 26 00 00 00 01 A3 1B", "host", 0x26, "00 00 00 01"],
  ["record of a TD-2555", "51 71 02 00 00 A3 67", "host", 0x71, "00 00"],
  ["record of other scales", "51 77 02 00 00 A3 6D", "host", 0x77, "00 00"],
] as const;

describe.each(vectors)("%s", (_, printed, by, what, data) => {
  const bytes = unhex(printed);
  const message: Message = { by, command: what, data: unhex(data) };

  test("is found whole, in pieces, behind junk and doubled", () => {
    expectFramed(frames, bytes, message);
  });
  test("is none any more with any one bit flipped", () => {
    expectChecked(frames, bytes);
  });
  test("is what the kiosk, or the instrument, would send", () => {
    expect(encode(by, what, unhex(data))).toEqual(bytes);
  });
});

const blood = (data: string, offered = stripItems): Meaning => bloodOf(unhex(data), offered);

test("the vectors mean what the collection says", () => {
  const [model, count] = framesOf(frames, unhex("51 24 77 42 00 00 A5 D3"), unhex("51 2B 03 00 FF FF A5 22"));
  expect(model && modelOf(model)).toBe("4277");
  expect(count && countOf(count)).toBe(3);
  const glucose = { item: "glucose", value: 101, unit: "mg/dL", notes: ["before-meal"] };
  expect(blood("65 00 00 40")).toEqual(ok([glucose]));
  expect(blood("C2 00 00 24")).toEqual(ok([{ item: "cholesterol", value: 194, unit: "mg/dL", notes: [] }]));
  expect(blood("8E 00 00 2C")).toEqual(ok([{ item: "haemoglobin", value: 14.2, unit: "g/dL", notes: [] }]));
  expect(blood("12 00 00 1C")).toEqual(ok([{ item: "ketone", value: 0.6, unit: "mmol/L", notes: [] }]));
  expect(temperatureOf(unhex("6E 01 FB 00"))).toEqual(
    ok([{ item: "temperature", value: 36.6, unit: "Cel", notes: [] }]),
  );
});

test.each([
  ["taidoc-time", "EF 30 29 09", "2024-7-15 9:41"],
  ["taidoc-t1", "21 24 0E 15", "2018-1-1 21:14"],
  ["taidoc-t2", "04 27 25 0D", "2019-8-4 13:37"],
  ["taidoc-t2 with the marks of a blood pressure monitor", "04 27 E5 CD", "2019-8-4 13:37"],
])("the time of %s is %s %s", (_, data, shown) => {
  const { year, month, day, hour, minute } = timeOf(unhex(data));
  expect(`${year}-${month}-${day} ${hour}:${minute}`).toBe(shown);
});

test("a clock that was set shows the time in China, to the minute", () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(2001, 0, 1), max: Date.UTC(2099, 0, 1) }), (utc) => {
      expect(timeOf(Uint8Array.from(bytesOfTime(millis(utc))))).toEqual({ ...chinaTime(millis(utc)), second: 0 });
    }),
  );
});

test("of all sixteen types eight are strips, each its own; the others are told as unknown and not as their neighbours", () => {
  const told = Array.from({ length: 16 }, (_, type) => {
    const meaning = bloodOf(Uint8Array.of(100, 0, 0, type << 2), stripItems);
    if (meaning === undefined) return "nothing";
    return meaning.ok ? meaning.value.map(({ item, value }) => `${item} ${value}`).join() : meaning.error.kind;
  });
  expect(told.join(", ").replaceAll("misconfigured", "none")).toBe(
    "glucose 100, none, none, none, none, none, haematocrit 100, ketone 3.3, " +
      "urate 10, cholesterol 100, none, haemoglobin 10, lactate 100, triglyceride 100, none, none",
  );
});

test("a control solution is nobody's, whatever its type", () => {
  for (let type = 0; type < 16; type++)
    expect(bloodOf(Uint8Array.of(100, 0, 0, 0xc0 | (type << 2)), stripItems)).toBeUndefined();
});

test("a strip that the station does not have is not shown, and the sentence names it without its value", () => {
  const meaning = blood("8E 00 00 2C", ["glucose"]);
  expect(meaning).toMatchObject({ error: { kind: "misconfigured", detail: expect.stringContaining("haemoglobin") } });
  expect(JSON.stringify(meaning)).not.toMatch(/14\.2|142/);
});

test.each([
  ["59 02 00 00", ">", 600],
  ["FF FF 00 80", ">", 600],
  ["13 00 00 00", "<", 20],
  ["00 00 00 40", "<", 20],
])("glucose %s lies beyond: %s %i", (data, comparator, value) => {
  expect(blood(data)).toMatchObject({ value: [{ item: "glucose", comparator, value }] });
});

test.each(["58 02 00 00", "14 00 00 00"])("glucose %s is still a number", (data) => {
  const meaning = blood(data);
  expect(meaning?.ok && meaning.value[0]).not.toHaveProperty("comparator");
});

test.each([
  ["a strip", () => blood("FF FF 00 20")],
  ["a thermometer", () => temperatureOf(unhex("FF FF 00 00"))],
  ["a thermometer of zero", () => temperatureOf(unhex("00 00 FB 00"))],
  ["a monitor's error 2", () => pressureOf(unhex("00 00 00 02"))],
  ["a monitor's pulse of 3", () => pressureOf(unhex("7C 00 4F 03"))],
  ["a scale of zero", () => weightOf(new Uint8Array(27))],
  ["a scale that is cut short", () => weightOf(new Uint8Array(20).fill(9))],
])("what stands for no value is a refusal: %s", (_, read) => {
  expect(read()).toMatchObject({ error: { kind: "refused" } });
});

test("a systolic pressure above 255 has its ninth bit in the second byte; anything else there is not guessed at", () => {
  expect(pressureOf(unhex("04 01 78 50"))).toMatchObject({ value: [{ value: 260 }, { value: 120 }, { value: 80 }] });
  expect(pressureOf(unhex("7C 61 4F 48"))).toMatchObject({ error: { kind: "garbled" } });
});

test("temperatures from 1000 on are hundredths", () => {
  expect(temperatureOf(unhex("50 0E FB 00"))).toMatchObject({ value: [{ value: 36.64 }] });
  expect(temperatureOf(unhex("E7 03 FB 00"))).toMatchObject({ value: [{ value: 99.9 }] });
});

test("a short record of a body scale is its weight alone, and its height is told by none", () => {
  const record = new Uint8Array(27)
    .fill(7)
    .with(16 - 3, 2)
    .with(17 - 3, 0x6f);
  expect(bodyOf(record)).toMatchObject({ value: [{ item: "weight", value: 62.3 }] });
});

test("a question for what erases is nowhere", () => {
  expect(Object.values(command)).not.toContain(0x52);
});

describe("the number of an instrument", () => {
  const half = (what: number, bytes: string): Message => ({ by: "instrument", command: what, data: unhex(bytes) });
  const number = (later: string, former: string) =>
    numberOf(half(command.formerNumber, former), half(command.laterNumber, later));

  test("is sixteen digits, and each of its bytes makes another one", () => {
    expect(number("34 12 00 20", "64 11 77 42")).toBe("4277116420001234");
    const numbers = new Set<string | undefined>();
    for (let place = 0; place < 8; place += 1) {
      const bytes = Array.from({ length: 8 }, (_, at) => (at === place ? "5A" : "11"));
      numbers.add(number(bytes.slice(0, 4).join(" "), bytes.slice(4).join(" ")));
    }
    expect(numbers.size).toBe(8);
  });

  test.each(["00 00 00 00", "FF FF FF FF"])("that is %s throughout was never given", (bytes) => {
    expect(number(bytes, bytes)).toBeUndefined();
  });
});
