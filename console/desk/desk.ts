import type { Envelope } from "../../protocol/commands/envelope.ts";
import type { Clock } from "../host/clock.ts";
import { noteIssued, type CommandState } from "../store/commands.ts";
import { letters, type LettersAsked, type StoredLetter } from "../store/letters.ts";
import { register, type Registration } from "../store/stations.ts";
import type { Overview } from "../collector/status.ts";
import { overview } from "../store/status.ts";
import type { Store } from "../store/store.ts";

/** A command and how far it has come. */
export interface CommandLife {
  readonly id: string;
  readonly kiosk: string;
  readonly op: string;
  readonly state: CommandState;
  readonly why: string | null;
  /** UTC, milliseconds. */
  readonly expires: number;
}

/** What the staff ask of a centre: the same whether it is asked in its process, over its socket, or at its database. */
export interface Desk {
  status(): Promise<Overview>;
  /** Writes the kiosk down, or what changed of it. */
  register(station: Registration): Promise<void>;
  /** False where no such kiosk is registered. */
  issue(envelope: Envelope): Promise<boolean>;
  command(id: string): Promise<CommandLife | null>;
  stations(): Promise<readonly StationLine[]>;
  letters(asked: LettersAsked): Promise<readonly StoredLetter[]>;
}

export interface StationLine {
  readonly kiosk: string;
  readonly group: string;
  readonly name: string | null;
}

export interface DeskOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** A command was written down: it may be sent now. */
  readonly written?: () => void;
}

export const localDesk = ({ store, clock, written }: DeskOptions): Desk => ({
  status: () => overview(store, clock.wall().utc),
  register: (station) => register(store, station),
  async issue(envelope) {
    const { id, aud, iat, exp } = envelope;
    const rows = await store.query("SELECT 1 FROM stations WHERE kiosk = $1", [aud]);
    if (rows.length === 0) return false;
    await noteIssued(store, { id, kiosk: aud, command: envelope, issued: iat, expires: exp });
    written?.();
    return true;
  },
  async command(id) {
    const rows = await store.query<CommandLife>(
      "SELECT id, kiosk, command->>'op' AS op, state, why, expires FROM commands WHERE id = $1",
      [id],
    );
    return rows[0] ?? null;
  },
  stations: () =>
    store.query<StationLine>(
      `SELECT kiosk, district AS "group", name_zh AS name FROM stations ORDER BY district, kiosk`,
    ),
  letters: (asked) => letters(store, asked),
});
