import { millis, type Clock, type Timer } from "../../devices/kit/clock.ts";
import type { Desired } from "../../protocol/fleet/topics.ts";
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
  /** What is done with each; one at a time. An empty one never comes. */
  readonly take: Readonly<Record<Desired, (payload: Uint8Array) => Promise<void>>>;
}

export interface Wanted {
  /** A message on down/desired/… `about`: the rest of its topic, "config", "campaign/summer", "keys". */
  heard(about: string, payload: Uint8Array): void;
  stop(): void;
}

export function openWanted({ clock, take }: WantedAsked): Wanted {
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
      const [about, { what, payload }] = next;
      waiting.delete(about);
      await take[what](payload);
    }
    busy = false;
  };

  return {
    heard(about, payload) {
      const found = /^(config|campaign|keys)(?:\/[^/]{1,64})?$/.exec(about);
      if (found === null) return;
      waiting.delete(about);
      // Empty: nothing is desired any more, and what is in force stays so.
      if (payload.length === 0 || payload.length > largest || waiting.size >= most) return;
      waiting.set(about, { what: found[1] as Desired, payload });
      void work();
    },
    stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}
