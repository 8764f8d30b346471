import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Crowd } from "./crowd.ts";
import { happenings } from "./doings.ts";

const anything = fc.array(fc.tuple(fc.constantFrom(...happenings), fc.nat(10_000)), { minLength: 30, maxLength: 90 });

describe("whatever happens in the cabin, in whatever order", () => {
  const seen = new Set<string>();
  let leftovers = 0;

  it("nobody sees, prints or sends a value of somebody else, and nothing is left of anybody", () => {
    fc.assert(
      fc.property(anything, (story) => {
        const crowd = new Crowd();
        for (const [what, pick] of story) crowd.happens(what, pick);
        crowd.calm();
        for (const page of crowd.pages) seen.add(page);
        leftovers += crowd.leftovers;
        expect(crowd.broken).toEqual([]);
      }),
      { seed: 20_261_122, numRuns: 250 },
    );
  });

  it("and that comes by every page, and by instruments that somebody left", () => {
    expect(leftovers).toBeGreaterThan(3);
    expect([...seen].toSorted()).toEqual(
      expect.arrayContaining(
        // Each by the name that the model gives it.
        [
          "again",
          "age",
          "alert",
          "between",
          "bye",
          "choose",
          "consent",
          "enter",
          "idle",
          "meal",
          "measuring",
          "pass",
        ].concat([
          "pass-code",
          "prepare",
          "qr",
          "rest",
          "results",
          "send",
          "sex",
          "steps",
          "still-you",
          "symptoms",
          "told",
        ]),
      ),
    );
  });
});
