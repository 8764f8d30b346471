import * as v from "valibot";
import { raise } from "../store/alarms.ts";
import { moveOn, type CommandState } from "../store/commands.ts";
import type { Asking } from "../store/store.ts";
import { readNewLife } from "./former.ts";
import type { Life } from "./lives.ts";
import type { Hashed } from "./placing.ts";
import { says } from "./saying.ts";
import { settlementsIn, type Settlement } from "./settlements.ts";
import { keepTakings } from "./takings.ts";

const whole = v.pipe(v.number(), v.safeInteger());
/** Of an attempt as much as a list of used tokens needs. Those that are valid at one station only concern nobody else. */
const areaToken = v.object({
  area: v.literal(true),
  credential: v.object({ kind: v.literal("token"), kid: whole, id: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)) }),
  until: v.pipe(whole, v.minValue(0), v.maxValue(2_000_000)),
});
const ordered = v.object({ id: v.string() });
const ended = v.object({ id: v.string(), ended: v.picklist(["done", "failed"]), why: v.exactOptional(v.string()) });

/** What entries mean beyond themselves: used tokens, what members took, the ends of commands, a card that was put back. */
export async function followUp(within: Asking, lives: readonly Life[], now: number): Promise<void> {
  const settled = settlementsIn(lives);
  await keepUsed(within, lives, settled);
  await keepTakings(within, lives, settled, now);
  for (const life of lives)
    for (const entry of life.fresh) {
      const { kind, at } = entry.item;
      const state: CommandState | undefined =
        kind === "command" ? "accepted" : kind === "command-ended" ? says(ended, entry)?.ended : undefined;
      const id = state === undefined ? undefined : says(ordered, entry)?.id;
      const why = kind === "command-ended" ? says(ended, entry)?.why : undefined;
      if (state !== undefined && id !== undefined) await moveOn(within, { kiosk: life.kiosk, id, state, why, at });
      if (kind === "new-life") await tellNewLife(within, life, entry, now);
    }
}

async function tellNewLife(within: Asking, { kiosk, number }: Life, { item }: Hashed, now: number): Promise<void> {
  const said = readNewLife(item.body);
  if (said === undefined) return;
  const detail =
    said.why === "rolled-back"
      ? `The kiosk's card lacks entries that the centre holds of life ${said.before}: an older copy of the card was put back. It went on as life ${number}. What it gave in between stands under both.`
      : `The kiosk's card holds other entries of life ${said.before} than the centre: two copies of it were used. It went on as life ${number}. The other entries are kept among the forks.`;
  await raise(within, { kiosk, what: said.why, level: 1, detail, at: now });
}

/** An attempt uses its token, an outcome may free it, and a worker who says it fell after all uses it again. */
async function keepUsed(within: Asking, lives: readonly Life[], settled: readonly Settlement[]): Promise<void> {
  const tokens = lives.flatMap((life) =>
    // A good that a copy of the card gave was given too; what became of it there is not followed.
    [...life.fresh, ...life.forked].flatMap((entry) => {
      const said = entry.item.kind === "attempt" ? says(areaToken, entry) : undefined;
      if (said === undefined) return [];
      const { seq, at } = entry.item;
      const { kid, id: token } = said.credential;
      return [{ kiosk: life.kiosk, life: life.number, seq, kid, token, at, until_day: said.until }];
    }),
  );
  if (tokens.length > 0)
    await within.query(
      `INSERT INTO used (kiosk, life, seq, kid, token, at, until_day, freed)
       SELECT kiosk, life, seq, kid, token, at, until_day, false FROM json_to_recordset($1::json)
         AS r(kiosk text, life bigint, seq bigint, kid int, token text, at bigint, until_day int)
       ON CONFLICT DO NOTHING`,
      [JSON.stringify(tokens)],
    );
  if (settled.length > 0)
    await within.query(
      `UPDATE used u SET freed = r.freed
       FROM json_to_recordset($1::json) AS r(kiosk text, life bigint, seq bigint, freed boolean)
       WHERE u.kiosk = r.kiosk AND u.life = r.life AND u.seq = r.seq`,
      [JSON.stringify(settled)],
    );
}
