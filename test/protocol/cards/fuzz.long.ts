import { describe, test } from "vitest";
import { fuzz, parsers } from "./fuzz.ts";

const minutes = 60_000;

describe("no input throws, hangs or passes for a card: a million of each kind", () => {
  for (const [name, parse] of Object.entries(parsers))
    test(name, { timeout: 20 * minutes }, () => fuzz(parse, 1_000_000, 2));
});
