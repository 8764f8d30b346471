import * as fc from "fast-check";
import { expect, test } from "vitest";
import { framer } from "../../../devices/health/terumo-wire.ts";
import { expectFramed, framesOf } from "./framed.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
/** terumo-1, captured [S2]; the check byte was printed as a question mark. */
const captured = "\x02R1,000000000,210427,153000,128,097,082,084,0000,0000,00000,000\x03?";
const told = { is: "result", systolic: 128, mean: 97, diastolic: 82, pulse: 84 } as const;

test("the captured record is 128 over 82, mean 97, pulse 84, however it is cut and whatever comes before", () => {
  expectFramed(framer, bytesOf(captured), told);
});

test("the byte behind ETX may be any: its rule is not known", () => {
  for (const check of [0x00, 0x02, 0x03, 0x0d, 0xe4, 0xff])
    expect(framesOf(framer, Uint8Array.of(...bytesOf(captured.slice(0, -1)), check))).toEqual([told]);
});

test("half a record before a whole one is damaged, and the whole one counts", () => {
  for (const cut of [1, 10, 30, 60])
    expect(framesOf(framer, bytesOf(captured.slice(0, cut)), bytesOf(captured))).toEqual([{ is: "damaged" }, told]);
});

test.each([
  ["128,097,082,084", "000,000,000,000", "error"],
  ["128,097,082,084", "---,---,---,---", "error"],
  ["128,097,082,084", "   ,   ,   ,   ", "error"],
  ["128,097,082,084", "082,097,128,084", "damaged"],
  ["128", "12A", "damaged"],
  ["R1", "R2", "damaged"],
  [",084", "", "damaged"],
  ["210427", "21042", "damaged"],
])("with %s become %s it is %s", (from, to, is) => {
  expect(framesOf(framer, bytesOf(captured.replace(from, to)))).toEqual([{ is }]);
});

test("who was measured goes no further than the record", () => {
  const said = framesOf(framer, bytesOf(captured.replace("000000000", "310101199001011234")));
  expect(said).toEqual([told]);
});

test("no bytes make it throw or hold more than a record", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      expect(framer.push(framer.start, bytes).state.length).toBeLessThan(160);
    }),
    { seed: 1 },
  );
});
