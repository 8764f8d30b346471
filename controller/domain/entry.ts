import type { FaultKind } from "../../devices/kit/fault.ts";
import type { Millis } from "../../devices/kit/clock.ts";
import type { Credential, Day, Member } from "./credential.ts";
import type { Order } from "../../protocol/commands/order.ts";

/** Everything that must survive a power cut. Append-only; the present is the fold of these. */
export type Entry =
  /** Written before anything moves. Its own seq is the mark given to the board and the source of the reference. */
  | {
      readonly kind: "attempt";
      readonly credential: Credential;
      readonly device: string;
      readonly slot: string;
      readonly product: string;
      /** The last day on which the credential is accepted: afterwards it need not be remembered. */
      readonly until: Day;
      /** The credential is valid at several stations: the centre tells the others of its use. */
      readonly area?: true;
      /** … and it was given without the centre, out of the day's escrow. */
      readonly offline?: true;
      /** The member whose token it is. */
      readonly member?: Member;
      /** The read counter of the tag: a lower one, or the same, is a copy of an old reading. */
      readonly counter?: number;
      /** … and which of the member's cards it is, 16 hex digits. */
      readonly card?: string;
      /** The day against whose allowance it counts, as well as the kiosk knew it: `at` may come from a wild clock. */
      readonly day?: Day;
    }
  /** How the attempt `of` ended. `frees`: the code may be used again. */
  | {
      readonly kind: "outcome";
      readonly of: number;
      readonly delivery: "delivered" | "not-delivered" | "unknown";
      /** False where the board refused before a motor turned. */
      readonly started: boolean;
      /** The evidence of a delivery, or the kind of fault. */
      readonly why: "drop-sensor" | "lock-open" | "motor-home" | FaultKind | "power-cut";
      readonly frees: boolean;
      /** For the technician. */
      readonly detail?: string;
    }
  /** A worker said after an unknown outcome that the good did fall: the code is used after all. */
  | { readonly kind: "taken"; readonly of: number; readonly credential: Credential }
  /** One tap on a face after a delivery. */
  | { readonly kind: "rating"; readonly of: number; readonly face: "good" | "fair" | "poor" }
  | {
      readonly kind: "refill";
      readonly device: string;
      readonly slot: string;
      readonly product: string;
      /** Goods in the slot afterwards. */
      readonly count: number;
      /** Last day of the batch on which it may be given, as "2026-09-30". */
      readonly expires?: string;
      readonly by: "station-file" | "keeper" | "board" | "centre";
      /** The command that ordered it, where the centre did. */
      readonly command?: string;
    }
  /** A technician's motion, on no worker's code. */
  | { readonly kind: "test-vend"; readonly device: string; readonly slot: string }
  | {
      readonly kind: "test-outcome";
      readonly of: number;
      readonly delivery: "delivered" | "not-delivered" | "unknown";
      readonly why: string;
    }
  | { readonly kind: "fault"; readonly device: string; readonly fault: FaultKind; readonly detail: string }
  | { readonly kind: "fault-cleared"; readonly device: string }
  /** The cabinet's door was opened or closed. */
  | { readonly kind: "door"; readonly device: string; readonly open: boolean }
  /** A guess bucket ran empty; `of`: the one of cards and printed numbers. */
  | { readonly kind: "lock-out"; readonly of?: "numbers" }
  /** More well-formed unknown codes today than honest fingers make, or more cards and printed numbers of nobody. */
  | { readonly kind: "guessing"; readonly unknown: number; readonly of?: "numbers" }
  /** Refusals since the last such entry, by the id of the screen ("E1": 3). At most one a minute. */
  | { readonly kind: "refusals"; readonly counts: Readonly<Record<string, number>> }
  /** A file that was not obeyed: why, in a sentence. */
  | { readonly kind: "file-refused"; readonly file: string; readonly why: string }
  /** A signed campaign file, list or key bundle came into force. */
  | { readonly kind: "adopted"; readonly file: string; readonly issuedAt: string; readonly kid: string }
  /** A command of the centre, written down before it is obeyed: it is obeyed once. `until`: when it expires. */
  | {
      readonly kind: "command";
      readonly id: string;
      readonly kid: string;
      readonly order: Order;
      readonly until: Millis;
    }
  /** What became of it. */
  | {
      readonly kind: "command-ended";
      readonly id: string;
      readonly ended: "done" | "failed";
      readonly why?: string;
    }
  /** Commands that were not obeyed since the last such entry, by reason. At most one a minute. */
  | { readonly kind: "commands-refused"; readonly counts: Readonly<Record<string, number>> }
  /** A configuration from the centre: on trial, kept, or given up for the one before, and why. */
  | {
      readonly kind: "configured";
      readonly version: string;
      readonly state: "trial" | "in-force" | "rolled-back" | "refused";
      readonly why?: string;
    }
  /**
   * First entry of a new life: what the centre holds of the life before is not what this card holds. rolled-back: the
   * centre had entries that this card lacks. forked: the same number stands there with another content.
   * `before`: number of the life before. `end`: its last entry and the chain hash of that, which only the disk knows
   * and writes in; absent where that life had no entry.
   */
  | {
      readonly kind: "new-life";
      readonly before: number;
      readonly why: "rolled-back" | "forked";
      readonly end?: { readonly seq: number; readonly hash: string };
    }
  /**
   * A person in the health cabin asked that the results be sent: a letter (protocol/health/letter.ts) that the holder
   * of one key alone can open. `to`: fingerprint of that key.
   */
  | {
      readonly kind: "handed-over";
      readonly v: 1;
      readonly to: string;
      readonly enc: string;
      readonly sealed: string;
    }
  /**
   * How many came to the health cabin, and of how many each item was measured: full tens. At most one a day, after it,
   * and only where ten people came since the last. `since`, `until`: the days on which they came; a few came before.
   */
  | {
      readonly kind: "checked";
      readonly since: Day;
      readonly until: Day;
      readonly people: number;
      readonly items: Readonly<Record<string, number>>;
    }
  /** The calibration of an instrument ends soon, or has ended; `due`: the last day on which it holds. Once each. */
  | { readonly kind: "calibration"; readonly device: string; readonly due: Day; readonly state: "soon" | "over" }
  | { readonly kind: "started"; readonly release: string }
  | { readonly kind: "stopped"; readonly why: string };

/** (kiosk, life, seq) names an entry for ever. `seq` is gap-free within a life, from 1. */
export interface Mark {
  readonly life: number;
  readonly seq: number;
}

export interface Stamped<T = Entry> extends Mark {
  readonly at: Millis;
  /** Whether the clock that gave `at` could be trusted. */
  readonly trusted: boolean;
  readonly entry: T;
}
