import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../../console/store/open.ts";
import type { Place, Store } from "../../console/store/store.ts";
import { startPostgres, type Postgres } from "../kit/postgres.ts";

/** A database engine for a file of tests: every test promises the same on both. */
export interface Engine {
  /** An empty database, and what `openStore` takes to open it. */
  place(): Promise<Place>;
  stop(): Promise<void>;
}

export const engineNames = ["PGlite", "PostgreSQL"] as const;

/** PGlite needs three seconds to make a folder and a fifth of one to open a copy. */
async function embedded(): Promise<Engine> {
  const folder = mkdtempSync(join(tmpdir(), "pglite-"));
  const template = join(folder, "template");
  await (await openStore({ folder: template })).close();
  let copies = 0;
  return {
    place() {
      const copy = join(folder, `copy-${++copies}`);
      cpSync(template, copy, { recursive: true });
      return Promise.resolve({ folder: copy });
    },
    stop: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })),
  };
}

async function server(): Promise<Engine & { readonly postgres: Postgres }> {
  // Only processes are killed here, not the machine.
  const postgres = await startPostgres({ settings: { fsync: "off" } });
  return { postgres, place: async () => ({ url: await postgres.database() }), stop: () => postgres.stop() };
}

export const startEngine = (name: (typeof engineNames)[number]): Promise<Engine> =>
  name === "PGlite" ? embedded() : server();

/** All rows of a question, for comparing. */
export const rows = (store: Store, statement: string): Promise<readonly object[]> => store.query<object>(statement);
