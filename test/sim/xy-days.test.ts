import { describe } from "vitest";
import { cabinets } from "./cabinets.ts";
import { daysBySeed } from "./seeds.ts";

describe("a thousand days with a board that asks", () => daysBySeed("xy", cabinets.xy, 100_000, 1000));
