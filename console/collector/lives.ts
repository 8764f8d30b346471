import { hashesOf, readBatch, type Batch } from "../../protocol/events/batch.ts";
import type { Asking } from "../store/store.ts";
import { formerOf, type Former } from "./former.ts";
import { nothing, overlap, placeOf, type Hashed, type Held } from "./placing.ts";

/** A batch of a kiosk that may send, and its bytes as they came. */
export interface Arrived {
  readonly kiosk: string;
  readonly group: string;
  readonly batch: Batch;
  readonly payload: Uint8Array;
}

/** One life of one kiosk while a transaction has it in hand. */
export class Life {
  readonly kiosk: string;
  readonly number: number;
  readonly stored: Held;
  held: Held;
  /** Number of the first entry that waits behind a gap in the database. */
  waits: number | undefined;
  readonly fresh: Hashed[] = [];
  readonly forked: Hashed[] = [];
  /** Entries before which the other history parted from ours: (seq, hash) of the entry before each such batch. */
  readonly roots: { readonly seq: number; readonly hash: string }[] = [];
  /** Batches of this transaction that stand behind a gap. */
  behind: Arrived[] = [];
  /** The last entry of the life before, which must come first. */
  lacks: Former | undefined;
  readonly #hashes = new Map<number, string>();

  constructor(kiosk: string, number: number, stored: Held, waits?: number) {
    this.kiosk = kiosk;
    this.number = number;
    this.stored = stored;
    this.held = stored;
    this.waits = waits;
    // The entry before the next batch: where that batch comes twice in one transaction, the second is compared with it.
    if (stored.upTo > 0) this.learn(stored.upTo, stored.head);
  }

  get hasGap(): boolean {
    return this.waits !== undefined || this.behind.length > 0;
  }

  learn(seq: number, hash: string): void {
    this.#hashes.set(seq, hash);
  }

