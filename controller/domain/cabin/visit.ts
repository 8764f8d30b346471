import type { Person } from "../../../devices/health/capability.ts";
import type { Millis } from "../../../devices/kit/clock.ts";

/** One person's check-up, from consent to the end. It lives in memory alone, and in one place: the scene. */
export interface Visit {
  readonly consent: "asked" | "given" | "refused";
  readonly person: Person;
  /** When a key was last pressed: who is silent for a minute has gone. */
  readonly pressed: Millis;
  readonly page: Page;
}

/** Where the person stands. */
export type Page = { readonly is: "consent" };
