import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { letters, type LetterMark, type StoredLetter } from "../../../console/store/letters.ts";
import { openStore } from "../../../console/store/open.ts";
import type { Store } from "../../../console/store/store.ts";
import { engineNames, startEngine, type Engine } from "../engines.ts";

const [mine, other] = ["00112233aabbccdd", "ffeeddcc33221100"];
/** More than are given at once. */
const count = 450;

describe.each(engineNames)("letters on %s", (name) => {
  let engine: Engine;
  let store: Store;
  beforeAll(async () => {
    engine = await startEngine(name);
    store = await openStore(await engine.place());
    // Every third is another's, and every tenth says nothing that is JSON.
    await store.query(
      `INSERT INTO events (kiosk, life, seq, at, trusted, type, data, hash, received_at)
       SELECT CASE WHEN n % 2 = 0 THEN 'zp-001' ELSE 'zp-002' END, 1780000000, n, n, true, 'handed-over',
         CASE WHEN n % 10 = 0 THEN '{"to":"' || $1::text || '\\ud800"}'
           ELSE json_build_object('v', 1, 'to', CASE WHEN n % 3 = 0 THEN $2::text ELSE $1::text END)::text END,
         '\\x00', 1000 * n
       FROM generate_series(1, $3::int) AS n`,
      [mine, other, count],
    );
  }, 60_000);
  afterAll(async () => {
    await store.close();
    await engine.stop();
  });

  async function all(since = 0): Promise<readonly StoredLetter[]> {
    const found: StoredLetter[] = [];
    for (let after: LetterMark | undefined; ; after = found.at(-1)) {
      const some = await letters(store, { to: mine, since, ...(after === undefined ? {} : { after }) });
      expect(some.length).toBeLessThan(count);
      if (some.length === 0) return found;
      found.push(...some);
    }
  }

  test("are given each once, in the order of the ledgers, and nobody else's", async () => {
    const expected = Array.from({ length: count }, (_, n) => n + 1).filter((n) => n % 3 !== 0 && n % 10 !== 0);
    const found = await all();
    expect(found.map(({ seq }) => seq)).toEqual([
      ...expected.filter((n) => n % 2 === 0),
      ...expected.filter((n) => n % 2 === 1),
    ]);
    expect(found[0]).toEqual({
      kiosk: "zp-001",
      life: 1_780_000_000,
      seq: 2,
      letter: { v: 1, kind: "health", kiosk: "zp-001", to: mine },
    });
  });

  test("are given from a day on, by when they came", async () => {
    expect((await all(440_000)).map(({ seq }) => seq)).toEqual([442, 446, 448, 443, 445, 449]);
  });
});
