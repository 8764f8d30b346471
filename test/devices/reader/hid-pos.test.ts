import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import driver from "../../../devices/reader/hid-pos.ts";
import { unhex } from "../../kit/wire.ts";
import { openOnReports } from "./hid-bench.ts";

type Part = "length" | "symbology" | "data" | "maker" | "continued";

/** A scanner's descriptor with its parts in any order and of any size, and the reports that go with it. */
function scanner(id: number, parts: readonly Part[], room: number) {
  const items: Readonly<Record<Part, readonly number[]>> = {
    length: [0x75, 8, 0x95, 1, 0x05, 0x01, 0x09, 0x3b, 0x81, 2],
    symbology: [0x05, 0x8c, 0x75, 8, 0x95, 3, 0x09, 0xfb, 0x09, 0xfc, 0x09, 0xfd, 0x81, 2],
    data: [0x05, 0x8c, 0x75, 8, 0x95, room, 0x09, 0xfe, 0x82, 2, 1],
    maker: [0x06, 0x66, 0xff, 0x75, 8, 0x95, 2, 0x09, 1, 0x81, 2],
    continued: [0x05, 0x8c, 0x75, 1, 0x95, 1, 0x09, 0xff, 0x81, 2, 0x95, 7, 0x81, 3],
  };
  const numbered = id > 0 ? [0x85, id] : [];
  const descriptor = [
    0x05,
    0x8c,
    0x09,
    2,
    0xa1,
    1,
    ...numbered,
    0x09,
    0x12,
    0xa1,
    2,
    ...parts.flatMap((part) => items[part]),
    0xc0,
    0xc0,
  ];
  const report = (bytes: Uint8Array, symbology: string, more: boolean) => [
    id,
    ...parts.flatMap((part): readonly number[] => {
      if (part === "length") return [bytes.length];
      if (part === "symbology") return Array.from(symbology, (character) => character.charCodeAt(0));
      if (part === "data") return [...bytes, ...new Uint8Array(room - bytes.length)];
      return part === "maker" ? [0x73, 0] : [more ? 1 : 0];
    }),
  ];
  const reports = (text: string, symbology: string) => {
    const bytes = new TextEncoder().encode(text);
    const starts = Array.from({ length: Math.ceil(bytes.length / room) }, (_, i) => i * room);
    return starts.map((from) => report(bytes.subarray(from, from + room), symbology, from + room < bytes.length));
  };
  return { descriptor: Uint8Array.from(descriptor), reports };
}

const order = fc.shuffledSubarray<Part>(["length", "symbology", "data", "maker", "continued"], { minLength: 5 });
/** No control characters at its ends: end marks of a scanner are taken off. */
const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 120 }).filter((some) => !/^\s|\s$|\0/.test(some));

describe("a scanner in HID POS mode", () => {
  test("is understood wherever its descriptor puts the parts, in as many reports as a text takes", async () => {
    await fc.assert(
      fc.asyncProperty(
        order,
        fc.nat(255),
        fc.integer({ min: 1, max: 62 }),
        text,
        text,
        async (parts, id, room, a, b) => {
          const { descriptor, reports } = scanner(id, parts, room);
          const { told, say } = await openOnReports(driver, descriptor);
          for (const report of [...reports(a, "]Q1"), ...reports(b, "]E0")]) say(report);
          expect(told).toEqual([`qr ${a}`, `ean ${b}`]);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("that says no length is read up to its padding of zeros", async () => {
    const { descriptor, reports } = scanner(1, ["data"], 62);
    const { told, say } = await openOnReports(driver, descriptor);
    for (const report of reports("4829163550", "")) say(report);
    expect(told).toEqual(["text 4829163550"]);
  });

  test.each([
    ["]A0", "code39"],
    ["]C1", "code128"],
    ["]E0", "ean"],
    ["]L0", "pdf417"],
    ["]Q1", "qr"],
    ["]d2", "data-matrix"],
    ["]I1", "other"],
  ])("names the symbology of %s: %s", async (aim, name) => {
    const { descriptor, reports } = scanner(2, ["symbology", "data"], 30);
    const { told, say } = await openOnReports(driver, descriptor);
    for (const report of reports("4829163550", aim)) say(report);
    expect(told).toEqual([`${name} 4829163550`]);
  });

  test("tells nothing where the scanner speaks of itself, and unread where the bytes are no text", async () => {
    const { descriptor, reports } = scanner(2, ["symbology", "length", "data"], 30);
    const { told, say } = await openOnReports(driver, descriptor);
    for (const report of reports("REVINF\u0006.", "]Z6")) say(report);
    expect(told).toEqual([]);
    say([2, 0x5d, 0x51, 0x30, 2, 0xff, 0xfe]);
    say([2, 0x5d, 0x51, 0x30, 2, 0x0d, 0x0a]);
    say([2, 0x5d, 0x51, 0x30, 31, 0x34]);
    expect(told).toEqual(["unread code", "unread code", "unread code"]);
  });

  test("a report that came short gives nothing false", async () => {
    const { descriptor, reports } = scanner(2, ["length", "data"], 30);
    const { told, say } = await openOnReports(driver, descriptor);
    for (const report of reports("4829163550", "")) say(report.slice(0, 8));
    expect(told).toEqual(["unread code"]);
  });

  test("a code that never ends is given up, whatever is still sent of it", async () => {
    const { descriptor, reports } = scanner(2, ["symbology", "data", "continued"], 62);
    const { told, say, clock } = await openOnReports(driver, descriptor);
    for (const report of reports("9".repeat(20_000), "]Q1").slice(0, -1)) say(report);
    await clock.pass(1000);
    expect(told).toEqual(["unread code"]);
  });

  test.each([
    ["a keyboard", "05 01 09 06 A1 01 05 07 19 00 29 65 75 08 95 06 81 00 C0", "USB HID POS"],
    ["nothing", "", "USB HID POS"],
    ["half a descriptor", "05 8C 09", "middle of an item"],
  ])("%s at its plug is refused in a sentence that says what to do", async (_, hex, says) => {
    const { opened } = await openOnReports(driver, unhex(hex));
    expect(opened).toMatchObject({
      ok: false,
      error: { kind: "misconfigured", detail: expect.stringContaining(says) },
    });
  });
});
