import { bad, type Judged } from "../../protocol/pickup-code/judged.ts";
import { deviceTopic, isId, nodeTopic } from "../../protocol/sparkplug/topic.ts";
import { systemClock, type Clock } from "./clock.ts";
import { commandFor, rebirthRequest, type Write } from "./command.ts";
import type { EdgeNode } from "./edge-node.ts";
import { fleet } from "./fleet.ts";
import { dial as realDial, type Dial, type Server } from "./line.ts";
import type { Oddities } from "./oddity.ts";
import { presence, type Presence } from "./presence.ts";
import type { Values } from "./values.ts";
import type { Loss, Sighting } from "./sighting.ts";

export interface HostOptions {
  /** Every broker that kiosks may go to: this host says on each of them that it is there. */
  readonly servers: readonly Server[];
  /** Our name among hosts, the same on all servers and no other host's. */
  readonly hostId: string;
  /** The groups that this host answers for; empty: all. Hosts are partitioned by group, since sharing would break the order. */
  readonly groups: readonly string[];
  /** How long a missing message is waited for before all is asked for again. Milliseconds. */
  readonly reorderTimeout: number;
  readonly clock?: Clock;
  /** From 0 up to, not including, 1. */
  readonly dice?: () => number;
  readonly dial?: Dial;
  sighted(sighting: Sighting): void;
  lost(loss: Loss): void;
  /** A server is there, and our birth on it. */
  found(server: string): void;
}

/** A Sparkplug host application [Sparkplug 3.0, ISO/IEC 20237]. */
export interface Host {
  node(group: string, node: string): EdgeNode | undefined;
  nodes(): Iterable<EdgeNode>;
  /** Writes metrics of a node. They travel at QoS 0: done means "on its way", not "obeyed". */
  ncmd(group: string, node: string, writes: readonly Write[]): Promise<Judged<void>>;
  /** Writes metrics of a device. */
  dcmd(group: string, node: string, device: string, writes: readonly Write[]): Promise<Judged<void>>;
  oddities(): Oddities;
  /** Says on every server that this host leaves, and leaves. */
  close(): Promise<void>;
}

/** @throws where the host's own name, groups or servers are none: a mistake of whoever starts it. */
export function openHost(options: HostOptions): Host {
  const { servers, hostId, groups, reorderTimeout, clock = systemClock, dice = Math.random, dial = realDial } = options;
  const strange = [hostId, ...groups].find((id) => !isId(id));
  if (strange !== undefined) throw new Error(`"${strange}" cannot be a level of a topic: leave out "+", "/" and "#".`);
  const elsewhere = servers.find(({ url }) => !/^mqtts?:\/\/[^/]+$/.test(url));
  if (elsewhere !== undefined)
    throw new Error(`"${elsewhere.url}" is no broker: write it like mqtts://broker.example:8883.`);
  const presences = new Map<string, Presence>();
  const publish = (server: string, topic: string, payload: Uint8Array) =>
    presences.get(server)?.publish(topic, payload) ?? Promise.resolve(bad("No such broker."));

  const nodes = fleet({
    groups,
    reorderTimeout,
    clock,
    sighted: (sighting) => options.sighted(sighting),
    // Where it does not arrive, the next message of the node makes us ask again.
    askForBirths: ({ server, group, node }) =>
      void publish(server, nodeTopic("NCMD", group, node), rebirthRequest(clock.wall().utc)),
  });

  for (const server of servers) {
    const { url } = server;
    presences.set(
      url,
      presence({
        server,
        hostId,
        groups,
        clock,
        dice,
        dial,
        heard: (topic, bytes, retained) => nodes.hear(url, topic, bytes, retained),
        lost: (reason) => options.lost({ server: url, at: clock.wall().utc, reason, nodes: nodes.orphan(url) }),
        found: () => options.found(url),
        namesake: () => nodes.count("namesake"),
      }),
    );
  }

  const write = (known: EdgeNode | undefined, values: Values | undefined, topic: string, writes: readonly Write[]) => {
    if (known === undefined || values === undefined) return Promise.resolve(bad("Nothing was heard of it yet."));
    const command = commandFor(values.set, writes, clock.wall().utc);
    return command.ok ? publish(known.server, topic, command.value) : Promise.resolve(command);
  };

  return {
    node: nodes.get,
    nodes: nodes.all,
    ncmd(group, node, writes) {
      const known = nodes.get(group, node);
      return write(known, known?.values, nodeTopic("NCMD", group, node), writes);
    },
    dcmd(group, node, device, writes) {
      const known = nodes.get(group, node);
      return write(known, known?.devices.get(device)?.values, deviceTopic("DCMD", group, node, device), writes);
    },
    oddities: nodes.oddities,
    async close() {
      await Promise.all([...presences.values()].map((presence) => presence.close()));
      nodes.close();
    },
  };
}
