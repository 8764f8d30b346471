import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Place } from "../../../console/store/store.ts";
import { eventually } from "../../kit/broker.ts";
import { engineNames, rows, startEngine, type Engine } from "../engines.ts";
import { Ledger } from "../ledger.ts";
import { openCentre } from "./centre.ts";

/** What the database holds of a kiosk, as the kiosk would write it. */
const held = "SELECT seq, type, data, encode(hash, 'hex') AS hash FROM events WHERE life = 1 ORDER BY seq";
const asRows = (ledger: Ledger) =>
  ledger.items.map(({ seq, kind, body }) => ({ seq, type: kind, data: body, hash: ledger.hash(seq) }));

describe.each(engineNames)("on %s", (name) => {
  let engine: Engine;
  const place = (): Promise<Place> => engine.place();
  beforeAll(async () => {
    engine = await startEngine(name);
  });
  afterAll(() => engine.stop());

  test("entries are stored as they were hashed, and acknowledged with the hash of the last", async () => {
    const centre = await openCentre(await place());
    const ledger = new Ledger(1, 3).add({ body: '{"detail":"a\\u0000b 水"}', dev: "vend" });
    await centre.hear("k1", ledger.batch(1, 4));
    expect(await rows(centre.store, held)).toEqual(asRows(ledger));
    expect(centre.acks).toEqual([{ kiosk: "k1", life: 1, upTo: 4, hash: ledger.hash(4) }]);
    await centre.close();
  });

  test("duplicates vanish, also where a part of a batch is new", async () => {
    const centre = await openCentre(await place());
    const ledger = new Ledger(1, 6);
    for (const [from, to] of [
      [1, 3],
      [1, 3],
      [2, 5],
      [1, 6],
      [4, 4],
    ] as const)
      await centre.hear("k1", ledger.batch(from, to));
    expect(await rows(centre.store, held)).toEqual(asRows(ledger));
    expect(centre.ack("k1")).toEqual({ kiosk: "k1", life: 1, upTo: 6, hash: ledger.hash(6) });
    expect(centre.collector.tally).toMatchObject({ events: 6, forked: 0, refused: 0 });
    await centre.close();
  });

  test("what stands behind a gap is kept, not acknowledged, and joined when the gap closes", async () => {
    const centre = await openCentre(await place());
    const ledger = new Ledger(1, 9);
    await centre.hear("k1", ledger.batch(1, 2));
    await centre.hear("k1", ledger.batch(7, 9));
    await centre.hear("k1", ledger.batch(5, 6));
    expect(centre.ack("k1")).toEqual({ kiosk: "k1", life: 1, upTo: 2, hash: ledger.hash(2), need: 3 });
    await centre.hear("k1", ledger.batch(3, 4));
    expect(centre.ack("k1")).toEqual({ kiosk: "k1", life: 1, upTo: 9, hash: ledger.hash(9) });
    expect(await rows(centre.store, held)).toEqual(asRows(ledger));
    expect(await rows(centre.store, "SELECT * FROM waiting")).toEqual([]);
    await centre.close();
  });

  test("a gap is asked for after the patience, again every half minute, and by the next centre too", async () => {
    const where = await place();
    const ledger = new Ledger(1, 6);
    const first = await openCentre(where, { gapPatience: 1000 });
    await first.hear("k1", ledger.batch(1, 2));
    await first.hear("k1", ledger.batch(5, 6));
    const needs = () => first.acks.filter(({ need }) => need === 3).length;
    await first.clock.pass(999);
    // Whatever was under way is done when this is.
    await first.hear("k1", ledger.batch(1, 1));
    expect(needs()).toBe(0);
    await first.clock.pass(1001);
    await eventually(() => needs() === 1, "the first request");
    await first.clock.pass(27_000);
    await first.hear("k1", ledger.batch(1, 1));
    expect(needs()).toBe(1);
    await first.clock.pass(5000);
    await eventually(() => needs() === 2, "the second request");
    await first.close();
    const second = await openCentre(where, { gapPatience: 1000 });
    await second.clock.pass(3000);
    await second.hear("k1", ledger.batch(1, 1));
    await second.clock.pass(3000);
    await eventually(() => second.ack("k1")?.need === 3, "the request of the next centre");
    await second.hear("k1", ledger.batch(3, 4));
    expect(second.ack("k1")).toEqual({ kiosk: "k1", life: 1, upTo: 6, hash: ledger.hash(6) });
    const said = second.acks.length;
    await second.clock.pass(120_000);
    await second.hear("k1", ledger.batch(1, 1));
    expect(second.acks.slice(said)).toEqual([{ kiosk: "k1", life: 1, upTo: 6, hash: ledger.hash(6) }]);
    await second.close();
  });

  test("the same number with another content is kept apart and raised, and the answer shows our hash", async () => {
    const centre = await openCentre(await place());
    const ledger = new Ledger(1, 5);
    const other = ledger.copy(3).grow(4, { kind: "refill" });
    await centre.hear("k1", ledger.batch(1, 5));
    await centre.hear("k1", other.batch(3, 7));
    expect(await rows(centre.store, held)).toEqual(asRows(ledger));
    expect(await rows(centre.store, "SELECT seq, type, encode(hash, 'hex') AS hash FROM forks ORDER BY seq")).toEqual(
      [4, 5, 6, 7].map((seq) => ({ seq, type: "refill", hash: other.hash(seq) })),
    );
    expect(centre.ack("k1")).toEqual({ kiosk: "k1", life: 1, upTo: 5, hash: ledger.hash(5) });
    expect(await rows(centre.store, "SELECT kiosk, what, level, times FROM alarms WHERE cleared IS NULL")).toEqual([
      { kiosk: "k1", what: "forked", level: 1, times: 1 },
    ]);
    await centre.close();
  });

  test("a batch with a forged hash before it never joins the chain", async () => {
    const centre = await openCentre(await place());
    const ledger = new Ledger(1, 6);
    await centre.hear("k1", ledger.batch(1, 3));
    await centre.hear("k1", ledger.batch(4, 6, "ab".repeat(32)));
    expect(centre.ack("k1")).toMatchObject({ upTo: 3, hash: ledger.hash(3) });
    expect(await rows(centre.store, "SELECT count(*) AS n FROM forks")).toEqual([{ n: 3 }]);
    // An honest batch behind a gap does not suffer from a forged one that waits beside it.
    await centre.hear("k1", ledger.batch(5, 6, "cd".repeat(32)));
    await centre.hear("k1", ledger.batch(5, 6));
    await centre.hear("k1", ledger.batch(4, 4));
    expect(centre.ack("k1")).toMatchObject({ upTo: 6, hash: ledger.hash(6) });
    expect(await rows(centre.store, held)).toEqual(asRows(ledger));
    await centre.close();
  });

  test("a new life waits for the end of the one before, and an older one may still be completed", async () => {
    const centre = await openCentre(await place());
    const old = new Ledger(1, 5);
    const end = `{"before":1,"end":{"hash":"${old.hash(5)}","seq":5},"why":"rolled-back"}`;
    const next = new Ledger(9).add({ kind: "new-life", body: end }).grow(3);
    await centre.hear("k1", old.batch(1, 2));
    await centre.hear("k1", next.batch(1, 4));
    expect(centre.acks.at(-1)).toEqual({ kiosk: "k1", life: 1, upTo: 2, hash: old.hash(2), need: 3 });
    expect(centre.acks.some(({ life }) => life === 9)).toBe(false);
    await centre.hear("k1", old.batch(3, 5));
    expect(centre.ack("k1")).toEqual({ kiosk: "k1", life: 9, upTo: 4, hash: next.hash(4) });
    expect(await rows(centre.store, "SELECT life, up_to FROM lives ORDER BY life")).toEqual([
      { life: 1, up_to: 5 },
      { life: 9, up_to: 4 },
    ]);
    expect(await rows(centre.store, "SELECT what FROM alarms")).toEqual([{ what: "rolled-back" }]);
    await centre.close();
  });

  test("a new life whose past differs from ours is taken once that past is kept apart", async () => {
    const centre = await openCentre(await place());
    const ours = new Ledger(1, 8);
    const theirs = ours.copy(4).grow(3, { kind: "refill" });
    const end = `{"before":1,"end":{"hash":"${theirs.hash(7)}","seq":7},"why":"forked"}`;
    const next = new Ledger(2).add({ kind: "new-life", body: end });
    await centre.hear("k1", ours.batch(1, 8));
    await centre.hear("k1", next.batch(1, 1));
    expect(centre.ack("k1")).toEqual({ kiosk: "k1", life: 1, upTo: 8, hash: ours.hash(8), need: 1 });
    await centre.hear("k1", theirs.batch(1, 7));
    expect(centre.ack("k1")).toMatchObject({ life: 2, upTo: 1 });
    expect(await rows(centre.store, "SELECT seq FROM forks ORDER BY seq")).toEqual([
      { seq: 5 },
      { seq: 6 },
      { seq: 7 },
    ]);
    await centre.close();
  });

  test("of another history whose beginning is not here everything is asked for, once", async () => {
    const centre = await openCentre(await place());
    const ours = new Ledger(1, 5);
    const theirs = ours.copy(2).grow(6, { kind: "refill" });
    await centre.hear("k1", ours.batch(1, 5));
    await centre.hear("k1", theirs.batch(5, 8));
    expect(centre.ack("k1")).toEqual({ kiosk: "k1", life: 1, upTo: 5, hash: ours.hash(5), need: 1 });
    await centre.hear("k1", theirs.batch(1, 4));
    await centre.hear("k1", theirs.batch(5, 8));
    expect(centre.ack("k1")).toEqual({ kiosk: "k1", life: 1, upTo: 5, hash: ours.hash(5) });
    const apart = [3, 4, 5, 6, 7, 8].map((seq) => ({ seq, hash: theirs.hash(seq) }));
    expect(await rows(centre.store, "SELECT seq, encode(hash, 'hex') AS hash FROM forks ORDER BY seq")).toEqual(apart);
    await centre.close();
  });

  test("a kiosk that nobody registered is refused and counted, never answered", async () => {
    const centre = await openCentre(await place());
    await centre.hear("stranger", new Ledger(1, 2).batch(1, 2));
    await centre.collector.heard({ group: "other", kiosk: "k1", what: "ev" }, new Ledger(1, 2).batch(1, 2));
    expect(centre.acks).toEqual([]);
    expect(await rows(centre.store, "SELECT 1 FROM events")).toEqual([]);
    await centre.collector.close();
    expect(await rows(centre.store, "SELECT kiosk, reason, times FROM refused ORDER BY reason")).toEqual([
      { kiosk: "", reason: "unknown-kiosk", times: 1 },
      { kiosk: "k1", reason: "wrong-group", times: 1 },
    ]);
    await centre.store.close();
  });

  test("for a demonstration every kiosk is taken", async () => {
    const centre = await openCentre(await place(), { kiosks: [], acceptAll: true });
    await centre.hear("anybody", new Ledger(1, 2).batch(1, 2));
    expect(centre.ack("anybody")).toMatchObject({ upTo: 2 });
    await centre.close();
  });
});
