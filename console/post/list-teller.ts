import type { Clock } from "../host/clock.ts";
import type { Publish } from "./publish.ts";

/** A retained list as it should stand on the broker. */
export interface WantedList {
  readonly group: string;
  readonly topic: string;
  /** What it says, whenever it was signed: by which a repetition is known. */
  readonly content: string;
  /** @param utc when it is signed; the newest list of a topic wins. */
  sign(utc: number): Uint8Array;
}

export interface ListTellerOptions {
  readonly clock: Clock;
  readonly publish: Publish;
  /** Empty: all. */
  readonly groups: readonly string[];
  /** Subscription to all such lists of a group. */
  subscription(group: string): string;
  /** All lists that should stand now, in the order in which they are put there. */
  wanted(utc: number): Promise<readonly WantedList[]>;
  /** What a list on the broker says; undefined where it is not ours. */
  contentOf(payload: Uint8Array): string | undefined;
  /** Somebody put a list there that says something else: another centre, which may know more. */
  differs?(topic: string): void;
  readonly failed: (reason: string) => void;
}

/** Keeps retained lists on the broker as the database has them. */
export interface ListTeller {
  /** Subscriptions by which it learns what stands on the broker. */
  readonly topics: readonly string[];
  /** A list stands on the broker. */
  stands(topic: string, payload: Uint8Array): void;
  /** Something was committed that may change them. */
  changed(): void;
  close(): Promise<void>;
}

/** So long are changes gathered before they are told; kiosks are to hear of them within two seconds. Milliseconds. */
const gathering = 500;
/** Lists fall away with the day, and what was not published is tried again. Milliseconds. */
const lookAgain = 60_000;
/** After a failure. Milliseconds. */
const soon = 5000;

export function listTeller(options: ListTellerOptions): ListTeller {
  const { clock, groups, subscription, failed } = options;
  /** By topic, what the list on the broker says: undefined where nobody knows. */
  const standing = new Map<string, string | undefined>();
  let wait: { cancel(): void } | undefined;
  let dueAt = Infinity;
  let working: Promise<void> = Promise.resolve();
  let isClosed = false;

  const look = (delay: number) => {
    const at = clock.mono() + delay;
    if (isClosed || (wait !== undefined && dueAt <= at)) return;
    wait?.cancel();
    dueAt = at;
    wait = clock.after(delay, "centre: retained lists", () => {
      wait = undefined;
      working = working.then(tell);
    });
  };

  const tell = async (): Promise<void> => {
    look(lookAgain);
    try {
      const utc = clock.wall().utc;
      const wanted = (await options.wanted(utc)).filter(({ group }) => groups.length === 0 || groups.includes(group));
      // First what is new, then what it replaces: in between something stands in both.
      for (const { topic, content, sign } of wanted) {
        if (standing.get(topic) === content) continue;
        // What we say ourselves comes back to us, perhaps before we know that it was taken.
        standing.set(topic, content);
        await put(topic, sign(utc));
      }
      const topics = new Set(wanted.map(({ topic }) => topic));
      for (const topic of standing.keys())
        if (!topics.has(topic)) {
          standing.delete(topic);
          await put(topic, new Uint8Array());
        }
    } catch (error) {
      failed(error instanceof Error ? error.message : String(error));
      look(soon);
    }
  };

  const put = async (topic: string, payload: Uint8Array): Promise<void> => {
    const put = await options.publish(topic, payload, true);
    if (put.ok) return;
    standing.set(topic, undefined);
    throw new Error(put.error.join(" "));
  };

  look(gathering);
  return {
    topics: (groups.length === 0 ? ["+"] : groups).map(subscription),
    stands(topic, payload) {
      if (payload.length === 0) return void standing.delete(topic);
      const content = options.contentOf(payload);
      if (standing.has(topic) && standing.get(topic) !== content) options.differs?.(topic);
      standing.set(topic, content);
      // What nobody wants any more is taken away with the next look, and so is what somebody else put there.
      look(gathering);
    },
    changed: () => look(gathering),
    async close() {
      isClosed = true;
      wait?.cancel();
      await working;
    },
  };
}