  /** The stored numbers that a batch will be compared with and that are not known yet. */
  unknown(batch: Batch): { readonly low: number; readonly high: number } | undefined {
    const range = overlap(this.stored, batch);
    if (range === undefined) return undefined;
    for (let seq = range.low; seq <= range.high; seq++) if (!this.#hashes.has(seq)) return { ...range, low: seq };
    return undefined;
  }

  /** Follows an entry that is kept apart. */
  setApart({ batch }: Arrived): void {
    const hashes = hashesOf(batch);
    this.forked.push(...batch.items.map((item, n): Hashed => ({ item, hash: hashes[n] ?? "" })));
  }

  place(arrived: Arrived): void {
    const hashAt = (seq: number): string => {
      const hash = this.#hashes.get(seq);
      if (hash === undefined)
        throw new RangeError(`The hash of entry ${seq} of life ${this.number} was not read before.`);
      return hash;
    };
    const placed = placeOf(this.held, arrived.batch, hashAt);
    if (placed.is === "ahead") {
      this.behind.push(arrived);
      return;
    }
    this.held = placed.held;
    this.fresh.push(...placed.fresh);
    this.forked.push(...placed.forked);
    if (placed.rootless) this.roots.push({ seq: arrived.batch.from - 1, hash: arrived.batch.prev });
    for (const { item, hash } of placed.fresh) this.#hashes.set(item.seq, hash);
  }
}

interface LifeRow {
  readonly kiosk: string;
  readonly life: number;
  readonly up_to: number;
  readonly head: string;
  readonly waits: number | null;
}

/** All lives of these kiosks. Their stations must be locked: then nobody else writes them. */
export async function livesOf(within: Asking, kiosks: readonly string[]): Promise<readonly Life[]> {
  const rows = await within.query<LifeRow>(
    `SELECT l.kiosk, l.life, l.up_to, encode(l.head, 'hex') AS head,
       (SELECT min(first) FROM waiting w WHERE w.kiosk = l.kiosk AND w.life = l.life) AS waits
     FROM lives l JOIN json_array_elements_text($1::json) AS k(kiosk) ON l.kiosk = k.kiosk ORDER BY l.kiosk, l.life`,
    [JSON.stringify(kiosks)],
  );
  return rows.map(
    ({ kiosk, life, up_to, head, waits }) => new Life(kiosk, life, { upTo: up_to, head }, waits ?? undefined),
  );
}

export const newLife = (kiosk: string, number: number): Life => new Life(kiosk, number, nothing);

/** Reads the hashes with which these batches will be compared. */
export async function compare(within: Asking, pairs: readonly (readonly [Life, Batch])[]): Promise<void> {
  const ranges = pairs.flatMap(([life, batch]) => {
    const range = life.unknown(batch);
    return range === undefined ? [] : [{ kiosk: life.kiosk, life: life.number, ...range }];
  });
  if (ranges.length === 0) return;
  const lives = new Map(pairs.map(([life]) => [`${life.kiosk} ${life.number}`, life]));
  const rows = await within.query<{ kiosk: string; life: number; seq: number; hash: string }>(
    `SELECT DISTINCT e.kiosk, e.life, e.seq, encode(e.hash, 'hex') AS hash
     FROM json_to_recordset($1::json) AS r(kiosk text, life bigint, low bigint, high bigint)
     JOIN events e ON e.kiosk = r.kiosk AND e.life = r.life AND e.seq BETWEEN r.low AND r.high`,
    [JSON.stringify(ranges)],
  );
  for (const { kiosk, life, seq, hash } of rows) lives.get(`${kiosk} ${life}`)?.learn(seq, hash);
}

/** Places batches of one life, the lowest first, and whatever waited for them. */
export async function settle(
  within: Asking,
  life: Life,
  arrived: readonly Arrived[],
  holds: (former: Former) => Promise<boolean>,
): Promise<void> {
  let ready = [...arrived];
  life.lacks = undefined;
  do {
    await compare(
      within,
      ready.map(({ batch }) => [life, batch]),
    );
    for (const one of ready.toSorted((a, b) => a.batch.from - b.batch.from)) {
      const former = life.held.upTo === 0 ? formerOf(one.batch) : undefined;
      if (await goesOnApart(within, life, one.batch)) life.setApart(one);
      else if (former === undefined || (await holds(former))) life.place(one);
      else {
        life.lacks = former;
        life.behind.push(one);
      }
    }
    const next = life.held.upTo + 1;
    if (life.lacks !== undefined && life.held.upTo === 0) return;
    life.lacks = undefined;
    ready = life.behind.filter(({ batch }) => batch.from <= next);
    life.behind = life.behind.filter(({ batch }) => batch.from > next);
    if (life.waits !== undefined && life.waits <= next) ready.push(...(await waited(within, life)));
  } while (ready.length > 0);
}

/** Whether a batch beyond ours follows an entry that is kept apart: another history may be longer than ours. */
async function goesOnApart(within: Asking, life: Life, { from, prev }: Batch): Promise<boolean> {
  if (from <= life.held.upTo + 1) return false;
  if (life.forked.some(({ item, hash }) => item.seq === from - 1 && hash === prev)) return true;
  const key = [life.kiosk, life.number];
  const rows = await within.query(
    "SELECT 1 FROM forks WHERE kiosk = $1 AND life = $2 AND seq = $3 AND hash = decode($4, 'hex')",
    [...key, from - 1, prev],
  );
  if (rows.length === 0) return false;
  // It may have come before what it follows, and waits since then for entries of ours.
  await within.query("DELETE FROM waiting WHERE kiosk = $1 AND life = $2 AND first = $3", [...key, from]);
  const [left] = await within.query<{ first: number | null }>(
    "SELECT min(first) AS first FROM waiting WHERE kiosk = $1 AND life = $2",
    key,
  );
  life.waits = left?.first ?? undefined;
  return true;
}

/** Takes the batches that waited and can be placed now. */
async function waited(within: Asking, life: Life): Promise<readonly Arrived[]> {
  const key = [life.kiosk, life.number];
  const rows = await within.query<{ payload: Uint8Array }>(
    "DELETE FROM waiting WHERE kiosk = $1 AND life = $2 AND first <= $3 RETURNING payload",
    [...key, life.held.upTo + 1],
  );
  const [left] = await within.query<{ first: number | null }>(
    "SELECT min(first) AS first FROM waiting WHERE kiosk = $1 AND life = $2",
    key,
  );
  life.waits = left?.first ?? undefined;
  return rows.flatMap(({ payload }) => {
    const read = readBatch(payload);
    return read.ok ? [{ kiosk: life.kiosk, group: "", batch: read.value, payload }] : [];
  });
}
