import { createHash } from "node:crypto";
import { usedTopic, usedTopics } from "../../protocol/fleet/topics.ts";
import { isUsedSigned, readUsed, writeUsed } from "../../protocol/fleet/used.ts";
import { publicOf } from "../../protocol/pickup-code/sign.ts";
import type { Store } from "../store/store.ts";
import { listTeller, type ListTeller, type ListTellerOptions } from "./list-teller.ts";
import { signedList, usedNow, type UsedDraft } from "./used.ts";

/** What every teller of signed lists is made of. */
export interface TellerAsked extends Pick<ListTellerOptions, "clock" | "publish" | "groups" | "failed"> {
  readonly store: Store;
  readonly release: Uint8Array;
  readonly kid: string;
}

const byFirst = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

const contentOf = ({ records, stations }: UsedDraft): string => {
  const told = records.map(({ id, station, minute }) => [id, [station, minute]] as const).toSorted(byFirst);
  const named = Object.entries(stations).toSorted(byFirst);
  return createHash("sha256")
    .update(JSON.stringify([told, named]))
    .digest("hex");
};

/** Tells kiosks which credentials of several stations were used. */
export function usedTeller({ store, release, kid, ...asked }: TellerAsked): ListTeller {
  const key = publicOf("ed25519", release);
  return listTeller({
    ...asked,
    subscription: usedTopics,
    async wanted(utc) {
      const drafts = await usedNow(store, utc);
      return drafts.map((draft) => ({
        group: draft.group,
        topic: usedTopic(draft.group, draft.batch),
        content: contentOf(draft),
        sign: (at) => writeUsed(signedList(draft, at, kid, release)),
      }));
    },
    contentOf(payload) {
      const read = readUsed(payload);
      if (!read.ok || !isUsedSigned(read.value.list, key)) return undefined;
      const { list, records } = read.value;
      return contentOf({ ...list, records: Array.from({ length: records.length }, (_, n) => records.at(n)) });
    },
    failed: (reason) => asked.failed(`The lists of used credentials were not told: ${reason}`),
  });
}
