import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore } from "../../../console/store/open.ts";
import { register } from "../../../console/store/stations.ts";
import type { Place, Store } from "../../../console/store/store.ts";
import { engineNames, startEngine, type Engine } from "../engines.ts";
import { Ledger } from "../ledger.ts";
import { group, openCentre, type Centre } from "./centre.ts";
import { nextBatch } from "./kiosk.ts";

const stored = (store: Store, kiosk: string) =>
  store.query<object>(
    "SELECT life, seq, data, encode(hash, 'hex') AS hash FROM events WHERE kiosk = $1 ORDER BY life, seq",
    [kiosk],
  );
const written = (lives: readonly Ledger[]) =>
  lives.flatMap((ledger) =>
    ledger.items.map(({ life, seq, body }) => ({ life, seq, data: body, hash: ledger.hash(seq) })),
  );

/** Lives one after the other; each names the end of the one before. */
function livesOf(sizes: readonly number[]): readonly Ledger[] {
  const lives: Ledger[] = [];
  for (const [n, size] of sizes.entries()) {
    const before = lives.at(-1);
    const ledger = new Ledger(n * 7 + 1);
    if (before !== undefined) {
      const end = `{"hash":"${before.hash(before.items.length)}","seq":${before.items.length}}`;
      ledger.add({ kind: "new-life", body: `{"before":${before.life},"end":${end},"why":"forked"}` });
    }
    lives.push(ledger.grow(size));
  }
  return lives;
}

/** A batch somewhere in the ledgers: which life, where it starts and how long it is, as parts of 1. */
const batch = fc.record({
  life: fc.nat(2),
  from: fc.double({ min: 0, max: 1, noNaN: true }),
  entries: fc.integer({ min: 1, max: 9 }),
});
/** Batches that are under way at once, some of them twice; what is not among them is lost. */
const wave = fc.record({
  batches: fc.array(batch, { minLength: 1, maxLength: 6 }),
  by: fc.nat(1),
  restart: fc.boolean(),
});
const scene = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 3 }),
  waves: fc.array(wave, { maxLength: 6 }),
  entries: fc.integer({ min: 1, max: 12 }),
});

describe.each(engineNames)("on %s", (name) => {
  let engine: Engine;
  let place: Place;
  let store: Store;
  beforeAll(async () => {
    engine = await startEngine(name);
    place = await engine.place();
    store = await openStore(place);
  });
  afterAll(async () => {
    await store.close();
    await engine.stop();
  });

  test("any order, duplication and loss of batches, obeying what is asked for, ends with exactly the ledger", async () => {
    let n = 0;
    await fc.assert(
      fc.asyncProperty(scene, async ({ sizes, waves, entries }) => {
        const kiosk = `p${++n}`;
        await register(store, { kiosk, district: group, at: 0 });
        const lives = livesOf(sizes);
        // Two collectors share the stream, as behind one shared subscription.
        const centres: Centre[] = [await openCentre(store, { kiosks: [] }), await openCentre(store, { kiosks: [] })];
        const centreOf = (by: number): Centre => {
          const centre = centres[by];
          if (centre === undefined) throw new Error("There are two.");
          return centre;
        };
        for (const { batches, by, restart } of waves) {
          await Promise.all(
            batches.map(({ life, from, entries }, turn) => {
              const ledger = lives[life % lives.length] ?? new Ledger(1, 1);
              const first = 1 + Math.floor(from * (ledger.items.length - 1));
              return centreOf((by + turn) % 2).hear(kiosk, ledger.batch(first, first + entries - 1));
            }),
          );
          if (restart) {
            await centreOf(by).collector.close();
            centres[by] = await openCentre(store, { kiosks: [] });
          }
        }
        // From here on the kiosk hears the answers of one collector, and obeys.
        const ear = centreOf(0);
        const longest = 20 + 3 * sizes.reduce((sum, size) => sum + size + 1, 0);
        for (let turn = 0; turn < longest; turn += 1) {
          const next = nextBatch(lives, ear.ack(kiosk), entries);
          if (next === undefined) break;
          await ear.hear(kiosk, next);
        }
        expect(await stored(store, kiosk)).toEqual(written(lives));
        expect(nextBatch(lives, ear.ack(kiosk), entries)).toBeUndefined();
        expect(await store.query("SELECT 1 FROM forks WHERE kiosk = $1", [kiosk])).toEqual([]);
        expect(await store.query("SELECT 1 FROM waiting WHERE kiosk = $1", [kiosk])).toEqual([]);
        // Nobody was ever told of more than the ledger has, nor of another content.
        for (const { acks } of centres)
          for (const ack of acks.filter((one) => one.kiosk === kiosk)) {
            const ledger = lives.find(({ life }) => life === ack.life);
            expect(ack.hash).toBe(ledger?.hash(ack.upTo));
          }
        for (const { collector } of centres) await collector.close();
      }),
      { numRuns: name === "PGlite" ? 25 : 40 },
    );
  }, 120_000);

  test("two histories of one card, delivered in any order, leave one chain and lose nothing of either", async () => {
    let n = 0;
    const turns = fc.array(fc.record({ theirs: fc.boolean(), entries: fc.integer({ min: 1, max: 6 }) }), {
      minLength: 4,
      maxLength: 14,
    });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 6 }), turns, async (shared, turns) => {
        const kiosk = `f${++n}`;
        await register(store, { kiosk, district: group, at: 0 });
        const ours = new Ledger(1, shared + 9);
        const theirs = ours.copy(shared).grow(9, { kind: "refill" });
        const centre = await openCentre(store, { kiosks: [] });
        const sent = { ours: 0, theirs: 0 };
        for (const { theirs: one, entries } of [
          ...turns,
          { theirs: true, entries: 99 },
          { theirs: false, entries: 99 },
        ]) {
          const ledger = one ? theirs : ours;
          const from = (one ? sent.theirs : sent.ours) + 1;
          const to = Math.min(ledger.items.length, from + entries - 1);
          if (from > to) continue;
          await centre.hear(kiosk, ledger.batch(from, to));
          sent[one ? "theirs" : "ours"] = to;
        }
        const place = await stored(store, kiosk);
        const apart = await store.query<{ seq: number; hash: string }>(
          "SELECT seq, encode(hash, 'hex') AS hash FROM forks WHERE kiosk = $1",
          [kiosk],
        );
        const kept = new Set([...(place as readonly { hash: string }[]), ...apart].map(({ hash }) => hash));
        const all = [ours, theirs].flatMap((ledger) => ledger.items.map(({ seq }) => ledger.hash(seq)));
        expect([...kept].toSorted()).toEqual([...new Set(all)].toSorted());
        expect([ours, theirs].some((ledger) => ledger.hash(place.length) === centre.ack(kiosk)?.hash)).toBe(true);
        expect(place).toHaveLength(shared + 9);
        expect(await store.query("SELECT what FROM alarms WHERE kiosk = $1", [kiosk])).toEqual([{ what: "forked" }]);
        await centre.collector.close();
      }),
      { numRuns: 20 },
    );
  }, 120_000);
});
