import type { Clock, Millis, Timer } from "../../devices/kit/clock.ts";
import { millis } from "../../devices/kit/clock.ts";
import { delays } from "../delays.ts";
import { decode, encode } from "../store/json.ts";
import type { World } from "../world.ts";
import type { HeldList, Lists } from "./signed-lists.ts";

/** Where signed lists lie over a restart: a kiosk that starts without a link still knows what was given elsewhere. */
export interface ListShelf {
  /** From now on these are held; they are written within minutes. */
  put(lists: Lists<HeldList>): void;
  close(): Promise<void>;
}

type Keep = World["disk"]["keep"];
const nothing = new Uint8Array();

/** Batches come and go by the hour, and nothing that is kept has its name taken away: so they have numbered places. */
type Places = Readonly<Record<string, number>>;

const placesOf = (name: string, keep: Keep): Places => decode<Places>(keep.get(name)) ?? {};
const keyOf = (name: string, place: number): string => `${name}/${place}`;

/** The payloads by batch, under the name of their kind: "used" has their places, "used/0" and so on what lies there. */
export function onShelf(name: string, keep: Keep): ReadonlyMap<string, Uint8Array> {
  const places = Object.entries(placesOf(name, keep));
  return new Map(places.map(([batch, place]) => [batch, keep.get(keyOf(name, place)) ?? nothing]));
}

/** A batch stays where it lies; a new one takes the first place that is free. */
function placed(batches: Iterable<string>, before: Places): Places {
  const stay = [...batches].map((batch) => [batch, before[batch]] as const);
  const taken = new Set(stay.map(([, place]) => place));
  let next = 0;
  const first = (): number => {
    while (taken.has(next)) next += 1;
    return next++;
  };
  return Object.fromEntries(stay.map(([batch, place]) => [batch, place ?? first()]));
}

export function openShelf(name: string, keep: Keep, clock: Clock, log: Pick<World["log"], "fail">): ListShelf {
  let wanted: Lists<HeldList> | undefined;
  let timer: Timer | undefined;
  let writtenAt: Millis | undefined;
  let writing = Promise.resolve();

  function write(): void {
    timer = undefined;
    writtenAt = clock.mono();
    const lists = wanted;
    wanted = undefined;
    if (lists !== undefined) writing = writing.then(() => written(lists));
  }

  /**
   * The payloads first, then their places: after a power cut in between a batch that was to go may lie over another,
   * which its own name gives away. What is gone is emptied last.
   */
  async function written(lists: Lists<HeldList>): Promise<void> {
    const before = placesOf(name, keep);
    const now = placed(lists.keys(), before);
    const lying = [...lists].map(([batch, { payload }]) => [keyOf(name, now[batch] ?? 0), payload] as const);
    const full = new Set(Object.values(now));
    const gone = Object.values(before).filter((place) => !full.has(place));
    const writes: readonly (readonly [string, Uint8Array])[] = [
      ...lying.filter(([key, payload]) => Buffer.compare(keep.get(key) ?? nothing, payload) !== 0),
      [name, encode(now)],
      ...gone.map((place) => [keyOf(name, place), nothing] as const),
    ];
    for (const [key, value] of writes) {
      const done = await keep.put(key, value);
      if (!done.ok) return log.fail(`neighbours.${name}-unkept`, done.error);
    }
  }

  return {
    put(lists) {
      wanted = lists;
      if (timer !== undefined) return;
      const rested = writtenAt === undefined ? 0 : writtenAt + delays.usedKept - clock.mono();
      timer = clock.after(millis(Math.max(delays.usedSettles, rested)), `${name} lists: to the disk`, write);
    },
    async close() {
      timer?.cancel();
      write();
      await writing;
    },
  };
}
