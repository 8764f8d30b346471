import { afterAll, expect, test } from "vitest";
import { endStreets } from "../real/street.ts";
import { rounds } from "./rounds.ts";
import { troubles } from "./troubles.ts";

afterAll(endStreets);

// A real kiosk at a serial line, mosquitto, the centre and PostgreSQL, each in a process of its own that is killed when
// the dice say so, and lines between them that are cut, stall and crawl.

test(
  "whatever is killed, cut or refused: the database equals the ledger, entry for entry, in order, none twice",
  { timeout: 400_000 },
  async () => {
    const two = await Promise.all([rounds(1, 8), rounds(2, 8)]);
    expect(two.flatMap(({ broken }) => broken)).toEqual([]);
    const happened = new Set(two.flatMap(({ rounds }) => rounds.flatMap(({ troubles }) => troubles)));
    expect([...happened].toSorted()).toEqual(Object.keys(troubles).toSorted());
  },
);
