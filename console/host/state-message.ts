/** What a host says of itself [Sparkplug 3.0, 6.4.25]: JSON on spBv1.0/STATE/{host}, QoS 1, retained. */
export interface State {
  readonly online: boolean;
  /** Of a birth and of a will: when the connection was asked for. Of a death on purpose: now. UTC, milliseconds. */
  readonly timestamp: number;
}

export const encodeState = ({ online, timestamp }: State): string => JSON.stringify({ online, timestamp });

/** Undefined where it is none. */
export function readState(bytes: Uint8Array): State | undefined {
  if (bytes.length > 1024) return undefined;
  try {
    const read: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
    if (typeof read !== "object" || read === null || !("online" in read) || !("timestamp" in read)) return undefined;
    const { online, timestamp } = read;
    return typeof online === "boolean" && typeof timestamp === "number" ? { online, timestamp } : undefined;
  } catch {
    return undefined;
  }
}
