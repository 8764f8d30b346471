import type { Asking } from "./store.ts";

/** Something that a person must look at. While it is open it is told once, with how often it came. */
export interface Alarm {
  readonly kiosk: string;
  readonly what: "forked" | "rolled-back" | "unreadable" | "over-quota";
  /** 1: now. 2: today. */
  readonly level: 1 | 2;
  /** A sentence for the staff. */
  readonly detail: string;
  /** UTC, milliseconds. */
  readonly at: number;
}

export async function raise(within: Asking, { kiosk, what, level, detail, at }: Alarm): Promise<void> {
  await within.query(
    `INSERT INTO alarms (kiosk, what, level, detail, since, last) VALUES ($1, $2, $3, $4, $5, $5)
     ON CONFLICT (kiosk, what) WHERE cleared IS NULL
     DO UPDATE SET last = excluded.last, times = alarms.times + 1`,
    [kiosk, what, level, detail, at],
  );
}

/** A person looked at it. Gives how many were open. */
export async function clear(within: Asking, kiosk: string, what: Alarm["what"], at: number): Promise<number> {
  const rows = await within.query(
    "UPDATE alarms SET cleared = $3 WHERE kiosk = $1 AND what = $2 AND cleared IS NULL RETURNING id",
    [kiosk, what, at],
  );
  return rows.length;
}
