import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { HbpOptions } from "../../../devices/health/omron-hbp-options.ts";
import { framer, meaningOf } from "../../../devices/health/omron-hbp-wire.ts";
import { dice } from "../../kit/dice.ts";
import { framesOf } from "./framed.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
const meanings = (model: HbpOptions["model"], ...chunks: readonly Uint8Array[]) =>
  framesOf(framer, ...chunks).map((said) => meaningOf(said, model));

const id = "12345678901234567890";
const vectors = [
  // From the tests of [S4].
  [
    "hbp9030-ok",
    "hbp-9030",
    `2026,07,11,09,05,${id},0,120,080,072,0\r\n`,
    { is: "result", systolic: 120, diastolic: 80, pulse: 72, moved: false },
  ],
  ["hbp9030-err7", "hbp-9030", `2026,07,11,09,05,${id},7,   ,   ,   ,0\r\n`, { is: "error", code: "7" }],
  ["hbp9030-range", "hbp-9030", `2026,07,11,09,05,${id},0,261,080,072,0\r\n`, { is: "damaged" }],
  // Captured [S2].
  [
    "hbp9020-1",
    "hbp-9020",
    "bp,99999999999999999999,2023/04/27,15:06,140,098,077,068,3\r\n",
    { is: "result", systolic: 140, mean: 98, diastolic: 77, pulse: 68, moved: false },
  ],
] as const;

test.each(vectors)(
  "%s is understood whole, byte by byte, at every split, twice, and in the line behind noise",
  (_, model, line, said) => {
    const bytes = bytesOf(line);
    expect(meanings(model, bytes)).toEqual([said]);
    expect(meanings(model, ...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual([said]);
    for (let at = 1; at < bytes.length; at++)
      expect(meanings(model, bytes.slice(0, at), bytes.slice(at))).toEqual([said]);
    expect(meanings(model, bytes, bytes)).toEqual([said, said]);
    for (let seed = 0; seed <= 50; seed++) {
      const { between } = dice(seed);
      const junk = Uint8Array.from({ length: seed % 17 }, () => between(0, 256));
      const heard = meanings(model, junk, bytes, bytes);
      // Noise spoils the line that it is in, and no other.
      expect(heard.at(-1)).toEqual(said);
      for (const one of heard) expect([said, { is: "damaged" }, undefined]).toContainEqual(one);
    }
  },
);

test.each([
  ["a day that is none", ["07,11", "02,29"]],
  ["a month that is none", ["07,11", "13,11"]],
  ["an hour that is none", [",09,05,", ",24,05,"]],
  ["a sign", ["120,080", "120,-80"]],
  ["a letter", ["120", "12O"]],
  ["a field too few", [",072", ""]],
  ["a field too many", [",072", ",072,072"]],
  ["a lower pressure out of the machine's range", ["080", "216"]],
  ["a pulse out of the machine's range", ["072", "181"]],
  ["a lower pressure above the upper one", ["120,080", "080,120"]],
  ["blanks without an error", ["120,080,072", "   ,   ,   "]],
  ["movement that is neither yes nor no", ["072,0", "072,2"]],
  ["an identity too short", [id, id.slice(1)]],
] as const)("a line with %s is damaged", (_, [from, to]) => {
  const line = vectors[0][2].replace(from, to);
  expect(line).not.toBe(vectors[0][2]);
  expect(meanings("hbp-9030", bytesOf(line))).toEqual([{ is: "damaged" }]);
});

test("the 29th of February is a day in leap years", () => {
  const on = (day: string) => meanings("hbp-9030", bytesOf(vectors[0][2].replace("2026,07,11", day)))[0]?.is;
  expect(["2028,02,29", "2000,02,29", "2100,02,29", "2026,02,28"].map(on)).toEqual([
    "result",
    "result",
    "damaged",
    "result",
  ]);
});

test.each([
  ["hbp-9030", "MMBP203N\r"],
  ["hbp-9030", "ID12345678901234567890\r\n"],
  ["hbp-9030", vectors[3][2]],
  ["hbp-9020", vectors[0][2]],
] as const)("%s: a line of another output format is called so: %j", (model, line) => {
  expect(meanings(model, bytesOf(line))).toEqual([{ is: "wrong-format" }]);
});

test("who was measured goes no further than the line, whatever it is", () => {
  const digits = fc.string({ minLength: 20, maxLength: 20, unit: fc.constantFrom(...Array.from("0123456789XABC")) });
  fc.assert(
    fc.property(digits, fc.constantFrom(0, 2, 3), (who, which) => {
      const [, model, line] = vectors[which] ?? vectors[0];
      const said = meanings(model, bytesOf(line.replace(/\w{20}/, who)));
      expect(said).toHaveLength(1);
      expect(JSON.stringify(said)).not.toContain(who);
      expect(Object.keys(said[0] ?? {})).not.toContain("id");
    }),
    { seed: 1 },
  );
});

test("no bytes make it throw", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom("hbp-9030" as const, "hbp-9020" as const),
      (bytes, model) => {
        for (const said of meanings(model, bytes, bytesOf("\r\n"))) expect(said?.is).not.toBe("result");
      },
    ),
    { seed: 1, numRuns: 1000 },
  );
});
