import { expect, test } from "vitest";
import { fuzz, parsers } from "./serial-fuzz.ts";

test.each(parsers)(
  "of a million spoiled streams the $name parser finds what is there, and nothing else",
  (parser) => {
    expect(fuzz(parser, 1_000_000, 2)).toBeGreaterThan(250_000);
  },
  600_000,
);
