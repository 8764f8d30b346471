import { millis, type Clock, type Timer } from "../../devices/kit/clock.ts";
import { topicsOf, type Desired } from "../../protocol/fleet/topics.ts";
import { allowance } from "./allowance.ts";

// Retained messages that say what shall be in force. Only the newest of a topic counts, so that of ten thousand a second
// all but a few are never looked at.

const looked = { atOnce: 12, every: millis(2000) };
/** Topics that wait at once; no centre desires more of one kiosk. */
const most = 64;
/** A message that could not be one of ours is not even kept. */
const largest = 1024 * 1024;

export interface WantedAsked {
  readonly clock: Clock;
  readonly group: string;
  /** Name of this kiosk on the wire. */
  readonly kiosk: string;
  /** What is done with each; one at a time. An empty one never comes. */
  readonly take: Readonly<Record<Desired, (payload: Uint8Array) => Promise<void>>>;
}

export interface Wanted {
  /** A message on down/desired/…; false where the topic is none of these. */
  heard(topic: string, payload: Uint8Array): boolean;
  stop(): void;
}

export function openWanted({ clock, group, kiosk, take }: WantedAsked): Wanted {
  const base = topicsOf(group, kiosk).desired("config").slice(0, -"config".length);
  const may = allowance(clock, looked);
  const waiting = new Map<string, { readonly what: Desired; readonly payload: Uint8Array }>();
  let busy = false;
  let timer: Timer | undefined;
  let stopped = false;

  const work = async (): Promise<void> => {
    if (busy || stopped) return;
    busy = true;
    for (let [next] = waiting; next !== undefined && !stopped; [next] = waiting) {
      if (!may.take()) {
        timer ??= clock.after(looked.every, "desired", () => {
          timer = undefined;
          void work();
        });
        break;
      }
      const [topic, { what, payload }] = next;
      waiting.delete(topic);
      await take[what](payload);
    }
    busy = false;
  };

  return {
    heard(topic, payload) {
      if (!topic.startsWith(base)) return false;
      const found = /^(config|campaign|keys)(?:\/[^/]{1,64})?$/.exec(topic.slice(base.length));
      if (found === null) return false;
      waiting.delete(topic);
      // Nothing is desired any more: what is in force stays so.
      if (payload.length === 0 || payload.length > largest) return true;
      if (waiting.size >= most) return true;
      waiting.set(topic, { what: found[1] as Desired, payload });
      void work();
      return true;
    },
    stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}
