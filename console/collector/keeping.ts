import { createHash } from "node:crypto";
import type { Item } from "../../protocol/events/chain.ts";
import { raise } from "../store/alarms.ts";
import type { Asking } from "../store/store.ts";
import { followUp } from "./follow-up.ts";
import type { Arrived, Life } from "./lives.ts";
import type { Hashed } from "./placing.ts";

/** Forks of one life that are kept. More are only counted: a kiosk that goes mad must not fill the disk. */
const forksALife = 10_000;

const columns =
  "kiosk text, life bigint, seq bigint, at bigint, trusted boolean, type text, dev text, data text, hash text";

const rowOf = (kiosk: string, item: Item, hash: string) => ({
  kiosk,
  life: item.life,
  seq: item.seq,
  at: item.at,
  trusted: item.trusted,
  type: item.kind,
  dev: item.dev,
  data: item.body,
  hash,
});
const rowsOf = (lives: readonly Life[], which: (life: Life) => readonly Hashed[]) =>
  lives.flatMap((life) => which(life).map(({ item, hash }) => rowOf(life.kiosk, item, hash)));

/** Writes what was placed, and what waits. Gives the batches for which there is no room to wait. */
export async function keep(
  within: Asking,
  lives: readonly Life[],
  now: number,
  waitingAKiosk: number,
): Promise<readonly Arrived[]> {
  await keepFresh(within, lives, now);
  await keepForked(within, lives, now);
  const dropped = await keepWaiting(within, lives, now, waitingAKiosk);
  await followUp(within, lives, now);
  return dropped;
}

async function keepFresh(within: Asking, lives: readonly Life[], now: number): Promise<void> {
  const rows = rowsOf(lives, ({ fresh }) => fresh);
  // No "ON CONFLICT": under the lock nothing can stand there, and if it did it must not be passed over in silence.
  if (rows.length > 0)
    await within.query(
      `INSERT INTO events (kiosk, life, seq, at, trusted, type, dev, data, hash, received_at)
       SELECT kiosk, life, seq, at, trusted, type, dev, data, decode(hash, 'hex'), $2
       FROM json_to_recordset($1::json) AS r(${columns})`,
      [JSON.stringify(rows), now],
    );
  const moved = lives
    .filter(({ held, stored, hasGap, forked }) => held !== stored || hasGap || forked.length > 0)
    .map(({ kiosk, number, held }) => ({ kiosk, life: number, up_to: held.upTo, head: held.head }));
  if (moved.length > 0)
    await within.query(
      `INSERT INTO lives (kiosk, life, up_to, head)
       SELECT kiosk, life, up_to, decode(head, 'hex')
       FROM json_to_recordset($1::json) AS r(kiosk text, life bigint, up_to bigint, head text)
       ON CONFLICT (kiosk, life) DO UPDATE SET up_to = excluded.up_to, head = excluded.head`,
      [JSON.stringify(moved)],
    );
}

async function keepForked(within: Asking, lives: readonly Life[], now: number): Promise<void> {
  for (const life of lives.filter(({ forked }) => forked.length > 0)) {
    const [held] = await within.query<{ n: number }>("SELECT count(*) AS n FROM forks WHERE kiosk = $1 AND life = $2", [
      life.kiosk,
      life.number,
    ]);
    const room = Math.max(0, forksALife - (held?.n ?? 0));
    await within.query(
      `INSERT INTO forks (kiosk, life, seq, at, trusted, type, dev, data, hash, received_at)
       SELECT kiosk, life, seq, at, trusted, type, dev, data, decode(hash, 'hex'), $2
       FROM json_to_recordset($1::json) AS r(${columns}) ON CONFLICT DO NOTHING`,
      [JSON.stringify(rowsOf([life], ({ forked }) => forked.slice(0, room))), now],
    );
    const first = Math.min(...life.forked.map(({ item }) => item.seq));
    await raise(within, {
      kiosk: life.kiosk,
      what: "forked",
      level: 1,
      detail: `Life ${life.number} has another entry ${first} than the one the centre holds. An older copy of the card was put back, or two copies run.`,
      at: now,
    });
  }
}

async function keepWaiting(
  within: Asking,
  lives: readonly Life[],
  now: number,
  waitingAKiosk: number,
): Promise<readonly Arrived[]> {
  const dropped: Arrived[] = [];
  const room = new Map<string, number>();
  for (const life of lives)
    for (const one of life.behind.toSorted((a, b) => a.batch.from - b.batch.from)) {
      const free = room.get(life.kiosk) ?? waitingAKiosk - (await waitingOf(within, life.kiosk));
      if (free <= 0) dropped.push(one);
      else
        await within.query(
          `INSERT INTO waiting (kiosk, life, first, digest, payload, received_at) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT DO NOTHING`,
          [
            life.kiosk,
            life.number,
            one.batch.from,
            createHash("sha256").update(one.payload).digest(),
            one.payload,
            now,
          ],
        );
      room.set(life.kiosk, free - 1);
    }
  return dropped;
}

async function waitingOf(within: Asking, kiosk: string): Promise<number> {
  const [row] = await within.query<{ n: number }>("SELECT count(*) AS n FROM waiting WHERE kiosk = $1", [kiosk]);
  return row?.n ?? 0;
}
