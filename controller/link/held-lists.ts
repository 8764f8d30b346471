import type { Clock } from "../../devices/kit/clock.ts";
import type { World } from "../world.ts";
import { onShelf, openShelf } from "./list-shelf.ts";
import {
  hearList,
  recallLists,
  type Believed,
  type HeldList,
  type ListKind,
  type Lists,
  type RefusedList,
} from "./signed-lists.ts";

export interface HeldListsAsked<L extends HeldList> {
  readonly kind: ListKind<L>;
  readonly believed: Believed;
  readonly keep: World["disk"]["keep"];
  readonly clock: Clock;
  readonly log: Pick<World["log"], "note" | "fail">;
  /** Whether a list of so many bytes may be read now. */
  affordable(bytes: number): boolean;
  refuse(why: RefusedList): void;
  changed(lists: Lists<L>): void;
}

/** The lists of one kind that this kiosk holds: what lay on the disk, and since then what the centre says. */
export interface HeldLists<L extends HeldList> {
  readonly now: Lists<L>;
  heard(batch: string, payload: Uint8Array): void;
  close(): Promise<void>;
}

export function openHeldLists<L extends HeldList>(asked: HeldListsAsked<L>): HeldLists<L> {
  const { kind, believed, keep, clock, log } = asked;
  const shelf = openShelf(kind.name, keep, clock, log);
  let lists = recallLists(kind, onShelf(kind.name, keep), believed);
  return {
    get now() {
      return lists;
    },
    heard(batch, payload) {
      const heard = hearList(kind, lists, { batch, payload }, believed, (bytes) => asked.affordable(bytes));
      if (heard.is === "known") return;
      if (heard.is === "refused") return asked.refuse(heard.why);
      lists = heard.lists;
      if (heard.is === "taken" && heard.dropped.length > 0)
        log.note(`neighbours.${kind.name}-dropped`, { batches: heard.dropped.join(" ") });
      shelf.put(lists);
      asked.changed(lists);
    },
    close: () => shelf.close(),
  };
}
