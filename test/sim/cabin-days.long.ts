import { describe } from "vitest";
import { cabinDaysBySeed } from "./cabin-seeds.ts";

describe("four thousand days of a health cabin", () => cabinDaysBySeed(10_000, 2000, 100));
