import { millis, type Millis } from "../../devices/kit/clock.ts";
import { delays } from "../delays.ts";
import type { Refused } from "./uplink.ts";

/** What came of a call. */
export type Outcome =
  | { readonly is: "refused"; readonly why: Refused["why"] }
  /** There was a conversation, and it has ended. */
  | { readonly is: "ended"; readonly lasted: Millis }
  /** The kiosk was told to use the next server. */
  | { readonly is: "moved" };

/** Where the kiosk stands with its servers. */
export interface Standing {
  /** Whom it calls next: a place in the list. */
  readonly server: number;
  /** What each server speaks, as far as is known. */
  readonly versions: readonly (4 | 5)[];
  /** Calls in a row that came to nothing. */
  readonly failures: number;
  /** Of these the last ones that were denied, until a person acts. */
  readonly denials: number;
}

export const unacquainted = (servers: number): Standing => ({
  server: 0,
  versions: Array.from({ length: servers }, () => 5),
  failures: 0,
  denials: 0,
});

interface Decision {
  readonly standing: Standing;
  /** Until the next call. */
  readonly wait: Millis;
}

/** Whom to call next, and when. `chance`: from 0 up to but not including 1. */
export function nextCall(standing: Standing, outcome: Outcome, chance: number): Decision {
  const { server, versions, failures } = standing;
  const next = (server + 1) % versions.length;
  switch (outcome.is) {
    case "moved":
      return { standing: { ...standing, server: next, failures: 0, denials: 0 }, wait: jitter(1, chance) };
    case "ended": {
      const proven = outcome.lasted >= delays.callProven;
      const cutOff = proven ? 0 : failures + 1;
      return {
        standing: { ...standing, server: proven ? server : next, failures: cutOff, denials: 0 },
        wait: jitter(Math.max(1, cutOff), chance, delays.callCutOff),
      };
    }
    case "refused": {
      const version = versions[server];
      // Some brokers speak only the older MQTT: asked at once, and remembered while the kiosk runs.
      if (outcome.why === "version" && version === 5)
        return { standing: { ...standing, versions: versions.with(server, 4) }, wait: millis(0) };
      const forgotten = outcome.why === "version" ? versions.with(server, 5) : versions;
      const denials = isDenial(outcome.why) ? standing.denials + 1 : 0;
      return {
        standing: { server: next, versions: forgotten, failures: failures + 1, denials },
        wait:
          denials >= versions.length
            ? between(delays.callDeniedSoonest, delays.callDeniedLatest, chance)
            : jitter(failures + 1, chance),
      };
    }
  }
}

const isDenial = (why: Refused["why"]): boolean => why === "not-authorised" || why === "banned" || why === "quota";

const between = (low: Millis, high: Millis, chance: number): Millis => millis(low + chance * (high - low));

const jitter = (failures: number, chance: number, latest: Millis = delays.callLatest): Millis =>
  between(delays.callSoonest, millis(Math.min(latest, delays.callCeiling * 2 ** (failures - 1))), chance);
