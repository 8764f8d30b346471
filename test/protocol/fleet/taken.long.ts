import { test } from "vitest";
import { believesNothing } from "./mangled-lists.ts";

test("of 1,000,000 mangled lists of takings none is believed, and nothing is thrown", () => {
  believesNothing(1_000_000);
}, 600_000);
