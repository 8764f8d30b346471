import { describe, test } from "vitest";
import { fuzz, parsers } from "./hid-fuzz.ts";

describe("no report and no descriptor throws, hangs or passes for what was not typed: 20,000 of each kind", () => {
  for (const name of Object.keys(parsers)) test(name, () => fuzz(name, 20_000, 1));
});
