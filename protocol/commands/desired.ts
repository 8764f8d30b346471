import canonicalize from "canonicalize";
import { hash } from "node:crypto";
import * as v from "valibot";
import { bad, type Judged } from "../pickup-code/judged.ts";
import { signed } from "../pickup-code/sign.ts";
import { literal, readFile, signedFields } from "../pickup-code/signed-file.ts";
import { readBounded } from "./bounded.ts";

/** The station file that a kiosk shall have, whole. Campaigns, lists and key bundles come as their own signed files. */
export interface DesiredConfig {
  readonly v: 1;
  readonly kind: "config";
  /** Id of the kiosk for which it is. */
  readonly station: string;
  /** A name for people; which of two is newer `issuedAt` says. */
  readonly version: string;
  readonly issuedAt: string;
  /** Short name of a release key. */
  readonly kid: string;
  /** A whole station.json. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Ed25519 over "yizhan/config/v1\0" and the canonical JSON of all other fields, base64url. */
  readonly sig: string;
}

/** A station file of 500 slots has some 60 KiB; it is flat but for a driver's options. */
export const configBounds = { bytes: 512 * 1024, depth: 32 } as const;

/** A list of 40,000 imported codes has less. */
export const fileBounds = { bytes: 1024 * 1024, depth: 8 } as const;

export const desiredConfigSchema: v.GenericSchema<unknown, DesiredConfig> = v.strictObject({
  ...signedFields,
  kind: literal("config"),
  version: v.pipe(
    v.string("expected a version"),
    v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'expected a version such as "2026-07-15.1"'),
  ),
  config: v.record(v.string(), v.unknown(), "expected a station file"),
});

/** Reads a configuration. Looks at no signature, no station and no station file. */
export function readDesiredConfig(payload: Uint8Array): Judged<DesiredConfig> {
  const read = readBounded(payload, configBounds);
  if (!read.ok) return read;
  // valibot takes a list for a record.
  const isList = typeof read.value === "object" && Array.isArray((read.value as DesiredConfig | null)?.config);
  return isList
    ? bad("config: expected a station file.")
    : readFile(Buffer.from(payload).toString(), desiredConfigSchema);
}

/** Signs with the release key that `kid` names. */
export const signConfig = (config: Omit<DesiredConfig, "sig">, release: Uint8Array): DesiredConfig =>
  signed("config", config, release);

/** A campaign, list or key bundle from a desired topic: its text and what it says it is. Each is judged as the same file in a folder would be. */
export interface DesiredFile {
  readonly kind: "campaign" | "list" | "keys";
  readonly text: string;
}

const kindSchema = v.object({ kind: v.picklist(["campaign", "list", "keys"]) });

export function readDesiredFile(payload: Uint8Array): Judged<DesiredFile> {
  const read = readBounded(payload, fileBounds);
  if (!read.ok) return read;
  const judged = v.safeParse(kindSchema, read.value);
  if (!judged.success) return bad("It is no campaign, list or key bundle.");
  return { ok: true, value: { kind: judged.output.kind, text: Buffer.from(payload).toString() } };
}

/** By which centre and kiosk know that they mean the same document: SHA-256 of its canonical JSON, 64 hex digits. */
export const documentHash = (document: object): string => hash("sha256", canonicalize(document) ?? "", "hex");
