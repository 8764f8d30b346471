import { describe, expect, it } from "vitest";
import { interleaving } from "./interleaving.ts";

const portion = 1000;

describe("whatever comes in whatever order, a code gives one good, and one more only where it is marked", () => {
  it.each(Array.from({ length: 10 }, (_, index) => index * portion))("tales %i and the 999 after", (first) => {
    let fell = 0;
    let cuts = 0;
    const seen = new Set<string>();
    for (let seed = first; seed < first + portion; seed++) {
      const tale = interleaving(seed);
      expect(tale.broken, `seed ${seed}`).toEqual([]);
      fell += tale.fell;
      cuts += tale.cuts;
      for (const shown of tale.seen) seen.add(shown);
    }
    // The tales are worth telling: goods fall, the power goes, and every turn is taken.
    expect(fell).toBeGreaterThan(0.7 * portion);
    expect(cuts).toBeGreaterThan(portion / 2);
    for (const shown of [
      "done",
      "choose",
      "vending",
      "after-cut",
      "E2",
      "E4",
      "E9",
      "E10",
      "E23",
      "reading",
      "E13",
      "E15",
      "E16",
    ])
      expect([...seen]).toContain(shown);
  });
});
