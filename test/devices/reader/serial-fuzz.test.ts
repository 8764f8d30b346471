import { expect, test } from "vitest";
import { fuzz, parsers } from "./serial-fuzz.ts";

test.each(parsers)("of 20,000 spoiled streams the $name parser finds what is there, and nothing else", (parser) => {
  expect(fuzz(parser, 20_000, 1)).toBeGreaterThan(5000);
});
