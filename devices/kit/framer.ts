import type { Millis } from "./clock.ts";

/**
 * Finds frames in a stream of bytes whose chunks mean nothing.
 * Pure: the same bytes give the same frames however they were split.
 */
export interface Framer<F, S> {
  readonly start: S;
  /** After this much silence half a frame is noise and `start` is taken again; null where the protocol has no such rule. */
  readonly quiet: Millis | null;
  /** `junk` counts the bytes that were given up as no part of any frame. */
  push(state: S, chunk: Uint8Array): { readonly state: S; readonly frames: readonly F[]; readonly junk: number };
}
