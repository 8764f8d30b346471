import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJson } from "../../config/json.ts";

const place = (text: string) => {
  const parsed = parseJson(text);
  return parsed.ok ? "no mistake" : `${parsed.error.line}:${parsed.error.column} ${parsed.error.says}`;
};

test("every JSON text means what JSON.parse says it means", () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(4), (json, indent) => {
      const text = JSON.stringify(JSON.parse(json), null, indent);
      expect(parseJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
    }),
  );
});

test("a text with one letter lost is refused exactly where JSON.parse refuses it", () => {
  const accepts = (text: string) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(fc.json(), fc.nat(), (json, at) => {
      const cut = json.slice(0, at % json.length) + json.slice((at % json.length) + 1);
      const parsed = parseJson(cut);
      const repeated = !parsed.ok && parsed.error.says.includes("a second time");
      expect(repeated || parsed.ok === accepts(cut)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("a field called __proto__ is only a field", () => {
  const parsed = parseJson('{ "__proto__": 1 }');
  expect(parsed.ok && Object.hasOwn(parsed.value as object, "__proto__")).toBe(true);
});

test("a byte order mark before the text is no mistake", () => {
  expect(parseJson("\uFEFF[1]")).toEqual({ ok: true, value: [1] });
});

test.each([
  ["", '1:1 expected a value (a text in ", a number, true, false, null, { or [), found the end of the file'],
  ['{\n  "v": 1,\n}', '3:1 expected the name of a field in ", found "}"'],
  ['{\n  "v" 1\n}', '2:7 expected : after "v", found "1"'],
  ['{ "v": 1\n  "w": 2 }', "2:3 expected , or }, found a text"],
  ["[1 2]", '1:4 expected , or ], found "2"'],
  ["[01]", '1:3 expected , or ], found "1"'],
  ['["a\nb"]', '1:2 expected a text that ends with " on the same line, found a text'],
  ["{} {}", '1:4 expected the end of the file, found "{"'],
  ['{ "v": 1, // first\n}', '1:11 expected the name of a field in ", found "/"'],
  ['{\n"a": 1,\n"a": 2 }', '3:1 expected each field once; "a" stands here a second time, found a text'],
  ["[".repeat(80), '1:66 expected at most 64 brackets inside each other, found "["'],
])("%j names the line, the column and what was expected", (text, says) => {
  expect(place(text)).toBe(says);
});
