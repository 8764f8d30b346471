import { createHash } from "node:crypto";
import { usedTopic, usedTopics } from "../../protocol/fleet/topics.ts";
import { isUsedSigned, readUsed, writeUsed } from "../../protocol/fleet/used.ts";
import { publicOf } from "../../protocol/pickup-code/sign.ts";
import type { Clock } from "../host/clock.ts";
import type { Store } from "../store/store.ts";
import { signedList, usedNow, type UsedDraft } from "./used.ts";
import type { Publish } from "./publish.ts";

export interface UsedTellerOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly publish: Publish;
  readonly release: Uint8Array;
  readonly kid: string;
  /** Empty: all. */
  readonly groups: readonly string[];
  readonly failed: (sentence: string) => void;
}

/** Tells kiosks which credentials of several stations were used. */
export interface UsedTeller {
  /** Subscriptions by which it learns what stands on the broker. */
  readonly topics: readonly string[];
  /** A list stands on the broker. */
  stands(topic: string, payload: Uint8Array): void;
  /** Something was committed that may have used or freed one. */
  changed(): void;
  close(): Promise<void>;
}

/** So long are uses gathered before they are told; kiosks are to hear of them within two seconds. Milliseconds. */
const gathering = 500;
/** Lists fall away with the day, and what was not published is tried again. Milliseconds. */
const lookAgain = 60_000;
/** After a failure. Milliseconds. */
const soon = 5000;

const byFirst = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

const contentOf = ({ records, stations }: UsedDraft): string => {
  const told = records.map(({ id, station, minute }) => [id, [station, minute]] as const).toSorted(byFirst);
  const named = Object.entries(stations).toSorted(byFirst);
  return createHash("sha256")
    .update(JSON.stringify([told, named]))
    .digest("hex");
};

export function usedTeller(options: UsedTellerOptions): UsedTeller {
  const { store, clock, publish, release, kid, groups, failed } = options;
  const key = publicOf("ed25519", release);
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
    wait = clock.after(delay, "centre: used lists", () => {
      wait = undefined;
      working = working.then(tell);
    });
  };

  const tell = async (): Promise<void> => {
    look(lookAgain);
    try {
      const utc = clock.wall().utc;
      const drafts = (await usedNow(store, utc)).filter(({ group }) => isOurs(group));
      const wanted = new Map(drafts.map((draft) => [usedTopic(draft.group, draft.batch), draft]));
      // First what is new, then what it replaces: in between a token stands in both.
      for (const [topic, draft] of wanted) {
        const content = contentOf(draft);
        if (standing.get(topic) === content) continue;
        await put(topic, writeUsed(signedList(draft, utc, kid, release)));
        standing.set(topic, content);
      }
      for (const topic of standing.keys())
        if (!wanted.has(topic)) {
          await put(topic, new Uint8Array());
          standing.delete(topic);
        }
    } catch (error) {
      failed(`The lists of used credentials were not told: ${error instanceof Error ? error.message : String(error)}`);
      look(soon);
    }
  };

  const put = async (topic: string, payload: Uint8Array): Promise<void> => {
    const put = await publish(topic, payload, true);
    if (!put.ok) throw new Error(put.error.join(" "));
  };
  const isOurs = (group: string): boolean => groups.length === 0 || groups.includes(group);

  look(gathering);
  return {
    topics: (groups.length === 0 ? ["+"] : groups).map(usedTopics),
    stands(topic, payload) {
      if (payload.length === 0) return void standing.delete(topic);
      const read = readUsed(payload);
      if (read.ok && isUsedSigned(read.value.list, key)) {
        const { list, records } = read.value;
        const all = Array.from({ length: records.length }, (_, n) => records.at(n));
        standing.set(topic, contentOf({ ...list, records: all }));
      } else standing.set(topic, undefined);
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
