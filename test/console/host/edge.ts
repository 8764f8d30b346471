import type { DeviceMessage, NodeMessage } from "../../../protocol/sparkplug/topic.ts";
import { deviceTopic, nodeTopic } from "../../../protocol/sparkplug/topic.ts";
import { encodePayload, type Metric, type Payload } from "../../../protocol/sparkplug/payload.ts";

/** A message as an edge node speaks it. */
export interface Spoken {
  readonly type: Exclude<NodeMessage | DeviceMessage, "NCMD" | "DCMD">;
  readonly device?: string;
  readonly payload: Payload;
  /** The connection that it belongs to. */
  readonly connection: number;
}

/** What an edge node knows of itself. */
export interface Truth {
  readonly alive: boolean;
  readonly connection: number;
  readonly values: Readonly<Record<string, number>>;
  /** Those that are there. */
  readonly devices: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

type Owned = { readonly values: Map<string, number>; readonly firstAlias: number };

/** An edge node as the specification wants it, with two devices, whose metrics are m0, m1, m2 … */
export function edgeNode({ metrics = 3, devices = ["vend", "door"], start = 1_000_000, aliased = true } = {}) {
  let at = start;
  let seq = 0;
  let connection = -1;
  let alive = false;
  const owned = (firstAlias: number): Owned => ({
    values: new Map(Array.from({ length: metrics }, (_, place) => [`m${place}`, 0])),
    firstAlias,
  });
  const node = owned(0);
  const all = new Map(devices.map((name, place) => [name, owned((place + 1) * 1000)]));
  const present = new Set(devices);

  const ownerOf = (device: string | undefined) => (device === undefined ? node : (all.get(device) ?? node));
  const next = () => {
    const now = seq;
    seq = (seq + 1) % 256;
    return now;
  };
  const spoken = (type: Spoken["type"], metrics: readonly Metric[], device?: string): Spoken => ({
    type,
    ...(device === undefined ? {} : { device }),
    payload: { at: (at += 1), ...(type === "NDEATH" ? {} : { seq: next() }), metrics },
    connection,
  });
  const bdSeq = (): Metric => ({ name: "bdSeq", type: "Int64", at, value: connection % 256 });
  const full = ({ values, firstAlias }: Owned): readonly Metric[] =>
    [...values].map(([name, value], place) => ({
      name,
      ...(aliased ? { alias: firstAlias + place } : {}),
      type: "Int32",
      at,
      value,
    }));
  const control: Metric = { name: "Node Control/Rebirth", type: "Boolean", value: false };

  return {
    /** NBIRTH and DBIRTHs, of this connection. */
    births(): readonly Spoken[] {
      seq = 0;
      return [
        spoken("NBIRTH", [bdSeq(), control, ...full(node)]),
        ...[...present].map((device) => spoken("DBIRTH", full(ownerOf(device)), device)),
      ];
    },
    /** A new connection; gives the will. */
    connect(): Spoken {
      connection += 1;
      alive = true;
      return spoken("NDEATH", [bdSeq()]);
    },
    disconnect: () => void (alive = false),
    /** Another value, told. Of a device that is away nothing is told. */
    change(place: number, value: number, device?: string): Spoken | undefined {
      if (device !== undefined && !present.has(device)) return undefined;
      const { values, firstAlias } = ownerOf(device);
      values.set(`m${place}`, value);
      const who = aliased ? { alias: firstAlias + place } : { name: `m${place}` };
      return spoken(device === undefined ? "NDATA" : "DDATA", [{ ...who, at: at + 1, type: "Int32", value }], device);
    },
    away(device: string): Spoken | undefined {
      return present.delete(device) ? spoken("DDEATH", [], device) : undefined;
    },
    back(device: string): Spoken | undefined {
      if (present.has(device)) return undefined;
      present.add(device);
      return spoken("DBIRTH", full(ownerOf(device)), device);
    },
    /** Says something of its own making, in its turn. */
    say: (type: Spoken["type"], metrics: readonly Metric[], device?: string): Spoken => spoken(type, metrics, device),
    /** The will comes to pass, or is said on purpose: of the present connection. */
    death: (): Spoken => spoken("NDEATH", [bdSeq()]),
    truth: (): Truth => ({
      alive,
      connection,
      values: Object.fromEntries(node.values),
      devices: Object.fromEntries([...present].map((device) => [device, Object.fromEntries(ownerOf(device).values)])),
    }),
  };
}

export type Edge = ReturnType<typeof edgeNode>;

/** As a PUBLISH: births say their types, data only values. */
export function published(group: string, node: string, { type, device, payload }: Spoken) {
  const topic =
    device === undefined
      ? nodeTopic(type as NodeMessage, group, node)
      : deviceTopic(type as DeviceMessage, group, node, device);
  return { topic, payload: encodePayload(payload, type.endsWith("BIRTH") || type === "NDEATH" ? "types" : "values") };
}
