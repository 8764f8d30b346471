import * as v from "valibot";
import { dayOf } from "../../protocol/pickup-code/calendar.ts";
import type { ReportedAllowance } from "../../protocol/commands/reported.ts";
import { raise } from "../store/alarms.ts";
import type { Asking } from "../store/store.ts";

/** One good, and who took it where. */
export interface Taking {
  readonly kiosk: string;
  readonly list: string;
  readonly pid: string;
  readonly product: string;
  readonly at: number;
}

interface Settled extends Taking {
  readonly freed: boolean;
}

const minuteMs = 60_000;

/**
 * Two stations that are asked within the time of a report, or without a link, know nothing of each other: what was given
 * beyond a quota is seen here, and told as an alarm of the kiosk that gave it. One station alone never gives too much.
 */
export async function overdrawn(within: Asking, settled: readonly Settled[], now: number): Promise<void> {
  for (const taking of settled.filter(({ freed }) => !freed)) {
    const all = await within.query<Taking>(
      `SELECT t.kiosk, t.list, t.pid, t.product, t.at FROM takings t JOIN stations s USING (kiosk)
       WHERE t.list = $1 AND t.pid = $2 AND NOT t.freed AND s.district = (SELECT district FROM stations WHERE kiosk = $3)`,
      [taking.list, taking.pid, taking.kiosk],
    );
    const others = [...new Set(all.map(({ kiosk }) => kiosk))].filter((kiosk) => kiosk !== taking.kiosk);
    if (others.length === 0) continue;
    const exceeded = exceededBy(taking, all, await allowancesOf(within, taking));
    if (exceeded === undefined) continue;
    const detail = `A member of ${taking.list} had ${exceeded}, at this kiosk and at ${others.slice(0, 3).join(", ")}. Where this comes often, look whose link is down, or lower escrow in the station files.`;
    await raise(within, { kiosk: taking.kiosk, what: "over-quota", level: 2, detail, at: now });
  }
}

const reported: v.GenericSchema<unknown, readonly ReportedAllowance[]> = v.array(
  v.object({
    products: v.array(v.string()),
    perDay: v.exactOptional(v.number()),
    perCampaign: v.exactOptional(v.number()),
    gap: v.exactOptional(v.number()),
  }),
);

/** As the kiosk itself says that it has them in force. */
async function allowancesOf(within: Asking, { kiosk, list }: Taking): Promise<readonly ReportedAllowance[]> {
  const rows = await within.query<{ allowances: unknown }>(
    `SELECT file->'allowances' AS allowances FROM reported, jsonb_array_elements(document->'campaigns') AS file
     WHERE kiosk = $1 AND file->>'kind' = 'members' AND file->>'id' = $2`,
    [kiosk, list],
  );
  const judged = v.safeParse(reported, rows[0]?.allowances);
  return judged.success ? judged.output : [];
}

/** What the member had too much of with this taking, in words. */
export function exceededBy(
  taking: Taking,
  all: readonly Taking[],
  allowances: readonly ReportedAllowance[],
): string | undefined {
  const told = allowances
    .filter(({ products }) => products.includes(taking.product))
    .flatMap(({ products, perDay, perCampaign, gap }) => {
      const had = all.filter(({ product }) => products.includes(product));
      const today = had.filter(({ at }) => dayOf(at) === dayOf(taking.at)).length;
      const elsewhere = had.filter(({ kiosk }) => kiosk !== taking.kiosk);
      const apart = Math.min(...elsewhere.map(({ at }) => Math.abs(at - taking.at))) / minuteMs;
      return [
        ...(perCampaign !== undefined && had.length > perCampaign ? [`${had.length} of ${perCampaign} in all`] : []),
        ...(perDay !== undefined && today > perDay ? [`${today} of ${perDay} on one day`] : []),
        ...(gap !== undefined && apart < gap ? [`two within ${Math.floor(apart)} of ${gap} minutes`] : []),
      ];
    });
  return told[0];
}
