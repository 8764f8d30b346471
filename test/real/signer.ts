import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { signConfig, type DesiredConfig } from "../../protocol/commands/desired.ts";
import { signEnvelope, type Envelope, type EnvelopeHead } from "../../protocol/commands/envelope.ts";
import type { Order } from "../../protocol/commands/order.ts";
import { hexOf, publicOf } from "../../protocol/pickup-code/sign.ts";
import type { Folder } from "./station.ts";

/** A station file as JSON, to be changed and written again. */
export interface StationFile {
  readonly station: { readonly id: string } & Readonly<Record<string, unknown>>;
  readonly devices: readonly Readonly<Record<string, unknown>>[];
  readonly trust: readonly object[];
  readonly [field: string]: unknown;
}

export const stationFileOf = ({ config }: Folder): StationFile =>
  JSON.parse(readFileSync(join(config, "station.json"), "utf8")) as StationFile;

/** Who signs for a station: a person at the centre, with a key for every day and one for what weighs more. */
export interface Signer {
  /** The names of both keys in the station file. */
  readonly ops: "ops-1";
  readonly release: "release-1";
  /** A command that is good for ten minutes, signed with the ops key; `over` changes what it says of itself. */
  command(order: Order, over?: Partial<EnvelopeHead>): Envelope;
  /** A configuration signed with the release key. Each is newer than the last. */
  config(config: object, version: string): DesiredConfig;
}

const life = 10 * 60_000;

/** Makes both keys, and has the station trust them. `more`: further fields of its file. */
export function entrust(folder: Folder, more: object = {}): Signer {
  const file = stationFileOf(folder);
  const secrets = new Map([
    ["ops-1", randomBytes(32)],
    ["release-1", randomBytes(32)],
  ]);
  const trusted = [...secrets].map(([kid, secret]) => ({
    kid,
    role: kid === "ops-1" ? "ops" : "release",
    key: hexOf(publicOf("ed25519", secret)),
  }));
  folder.write("station.json", { ...file, trust: [...file.trust, ...trusted], ...more });
  const secretOf = (kid: string): Uint8Array => secrets.get(kid) ?? randomBytes(32);
  let issued = Date.now();
  return {
    ops: "ops-1",
    release: "release-1",
    command(order, over = {}) {
      const iat = Date.now();
      const id = randomBytes(12).toString("hex");
      const head = { id, kid: "ops-1", aud: file.station.id.toLowerCase(), iat, exp: iat + life, ...over };
      return signEnvelope(order, head, secretOf(head.kid));
    },
    config(config, version) {
      issued += 1000;
      const issuedAt = `${new Date(issued).toISOString().slice(0, 19)}Z`;
      const { id } = file.station;
      const draft = { v: 1, kind: "config", station: id, version, issuedAt, kid: "release-1", config: { ...config } };
      return signConfig(draft as Omit<DesiredConfig, "sig">, secretOf("release-1"));
    },
  };
}
