import type { Station } from "../../config/schema.ts";
import type { Clock, Millis } from "../../devices/kit/clock.ts";
import { readStock, type Stock } from "../../protocol/fleet/stock.ts";
import { kioskName, takenTopic, takenTopics, topicsOf, usedTopic, usedTopics } from "../../protocol/fleet/topics.ts";
import { bytesOf } from "../../protocol/pickup-code/sign.ts";
import { delays } from "../delays.ts";
import type { Knowledge } from "../domain/state.ts";
import type { World } from "../world.ts";
import { openHeldLists } from "./held-lists.ts";
import { openOwnStock, type Publish } from "./own-stock.ts";
import type { RefusedList } from "./signed-lists.ts";
import { takenIn, takenLists } from "./taken-lists.ts";
import type { Message } from "./uplink.ts";
import { elsewhereIn, usedLists } from "./used-lists.ts";

/** What the centre says of other stations. */
export type FromElsewhere = Pick<Knowledge, "elsewhere" | "taken">;

export interface NeighboursAsked {
  readonly station: Pick<Station, "station" | "trust" | "neighbours">;
  readonly group: string;
  readonly keep: World["disk"]["keep"];
  readonly clock: Clock;
  readonly log: Pick<World["log"], "note" | "fail">;
  /** What was given elsewhere is known from now on: from the disk at once, then whenever the centre says more. */
  given(known: FromElsewhere): void;
  /** A neighbour said what it has. */
  nearby(kiosk: string, stock: Stock): void;
}

/** Why a message was not believed. */
export type RefusedMessage = RefusedList | "malformed-stock";

export interface Neighbours {
  readonly topics: readonly { readonly topic: string; readonly qos: 1 }[];
  /** What is known to be given elsewhere, from the start on. */
  readonly known: FromElsewhere;
  /** Messages that were not believed since the start, by reason. */
  readonly refused: Readonly<Partial<Record<RefusedMessage, number>>>;
  /** False where the message is somebody else's to read. */
  heard(message: Pick<Message, "topic" | "payload">): boolean;
  /** There is a connection whose births are out; or there is none. */
  connected(publish: Publish | undefined): void;
  /** What this kiosk can give now. It may be said as often as one likes. */
  has(left: Stock["left"]): void;
  /** Says that nothing is to be had here any more, and writes down what is not written yet. */
  close(): Promise<void>;
}

/** Of a minute's lists of one kind so many bytes are read: more than can be held. The smallest costs as much as 20 KiB. */
const listBytesAMinute = 8 * 1024 * 1024;
const leastList = 20 * 1024;
/** Words of one neighbour a minute: more than an honest one says. */
const wordsAMinute = 12;

/** What stations of a group hear of each other: the centre's lists of what was used and taken, and what every neighbour has. */
export function openNeighbours(asked: NeighboursAsked): Neighbours {
  const { station, group, keep, clock, log } = asked;
  const releaseKeys = station.trust
    .filter(({ role }) => role === "release")
    .map(({ kid, key }) => ({ kid, key: bytesOf(key) }));
  const believed = { group, releaseKeys };
  const own = openOwnStock(topicsOf(group, kioskName(station.station.id)).stock, clock);
  const named = new Map(
    station.neighbours.map(({ kiosk }) => [topicsOf(group, kioskName(kiosk)).stock, kioskName(kiosk)] as const),
  );
  const refused: Partial<Record<RefusedMessage, number>> = {};
  let refusedToldAt: Millis | undefined;

  const minutes = new Map<string, { readonly since: Millis; readonly spent: number }>();
  /** Adds to what a source has cost in its present minute; false where it was enough. */
  const admitted = (source: string, cost: number, limit: number): boolean => {
    const now = clock.mono();
    const minute = minutes.get(source);
    const present =
      minute !== undefined && now < minute.since + delays.neighboursCounted ? minute : { since: now, spent: 0 };
    const spent = present.spent + cost;
    if (spent > limit) return false;
    minutes.set(source, { ...present, spent });
    return true;
  };

  const refuse = (why: RefusedMessage): void => {
    refused[why] = (refused[why] ?? 0) + 1;
    const now = clock.mono();
    if (refusedToldAt !== undefined && now < refusedToldAt + delays.neighboursCounted) return;
    refusedToldAt = now;
    log.note("neighbours.refused", { ...refused });
  };

  const number = station.station.number;
  const desk = { believed, keep, clock, log, refuse };
  const affordable = (kind: string) => (bytes: number) =>
    admitted(`${kind} lists`, Math.max(bytes, leastList), listBytesAMinute);
  const used = openHeldLists({
    ...desk,
    kind: usedLists,
    affordable: affordable("used"),
    changed: (lists) => knows({ ...known, elsewhere: elsewhereIn(lists, number) }),
  });
  const taken = openHeldLists({
    ...desk,
    kind: takenLists,
    affordable: affordable("taken"),
    changed: (lists) => knows({ ...known, taken: takenIn(lists, number) }),
  });
  const byTopic = [
    [usedTopic(group, ""), used],
    [takenTopic(group, ""), taken],
  ] as const;
  let known: FromElsewhere = { elsewhere: elsewhereIn(used.now, number), taken: takenIn(taken.now, number) };
  const knows = (next: FromElsewhere): void => {
    known = next;
    asked.given(known);
  };
  // What lay on the disk is known before any broker is reached.
  if (used.now.size + taken.now.size > 0) asked.given(known);

  function stockHeard(kiosk: string, payload: Uint8Array): void {
    if (!admitted(kiosk, 1, wordsAMinute)) return refuse("too-many");
    // An empty message takes back what a kiosk said that is no more.
    if (payload.length === 0) return asked.nearby(kiosk, { v: 1, at: 0, left: {} });
    const stock = readStock(payload);
    if (!stock.ok) return refuse("malformed-stock");
    asked.nearby(kiosk, stock.value);
  }

  return {
    topics: [usedTopics(group), takenTopics(group), ...named.keys()].map((topic) => ({ topic, qos: 1 })),
    get known() {
      return known;
    },
    refused,
    heard({ topic, payload }) {
      const kiosk = named.get(topic);
      const lists = byTopic.find(([prefix]) => topic.startsWith(prefix));
      if (lists !== undefined) lists[1].heard(topic.slice(lists[0].length), payload);
      else if (kiosk !== undefined) stockHeard(kiosk, payload);
      else return false;
      return true;
    },
    connected: (publish) => own.connected(publish),
    has: (left) => own.has(left),
    async close() {
      await Promise.all([own.close(), used.close(), taken.close()]);
    },
  };
}
