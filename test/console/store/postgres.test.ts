import { afterAll, beforeAll, expect, test } from "vitest";
import pg from "pg";
import { startPostgres, type Postgres } from "../../kit/postgres.ts";

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

async function ask(url: string, text: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows as readonly unknown[];
  } finally {
    await client.end();
  }
}

test("the test server keeps what was committed when it is killed with all its children", async () => {
  const url = await server.database();
  await ask(url, "CREATE TABLE kept (n int)");
  await ask(url, "INSERT INTO kept VALUES (7)");
  await server.kill();
  await expect(ask(url, "SELECT n FROM kept")).rejects.toThrow();
  await server.restart();
  expect(await ask(url, "SELECT n FROM kept")).toEqual([{ n: 7 }]);
  expect(server.log()).toContain("database system was not properly shut down");
});
