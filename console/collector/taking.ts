import type { Asking } from "../store/store.ts";
import type { Former } from "./former.ts";
import { compare, livesOf, newLife, settle, type Arrived, type Life } from "./lives.ts";
import { keep } from "./keeping.ts";

/** How one life stands when the transaction is committed: what an acknowledgement tells. */
export interface Standing {
  readonly kiosk: string;
  readonly group: string;
  readonly life: number;
  readonly upTo: number;
  readonly hash: string;
  /** The first number that is missing, where something waits behind it. */
  readonly missing?: number;
  /** From here on entries of another history are wanted, now. */
  readonly need?: number;
  readonly fresh: number;
  readonly forked: number;
}

export type TakingRefusal = "unknown-kiosk" | "wrong-group" | "too-many-lives" | "too-far-ahead";

export interface Taking {
  readonly standings: readonly Standing[];
  readonly refused: readonly { readonly arrived: Arrived; readonly reason: TakingRefusal }[];
}

export interface Policy {
  /** A kiosk that nobody registered is registered when it is first heard: for a demonstration. */
  readonly acceptAll: boolean;
}

/** No honest kiosk begins so many; each costs a row. */
const livesAKiosk = 1000;
/** Batches of a kiosk that may wait behind gaps, 4 MiB at most. What is not kept is asked for again. */
export const waitingAKiosk = 64;

/**
 * Stores what arrived, and what waited for it, within a transaction. `revisit` names kiosks to look at again though
 * nothing arrived of them. Stations are locked in the order of their names: transactions of several collectors take
 * turns by kiosk, and none waits for another in a circle.
 */
export async function takeIn(
  within: Asking,
  arrived: readonly Arrived[],
  now: number,
  { acceptAll }: Policy,
  revisit: readonly string[] = [],
): Promise<Taking> {
  const kiosks = [...new Set([...arrived.map(({ kiosk }) => kiosk), ...revisit])].toSorted();
  if (acceptAll) await welcome(within, arrived, now);
  const groups = await locked(within, kiosks);
  const refused: { arrived: Arrived; reason: TakingRefusal }[] = [];
  const lives = new Map((await livesOf(within, kiosks)).map((life) => [keyOf(life.kiosk, life.number), life]));
  const batches = new Map<Life, Arrived[]>();
  const counts = new Map<string, number>();
  for (const { kiosk } of lives.values()) counts.set(kiosk, (counts.get(kiosk) ?? 0) + 1);

  for (const one of arrived) {
    const group = groups.get(one.kiosk);
    const key = keyOf(one.kiosk, one.batch.life);
    const lived = counts.get(one.kiosk) ?? 0;
    if (group === undefined) refused.push({ arrived: one, reason: "unknown-kiosk" });
    else if (group !== one.group) refused.push({ arrived: one, reason: "wrong-group" });
    else if (!lives.has(key) && lived >= livesAKiosk) refused.push({ arrived: one, reason: "too-many-lives" });
    else {
      const known = lives.get(key);
      const life = known ?? newLife(one.kiosk, one.batch.life);
      if (known === undefined) counts.set(one.kiosk, lived + 1);
      lives.set(key, life);
      batches.set(life, [...(batches.get(life) ?? []), one]);
    }
  }

  await compare(
    within,
    [...batches].flatMap(([life, list]) => list.map(({ batch }) => [life, batch] as const)),
  );
  // The older first: the first entry of a life waits for the last of the one before.
  const ordered = [...lives.values()].toSorted((a, b) => byKiosk(a, b) || a.number - b.number);
  for (const life of ordered) {
    const list = batches.get(life) ?? [];
    if (list.length > 0 || life.waits !== undefined)
      await settle(within, life, list, (former) => holds(within, lives, life.kiosk, former));
  }
  const dropped = await keep(within, ordered, now, waitingAKiosk);
  for (const one of dropped) refused.push({ arrived: one, reason: "too-far-ahead" });

  const standings: Standing[] = [];
  for (const life of ordered) {
    const group = groups.get(life.kiosk);
    const concerned = batches.has(life) || life.hasGap || life.held !== life.stored;
    if (group === undefined || !concerned) continue;
    const awaited = ordered.some(({ kiosk, lacks }) => kiosk === life.kiosk && lacks?.life === life.number);
    if (life.lacks === undefined && !awaited) standings.push(await standingOf(within, life, group));
    // Of several that wait for each other the oldest is asked for: only one acknowledgement stands on the broker.
    if (life.lacks !== undefined && lives.get(keyOf(life.kiosk, life.lacks.life))?.lacks === undefined)
      standings.push(asked(lives, life, life.lacks, group));
  }
  return { standings, refused };
}

