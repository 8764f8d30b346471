import { millis, type Millis } from "../devices/kit/clock.ts";

/** Which software this is, and when it was released: no clock that it meets can be earlier than that. */
export interface Release {
  readonly version: string;
  readonly releasedAt: Millis;
}

/** Moved together with the version in package.json; a test compares them. */
export const release: Release = { version: "0.1.0", releasedAt: millis(1_795_190_400_000) };
