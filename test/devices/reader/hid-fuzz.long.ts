import { describe, test } from "vitest";
import { fuzz, parsers } from "./hid-fuzz.ts";

const minutes = 60_000;

describe("no report and no descriptor throws, hangs or passes for what was not typed: a million of each kind", () => {
  for (const name of Object.keys(parsers)) test(name, { timeout: 20 * minutes }, () => fuzz(name, 1_000_000, 2));
});
