import type { Item } from "../../devices/health/capability.ts";
import type { Refused } from "../link/uplink.ts";
import type { Readable } from "./model.ts";

/** What a technician wants to know, whatever the worker's screen shows. */
export interface Report {
  readonly kiosk: string;
  readonly release: string;
  readonly clock: "trusted" | "coasting" | "floor-only";
  readonly ledger: { readonly life: number; readonly seq: number };
  readonly disk: "well" | "refuses";
  readonly devices: readonly {
    readonly id: string;
    readonly presence: "working" | "starting" | "stale" | "broken" | "absent" | "off";
    /** The driver's own words. */
    readonly detail?: string;
    /** Of a card reader or scanner. */
    readonly reader?: ReaderReport;
    /** Of a health instrument. */
    readonly instrument?: InstrumentReport;
    /** It prints slips. */
    readonly printer?: true;
  }[];
  /** What member lists in force take for somebody although anybody may know it: UIDs of cards, printed numbers. */
  readonly bare: readonly Readable[];
  readonly link: LinkReport;
}

export interface ReaderReport {
  readonly reads: readonly Readable[];
  /** What it saw last, never its value, and seconds since then. */
  readonly last?: { readonly what: "card" | "code" | "unread"; readonly ago: number };
}

/** Never a value, nor whose. */
export interface InstrumentReport {
  readonly measures: readonly Item[];
  /** Absent where the station file names no day. `days`: left, 0 on the last; negative once it has ended. */
  readonly calibration?: { readonly due: string; readonly days: number; readonly is: "holds" | "soon" | "over" };
  /** To how many it gave something, and to how many nothing, of people who agreed to be counted: full tens that were told. */
  readonly tests: { readonly ok: number; readonly fail: number };
}

export type LinkReport =
  | { readonly is: "none" }
  | {
      readonly is: "online" | "offline";
      readonly server?: string;
      /** Seconds since it is so. */
      readonly since: number;
      /** Why the broker was not reached the last time. */
      readonly refused?: Refused;
      /** Events that the centre has not confirmed. */
      readonly waiting: number;
      /** Until the kiosk's certificate ends. */
      readonly certificateDays?: number;
    };
