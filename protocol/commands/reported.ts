import * as v from "valibot";
import { bad, good, type Judged } from "../pickup-code/judged.ts";
import { literal, oneOf, whole } from "../pickup-code/signed-file.ts";
import { readBounded } from "./bounded.ts";
import { instant } from "./order.ts";

/** local: the station file that a technician put there. The others are of the newest configuration from the centre. */
export type ConfigState = "local" | "trial" | "in-force" | "rolled-back" | "refused";

/** What a kiosk has in force, for the centre: sent up after each connect and at each change. */
export interface Reported {
  readonly v: 1;
  /** By the kiosk's clock: UTC, milliseconds since 1970. */
  readonly at: number;
  readonly config: {
    /** Of the station file by which the kiosk works now; null where it is the technician's own. */
    readonly version: string | null;
    /** documentHash of that station file. */
    readonly hash: string;
    readonly state: ConfigState;
    /** The version that was refused or given up, and why. */
    readonly failed?: { readonly version: string; readonly why: string };
  };
  readonly campaigns: readonly ReportedFile[];
  /** Null while no key bundle was ever opened. */
  readonly keys: {
    readonly issuedAt: string;
    /** Last day for which an epoch key is held, "2026-09-30"; null where none is. */
    readonly until: string | null;
  } | null;
  /** Desired files that are not obeyed. */
  readonly refused: readonly { readonly file: string; readonly why: string }[];
}

export interface ReportedFile {
  readonly kind: "campaign" | "list" | "members";
  readonly id: string;
  readonly issuedAt: string;
  /** documentHash of the signed file. */
  readonly hash: string;
  /** Of a member list: how often a member may take. The centre sees by it whether somebody took more at several stations. */
  readonly allowances?: readonly ReportedAllowance[];
}

/** These products count together. */
export interface ReportedAllowance {
  readonly products: readonly string[];
  readonly perDay?: number;
  readonly perCampaign?: number;
  /** Minutes between two. */
  readonly gap?: number;
}

const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const short = v.pipe(v.string(), v.maxLength(64));
const sentence = v.pipe(v.string(), v.maxLength(1000));

const limit = v.exactOptional(whole(1, 1_000_000));
const allowances = v.pipe(
  v.array(
    v.strictObject({
      products: v.pipe(v.array(short), v.maxLength(64)),
      perDay: limit,
      perCampaign: limit,
      gap: limit,
    }),
  ),
  v.maxLength(32),
);

/** More refusals are not told. */
export const refusalsTold = 32;

export const reportedSchema: v.GenericSchema<unknown, Reported> = v.strictObject({
  v: literal(1),
  at: instant,
  config: v.strictObject({
    version: v.nullable(short),
    hash,
    state: oneOf(["local", "trial", "in-force", "rolled-back", "refused"]),
    failed: v.exactOptional(v.strictObject({ version: short, why: sentence })),
  }),
  campaigns: v.pipe(
    v.array(
      v.strictObject({
        kind: oneOf(["campaign", "list", "members"]),
        id: short,
        issuedAt: short,
        hash,
        allowances: v.exactOptional(allowances),
      }),
    ),
    v.maxLength(256),
  ),
  keys: v.nullable(v.strictObject({ issuedAt: short, until: v.nullable(short) })),
  refused: v.pipe(v.array(v.strictObject({ file: short, why: sentence })), v.maxLength(refusalsTold)),
});

export const reportedBounds = { bytes: 128 * 1024, depth: 6 } as const;

export const writeReported = (reported: Reported): Uint8Array => Buffer.from(JSON.stringify(reported));

export function readReported(payload: Uint8Array): Judged<Reported> {
  const read = readBounded(payload, reportedBounds);
  if (!read.ok) return read;
  const judged = v.safeParse(reportedSchema, read.value);
  return judged.success ? good(judged.output) : bad("It has not the form of a report.");
}
