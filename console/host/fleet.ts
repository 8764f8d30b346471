import { decodePayload } from "../../protocol/sparkplug/payload.ts";
import { readTopic } from "../../protocol/sparkplug/topic.ts";
import type { Clock } from "./clock.ts";
import { missing, unheardOf, type EdgeNode, type Step } from "./edge-node.ts";
import { isWithinBounds, nodesPerHost } from "./limits.ts";
import { metricSets } from "./metric-set.ts";
import { hear, orphaned, outOfPatience } from "./node-table.ts";
import type { Oddities, Oddity } from "./oddity.ts";
import { rebirths } from "./rebirths.ts";
import type { Loss, Sighting } from "./sighting.ts";

export interface FleetOptions {
  /** Empty: all groups. */
  readonly groups: readonly string[];
  /** How long a missing message is waited for. Milliseconds. */
  readonly reorderTimeout: number;
  readonly clock: Clock;
  sighted(sighting: Sighting): void;
  /** Puts a request for all births on its way. */
  askForBirths(node: EdgeNode): void;
}

/** All nodes of a host, what it knows of them, and what it waits for. */
export interface Fleet {
  /** A message that came through `server`. Nothing that it says can do harm. */
  hear(server: string, topic: string, bytes: Uint8Array, retained: boolean): void;
  /** The broker is lost: nothing is known of those that were heard through it. */
  orphan(server: string): Loss["nodes"];
  get(group: string, node: string): EdgeNode | undefined;
  all(): Iterable<EdgeNode>;
  count(oddity: Oddity): void;
  oddities(): Oddities;
  close(): void;
}

/** Group and node have no "/" [topic-structure-namespace-valid-group-id]. */
const keyOf = (group: string, node: string): string => `${group}/${node}`;

export function fleet({ groups, reorderTimeout, clock, sighted, askForBirths }: FleetOptions): Fleet {
  const nodes = new Map<string, EdgeNode>();
  const patience = new Map<string, { readonly of: number; cancel(): void }>();
  const counts: Partial<Record<Oddity, number>> = {};
  const sets = metricSets();
  const count = (oddity: Oddity) => void (counts[oddity] = (counts[oddity] ?? 0) + 1);
  const requests = rebirths(clock, (key) => {
    const node = nodes.get(key);
    if (node !== undefined) askForBirths(node);
  });

  const take = (key: string, { node, sightings, oddities, rebirth }: Step) => {
    nodes.set(key, node);
    beware(key, node);
    oddities.forEach(count);
    if (rebirth === "ask") requests.ask(key);
    if (rebirth === "content") requests.withdraw(key);
    sightings.forEach(sighted);
  };

  /** A gap starts the timer, its closing stops it [operational-behavior-host-reordering-start, -success]. */
  const beware = (key: string, node: EdgeNode) => {
    const number = missing(node);
    const waiting = patience.get(key);
    if (waiting?.of === number) return;
    waiting?.cancel();
    patience.delete(key);
    if (number === undefined) return;
    const timer = clock.after(reorderTimeout, `message ${number} of ${key}`, () => {
      patience.delete(key);
      const now = nodes.get(key);
      if (now !== undefined) take(key, outOfPatience(now, clock.wall().utc));
    });
    patience.set(key, { of: number, cancel: () => timer.cancel() });
  };

  return {
    hear(server, topic, bytes, retained) {
      const address = readTopic(topic);
      if (address === undefined) return count("strange-topic");
      // Other hosts say that they are there; other hosts command.
      if (address.of === "host") return;
      const { type, group, node } = address;
      if (type === "NCMD" || type === "DCMD") return;
      if (groups.length > 0 && !groups.includes(group)) return count("not-ours");
      if (retained) return count("retained");
      const read = decodePayload(bytes);
      if (!read.ok) return count("unreadable");
      if (!isWithinBounds(read.value)) return count("out-of-bounds");
      const key = keyOf(group, node);
      const now = clock.wall().utc;
      const known = nodes.get(key) ?? unheardOf(group, node, server, now);
      if (nodes.size >= nodesPerHost && !nodes.has(key)) return count("crowded");
      const device = address.of === "device" ? { device: address.device } : {};
      take(key, hear(known, { type, ...device, payload: read.value, server, now }, sets));
    },
    orphan(server) {
      const now = clock.wall().utc;
      const lost: Loss["nodes"][number][] = [];
      for (const [key, node] of nodes) {
        if (node.server !== server) continue;
        if (node.standing === "online") lost.push({ group: node.group, node: node.node });
        const left = orphaned(node, now);
        nodes.set(key, left);
        beware(key, left);
      }
      requests.forget((key) => nodes.get(key)?.server === server);
      return lost;
    },
    get: (group, node) => nodes.get(keyOf(group, node)),
    all: () => nodes.values(),
    count,
    oddities: () => ({ ...counts }),
    close() {
      requests.close();
      for (const timer of patience.values()) timer.cancel();
      patience.clear();
    },
  };
}
