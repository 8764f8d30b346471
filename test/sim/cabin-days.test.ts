import { describe, expect, it } from "vitest";
import { cabinDaysBySeed, type Seen } from "./cabin-seeds.ts";

const seeds = 24;

describe("days of a health cabin, with everything that befalls it", () => {
  const all: Seen[] = [];
  cabinDaysBySeed(0, seeds, 6, (seen) => all.push(seen));

  it("and these days were full: every page was on the glass, slips and letters left, sums were told, the power went", () => {
    const sum = (what: (seen: Seen) => number): number => all.reduce((total, seen) => total + what(seen), 0);
    const pages = new Set(all.flatMap(({ pages }) => [...pages]));
    expect(all.length).toBe(seeds);
    expect(pages.size).toBe(21);
    expect(sum(({ visits }) => visits)).toBeGreaterThan(seeds * 12);
    expect(sum(({ figures }) => figures)).toBeGreaterThan(seeds * 150);
    expect(sum(({ cuts }) => cuts)).toBeGreaterThan(seeds / 2);
    expect(sum(({ slips }) => slips)).toBeGreaterThan(seeds / 2);
    expect(sum(({ letters }) => letters)).toBeGreaterThan(seeds / 3);
    expect(sum(({ told }) => told)).toBeGreaterThanOrEqual(20);
    expect(new Set(all.flatMap(({ troubles }) => [...troubles])).size).toBeGreaterThan(18);
  });
});
