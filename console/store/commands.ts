import type { Asking } from "./store.ts";

/** How far a command has come. A later word of the kiosk never takes it back. */
export type CommandState = "issued" | "accepted" | "running" | "done" | "failed" | "expired" | "refused";

export interface Progress {
  readonly kiosk: string;
  readonly id: string;
  readonly state: CommandState;
  readonly why?: string | undefined;
  /** By the kiosk's clock: UTC, milliseconds. */
  readonly at: number;
}

/** A signed command, written down before it is sent, so that its end is known to belong to it. */
export interface Issued {
  readonly id: string;
  readonly kiosk: string;
  /** The envelope as it is sent. */
  readonly command: object;
  /** UTC, milliseconds. */
  readonly issued: number;
  readonly expires: number;
}

export async function noteIssued(within: Asking, { id, kiosk, command, issued, expires }: Issued): Promise<void> {
  await within.query(
    "INSERT INTO commands (id, kiosk, command, issued, expires, updated) VALUES ($1, $2, $3::jsonb, $4, $5, $4)",
    [id, kiosk, JSON.stringify(command), issued, expires],
  );
}

const order = ["issued", "accepted", "running", "done"] as const;
const final = ["done", "failed", "expired", "refused"];

/**
 * Events and results both tell of a command, in any order and more than once. False where this kiosk has no such
 * command.
 */
export async function moveOn(within: Asking, { kiosk, id, state, why, at }: Progress): Promise<boolean> {
  const known = await within.query<{ state: CommandState }>(
    "SELECT state FROM commands WHERE kiosk = $1 AND id = $2 FOR UPDATE",
    [kiosk, id],
  );
  const [before] = known;
  if (before === undefined) return false;
  if (final.includes(before.state) || rank(state) <= rank(before.state)) return true;
  await within.query("UPDATE commands SET state = $3, why = $4, updated = $5 WHERE kiosk = $1 AND id = $2", [
    kiosk,
    id,
    state,
    why ?? null,
    at,
  ]);
  return true;
}

const rank = (state: CommandState): number => (final.includes(state) ? order.length : order.indexOf(state as "issued"));
