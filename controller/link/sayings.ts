import { millis, type Millis } from "../../devices/kit/clock.ts";
import { encodePayload, type Metric } from "../../protocol/sparkplug/payload.ts";
import { bdSeq, nextServer, rebirth } from "../../protocol/sparkplug/metrics.ts";
import { deviceTopic, nodeTopic, type DeviceMessage, type NodeMessage } from "../../protocol/sparkplug/topic.ts";
import type { Moment } from "../domain/moment.ts";
import type { Metered } from "./metric-set.ts";
import { valueOf, type Tidings, type Timed } from "./tidings.ts";
import type { Message } from "./uplink.ts";

/** Who speaks: the group and the node of every topic. */
export interface Names {
  readonly group: string;
  readonly node: string;
}

/** Sparkplug's messages but the will: QoS 0, not retained [Sparkplug 3.0, topics-*-mqtt]. */
const plain = (topic: string, payload: Uint8Array): Message => ({ topic, payload, qos: 0, retain: false });

const topicOf = ({ group, node }: Names, type: NodeMessage & `N${string}`, device?: string): string =>
  device === undefined
    ? nodeTopic(type, group, node)
    : deviceTopic(`D${type.slice(1)}` as DeviceMessage, group, node, device);

/**
 * The will, and the same said by ourselves before we go: only the number of the connection, and no seq
 * [Sparkplug 3.0, topics-ndeath-payload, topics-ndeath-seq]; QoS 1, not retained.
 */
export function nodeDeath(names: Names, connection: number, at: Millis): Message {
  const payload = encodePayload({ at, metrics: [{ ...bare(bdSeq), at, value: connection }] });
  return { topic: topicOf(names, "NDEATH"), payload, qos: 1, retain: false };
}

/** NBIRTH of all that the node will ever tell. Every value is stamped with the birth: so it is now. */
export function nodeBirth(
  names: Names,
  connection: number,
  metrics: readonly Metered[],
  tidings: Tidings,
  at: Millis,
): Message {
  const own: readonly Metric[] = [
    { ...bare(bdSeq), at, value: connection },
    { ...bare(rebirth), at, value: false },
    { ...bare(nextServer), at, value: false },
  ];
  return plain(
    topicOf(names, "NBIRTH"),
    encodePayload({ at, seq: 0, metrics: [...own, ...bornMetrics(metrics, tidings, at)] }),
  );
}

export function deviceBirth(
  names: Names,
  device: string,
  seq: number,
  metrics: readonly Metered[],
  tidings: Tidings,
  at: Millis,
): Message {
  return plain(
    topicOf(names, "NBIRTH", device),
    encodePayload({ at, seq, metrics: bornMetrics(metrics, tidings, at) }),
  );
}

export const deviceDeath = (names: Names, device: string, seq: number, at: Millis): Message =>
  plain(topicOf(names, "NDEATH", device), encodePayload({ at, seq, metrics: [] }));

const bare = ({ name, alias, type }: Pick<Metered, "name" | "type"> & { readonly alias?: number }) => ({
  name,
  type,
  ...(alias === undefined ? {} : { alias }),
});

const bornMetrics = (metrics: readonly Metered[], tidings: Tidings, at: Millis): readonly Metric[] =>
  metrics.map((metric) => ({ ...bare(metric), at, value: valueOf(tidings, metric.alias) }));

/** A value of an outage, and when it was so: UTC. */
export interface Past {
  readonly metric: Metered;
  readonly value: Timed["value"];
  readonly at: Millis;
}

/** NDATA or DDATA: aliases and values, in order of time [Sparkplug 3.0, payloads-alias-data-cmd-requirement]. */
export function data(
  names: Names,
  device: string | undefined,
  seq: number,
  values: readonly Past[],
  at: Millis,
  historical = false,
): Message {
  const metrics = values
    .toSorted((one, other) => one.at - other.at)
    .map(({ metric: { alias, type }, ...value }) => ({ alias, type, ...value, ...(historical ? { historical } : {}) }));
  return plain(topicOf(names, "NDATA", device), encodePayload({ at, seq, metrics }, "values"));
}

/**
 * What is known of these metrics as values with a time. The times are made of ages, so that a clock that was set since
 * does no harm, and none is before `after`, what was sent last: values that were held back are still so.
 */
export function present(metrics: readonly Metered[], tidings: Tidings, now: Moment, after: Millis): readonly Past[] {
  return metrics.map((metric) => {
    const known = tidings.known.get(metric.alias);
    const since = now.utc - Math.round(now.mono - (known?.at ?? now.mono));
    return { metric, value: known?.value ?? null, at: millis(Math.min(now.utc, Math.max(since, after))) };
  });
}
