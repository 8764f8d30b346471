import { expect, test } from "vitest";
import { oximeterLoad } from "./oximeter-load.ts";

test("a minute of an oximeter's stream takes at most 3 % of a processor, and no memory stays behind", async () => {
  const { share, grown, samples } = await oximeterLoad(60);
  expect(share).toBeLessThan(0.03);
  expect(grown).toBeLessThan(1_000_000);
  expect(samples).toBeGreaterThan(60 * 60 - 3);
});
