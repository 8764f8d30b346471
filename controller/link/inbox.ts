import type { Heard } from "./uplink.ts";

/** Messages that may wait for a slow listener, or for the first one. */
const mostMessages = 256;
const mostBytes = 4 * 1024 * 1024;

interface Waiting {
  readonly message: Heard;
  readonly done: () => void;
}

/** What came from the broker and is not heard yet: in order, one at a time, and never more than memory can bear. */
export interface Inbox {
  /** `done`: it was heard. `next`: another may come; with QoS 1 that waits for room, while QoS 0 is dropped where there is none. */
  put(message: Heard, done: () => void, next: () => void): void;
  /** From now on messages go to `heard`; without one they wait. */
  to(heard: ((message: Heard) => Promise<void>) | undefined): void;
  /** Forgets what waits. */
  close(): void;
  /** Messages of QoS 0 for which there was no room. */
  dropped(): number;
}

export function openInbox(): Inbox {
  const waiting: Waiting[] = [];
  let bytes = 0;
  let dropped = 0;
  let delivering = false;
  let hear: ((message: Heard) => Promise<void>) | undefined;
  let held: (() => void) | undefined;

  const full = () => waiting.length >= mostMessages || bytes >= mostBytes;
  /** A flood of QoS 0 leaves half of the room to what must not be lost. */
  const flooded = () => waiting.length >= mostMessages / 2 || bytes >= mostBytes / 2;
  const letIn = () => {
    const next = held;
    if (next === undefined || full()) return;
    held = undefined;
    next();
  };
  const deliver = async () => {
    if (delivering) return;
    delivering = true;
    while (hear !== undefined) {
      const first = waiting.shift();
      if (first === undefined) break;
      bytes -= first.message.payload.length;
      letIn();
      await hear(first.message);
      first.done();
    }
    delivering = false;
  };

  return {
    put(message, done, next) {
      if (message.qos === 0 && flooded()) {
        dropped += 1;
        next();
        return;
      }
      waiting.push({ message, done });
      bytes += message.payload.length;
      if (full()) held = next;
      else next();
      void deliver();
    },
    to(heard) {
      hear = heard;
      void deliver();
    },
    close() {
      hear = undefined;
      waiting.length = 0;
      bytes = 0;
      held = undefined;
    },
    dropped: () => dropped,
  };
}
