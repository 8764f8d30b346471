import { describe, expect, it } from "vitest";
import { cabinets } from "./cabinets.ts";
import { membersDay } from "./members-day.ts";

const days = 200;
const portion = 50;

describe("two hundred times two days with a card reader and a scanner", () => {
  it.each(Array.from({ length: days / portion }, (_, index) => index * portion))(
    "every member has the share, nobody more, and a held card is one visit: days %i and the 49 after",
    { timeout: 300_000 },
    async (first) => {
      const shown = new Set<string>();
      for (let seed = first; seed < first + portion; seed++) {
        const { broken, outcomes } = await membersDay(seed % 2 === 0 ? cabinets.tcn : cabinets.xy, seed);
        expect(broken, `seed ${seed}`).toEqual([]);
        for (const what of Object.keys(outcomes)) shown.add(what);
      }
      expect([...shown]).toEqual(expect.arrayContaining(["done", "E13", "E15", "E23"]));
    },
  );

  it("the same seed is the same two days", async () => {
    const [one, two] = [await membersDay(cabinets.tcn, 7), await membersDay(cabinets.tcn, 7)];
    expect(two.fingerprint).toBe(one.fingerprint);
  });
});
