import { afterAll, expect, test } from "vitest";
import { endStreets } from "../real/street.ts";
import { rounds } from "./rounds.ts";
import { slowTroubles, troubles } from "./troubles.ts";

afterAll(endStreets);

/** A station has so many goods and codes. */
const roundsAStation = 40;
const stations = 25;
/** Stations in a row; a machine with two cores has to carry both. */
const rows = 2;

test(
  "over a thousand rounds of kills and cuts, some of which nobody is told of, the database equals the ledgers",
  { timeout: 6 * 3_600_000 },
  async () => {
    const seeds = Array.from({ length: stations }, (_, n) => 1000 + n);
    let passed = 0;
    const row = async (): Promise<void> => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
        const station = await rounds(seed, roundsAStation, troubles, slowTroubles);
        expect(station.broken.map((promise) => `seed ${seed}: ${promise}`)).toEqual([]);
        passed += station.rounds.length;
        const took = station.rounds.map((round) => round.took).toSorted((a, b) => a - b);
        const [half, most] = [took[took.length >> 1] ?? 0, took.at(-1) ?? 0];
        console.log(`${passed} rounds; seed ${seed}: ${Math.round(half)} ms each, ${Math.round(most)} ms at most`);
      }
    };
    await Promise.all(Array.from({ length: rows }, row));
    expect(passed).toBe(stations * roundsAStation);
  },
);
