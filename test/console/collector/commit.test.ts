import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Store } from "../../../console/store/store.ts";
import { eventually } from "../../kit/broker.ts";
import { engineNames, rows, startEngine, type Engine } from "../engines.ts";
import { Ledger } from "../ledger.ts";
import { openCentre } from "./centre.ts";

/** A store whose next transactions end as told: before the commit, or after it with the answer lost. */
function moody(store: Store, moods: ("fails" | "answer-lost")[]): Store {
  return {
    ...store,
    async transaction(work) {
      const mood = moods.shift();
      if (mood === undefined) return store.transaction(work);
      if (mood === "answer-lost") await store.transaction(work);
      else
        await store
          .transaction(async (within) => {
            await work(within);
            throw new Error("rolled back");
          })
          .catch(() => {});
      throw new Error("Connection terminated unexpectedly");
    },
  };
}

describe.each(engineNames)("on %s", (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine(name);
  });
  afterAll(() => engine.stop());

  test("a commit that fails is not acknowledged, is told, and is tried until it holds", async () => {
    const moods: ("fails" | "answer-lost")[] = [];
    const told: (string | undefined)[] = [];
    const centre = await openCentre(await engine.place(), {
      store: (store) => moody(store, moods),
      trouble: (sentence) => told.push(sentence),
    });
    const ledger = new Ledger(1, 3);
    moods.push("fails", "fails");
    let done = false;
    const heard = centre.hear("k1", ledger.batch(1, 3)).then(() => (done = true));
    await eventually(() => told.length === 1, "the first failure");
    expect(centre.acks).toEqual([]);
    expect(done).toBe(false);
    expect(await rows(centre.store, "SELECT 1 FROM events")).toEqual([]);
    await centre.clock.pass(100);
    await eventually(() => told.length === 2, "the second failure");
    expect(centre.acks).toEqual([]);
    await centre.clock.pass(300);
    await heard;
    expect(centre.acks).toEqual([{ kiosk: "k1", life: 1, upTo: 3, hash: ledger.hash(3) }]);
    expect(told.at(-1)).toBeUndefined();
    expect(told[0]).toContain("The database does not take what kiosks send: Connection terminated unexpectedly.");
    await centre.close();
  });

  test("a commit whose answer was lost is done twice and stored once", async () => {
    const moods: ("fails" | "answer-lost")[] = [];
    const told: unknown[] = [];
    const centre = await openCentre(await engine.place(), {
      store: (store) => moody(store, moods),
      trouble: (sentence) => told.push(sentence),
    });
    const ledger = new Ledger(1, 3);
    moods.push("answer-lost");
    const heard = centre.hear("k1", ledger.batch(1, 3));
    await eventually(() => told.length === 1, "the lost answer");
    await centre.clock.pass(100);
    await heard;
    expect(centre.acks).toEqual([{ kiosk: "k1", life: 1, upTo: 3, hash: ledger.hash(3) }]);
    expect(await rows(centre.store, "SELECT count(*) AS n FROM events")).toEqual([{ n: 3 }]);
    expect(await rows(centre.store, "SELECT 1 FROM alarms")).toEqual([]);
    await centre.close();
  });

  test("an acknowledgement leaves only when its transaction has ended", async () => {
    const place = await engine.place();
    const seen: unknown[] = [];
    const ledger = new Ledger(1, 40);
    const centre = await openCentre(place, {
      store: (store) => ({
        ...store,
        async transaction(work) {
          const result = await store.transaction(work);
          seen.push(centre.acks.length);
          return result;
        },
      }),
    });
    for (let from = 1; from <= 40; from += 10) {
      const before = centre.acks.length;
      await centre.hear("k1", ledger.batch(from, from + 9));
      // When its transaction had just ended, the batch's own acknowledgement was not out yet.
      expect(seen.at(-1)).toBe(before);
      expect(centre.acks.length).toBe(before + 1);
    }
    await centre.close();
  });

  test("what waits while a commit is under way goes into the next one together", async () => {
    const kiosks = Array.from({ length: 50 }, (_, n) => `k${n}`);
    const centre = await openCentre(await engine.place(), { kiosks });
    const ledger = new Ledger(1, 4);
    await Promise.all(
      kiosks.flatMap((kiosk) => [centre.hear(kiosk, ledger.batch(1, 2)), centre.hear(kiosk, ledger.batch(3, 4))]),
    );
    expect(centre.collector.tally).toMatchObject({ events: 200, refused: 0 });
    expect(centre.collector.tally.commits).toBeLessThanOrEqual(3);
    expect(kiosks.every((kiosk) => centre.ack(kiosk)?.upTo === 4)).toBe(true);
    await centre.close();
  });

  test("what the database will never take is refused and raised, and holds up nobody else", async () => {
    const centre = await openCentre(await engine.place(), { kiosks: ["k1", "k2"] });
    const poison = new Ledger(1).add({ dev: "a\0b" });
    const honest = new Ledger(1, 2);
    await Promise.all([centre.hear("k1", poison.batch(1, 1)), centre.hear("k2", honest.batch(1, 2))]);
    expect(centre.ack("k1")).toBeUndefined();
    expect(centre.ack("k2")).toMatchObject({ upTo: 2 });
    expect(await rows(centre.store, "SELECT kiosk, what FROM alarms")).toEqual([{ kiosk: "k1", what: "unreadable" }]);
    await centre.collector.close();
    expect(await rows(centre.store, "SELECT kiosk, what, reason, times FROM refused")).toEqual([
      { kiosk: "k1", what: "ev", reason: "database", times: 1 },
    ]);
    await centre.store.close();
  });

  test("closed while the database is away, those who wait are told that nothing was stored", async () => {
    const told: unknown[] = [];
    const centre = await openCentre(await engine.place(), {
      store: (store) => ({ ...store, transaction: () => Promise.reject(new Error("away")) }),
      trouble: (sentence) => told.push(sentence),
    });
    const heard = centre.hear("k1", new Ledger(1, 1).batch(1, 1));
    const refused = expect(heard).rejects.toThrow("closed before this was stored");
    await eventually(() => told.length === 1, "the failure");
    await centre.collector.close();
    await refused;
    expect(centre.acks).toEqual([]);
    await centre.store.close();
  });
});
