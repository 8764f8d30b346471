import { afterAll, expect, test } from "vitest";
import { killing } from "./killing.ts";
import { tcn, xy } from "./station.ts";
import { endStreets } from "./street.ts";

afterAll(endStreets);

const rounds = 25;

test(
  "killed five hundred times in the middle of a vend, a kiosk has written down what its machine really did",
  { timeout: 3_600_000 },
  async () => {
    let inVend = 0;
    for (let round = 0; round < rounds; round++) {
      const seeds = [0, 1, 2, 3].map((n) => 100 + 4 * round + n);
      const streets = await Promise.all(seeds.map((seed) => killing(seed % 2 === 0 ? tcn : xy, seed, 5)));
      for (const street of streets) inVend += street.inVend;
      expect(streets.flatMap(({ broken }, n) => broken.map((promise) => `seed ${seeds[n]}: ${promise}`))).toEqual([]);
    }
    expect(inVend).toBe(500);
  },
);
