import { expect, test } from "vitest";
import { checks } from "../../../protocol/pickup-code/damm.ts";
import { codesOf } from "../../../protocol/pickup-code/derive.ts";

const codes = [...codesOf(new Uint8Array(32).fill(1), 500), ...codesOf(new Uint8Array(32).fill(2), 500, "07")];

test("every code that is issued checks", () => {
  expect(codes.filter((code) => !checks(code))).toEqual([]);
});

test("every single wrong digit of 1,000 codes is found", () => {
  let missed = 0;
  let tried = 0;
  for (const code of codes)
    for (let at = 0; at < code.length; at++)
      for (let digit = 0; digit <= 9; digit++) {
        if (code[at] === String(digit)) continue;
        tried++;
        if (checks(code.slice(0, at) + String(digit) + code.slice(at + 1))) missed++;
      }
  expect(tried).toBe(500 * 10 * 9 + 500 * 12 * 9);
  expect(missed).toBe(0);
});

test("every swap of two neighbours in 1,000 codes is found", () => {
  let missed = 0;
  let tried = 0;
  for (const code of codes)
    for (let at = 0; at + 1 < code.length; at++) {
      const [a, b] = [code.charAt(at), code.charAt(at + 1)];
      if (a === b) continue;
      tried++;
      if (checks(code.slice(0, at) + b + a + code.slice(at + 2))) missed++;
    }
  expect(tried).toBeGreaterThan(9000);
  expect(missed).toBe(0);
});
