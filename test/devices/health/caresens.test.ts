import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import overHid from "../../../devices/health/caresens.ts";
import hidPeer from "../../../devices/health/caresens.peer.ts";
import overSerial from "../../../devices/health/caresens-serial.ts";
import serialPeer from "../../../devices/health/caresens-serial.peer.ts";
import { added, depth, looking, type Ends } from "../../../devices/health/caresens-memory.ts";
import {
  encode,
  packets,
  readingOf,
  recordsFrom,
  recordsOf,
  type Packet,
} from "../../../devices/health/caresens-wire.ts";
import { ok } from "../../../devices/kit/result.ts";
import { patience } from "../../contract/bench.ts";
import { said } from "../../contract/meter-bench.ts";
import { hex, unhex } from "../../kit/wire.ts";
import { expectChecked, expectFramed, framesOf } from "./framed.ts";
import { benchOf } from "./hid-meter.ts";

const nothing = new Uint8Array();
const packet = (name: string, payload: Uint8Array = nothing): Packet => ({ name, payload });

describe("packets", () => {
  /** caresens-serial, SYN. */
  const question = unhex("02 69 53 50 63 07 52 53 4E 42 B1 4C 03");

  test("the question for the serial number is as the layout has it, and is found in any stream", () => {
    expect(hex(encode(packet("RSNB")))).toBe(hex(question));
    expectFramed(packets, question, packet("RSNB"));
    expectChecked(packets, question);
  });

  test.each([
    packet("NCOT", unhex("00 09")),
    packet("RTIM", unhex("1A 07 01 08 00 14")),
    packet("RSNB", unhex("43 31 32 33 00")),
  ])("an answer %j is found in any stream, and is none with any one bit flipped", (answer) => {
    expectFramed(packets, encode(answer), answer);
    expectChecked(packets, encode(answer));
  });

  test("records are taken without a valid check, and nothing else is", () => {
    const record = packet("GLUE", unhex("1A 07 01 08 00 14 20 00 85"));
    const unchecked = (one: Packet) => {
      const bytes = encode(one);
      return bytes.with(bytes.length - 2, (bytes.at(-2) ?? 0) ^ 0xff);
    };
    expectFramed(packets, unchecked(record), record);
    expect(framesOf(packets, unchecked({ ...record, name: "NCOT" }))).toEqual([]);
    expect(framesOf(packets, unchecked(packet("GLUE")))).toEqual([]);
  });

  test("whatever is sent is what is read", () => {
    const name = fc.constantFrom("RSNB", "RTIM", "WTIM", "NCOT", "GLUE", "ECRC");
    fc.assert(
      fc.property(name, fc.uint8Array({ maxLength: 248 }), (which, payload) => {
        expect(framesOf(packets, encode(packet(which, payload)))).toEqual([packet(which, payload)]);
      }),
    );
  });

  test("records are asked for by number and count, and are none without a time or in too small a number", () => {
    expect(recordsFrom(258, 6)).toEqual(packet("GLUE", unhex("01 02 06")));
    const good = "1A 07 01 08 00 14 20 00 85";
    const read = (text: string, count: number) => recordsOf(packet("GLUE", unhex(text)), count)?.map(hex);
    expect(read(`${good} ${good}`, 2)).toEqual([good, good]);
    expect(read(good, 2)).toBeUndefined();
    for (const wrong of [
      "1A 0D 01 08 00 14",
      "1A 07 20 08 00 14",
      "1A 07 01 18 00 14",
      "1A 07 01 08 3C 14",
      "1A 00 01 08 00 14",
    ])
      expect(read(`${wrong} 20 00 85`, 1)).toBeUndefined();
  });
});

describe("records", () => {
  const read = (flags: string, value: string) => readingOf(unhex(`1A 07 01 08 00 14 ${flags} ${value}`));
  const reading = (item: string, value: number, unit: string, more: object = {}) =>
    ok([{ item, value, unit, notes: [], ...more }]);

  test.each([
    ["20", "00 85", reading("glucose", 133, "mg/dL")],
    ["12", "01 2C", reading("glucose", 300, "mg/dL", { notes: ["fasting"] })],
    ["02", "00 65", reading("glucose", 101, "mg/dL", { notes: ["after-meal"] })],
    ["88", "02 59", reading("glucose", 600, "mg/dL", { comparator: ">" })],
    ["84", "00 0C", reading("glucose", 20, "mg/dL", { comparator: "<" })],
    ["60", "00 06", reading("ketone", 0.6, "mmol/L")],
    ["48", "00 51", reading("ketone", 8, "mmol/L", { comparator: ">" })],
    ["01", "00 76", undefined],
    ["41", "00 06", undefined],
    ["21", "00 76", undefined],
  ])("with flags %s and value %s are what the table says", (flags, value, meant) => {
    expect(read(flags, value)).toEqual(meant);
  });

  test("without a value they are a refusal", () => {
    expect(read("20", "00 00")).toMatchObject({ error: { kind: "refused" } });
  });
});

