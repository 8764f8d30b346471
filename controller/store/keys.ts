import type { Station } from "../../config/schema.ts";
import type { Clock, Millis } from "../../devices/kit/clock.ts";
import type { Day } from "../domain/credential.ts";
import type { Disk, World } from "../world.ts";
import type { Codebook } from "./codebook.ts";

/** A file of the configuration folder: name as "campaigns/summer.json", "lists/…", "keys/…". */
export interface SignedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A file that was not obeyed, and why, in a sentence for the technician. */
export interface RefusedFile {
  readonly file: string;
  readonly why: string;
}

export interface KeysAsked {
  readonly station: Station;
  readonly files: readonly SignedFile[];
  readonly keep: Disk["keep"];
  /** The kiosk's X25519 private key, 32 bytes: see kiosk-key.ts. */
  readonly kioskKey: Uint8Array;
  readonly clock: Clock;
  readonly dice: World["dice"];
}

export interface Keys {
  readonly codebook: Codebook;
  readonly refused: readonly RefusedFile[];
  /** Campaign files that were not in force at the last start: one ledger entry each. */
  readonly adopted: readonly { readonly id: string; readonly issuedAt: string; readonly kid: string }[];
  /** What the clock's floor may rise by, and what it may never pass. */
  readonly floorFrom: {
    /** Newest time of signing of a valid campaign or key bundle. */
    readonly signed: Millis | undefined;
    /** Day of the newest epoch key held. */
    readonly newestEpoch: Day | undefined;
  };
}
