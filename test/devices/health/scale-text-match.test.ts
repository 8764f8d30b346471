import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPattern, type Pattern } from "../../../devices/health/scale-text-match.ts";

function patternOf(source: string): Pattern {
  const pattern = readPattern(source);
  if (typeof pattern === "string") throw new Error(`${source}: ${pattern}`);
  return pattern;
}

/** What the language itself makes of it. */
function oracle(source: string, text: string): ReadonlyMap<string, string> | undefined {
  const found = new RegExp(source).exec(text);
  if (found === null) return undefined;
  return new Map(
    Object.entries(found.groups ?? {}).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** Expressions that are allowed, each name once. */
const letters = fc.constantFrom(
  "a",
  "b",
  "1",
  "2",
  " ",
  ".",
  "\\d",
  "\\s",
  "[ab]",
  "[^a]",
  "[0-9.]",
  "\\.",
  "\\x61",
  "\\W",
);
const quantified = (inner: fc.Arbitrary<string>) =>
  fc
    .tuple(inner, fc.constantFrom("", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,}", "{0,2}", "{1,3}?"))
    .map((pair) => pair.join(""));
const plainRow = fc.array(quantified(letters), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(""));
const group = fc.array(plainRow, { minLength: 1, maxLength: 2 }).map((ways) => `(?:${ways.join("|")})`);
const expression = fc
  .array(
    fc.record({ body: fc.oneof(plainRow, group, quantified(group)), named: fc.boolean(), optional: fc.boolean() }),
    { minLength: 1, maxLength: 4 },
  )
  .chain((parts) =>
    fc
      .record({ head: fc.constantFrom("", "^"), tail: fc.constantFrom("", "$"), bar: fc.nat(6) })
      .map(({ head, tail, bar }) => {
        const row = parts.map(({ body, named, optional }, i) =>
          named ? `(?<n${i}>${body})${optional ? "?" : ""}` : body,
        );
        return head + row.map((part, i) => (i === bar && i > 0 ? `|${part}` : part)).join("") + tail;
      }),
  );

describe("an expression for a scale's lines", () => {
  test("matches what the language would match, group by group", () => {
    let matched = 0;
    let read = 0;
    fc.assert(
      fc.property(expression, fc.array(fc.constantFrom(...Array.from("ab12 .")), { maxLength: 12 }), (source, text) => {
        const pattern = readPattern(source);
        // Some repeat what may be empty, which is refused.
        if (typeof pattern === "string") {
          expect(pattern).toMatch(/empty|twice/);
          return;
        }
        read += 1;
        const found = pattern.match(text.join(""));
        if (found) matched += 1;
        expect(found).toEqual(oracle(source, text.join("")));
      }),
      { numRuns: 5000, seed: 3 },
    );
    expect(read).toBeGreaterThan(1000);
    expect(matched).toBeGreaterThan(500);
  });

  test("takes no longer than its length times that of the text, whatever it is", () => {
    const text = `${"a".repeat(1000)}!`;
    for (const source of [
      "(?:a+)+$",
      "^(?:a|a)*$",
      "(?:(?:a+)+)+b",
      ".*.*.*.*.*.*.*.*x",
      "(?:a?){50}a{50}b",
      "(?:\\w+\\s?)+$",
    ]) {
      const pattern = readPattern(source);
      if (typeof pattern === "string") {
        expect(pattern, source).toMatch(/empty/);
        continue;
      }
      const before = performance.now();
      expect(pattern.match(text)).toBeUndefined();
      // The language would need longer than the sun burns.
      expect(performance.now() - before, source).toBeLessThan(1000);
    }
  });

  test.each([
    ["", "1 to 400"],
    ["x".repeat(401), "1 to 400"],
    ["*a", "nothing before it"],
    ["a**", "twice"],
    ["a{2}{3}", "twice"],
    ["(a*)*", "empty"],
    ["(?:^)*", "empty"],
    ["(?<n>a)+", "named group cannot be repeated"],
    ["(?<n>a)(?<n>b)", "stands twice"],
    ["(?<>a)", "a name"],
    ["(?<=a)b", "nothing else begins so"],
    ["(?=a)b", "groups are"],
    ["(?!a)b", "groups are"],
    ["(a", "is not closed"],
    ["a)", "closes nothing"],
    ["[a", "is not closed"],
    ["[z-a]", "lower letter"],
    ["[a-\\d]", "lower letter"],
    ["a{", "after {"],
    ["a{3,1}", "from less to more"],
    ["a{51}", "at most 50"],
    ["a\\1", "is not known"],
    ["\\k<n>", "is not known"],
    ["\\bW", "is not known"],
    ["\\", "is not known"],
    ["体重", "up to \\xFF"],
    ["(?:(?:(?:a{9}){9}){9}){9}", "repeats too much"],
    ["?!", "nothing before it"],
  ])("%s is refused with a sentence", (source, why) => {
    expect(readPattern(source)).toEqual(expect.stringContaining(why));
  });

  test("throws for no expression and no text at all, and never reads what the language refuses", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 30 }),
          fc.string({ unit: fc.constantFrom(...Array.from("ab1(|)[]^-\\d*+?{},<>:$.")), maxLength: 15 }),
        ),
        fc.string(),
        (source, text) => {
          const pattern = readPattern(source);
          if (typeof pattern === "string") {
            expect(pattern).toMatch(/\w+ \w+/);
            return;
          }
          expect(pattern.match(text)).toEqual(oracle(source, text));
        },
      ),
      { numRuns: 5000, seed: 5 },
    );
  });

  test("finds values in bytes that are no ASCII", () => {
    // GBK for "weight" in Chinese, as OEM machines send it.
    const pattern = patternOf("\\xCC\\xE5\\xD6\\xD8:(?<weight>[\\d.]+)");
    expect(pattern.match("\xcc\xe5\xd6\xd8:62.3kg")).toEqual(new Map([["weight", "62.3"]]));
    expect(pattern.names).toEqual(["weight"]);
  });
});