const keyOf = (kiosk: string, life: number): string => `${kiosk} ${life}`;
const byKiosk = (a: Life, b: Life): number => (a.kiosk < b.kiosk ? -1 : a.kiosk > b.kiosk ? 1 : 0);

/** Registers those who spoke and are not registered. */
export async function welcome(
  within: Asking,
  arrived: readonly { readonly kiosk: string; readonly group: string }[],
  now: number,
): Promise<void> {
  const groups = new Map(arrived.map(({ kiosk, group }) => [kiosk, group]));
  const rows = [...groups].map(([kiosk, group]) => ({ kiosk, district: group }));
  await within.query(
    `INSERT INTO stations (kiosk, district, registered_at)
     SELECT kiosk, district, $2 FROM json_to_recordset($1::json) AS r(kiosk text, district text) ORDER BY kiosk
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(rows), now],
  );
}

/** The group of each registered kiosk. Until the commit nobody else writes their events. */
async function locked(within: Asking, kiosks: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await within.query<{ kiosk: string; district: string }>(
    `SELECT kiosk, district FROM stations
     WHERE kiosk IN (SELECT json_array_elements_text($1::json)) ORDER BY kiosk FOR NO KEY UPDATE`,
    [JSON.stringify(kiosks)],
  );
  return new Map(rows.map(({ kiosk, district }) => [kiosk, district]));
}

/** Whether the last entry of the life before is here, in its place or kept apart. */
async function holds(
  within: Asking,
  lives: ReadonlyMap<string, Life>,
  kiosk: string,
  { life, seq, hash }: Former,
): Promise<boolean> {
  const before = lives.get(keyOf(kiosk, life));
  if (before === undefined) return false;
  const here = [...before.fresh, ...before.forked].some((one) => one.item.seq === seq && one.hash === hash);
  if (here) return true;
  const rows = await within.query(
    `SELECT 1 FROM events WHERE kiosk = $1 AND life = $2 AND seq = $3 AND hash = decode($4, 'hex')
     UNION ALL SELECT 1 FROM forks WHERE kiosk = $1 AND life = $2 AND seq = $3 AND hash = decode($4, 'hex')`,
    [kiosk, life, seq, hash],
  );
  return rows.length > 0;
}

async function standingOf(within: Asking, life: Life, group: string): Promise<Standing> {
  const { kiosk, number, held, fresh, forked } = life;
  const rootless = await lacksRoot(within, life);
  return {
    kiosk,
    group,
    life: number,
    upTo: held.upTo,
    hash: held.head,
    ...(life.hasGap ? { missing: held.upTo + 1 } : {}),
    ...(rootless ? { need: 1 } : {}),
    fresh: fresh.length,
    forked: forked.length,
  };
}

/** Whether entries of another history came whose beginning is not here: nobody knows where it parted from ours. */
async function lacksRoot(within: Asking, { kiosk, number, roots, forked }: Life): Promise<boolean> {
  for (const { seq, hash } of roots) {
    if (forked.some((one) => one.item.seq === seq && one.hash === hash)) continue;
    const rows = await within.query(
      "SELECT 1 FROM forks WHERE kiosk = $1 AND life = $2 AND seq = $3 AND hash = decode($4, 'hex')",
      [kiosk, number, seq, hash],
    );
    if (rows.length === 0) return true;
  }
  return false;
}

/** A new life waits for the end of the one before: nothing of it is acknowledged, and that end is asked for. */
function asked(lives: ReadonlyMap<string, Life>, { kiosk }: Life, lacks: Former, group: string): Standing {
  const before = lives.get(keyOf(kiosk, lacks.life)) ?? newLife(kiosk, lacks.life);
  const { upTo, head } = before.held;
  // Where ours is as long, theirs parted from it earlier, nobody knows where.
  const missing = upTo < lacks.seq ? upTo + 1 : 1;
  const { fresh, forked } = before;
  return { kiosk, group, life: lacks.life, upTo, hash: head, missing, fresh: fresh.length, forked: forked.length };
}
