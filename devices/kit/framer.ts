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

/** What the first of some bytes begins: a whole frame of so many bytes, a frame whose rest is still to come, or none. */
export type Beginning<F> =
  | { readonly is: "frame"; readonly frame: F; readonly length: number }
  | { readonly is: "part" }
  | { readonly is: "noise" };

/**
 * A framer that looks for a frame at each byte in turn. Where none begins it gives up one byte, never more,
 * so that a false start inside noise cannot swallow the true one behind it.
 * `look` gets at least one byte and must not answer "part" for ever: the longest frame bounds what is held.
 */
export function searching<F>(quiet: Millis | null, look: (bytes: Uint8Array) => Beginning<F>): Framer<F, Uint8Array> {
  const start = new Uint8Array();
  return {
    start,
    quiet,
    push(held, chunk) {
      const all = held.length === 0 ? chunk : joined(held, chunk);
      let rest = all;
      const frames: F[] = [];
      let junk = 0;
      while (rest.length > 0) {
        const seen = look(rest);
        if (seen.is === "part") break;
        if (seen.is === "frame") frames.push(seen.frame);
        else junk += 1;
        rest = rest.subarray(seen.is === "frame" ? seen.length : 1);
      }
      if (rest.length === 0) return { state: start, frames, junk };
      // Copied: the port may use its buffer again, and what was taken must not be kept beside the rest.
      const isOurs = all !== chunk && rest === all;
      return { state: isOurs ? rest : rest.slice(), frames, junk };
    },
  };
}

/** Both, one behind the other, in memory of their own. */
export function joined(before: Uint8Array, after: Uint8Array): Uint8Array {
  const both = new Uint8Array(before.length + after.length);
  both.set(before);
  both.set(after, before.length);
  return both;
}
