import { afterAll, beforeAll, expect, test } from "vitest";
import type { Store } from "../../../console/store/store.ts";
import { rows, startEngine, type Engine } from "../engines.ts";
import { Ledger } from "../ledger.ts";
import { openCentre } from "./centre.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine("PGlite");
});
afterAll(() => engine.stop());

test("the batch that is next comes twice into one commit, behind what is stored, and is stored once", async () => {
  const told: unknown[] = [];
  const centre = await openCentre(await engine.place(), { trouble: (sentence) => told.push(sentence) });
  const ledger = new Ledger(1, 12);
  await centre.hear("k1", ledger.batch(1, 5));
  // A collector that was away gets what the broker kept for it, and what the kiosk sent again, all at once.
  await Promise.all([8, 9, 8].map((to) => centre.hear("k1", ledger.batch(6, to))));
  expect(centre.collector.tally.commits).toBe(2);
  expect(told).toEqual([]);
  expect(centre.ack("k1")).toEqual({ kiosk: "k1", life: 1, upTo: 9, hash: ledger.hash(9) });
  expect(await rows(centre.store, "SELECT 1 FROM forks")).toEqual([]);
  await centre.close();
});

/** A store on which our own program stumbles over whatever comes of one kiosk. */
const stumbling = (store: Store, over: string): Store => ({
  ...store,
  transaction: (work) =>
    store.transaction((within) =>
      work({
        query(statement, given) {
          if (given?.some((one) => typeof one === "string" && one.includes(`"${over}"`)))
            throw new TypeError("it is not a function");
          return within.query(statement, given);
        },
      }),
    ),
});

test("a mistake of the program over one kiosk holds up no other, and is told in the kiosk's name", async () => {
  const centre = await openCentre(await engine.place(), {
    kiosks: ["k1", "k2"],
    store: (store) => stumbling(store, "k2"),
  });
  const [one, two] = [new Ledger(1, 3), new Ledger(1, 3)];
  await Promise.all([centre.hear("k2", two.batch(1, 3)), centre.hear("k1", one.batch(1, 3))]);
  expect(centre.ack("k1")).toMatchObject({ upTo: 3 });
  expect(centre.ack("k2")).toBeUndefined();
  expect(await rows(centre.store, "SELECT kiosk, what, level FROM alarms")).toEqual([
    { kiosk: "k2", what: "unreadable", level: 1 },
  ]);
  await centre.close();
});
