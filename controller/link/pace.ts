import { millis, seconds, type Clock, type Millis } from "../../devices/kit/clock.ts";
import { batchBounds } from "../../protocol/events/batch.ts";
import type { Limits } from "./uplink.ts";

/** How fast batches go: as fast as the line bears, so that live telemetry and answers need not queue behind them. */
export interface Pace {
  /** Bytes of the next batch: as many as go quickly. */
  bytes(): number;
  /** … and as many as the broker takes at all. */
  readonly mostBytes: number;
  /** Whether one more may be under way. */
  room(): boolean;
  /** How long to wait until the next may go. */
  wait(): Millis;
  sent(): void;
  /** The broker has one, or refused it, after so long. */
  answered(took: Millis): void;
}

/** Batches under way, and batches a second, at most. */
export const widest = 20;
export const aSecond = 50;
/** A line on which a batch takes longer than `slow` is full of ours; one that answers within `quick` bears more. */
const quick = seconds(1);
const slow = seconds(3);
const smallest = 4096;
/** Fixed header, packet number, properties that a client library may add; and the topic with its length [MQTT5 3.3]. */
const around = 32;

export function startPace(clock: Clock, limits: Limits, topic: string): Pace {
  const most = Math.min(batchBounds.bytes, limits.maximumPacketSize - around - Buffer.byteLength(topic));
  const window = Math.min(widest, limits.receiveMaximum);
  let open = 1;
  let bytes = most;
  let underWay = 0;
  const gone: Millis[] = [];
  return {
    bytes: () => bytes,
    mostBytes: most,
    room: () => underWay < open,
    wait() {
      const [oldest] = gone;
      return millis(oldest === undefined || gone.length < aSecond ? 0 : Math.max(0, oldest + 1000 - clock.mono()));
    },
    sent() {
      underWay += 1;
      gone.push(clock.mono());
      if (gone.length > aSecond) gone.shift();
    },
    answered(took) {
      underWay -= 1;
      if (took <= quick) {
        open = Math.min(window, open + 1);
        bytes = Math.min(most, bytes * 2);
      } else if (took > slow) {
        if (open === 1) bytes = Math.min(most, Math.max(smallest, Math.floor(bytes / 2)));
        open = Math.max(1, Math.floor(open / 2));
      }
    },
  };
}
