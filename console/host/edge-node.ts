import type { DeviceMessage, NodeMessage } from "../../protocol/sparkplug/topic.ts";
import type { Payload } from "../../protocol/sparkplug/payload.ts";
import type { Oddity } from "./oddity.ts";
import type { Order } from "./order.ts";
import type { Doubt, Observed, Sighting } from "./sighting.ts";
import type { Values } from "./values.ts";

/** "stale": it lived when last heard of, but what is known of it may be out of date. "offline": it died. */
export type Standing = "online" | "stale" | "offline";

export interface Device {
  readonly standing: Standing;
  /** By our clock; of a device that died by the kiosk's. UTC, milliseconds. */
  readonly since: number;
  readonly values: Values;
}

/** One connection of a node, from its NBIRTH on. */
export interface Session {
  readonly bdSeq: number | undefined;
  readonly bornAt: number | undefined;
  readonly seq: number;
  /** Nothing younger was heard before its birth; else all was asked for again. */
  readonly isSure: boolean;
}

/** What a host knows of one node. */
export interface EdgeNode {
  readonly group: string;
  readonly node: string;
  readonly standing: Standing;
  /** By our clock. UTC, milliseconds. */
  readonly since: number;
  /** The broker through which it was heard last. */
  readonly server: string;
  /** The last one that was born; it lives while the node is online. */
  readonly session: Session | undefined;
  readonly order: Order<Heard>;
  /** bdSeq of the newest death: a birth with the same is asked for twice. */
  readonly ended: number | undefined;
  /** The newest time of all that was heard, by the kiosk's clock. */
  readonly newest: number;
  /** A birth older than this is a late one. Below `newest` where the kiosk's clock may have been set back. */
  readonly floor: number;
  /** Undefined until the first birth. */
  readonly values: Values | undefined;
  readonly devices: ReadonlyMap<string, Device>;
}

/** A message of a node, read. */
export interface Heard {
  readonly type: Exclude<NodeMessage | DeviceMessage, "NCMD" | "DCMD">;
  /** Of the messages of devices. */
  readonly device?: string;
  readonly payload: Payload;
  readonly server: string;
  /** By our clock. UTC, milliseconds. */
  readonly now: number;
}

/** What became of a node by one message, and what the centre shall hear and do. */
export interface Step {
  readonly node: EdgeNode;
  readonly sightings: readonly Sighting[];
  readonly oddities: readonly Oddity[];
  /** "ask": all births again, please. "content": no need any more. */
  readonly rebirth?: "ask" | "content";
}

export const unheardOf = (group: string, node: string, server: string, now: number): EdgeNode => ({
  group,
  node,
  standing: "stale",
  since: now,
  server,
  session: undefined,
  order: noOrder,
  ended: undefined,
  newest: -Infinity,
  floor: -Infinity,
  values: undefined,
  devices: new Map(),
});

export const noOrder: Order<Heard> = { expected: 0, ahead: [], recent: [] };

/** The number that a node waits for while later ones are here already; undefined while nothing is missing. */
export const missing = ({ standing, order }: EdgeNode): number | undefined =>
  standing === "online" && order.ahead.length > 0 ? order.expected : undefined;

export interface Telling {
  readonly at: number;
  readonly heard: number;
  readonly device?: string;
  readonly metrics?: readonly Observed[];
  readonly why?: Doubt;
}

/** A sighting of this node, or of one of its devices. */
export const sighting = (
  { group, node }: EdgeNode,
  is: Sighting["is"],
  { metrics = [], ...rest }: Telling,
): Sighting => ({ is, group, node, ...rest, metrics });

export const withDevices = (node: EdgeNode, becomes: (device: Device, name: string) => Device): EdgeNode => ({
  ...node,
  devices: new Map([...node.devices].map(([name, device]) => [name, becomes(device, name)])),
});

/** It lives, but what is known of it and its devices is not to be relied on. Says nothing. */
export const doubted = (node: EdgeNode, now: number): EdgeNode => ({
  ...withDevices(node, (device) =>
    device.standing === "online" ? { ...device, standing: "stale", since: now } : device,
  ),
  ...(node.standing === "online" ? { standing: "stale", since: now } : {}),
  order: noOrder,
});

/** All that is online of it, the node itself first as "". */
export const online = ({ standing, devices }: EdgeNode): readonly string[] => [
  ...(standing === "online" ? [""] : []),
  ...[...devices].filter(([, device]) => device.standing === "online").map(([name]) => name),
];

/** Counts the metrics of a node and its devices, but for one device that is to be replaced. */
export const metricsOf = ({ values, devices }: EdgeNode, but?: string): number =>
  [...devices].reduce(
    (sum, [name, device]) => sum + (name === but ? 0 : device.values.set.definitions.length),
    values?.set.definitions.length ?? 0,
  );
