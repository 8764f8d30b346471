import { describe } from "vitest";
import { cabinets } from "./cabinets.ts";
import { daysBySeed } from "./seeds.ts";

describe("twenty thousand days", () => {
  daysBySeed("tcn", cabinets.tcn, 200_000, 10_000);
  daysBySeed("xy", cabinets.xy, 300_000, 10_000);
});
