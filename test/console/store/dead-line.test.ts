import { afterAll, beforeAll, expect, test } from "vitest";
import { openServer } from "../../../console/store/server.ts";
import { startPostgres, type Postgres } from "../../kit/postgres.ts";
import { startProxy } from "../../kit/proxy.ts";

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres({ settings: { fsync: "off" } });
});
afterAll(() => postgres.stop());

const statement = 1500;

test("on a line that is dead without a word a commit fails after one patience, and the next has a new connection", async () => {
  const line = await startProxy({ to: postgres.port });
  const url = (await postgres.database()).replace(String(postgres.port), String(line.port));
  const store = await openServer(url, { connect: 10_000, statement });
  const one = () => store.transaction((within) => within.query<{ n: number }>("SELECT 1 AS n"));
  expect(await one()).toEqual([{ n: 1 }]);
  line.cut();
  const began = performance.now();
  await expect(one()).rejects.toThrow(/timeout/);
  expect(performance.now() - began).toBeLessThan(2 * statement);
  expect(await one()).toEqual([{ n: 1 }]);
  await store.close();
  await line.close();
});

test("a transaction that the server refuses is rolled back, and its connection is used again", async () => {
  const line = await startProxy({ to: postgres.port });
  const url = (await postgres.database()).replace(String(postgres.port), String(line.port));
  const store = await openServer(url);
  await store.query("CREATE TABLE kept (n int PRIMARY KEY)");
  const twice = store.transaction(async (within) => {
    await within.query("INSERT INTO kept VALUES (1)");
    await within.query("INSERT INTO kept VALUES (1)");
  });
  await expect(twice).rejects.toMatchObject({ code: "23505" });
  expect(await store.query("SELECT n FROM kept")).toEqual([]);
  expect(line.connections()).toBe(1);
  await store.close();
  await line.close();
});
