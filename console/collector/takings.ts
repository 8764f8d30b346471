import * as v from "valibot";
import { dayOf, startOf } from "../../protocol/pickup-code/calendar.ts";
import type { Asking } from "../store/store.ts";
import type { Life } from "./lives.ts";
import { overdrawn, type Taking } from "./overdrawn.ts";
import { says } from "./saying.ts";
import type { Settlement } from "./settlements.ts";

const list = v.pipe(v.string(), v.regex(/^[A-Za-z][A-Za-z0-9-]{0,31}$/));
const pid = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/));
const day = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(2_000_000));
/** Of an attempt as much as a quota needs. What counts at one station only concerns nobody else. */
const attempt = v.object({
  area: v.literal(true),
  product: v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,31}$/)),
  until: day,
  day: v.exactOptional(day),
});
const ofMember = v.object({ credential: v.object({ kind: v.literal("member"), list, pid }) });
const ofToken = v.object({ member: v.object({ list, pid }) });

const dayMs = 86_400_000;

/**
 * A wild clock of a kiosk neither puts a taking into the future nor on another day than the one against whose allowance
 * it counted there.
 */
function timeOf(at: number, day: number | undefined, now: number): number {
  const past = Math.min(at, now);
  return day === undefined ? past : Math.min(Math.max(past, startOf(day)), startOf(day) + dayMs - 1);
}

/** An attempt counts against its member's quota until an outcome frees it, as it does at the kiosk that made it. */
export async function keepTakings(
  within: Asking,
  lives: readonly Life[],
  settled: readonly Settlement[],
  now: number,
): Promise<void> {
  const rows = lives.flatMap(({ kiosk, number: life, fresh, forked }) =>
    // A good that a copy of the card gave was given too; what became of it there is not followed.
    [...fresh, ...forked].flatMap((entry) => {
      const said = entry.item.kind === "attempt" ? says(attempt, entry) : undefined;
      const member = said && (says(ofMember, entry)?.credential ?? says(ofToken, entry)?.member);
      if (said === undefined || member === undefined) return [];
      const { seq } = entry.item;
      const at = timeOf(entry.item.at, said.day, now);
      const { list, pid } = member;
      return [{ kiosk, life, seq, list, pid, product: said.product, at, day: dayOf(at), until_day: said.until }];
    }),
  );
  if (rows.length > 0)
    await within.query(
      `INSERT INTO takings (kiosk, life, seq, list, pid, product, at, day, until_day, freed)
       SELECT kiosk, life, seq, list, pid, product, at, day, until_day, false FROM json_to_recordset($1::json)
         AS r(kiosk text, life bigint, seq bigint, list text, pid text, product text, at bigint, day int, until_day int)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(rows)],
    );
  if (settled.length === 0) return;
  const counted = await within.query<Taking & { readonly freed: boolean }>(
    `UPDATE takings t SET freed = r.freed
     FROM json_to_recordset($1::json) AS r(kiosk text, life bigint, seq bigint, freed boolean)
     WHERE t.kiosk = r.kiosk AND t.life = r.life AND t.seq = r.seq
     RETURNING t.kiosk, t.list, t.pid, t.product, t.at, t.freed`,
    [JSON.stringify(settled)],
  );
  await overdrawn(within, counted, now);
}
