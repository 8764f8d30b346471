import { describe, test } from "vitest";
import { fuzz, parsers } from "./fuzz.ts";

describe("no input throws, hangs or passes for a card: 20,000 of each kind", () => {
  for (const [name, parse] of Object.entries(parsers)) test(name, () => fuzz(parse, 20_000, 1));
});
