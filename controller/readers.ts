import { millis, type Clock, type Millis } from "../devices/kit/clock.ts";
import type { Reading } from "../devices/reader/capability.ts";
import { delays } from "./delays.ts";

/** What a reader saw last, for the technician: never the value. */
export interface LastSeen {
  readonly what: "card" | "code" | "unread";
  readonly at: Millis;
}

/** The card readers and scanners of a station, taken together. */
export interface Readers {
  /** A driver's word. Cards and codes that are held are told again and again. */
  seen(device: string, reading: Reading): void;
  /** Nothing came of it: where it is still held, it is tried once more. */
  tryAgain(reading: Reading): void;
  lastOf(device: string): LastSeen | undefined;
}

/** Something that was seen a moment ago, or still is. */
interface Held {
  readonly at: Millis;
  /** From then on it is passed on once more, held or not. */
  readonly again?: Millis;
}

/**
 * Passes each thing on once, however long and before however many readers it is held: what is seen again within two
 * seconds never went away.
 */
export function openReaders(clock: Pick<Clock, "mono">, pass: (device: string, reading: Reading) => void): Readers {
  const held = new Map<string, Held>();
  const last = new Map<string, LastSeen>();

  const forget = (now: Millis): void => {
    for (const [thing, { at }] of held) if (now - at > delays.stillHeld) held.delete(thing);
  };

  return {
    seen(device, reading) {
      const at = clock.mono();
      last.set(device, { what: whatOf(reading), at });
      forget(at);
      const thing = nameOf(reading);
      const before = held.get(thing);
      const due = before?.again !== undefined && at >= before.again;
      held.set(thing, { at, ...(before?.again === undefined || due ? {} : { again: before.again }) });
      if (before === undefined || due) pass(device, reading);
    },
    tryAgain(reading) {
      const thing = nameOf(reading);
      const now = clock.mono();
      const before = held.get(thing);
      if (before !== undefined) held.set(thing, { ...before, again: millis(now + delays.stillHeld) });
    },
    lastOf: (device) => last.get(device),
  };
}

const whatOf = (reading: Reading): LastSeen["what"] => (reading.is === "text" ? "code" : reading.is);

/** What tells one thing from another. It stays in memory for as long as the thing is held. */
function nameOf(reading: Reading): string {
  switch (reading.is) {
    case "text":
      return `text ${reading.text.reveal()}`;
    case "card":
      return `card ${reading.uid.reveal()}`;
    case "unread":
      return `unread ${reading.of}`;
  }
}
