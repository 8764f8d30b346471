import { describe, expect, test } from "vitest";
import { millis } from "../../../devices/kit/clock.ts";
import { steadiness, type Rule } from "../../../devices/kit/steady.ts";

/** Which of the values, one each so many milliseconds, was still. */
function stills(rule: Rule, seen: readonly (string | undefined)[], every = 250): readonly number[] {
  const still = steadiness(rule);
  return seen.flatMap((value, i) => (still.see(value, millis(i * every)) ? [i] : []));
}

describe("what stands still", () => {
  test("is the same so many times in a row, with nothing else between", () => {
    expect(stills({ equal: 2 }, ["1", "2", "2", "2", "3", undefined, "3", "3"])).toEqual([2, 3, 7]);
    expect(stills({ equal: 3 }, ["1", "1", undefined, "1", "1", "1"])).toEqual([5]);
  });

  test("is what has not changed for so long", () => {
    expect(stills({ span: millis(1000) }, ["1", "2", "2", "2", "2", "2", "3", "3"])).toEqual([5]);
  });

  test("is whichever of the two comes first", () => {
    expect(stills({ equal: 5, span: millis(500) }, ["1", "1", "1"])).toEqual([2]);
    expect(stills({ equal: 2, span: millis(5000) }, ["1", "1"])).toEqual([1]);
  });

  test("an echo on the line proves nothing", () => {
    expect(stills({ equal: 2 }, ["1", "1", "1"], 5)).toEqual([]);
    expect(stills({ equal: 2 }, ["1", "1", "1", "1", "1"], 5)).toEqual([4]);
  });
});
