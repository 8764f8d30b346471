import * as v from "valibot";
import { parseDate } from "../pickup-code/calendar.ts";
import { literal, oneOf, whole } from "../pickup-code/signed-file.ts";

/** What a centre may order a kiosk to do. docs/topics.md is generated from `orderSchema`. */
export type Order =
  /** The whole kiosk starts anew, as after a power cut. */
  | { readonly op: "restart" }
  /** Nothing is given until "unlock". `why` is for the technician. */
  | { readonly op: "lock"; readonly why: string }
  | { readonly op: "unlock" }
  | { readonly op: "slot"; readonly device: string; readonly slot: string; readonly on: boolean }
  /** One good without a code, with the reason for which it is given. */
  | { readonly op: "vend"; readonly product: string; readonly why: string }
  /** Goods in the slot now, as a keeper counted them. */
  | {
      readonly op: "refill";
      readonly device: string;
      readonly slot: string;
      readonly count: number;
      readonly expires?: string;
    }
  /** The newest log lines. */
  | { readonly op: "log"; readonly lines: number }
  /** The centre's time, UTC in milliseconds since 1970: the one thing that may set the kiosk's floor back. */
  | { readonly op: "beacon"; readonly utc: number };

export type Op = Order["op"];

/** Ids of devices and products as the station file has them. */
const id = v.pipe(
  v.string("expected a short name"),
  v.regex(/^[a-z][a-z0-9-]{0,31}$/, "expected a short name of the station file"),
);
const slot = v.pipe(
  v.string("expected a slot"),
  v.regex(/^[!-~]{1,16}$/, "expected the slot's number on the board, at most 16 signs"),
);
const reason = v.pipe(
  v.string("expected a reason"),
  v.check((text) => text.isWellFormed() && text.trim() !== "", "expected a reason"),
  v.maxLength(200, "expected a reason of at most 200 characters"),
);
const date = v.pipe(
  v.string("expected a date"),
  v.check((text) => parseDate(text) !== undefined, 'expected a date such as "2026-09-30"'),
);

/** The year 2100: no clock that is right says more. */
const latest = 4_102_444_800_000;

/** Milliseconds since 1970, UTC. */
export const instant = whole(0, latest);

/** The arguments of each, beside its op. */
export const orderForms = [
  v.strictObject({ op: literal("restart") }),
  v.strictObject({ op: literal("lock"), why: reason }),
  v.strictObject({ op: literal("unlock") }),
  v.strictObject({ op: literal("slot"), device: id, slot, on: v.boolean("expected true or false") }),
  v.strictObject({ op: literal("vend"), product: id, why: reason }),
  v.strictObject({ op: literal("refill"), device: id, slot, count: whole(0, 255), expires: v.exactOptional(date) }),
  v.strictObject({ op: literal("log"), lines: whole(1, 1000) }),
  v.strictObject({ op: literal("beacon"), utc: instant }),
] as const;

export const orderSchema: v.GenericSchema<unknown, Order> = v.variant("op", orderForms);

export const opSchema = oneOf(["restart", "lock", "unlock", "slot", "vend", "refill", "log", "beacon"]);
