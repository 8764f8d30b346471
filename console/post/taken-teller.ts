import { createHash } from "node:crypto";
import { takenTopic, takenTopics } from "../../protocol/fleet/topics.ts";
import { isTakenSigned, readTaken, signTaken, writeTaken, type TakenDraft } from "../../protocol/fleet/taken.ts";
import { dayOf } from "../../protocol/pickup-code/calendar.ts";
import { publicOf } from "../../protocol/pickup-code/sign.ts";
import { listTeller, type ListTeller } from "./list-teller.ts";
import { hoursFrom, sumsBefore } from "./taken.ts";
import type { TellerAsked } from "./used-teller.ts";

/** Sums change when a kiosk tells late what it gave days ago; the largest lists are not sent for each of these. Milliseconds. */
const sumsAgain = 600_000;

const contentOf = ({ day, hour, part, rows, stations }: Omit<TakenDraft, "batch">): string => {
  const told = rows.map(({ pid, station, product, minute, count }) => [pid, station, product, minute, count].join(" "));
  const named = Object.entries(stations).map((entry) => JSON.stringify(entry));
  return createHash("sha256")
    .update(JSON.stringify([day, hour, part, told.toSorted(), named.toSorted()]))
    .digest("hex");
};

/** Tells kiosks what members of several stations took. */
export function takenTeller({ store, release, kid, ...asked }: TellerAsked): ListTeller {
  const key = publicOf("ed25519", release);
  let sums: readonly TakenDraft[] = [];
  /** The day before which they are, and when they were made. */
  let made: { readonly day: number; readonly at: number } | undefined;
  /** How often another centre said something else. */
  let doubts = 0;

  const sumsOf = async (today: number): Promise<readonly TakenDraft[]> => {
    const [day, before] = [today - 1, doubts];
    if (made?.day === day && asked.clock.mono() - made.at < sumsAgain) return sums;
    sums = await sumsBefore(store, day, today);
    if (doubts === before) made = { day, at: asked.clock.mono() };
    return sums;
  };
  /** Sums first: hours of the day that they include by now are passed over by kiosks, and then taken away. */
  const all = async (today: number): Promise<readonly TakenDraft[]> => [
    ...(await sumsOf(today)),
    ...(await hoursFrom(store, today - 1)),
  ];

  return listTeller({
    ...asked,
    subscription: takenTopics,
    async wanted(utc) {
      const today = dayOf(utc);
      const before = doubts;
      let drafts = await all(today);
      // What another centre said meanwhile is newer than sums that were made before.
      if (doubts !== before) drafts = await all(today);
      return drafts.map((draft) => ({
        group: draft.group,
        topic: takenTopic(draft.group, draft.batch),
        content: contentOf(draft),
        sign: (at) => writeTaken(signTaken(draft, { issuedAt: new Date(at).toISOString(), kid }, release)),
      }));
    },
    contentOf(payload) {
      const read = readTaken(payload);
      if (!read.ok || !isTakenSigned(read.value.list, key)) return undefined;
      const { list, rows } = read.value;
      return contentOf({ ...list, rows: Array.from({ length: rows.length }, (_, n) => rows.at(n) ?? []).flat() });
    },
    // Another centre made its sums at another time: whoever made them last from the database is right.
    differs(topic) {
      if (!topic.includes(".before")) return;
      doubts += 1;
      made = undefined;
    },
    failed: (reason) => asked.failed(`What members took was not told: ${reason}`),
  });
}
