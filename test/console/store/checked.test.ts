import canonicalize from "canonicalize";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engineNames, rows, startEngine, type Engine } from "../engines.ts";
import { Ledger } from "../ledger.ts";
import { openCentre, type Centre } from "../collector/centre.ts";

const day = 20_649; // 2026-07-15
const checked = (data: object) => ({ kind: "checked", body: canonicalize(data) ?? "" });

describe.each(engineNames)("on %s", (name) => {
  let engine: Engine;
  let centre: Centre;
  beforeAll(async () => {
    engine = await startEngine(name);
    centre = await openCentre(await engine.place(), { kiosks: ["k1", "k2"] });
  });
  afterAll(async () => {
    await centre.close();
    await engine.stop();
  });

  test("who came to the cabins can be summed by station, by time and by item", async () => {
    const first = new Ledger(1)
      .add(checked({ since: day - 7, until: day - 1, people: 30, items: { systolic: 30, glucose: 10 } }))
      .add({ kind: "started", body: '{"release":"1"}' })
      .add(checked({ since: day, until: day, people: 10, items: { systolic: 10 } }));
    await centre.hear("k1", first.batch(1, 3));
    await centre.hear("k2", new Ledger(1).add(checked({ since: day, until: day, people: 20, items: {} })).batch(1, 1));
    expect(
      await rows(
        centre.store,
        `SELECT kiosk, to_char(since, 'YYYY-MM-DD') AS since, to_char(until, 'YYYY-MM-DD') AS until, item, people
         FROM read.checked ORDER BY kiosk, seq, item NULLS FIRST`,
      ),
    ).toEqual([
      { kiosk: "k1", since: "2026-07-08", until: "2026-07-14", item: null, people: 30 },
      { kiosk: "k1", since: "2026-07-08", until: "2026-07-14", item: "glucose", people: 10 },
      { kiosk: "k1", since: "2026-07-08", until: "2026-07-14", item: "systolic", people: 30 },
      { kiosk: "k1", since: "2026-07-15", until: "2026-07-15", item: null, people: 10 },
      { kiosk: "k1", since: "2026-07-15", until: "2026-07-15", item: "systolic", people: 10 },
      { kiosk: "k2", since: "2026-07-15", until: "2026-07-15", item: null, people: 20 },
    ]);
  });

  test("an entry of another form hides no other: what is no count is nothing", async () => {
    const odd = new Ledger(2)
      .add(checked({ since: 9e15, until: "now", people: "ten", items: [1] }))
      .add(checked({ people: -10, items: { pulse: 1e300 } }));
    await centre.hear("k2", odd.batch(1, 2));
    expect(
      await rows(centre.store, "SELECT seq, since, item, people FROM read.checked WHERE life = 2 ORDER BY seq, item"),
    ).toEqual([
      { seq: 1, since: null, item: null, people: null },
      { seq: 2, since: null, item: "pulse", people: null },
      { seq: 2, since: null, item: null, people: null },
    ]);
    expect(await rows(centre.store, "SELECT sum(people)::int AS n FROM read.checked WHERE item IS NULL")).toEqual([
      { n: 60 },
    ]);
  });
});
