import { cpSync, default as fs } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrate, migrations } from "../../../console/store/migrate.ts";
import { makeMonth, monthOf } from "../../../console/store/months.ts";
import { openStore } from "../../../console/store/open.ts";
import { isOurFault, type Store } from "../../../console/store/store.ts";
import { engineNames, rows, startEngine, type Engine } from "../engines.ts";

describe.each(engineNames)("on %s", (name) => {
  let engine: Engine;
  let store: Store;
  beforeAll(async () => {
    engine = await startEngine(name);
    store = await openStore(await engine.place());
  });
  afterAll(async () => {
    await store.close();
    await engine.stop();
  });

  test("whole numbers, bytes, truth and JSON come back as they went", async () => {
    const [row] = await store.query(
      "SELECT $1::bigint AS small, $2::bigint AS large, $3::bytea AS bytes, $4::boolean AS yes, $5::jsonb AS json, $6::text AS none",
      [Number.MAX_SAFE_INTEGER, "9223372036854775807", new Uint8Array([0, 255, 7]), true, '{"a":[1,"水"]}', null],
    );
    expect(row).toMatchObject({
      small: Number.MAX_SAFE_INTEGER,
      large: 9223372036854775807n,
      yes: true,
      json: { a: [1, "水"] },
      none: null,
    });
    expect([...(row as { bytes: Uint8Array }).bytes]).toEqual([0, 255, 7]);
  });

  test("a transaction that fails leaves nothing, and the next one works", async () => {
    const insert = "INSERT INTO stations (kiosk, district, registered_at) VALUES ('t1', 'd', 0)";
    const failing = store.transaction(async (within) => {
      await within.query(insert);
      throw new Error("not today");
    });
    await expect(failing).rejects.toThrow("not today");
    expect(await rows(store, "SELECT 1 FROM stations")).toEqual([]);
    await store.transaction((within) => within.query(insert));
    expect(await rows(store, "SELECT kiosk FROM stations")).toEqual([{ kiosk: "t1" }]);
    const twice = store.transaction((within) => within.query(insert));
    await expect(twice.catch((error: unknown) => isOurFault(error))).resolves.toBe(true);
  });

  test("migrations are applied once, in order, and written down", async () => {
    await migrate(store);
    expect(await rows(store, "SELECT number, name FROM migrations ORDER BY number")).toEqual(
      migrations.map(({ number, name }) => ({ number, name })),
    );
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, n) => n + 1));
  });

  test("a database that a newer release made is refused with a sentence", async () => {
    const newer = [
      ...migrations,
      { number: migrations.length + 1, name: "newer", statements: ["CREATE TABLE newer ()"] },
    ];
    const place = await engine.place();
    const other = await openStore(place);
    await migrate(other, newer);
    await other.close();
    await expect(openStore(place)).rejects.toThrow(
      `The database has form ${newer.length}, and this release of the centre knows forms up to ${migrations.length}.`,
    );
  });

  test("a migration that fails half way leaves the database as it was", async () => {
    const broken = [
      ...migrations,
      { number: migrations.length + 1, name: "broken", statements: ["CREATE TABLE half ()", "SELECT nonsense"] },
    ];
    await expect(migrate(store, broken)).rejects.toThrow();
    expect(await rows(store, "SELECT to_regclass('half') AS half")).toEqual([{ half: null }]);
    await migrate(store);
  });

  test("the views show every event, also one whose text is no JSON for the database", async () => {
    await store.query(
      `INSERT INTO events (kiosk, life, seq, at, trusted, type, dev, data, hash, received_at) VALUES
       ('t1', 1, 1, 1784088000123, true, 'fault', 'vend', '{"detail":"a"}', '\\x00', 0),
       ('t1', 1, 2, 9007199254740991, true, 'fault', null, '{"detail":"\\u0000"}', '\\x00', 0)`,
    );
    expect(
      await rows(store, "SELECT seq, data, extract(epoch FROM at)::text AS at FROM read.events ORDER BY seq"),
    ).toEqual([
      { seq: 1, data: { detail: "a" }, at: "1784088000.123000" },
      { seq: 2, data: null, at: null },
    ]);
  });

  test("each month of metrics has a partition of its own, from its first to its last millisecond", async () => {
    const months = [Date.UTC(2026, 1, 28, 23, 59, 59, 999), Date.UTC(2026, 2, 1), Date.UTC(2026, 11, 31)].map(monthOf);
    for (const month of [...months, ...months]) await makeMonth(store, month);
    expect(months.map((month) => month.name)).toEqual(["2026_02", "2026_03", "2026_12"]);
    await store.query("INSERT INTO metrics (series, at, value) VALUES (1, $1, 1), (1, $2, 1)", [
      Date.UTC(2026, 2, 1) - 1,
      Date.UTC(2026, 2, 1),
    ]);
    expect(await rows(store, "SELECT tableoid::regclass::text AS part, at FROM metrics ORDER BY at")).toEqual([
      { part: "metrics_2026_02", at: Date.UTC(2026, 2, 1) - 1 },
      { part: "metrics_2026_03", at: Date.UTC(2026, 2, 1) },
    ]);
  });
});

describe("PGlite", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine("PGlite");
  });
  afterAll(() => engine.stop());

  test("a second process is kept out of the folder with a sentence, and let in when the first has gone", async () => {
    const place = await engine.place();
    const first = await openStore(place);
    await expect(openStore(place)).rejects.toThrow("Another centre uses the folder");
    await first.close();
    await (await openStore(place)).close();
  });

  test("every commit waits until its log is on the medium", async () => {
    const store = await openStore(await engine.place());
    const real = fs.fsyncSync;
    let syncs = 0;
    fs.fsyncSync = (file) => (syncs++, real(file));
    syncBuiltinESMExports();
    try {
      for (let n = 0; n < 5; n++)
        await store.transaction((within) =>
          within.query("INSERT INTO stations (kiosk, district, registered_at) VALUES ($1, 'd', 0)", [`s${n}`]),
        );
      expect(syncs).toBeGreaterThanOrEqual(5);
    } finally {
      fs.fsyncSync = real;
      syncBuiltinESMExports();
      await store.close();
    }
  });

  test("what was committed is there in a copy of the folder that was never closed", async () => {
    const place = await engine.place();
    if (!("folder" in place)) throw new Error("PGlite has a folder.");
    const store = await openStore(place);
    await store.query("INSERT INTO stations (kiosk, district, registered_at) VALUES ('kept', 'd', 0)");
    const copy = `${place.folder}-cut`;
    cpSync(place.folder, copy, { recursive: true });
    await store.close();
    const after = await openStore({ folder: copy });
    expect(await rows(after, "SELECT kiosk FROM stations")).toEqual([{ kiosk: "kept" }]);
    await after.close();
  });
});

test("a server that is not there is told with what the system says", async () => {
  await expect(openStore({ url: "postgres://nobody@127.0.0.1:1/none" })).rejects.toThrow("ECONNREFUSED");
});

test("centres that open an empty server at once all find it ready", async () => {
  const engine = await startEngine("PostgreSQL");
  const place = await engine.place();
  const stores = await Promise.all([1, 2, 3].map(() => openStore(place)));
  for (const store of stores) {
    expect(await rows(store, "SELECT count(*) AS n FROM migrations")).toEqual([{ n: migrations.length }]);
    await store.close();
  }
  await engine.stop();
});
