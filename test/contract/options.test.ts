import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { found } from "./drivers.ts";

const path = /^[A-Za-z]\w*(\.\w+)*: \S/;
/** None of these is a good value of any option. */
const senseless = [null, -1.5, "?!", {}, [{}], 1e9];

describe.each(found)("$profile", (one) => {
  const mistakes = (raw: unknown) => {
    const read = one.driver.options(raw);
    return read.ok ? [] : read.error;
  };

  test("accepts the options of its profile", () => {
    expect(mistakes(one.options)).toEqual([]);
  });

  test.each(Object.keys(one.options))("says where the mistake is when %s is senseless", (name) => {
    for (const value of senseless) {
      const said = mistakes({ ...one.options, [name]: value });
      if (value === null) continue;
      expect(said.length, JSON.stringify(value)).toBeGreaterThan(0);
      for (const sentence of said) {
        expect(sentence).toMatch(path);
        expect(sentence.startsWith(`${name}:`) || sentence.startsWith(`${name}.`), sentence).toBe(true);
      }
    }
  });

  test("names every mistake, not only the first", () => {
    const wrong = Object.fromEntries(Object.keys(one.options).map((name) => [name, "?!"]));
    const named = new Set(mistakes(wrong).map((sentence) => sentence.replace(/[.:].*/, "")));
    expect([...named].sort((a, b) => a.localeCompare(b))).toEqual(
      Object.keys(one.options).sort((a, b) => a.localeCompare(b)),
    );
  });

  test("refuses an option it does not know by its name", () => {
    expect(mistakes({ ...one.options, colour: "red" })).toEqual([expect.stringMatching(/^colour: /)]);
  });

  test("throws for no input at all", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.anything(), fc.dictionary(fc.constantFrom("colour", ...Object.keys(one.options)), fc.anything())),
        (raw) => {
          for (const sentence of mistakes(raw)) expect(sentence).toMatch(/: \S/);
        },
      ),
    );
  });
});
