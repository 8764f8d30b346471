import pg from "pg";
import { wholeNumber, type Asking, type Given, type Store } from "./store.ts";

/** A cut connection without a word must not hold the collector for ever. Milliseconds. */
const usualPatience = { connect: 10_000, statement: 60_000 } as const;
/** One commits events, one telemetry, the others read. */
const connections = 4;

const parsers: pg.CustomTypesConfig = {
  // The overloads of getTypeParser tell text from binary; we ask for text only.
  getTypeParser: ((type: Parameters<typeof pg.types.getTypeParser>[0], format?: "text") =>
    type === pg.types.builtins.INT8
      ? wholeNumber
      : pg.types.getTypeParser(type, format)) as typeof pg.types.getTypeParser,
};

const asking = (database: pg.Pool | pg.ClientBase): Asking => ({
  async query<Row extends object>(statement: string, given: readonly Given[] = []) {
    const bytes = (one: Given) => (one instanceof Uint8Array ? Buffer.from(one) : one);
    return (await database.query<Row>(statement, given.map(bytes))).rows;
  },
});

/** PostgreSQL 15 or newer. Connections that are lost are made again by the next question. */
export async function openServer(
  url: string,
  patience: Readonly<Record<keyof typeof usualPatience, number>> = usualPatience,
): Promise<Store> {
  const pool = new pg.Pool({
    connectionString: url,
    types: parsers,
    max: connections,
    connectionTimeoutMillis: patience.connect,
    query_timeout: patience.statement,
    keepAlive: true,
    application_name: "yizhan centre",
    // An acknowledgement promises the disk, whatever the server's own default.
    options: "-c synchronous_commit=on",
  });
  // An idle connection that the server cut. The next question finds out; without a listener the process would end.
  pool.on("error", () => {});
  return {
    ...asking(pool),
    async transaction(work) {
      const client = await pool.connect();
      client.on("error", ignored);
      let broken: Error | undefined;
      try {
        await client.query("BEGIN");
        const result = await work(asking(client));
        await client.query("COMMIT");
        return result;
      } catch (error) {
        broken = error instanceof pg.DatabaseError ? await undone(client) : asError(error);
        throw error;
      } finally {
        client.off("error", ignored);
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
}

/** It is told by the statement that was under way, or by the next. */
const ignored = (): void => {};

/**
 * Where the server answered, its connection is used again. One that may be dead is thrown away at once, since a ROLLBACK
 * would only wait for its answer once more; the server rolls back by itself.
 */
async function undone(client: pg.ClientBase): Promise<Error | undefined> {
  try {
    await client.query("ROLLBACK");
    return undefined;
  } catch (error) {
    return asError(error);
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
