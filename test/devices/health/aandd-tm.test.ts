import * as fc from "fast-check";
import { expect, test } from "vitest";
import { framer, type TmSaid } from "../../../devices/health/aandd-tm-wire.ts";
import { xor } from "../../../devices/kit/checksum.ts";
import { unhex } from "../../kit/wire.ts";
import { expectFramed, flipped, framesOf } from "./framed.ts";

/** tm2657-1, captured [S1]. */
const captured = unhex(
  `16 16 01 30 30 02 54 4d 32 36 35 37 1e 32 34 31 31 31 32 31 30 31 34 1e 52 41 1e 4d 1e 45 30 30 1e 53 31 32 37 1e
   4d 20 39 37 1e 44 20 37 36 1e 50 20 37 38 1e 49 30 30 1e 4c 32 33 32 1e 70 31 37 33 1e 69 20 30 1e 6d 30 1e 72 30
   1e 74 20 33 35 1e 63 4e 1e 6c 20 20 1e 64 1e 68 20 20 20 20 20 1e 73 20 20 20 20 20 1e 77 20 20 20 20 20 20 1e 66
   20 20 20 20 20 20 1e 65 20 20 20 20 20 20 1e 62 20 20 20 20 20 1e 03 4a`,
);
const told: TmSaid = {
  is: "result",
  systolic: 127,
  diastolic: 76,
  pulse: 78,
  mean: 97,
  irregular: 0,
  irregularPulse: false,
  moved: false,
};

/** The captured frame with some of its fields written anew, and a right check. */
function changed(...changes: readonly (readonly [from: string, to: string])[]): Uint8Array {
  let body = String.fromCharCode(...captured.subarray(6, -2));
  for (const [from, to] of changes) body = body.replace(`\x1e${from}\x1e`, `\x1e${to}\x1e`);
  const bytes = Array.from(body, (letter) => letter.charCodeAt(0));
  return Uint8Array.of(...captured.subarray(0, 6), ...bytes, 0x03, xor(bytes));
}

test("the captured frame is 127 over 76, pulse 78, mean 97, however it is cut and whatever comes before", () => {
  expectFramed(framer, captured, told);
});

test("with any of its bits flipped it is no result", () => {
  for (const wrong of flipped(captured))
    expect(framesOf(framer, wrong).filter(({ is }) => is !== "damaged")).toEqual([]);
});

test("with any of its bytes lost it is no result, and the frame behind it is one", () => {
  for (let at = 0; at < captured.length; at++) {
    const frames = framesOf(
      framer,
      captured.filter((_, i) => i !== at),
      captured,
    );
    // Without the header's first byte the rest is whole: SYN only wakes the line.
    expect(
      frames.filter(({ is }) => is !== "damaged"),
      `without byte ${at}`,
    ).toEqual([told]);
  }
});

test("movement and an irregular pulse are told, whatever their code", () => {
  expect(framesOf(framer, changed(["m0", "m1"], ["I00", "I02"], ["i 0", "i 3"]))).toEqual([
    { ...told, moved: true, irregularPulse: true, irregular: 3 },
  ]);
});

test("an error is told by its code, even where values stand beside it", () => {
  expect(framesOf(framer, changed(["E00", "E08"]))).toEqual([{ is: "error", code: "08" }]);
});

test("fields that are blank or zero are no values: without a pressure there is no result, without a mean there is none of it", () => {
  for (const blank of ["S   ", "S000"]) expect(framesOf(framer, changed(["S127", blank]))).toEqual([{ is: "damaged" }]);
  for (const blank of ["D  ", "D 0"]) expect(framesOf(framer, changed(["D 76", blank]))).toEqual([{ is: "damaged" }]);
  const { mean, irregular, ...rest } = told as typeof told & { is: "result" };
  expect([mean, irregular]).toEqual([97, 0]);
  expect(framesOf(framer, changed(["M 97", "M   "], ["i 0", "i  "]))).toEqual([rest]);
});

test("no bytes at all make it throw, and no memory grows behind a frame that never ends", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 5 }), (chunks) => {
      let state = framer.start;
      for (const chunk of [captured.subarray(0, 20), ...chunks]) state = framer.push(state, chunk).state;
      expect(state.length).toBeLessThan(300);
    }),
    { seed: 1 },
  );
});