describe("what is new in a memory", () => {
  /** Records are numbers here; the ends of a memory that keeps `room` of them. */
  const record = (n: number) => Uint8Array.of(26, 7, 1 + (n >> 12), (n >> 8) & 15, n & 255, 0, 0x20, 0, 100);
  const ends = (numbers: readonly number[], newestFirst: boolean): Ends => {
    const all = numbers.map(record);
    if (newestFirst) all.reverse();
    return { count: all.length, first: all.slice(0, depth), last: all.slice(-depth) };
  };

  test("is found at whichever end it stands, in a memory of any size, full or not", () => {
    fc.assert(
      fc.property(fc.nat(40), fc.integer({ min: 2, max: 30 }), fc.boolean(), (kept, room, newestFirst) => {
        const before = Array.from({ length: kept }, (_, i) => i).slice(-room);
        const now = [...before, kept].slice(-room);
        expect(added(ends(before, newestFirst), ends(now, newestFirst))).toEqual(record(kept));
        expect(added(ends(now, newestFirst), ends(now, newestFirst))).toBeUndefined();
      }),
    );
  });

  test("is the later of two that came at once", () => {
    for (const newestFirst of [true, false])
      expect(added(ends([1, 2, 3], newestFirst), ends([1, 2, 3, 4, 5], newestFirst))).toEqual(record(5));
  });

  test("is not believed before it was said twice in the same way, nor a count that shows nothing", async () => {
    const told = [[1], [1], [1, 2], [1, 3], [1, 2], [1, 2], [1, 2]].map((numbers) => ends(numbers, false));
    told.push({ ...ends([1, 2], false), count: 3 }, { ...ends([1, 2], false), count: 3 });
    const look = looking(async () => {
      const [next] = told.splice(0, 1);
      if (next === undefined) throw new Error("asked too often");
      return ok(next);
    });
    expect(await look()).toEqual(ok({ count: 1, newest: record(1) }));
    expect(await look()).toMatchObject({ error: { kind: "garbled" } });
    expect(await look()).toEqual(ok({ count: 2, newest: record(2) }));
    expect(await look()).toEqual(ok({ count: 2, newest: record(2) }));
    expect(await look()).toMatchObject({ error: { kind: "garbled" } });
  });
});

describe.each([
  ["over USB", benchOf("caresens", overHid, hidPeer)],
  ["over a cable", benchOf("caresens-serial", overSerial, serialPeer)],
] as const)("a CareSens %s", (_, put) => {
  test.each([true, false])(
    "whose memory is full gives the newest record (counting from the newest: %s)",
    async (order) => {
      const bench = await put();
      bench.peer.turn("newest-first", order);
      bench.peer.turn("full", true);
      expect(said(await bench.measure("glucose=133"))).toEqual(new Map([["glucose", "133"]]));
      expect(said(await bench.measure("ketone=1.2"))).toEqual(new Map([["ketone", "1.2"]]));
      await bench.end();
    },
  );

  test("goes on waiting after a control solution", async () => {
    const bench = await put();
    const measurement = bench.begin();
    await bench.clock.pass(3000);
    bench.peer.turn("control", true);
    await bench.clock.pass(10_000);
    expect(measurement.settled()).toBe(false);
    bench.peer.turn("measure", "glucose=101");
    expect(said(await bench.clock.finish(measurement.outcome, patience))).toEqual(new Map([["glucose", "101"]]));
    await bench.end();
  });

  test("that is another one than at the beginning ends the measurement: what lies in it is somebody else's", async () => {
    const bench = await put();
    const measurement = bench.begin();
    await bench.clock.pass(5000);
    bench.peer.turn("swap", true);
    expect(said(await bench.clock.finish(measurement.outcome, patience))).toBe("refused");
    // From the next beginning on it is the meter.
    expect(said(await bench.measure("glucose=133"))).toEqual(new Map([["glucose", "133"]]));
    await bench.end();
  });

  test("has its clock set once, and nothing else is written", async () => {
    const bench = await put();
    await bench.measure("glucose=101");
    await bench.measure("glucose=133");
    const orders = bench.wire.said.flatMap((line) => /^>.* 69 53 50 63 .. (.. .. .. ..)/.exec(line)?.[1] ?? []);
    const named = orders.map((bytes) => String.fromCharCode(...unhex(bytes)));
    expect(new Set(named)).toEqual(new Set(["RSNB", "RTIM", "WTIM", "NCOT", "GLUE"]));
    expect(named.filter((name) => name === "WTIM")).toHaveLength(1);
    await bench.end();
  });
});
