import { test } from "vitest";
import { scansNothing } from "./scanned.ts";

test("1,000,000 scanned texts, mangled tokens and noise, give no card and no exception", () => {
  scansNothing(1_000_000);
}, 600_000);
