import { afterAll, expect, test } from "vitest";
import { killing } from "./killing.ts";
import { tcn, xy } from "./station.ts";
import { endStreets } from "./street.ts";

afterAll(endStreets);

// Real processes, a real serial port and a real ledger. The wire is a pseudo-terminal; at its other end a simulated
// machine lives in a process of its own, and its motors turn on whoever is killed.

test(
  "killed twenty times in the middle of a vend, a kiosk has written down what its machine really did",
  { timeout: 180_000 },
  async () => {
    const streets = await Promise.all([killing(tcn, 1, 5), killing(xy, 2, 5), killing(tcn, 3, 5), killing(xy, 4, 5)]);
    expect(streets.flatMap(({ broken }) => broken)).toEqual([]);
    expect(streets.map(({ inVend }) => inVend)).toEqual([5, 5, 5, 5]);
    // Goods fell behind the back of a dead kiosk, or the test would not try what it says.
    const sum = (count: (street: (typeof streets)[number]) => number): number =>
      streets.reduce((total, street) => total + count(street), 0);
    expect(sum(({ drops }) => drops)).toBeGreaterThan(sum(({ outcomes }) => outcomes["delivered"] ?? 0));
  },
);
