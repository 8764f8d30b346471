import { describe } from "vitest";
import { cabinets } from "./cabinets.ts";
import { daysBySeed } from "./seeds.ts";

describe("a thousand days with a board that is asked", () => daysBySeed("tcn", cabinets.tcn, 0, 1000));
