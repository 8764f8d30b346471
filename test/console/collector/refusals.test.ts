import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { engineNames, rows, startEngine, type Engine } from "../engines.ts";
import { Ledger } from "../ledger.ts";
import { group, openCentre } from "./centre.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const text = (value: string): Uint8Array => Buffer.from(value);
const deep = (depth: number): string => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
const item = '{"data":{},"seq":1,"t":0,"trusted":true,"type":"fault"}';
const batch = (over: object): string =>
  JSON.stringify({ v: 1, life: 1, from: 1, prev: "0".repeat(64), items: [JSON.parse(item)], ...over });

const bad: readonly (readonly [string, Uint8Array, "wrong-form" | "too-large"])[] = [
  ["no JSON", text("{"), "wrong-form"],
  ["nothing", new Uint8Array(), "wrong-form"],
  ["bytes that are no text", Uint8Array.of(0xff, 0xfe), "wrong-form"],
  ["another form", text('{"v":2}'), "wrong-form"],
  ["a life that is no number", text(batch({ life: "1" })), "wrong-form"],
  ["a number beyond 2^53", text(batch({ life: 1e300 })), "wrong-form"],
  ["a negative number", text(batch({ from: -1 })), "wrong-form"],
  ["no entries", text(batch({ items: [] })), "wrong-form"],
  ["a hole among its entries", text(batch({ from: 2, items: [JSON.parse(item)] })), "wrong-form"],
  ["a hash that is none", text(batch({ prev: "zz" })), "wrong-form"],
  ["a beginning with something before it", text(batch({ prev: "1".repeat(64) })), "wrong-form"],
  ["deep brackets", text(batch({ items: [{ ...JSON.parse(item), data: JSON.parse(deep(500)) }] })), "wrong-form"],
  ["a million brackets", text("[".repeat(60_000)), "wrong-form"],
  ["65 KiB", text(batch({ items: [{ ...JSON.parse(item), data: { a: "x".repeat(66_000) } }] })), "too-large"],
];

describe.each(engineNames)("on %s", (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine(name);
  });
  afterAll(() => engine.stop());

  test("what is no batch is refused with its reason, counted, and never answered", async () => {
    const centre = await openCentre(await engine.place());
    for (const [, payload] of bad) await centre.hear("k1", payload);
    const large = bad.filter(([, , reason]) => reason === "too-large").length;
    expect(centre.acks).toEqual([]);
    expect(centre.collector.tally).toMatchObject({ events: 0, refused: bad.length });
    await centre.collector.close();
    expect(await rows(centre.store, "SELECT kiosk, what, reason, times FROM refused ORDER BY reason")).toEqual([
      { kiosk: "k1", what: "ev", reason: "too-large", times: large },
      { kiosk: "k1", what: "ev", reason: "wrong-form", times: bad.length - large },
    ]);
    await centre.store.close();
  });

  test("ten thousand bad payloads in many names cost no memory and hold up no good one", async () => {
    const centre = await openCentre(await engine.place());
    const ledger = new Ledger(1, 20);
    const junk = bad[13]?.[1] ?? text("");
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    for (let n = 0; n < 10_000; n += 1) {
      await centre.collector.heard({ group, kiosk: `no body ${n}`, what: "ev" }, bad[n % bad.length]?.[1] ?? junk);
      if (n % 500 === 0) await centre.hear("k1", ledger.batch(n / 500 + 1, n / 500 + 1));
    }
    expect(centre.ack("k1")).toMatchObject({ upTo: 20 });
    collectGarbage();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(8 * 1024 * 1024);
    await centre.collector.close();
    const counted = await centre.store.query<{ n: number; rows: number }>(
      "SELECT sum(times)::bigint AS n, count(*) AS rows FROM refused",
    );
    expect(counted).toEqual([{ n: 10_000, rows: 1 }]);
    await centre.store.close();
  });

  test("a kiosk that sends far ahead of a gap fills no disk, and is completed all the same", async () => {
    const centre = await openCentre(await engine.place());
    const ledger = new Ledger(1, 200);
    await Promise.all(Array.from({ length: 199 }, (_, n) => centre.hear("k1", ledger.batch(n + 2, n + 2))));
    expect(await rows(centre.store, "SELECT count(*) AS n FROM waiting")).toEqual([{ n: 64 }]);
    await centre.hear("k1", ledger.batch(1, 1));
    expect(centre.ack("k1")?.upTo).toBe(65);
    await centre.hear("k1", ledger.batch(66, 200));
    expect(centre.ack("k1")).toMatchObject({ upTo: 200, hash: ledger.hash(200) });
    await centre.close();
  });

  test("a kiosk that goes mad with forks fills no disk", async () => {
    const centre = await openCentre(await engine.place());
    const ours = new Ledger(1, 1);
    await centre.hear("k1", ours.batch(1, 1));
    await centre.store.query(
      `INSERT INTO forks (kiosk, life, seq, at, trusted, type, dev, data, hash, received_at)
       SELECT 'k1', 1, n, 0, true, 'fault', null, '{}', '\\x01', 0 FROM generate_series(1, 9999) AS n`,
    );
    const other = new Ledger(1).grow(5, { kind: "refill" });
    await centre.hear("k1", other.batch(1, 5));
    expect(await rows(centre.store, "SELECT count(*) AS n FROM forks")).toEqual([{ n: 10_000 }]);
    await centre.close();
  });

  test("results and reports that do not belong to anything are counted", async () => {
    const centre = await openCentre(await engine.place());
    const up = (what: "res" | "reported", payload: string, kiosk = "k1") =>
      centre.collector.heard({ group, kiosk, what }, text(payload));
    await up("res", "nonsense");
    await up("res", '{"v":1,"id":"0123456789abcdef","state":"done","at":1}');
    await up("res", '{"v":1,"state":"refused","why":"not-json","at":1}');
    await up("reported", "{}");
    await up("res", '{"v":1,"id":"0123456789abcdef","state":"done","at":1}', "stranger");
    await centre.collector.close();
    expect(
      await rows(centre.store, "SELECT kiosk, what, reason, times FROM refused ORDER BY kiosk, what, reason"),
    ).toEqual([
      { kiosk: "", what: "res", reason: "unknown-kiosk", times: 1 },
      { kiosk: "k1", what: "reported", reason: "wrong-form", times: 1 },
      { kiosk: "k1", what: "res", reason: "unknown-command", times: 2 },
      { kiosk: "k1", what: "res", reason: "wrong-form", times: 1 },
    ]);
    await centre.store.close();
  });
});
