import type { Station } from "../../config/schema.ts";
import type { Millis } from "../../devices/kit/clock.ts";
import type { DesiredConfig } from "../../protocol/commands/desired.ts";
import { delays } from "../delays.ts";
import type { State } from "../domain/state.ts";
import { signedAt } from "./generations.ts";

// Whether a configuration from the centre is tried, kept or given up. It must never cut the way by which the next one
// would come.

/** A configuration that was taken, and the technician's own station file over which it lies. */
export interface Held {
  /** SHA-256 of that file, 64 hex digits. When it changes, a technician has changed it, and it wins. */
  readonly base: string;
  readonly document: DesiredConfig;
}

export interface Trial extends Held {
  /** Starts of the kiosk with it. */
  readonly starts: number;
  /** Devices that worked before it. */
  readonly working: readonly string[];
}

/** The newest configuration that was not kept: it is not tried again. */
export interface Failed {
  readonly sig: string;
  readonly version: string;
  readonly issuedAt: string;
  readonly state: "rolled-back" | "refused";
  readonly why: string;
}

/** A configuration with which the kiosk was started so often without proving itself is given up. */
export const startsAllowed = 3;

/** What a data folder holds of configurations. */
export interface Holding {
  readonly now?: Held;
  readonly before?: Held;
  readonly trial?: Trial;
  readonly failed?: Failed;
}

/** What an offered configuration is beside those that are held. */
export function offered(document: DesiredConfig, { now, trial, failed }: Holding): "new" | "known" | "older" {
  const held = [trial?.document, now?.document, failed].filter((one) => one !== undefined);
  if (held.some(({ sig }) => sig === document.sig)) return "known";
  const time = signedAt(document);
  return held.every((one) => signedAt({ ...document, issuedAt: one.issuedAt }) < time) ? "new" : "older";
}

/** Why a station file would leave the kiosk without a way back to the centre that signed it with `kid`; undefined where it would not. */
export function wayBackLost(now: Station, next: Station, kid: string): string | undefined {
  if (next.station.id !== now.station.id)
    return `It makes this kiosk ${next.station.id}; its id ${now.station.id} must stay.`;
  if (next.link === undefined) return "It has no link, so that no other configuration could come after it.";
  if (now.link !== undefined && next.link.group !== now.link.group)
    return `It moves the kiosk to the group ${next.link.group}; ${now.link.group} must stay, for its certificate and topics name it.`;
  const keys = now.trust.filter((one) => one.role === "release" && one.kid === kid);
  const keeps = next.trust.some((one) => one.role === "release" && keys.some(({ key }) => key === one.key));
  return keeps
    ? undefined
    : `It no longer trusts the release key ${kid} that signed it, so that nothing could correct it.`;
}

/** What a configuration on trial has still to prove, for the technician; empty where it has proved itself. */
export function unproven(
  { working }: Pick<Trial, "working">,
  station: Station,
  { link, presence }: Pick<State, "link" | "presence">,
): readonly string[] {
  const expected = working.filter((id) => station.devices.some((device) => device.id === id));
  return [
    ...(link.online ? [] : ["the link to the centre did not come up"]),
    ...expected.filter((id) => presence.get(id) !== "working").map((id) => `${id} worked before and does not now`),
  ];
}

/** Looked at again and again from the start of a trial on. */
export function judgeTrial(missing: readonly string[], since: Millis, now: Millis): "proven" | "wait" | "given-up" {
  if (missing.length === 0) return "proven";
  return now - since < delays.trialProves ? "wait" : "given-up";
}
