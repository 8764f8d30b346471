/** What a host application says of itself [Sparkplug 3.0, 6.4.30]. */
export interface HostWord {
  readonly online: boolean;
  /** UTC, milliseconds: of the host's connection, or of its end. */
  readonly timestamp: number;
}

/** A word of a host has some 50 bytes; larger ones are not read. */
const longest = 1024;

export function readHostWord(payload: Uint8Array): HostWord | undefined {
  if (payload.length > longest) return undefined;
  try {
    const word: unknown = JSON.parse(Buffer.from(payload).toString());
    if (typeof word !== "object" || word === null || !("online" in word) || !("timestamp" in word)) return undefined;
    const { online, timestamp } = word;
    if (typeof online !== "boolean" || typeof timestamp !== "number" || !Number.isFinite(timestamp)) return undefined;
    return { online, timestamp };
  } catch {
    return undefined;
  }
}

/** An older word than the last one is not believed: it was under way when the newer was said. */
export const believed = (last: HostWord | undefined, word: HostWord): boolean =>
  last === undefined || word.timestamp >= last.timestamp;
