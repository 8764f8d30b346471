import type { Clock, Millis, Timer } from "../../devices/kit/clock.ts";
import { millis } from "../../devices/kit/clock.ts";
import { delays } from "../delays.ts";
import { decode, encode } from "../store/json.ts";
import type { World } from "../world.ts";
import { recallLists, type Believed, type UsedLists } from "./used-lists.ts";

/** Where the used lists lie over a restart: a kiosk that starts without a link still knows what was used elsewhere. */
export interface UsedShelf {
  /** From now on these are held; they are written within minutes. */
  put(lists: UsedLists): void;
  close(): Promise<void>;
}

type Keep = World["disk"]["keep"];

/** The names of the batches on the disk. */
const index = "used";
const nameOf = (batch: string): string => `used/${batch}`;
const nothing = new Uint8Array();

function onDisk(keep: Keep): ReadonlyMap<string, Uint8Array> {
  const batches = decode<readonly string[]>(keep.get(index)) ?? [];
  return new Map(batches.flatMap((batch) => [[batch, keep.get(nameOf(batch)) ?? nothing] as const]));
}

export const keptLists = (keep: Keep, believed: Believed): UsedLists => recallLists(onDisk(keep), believed);

export function openUsedShelf(keep: Keep, clock: Clock, log: Pick<World["log"], "fail">): UsedShelf {
  let wanted: UsedLists | undefined;
  let timer: Timer | undefined;
  let writtenAt: Millis | undefined;
  let writing = Promise.resolve();

  function write(): void {
    timer = undefined;
    writtenAt = clock.mono();
    const lists = wanted;
    wanted = undefined;
    if (lists !== undefined) writing = writing.then(() => written(keep, lists, log));
  }

  return {
    put(lists) {
      wanted = lists;
      if (timer !== undefined) return;
      const rested = writtenAt === undefined ? 0 : writtenAt + delays.usedKept - clock.mono();
      timer = clock.after(millis(Math.max(delays.usedSettles, rested)), "used lists: to the disk", write);
    },
    async close() {
      timer?.cancel();
      write();
      await writing;
    },
  };
}

/** The payloads first, then their names: a power cut in between leaves what was there. What is gone is emptied last. */
async function written(keep: Keep, lists: UsedLists, log: Pick<World["log"], "fail">): Promise<void> {
  const before = onDisk(keep);
  const fresh = [...lists].filter(
    ([batch, { payload }]) => Buffer.compare(before.get(batch) ?? nothing, payload) !== 0,
  );
  const gone = [...before.keys()].filter((batch) => !lists.has(batch));
  const writes: readonly (readonly [string, Uint8Array])[] = [
    ...fresh.map(([batch, { payload }]) => [nameOf(batch), payload] as const),
    [index, encode([...lists.keys()])],
    ...gone.map((batch) => [nameOf(batch), nothing] as const),
  ];
  for (const [name, value] of writes) {
    const done = await keep.put(name, value);
    if (!done.ok) return log.fail("neighbours.used-unkept", done.error);
  }
}
