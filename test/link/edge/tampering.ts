import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { PayloadSchema, type Metric, type Payload } from "../../../protocol/sparkplug/sparkplug_b_pb.ts";
import { names, type Conversations } from "./conversations.ts";
import type { Publish, Step } from "./step.ts";

// What a worse edge node would have said: the recorded conversations, falsified in one way each.

type Tampering = (all: Conversations) => Conversations;

const steps =
  (change: (steps: readonly Step[], name: string) => readonly Step[]): Tampering =>
  (all) =>
    Object.fromEntries(names.map((name) => [name, change(all[name], name)])) as Conversations;

/** Every PUBLISH, and every will. */
const messages = (change: (message: Publish) => Partial<Publish>): Tampering =>
  steps((list) =>
    list.map((step): Step => {
      if (step.is === "publish") return { ...step, ...change(step) };
      if (step.is !== "connect" || step.will === undefined) return step;
      return { ...step, will: { ...step.will, ...change(step.will) } };
    }),
  );

const topics = (change: (levels: string[], type: string) => readonly string[]): Tampering =>
  messages(({ topic }) => ({ topic: change(topic.split("/"), typeOf({ topic })).join("/") }));

const payloads = (change: (payload: Payload, type: string) => void): Tampering =>
  messages(({ topic, payload }) => {
    const wire = fromBinary(PayloadSchema, payload);
    change(wire, typeOf({ topic }));
    return { payload: toBinary(PayloadSchema, wire) };
  });

const metrics = (change: (metric: Metric, type: string) => void): Tampering =>
  payloads((payload, type) => payload.metrics.forEach((metric) => change(metric, type)));

const named = (name: string, change: (metric: Metric) => void): Tampering =>
  metrics((metric) => {
    if (metric.name === name) change(metric);
  });

const typeOf = ({ topic }: { readonly topic: string }): string => topic.split("/")[2] ?? "";
const kind = (step: Step): string => (step.is === "publish" ? typeOf(step) : step.is);
const isBirth = (type: string): boolean => type.endsWith("BIRTH");
const isData = (type: string): boolean => type.endsWith("DATA");

const without = (...kinds: readonly string[]): Tampering =>
  steps((list) => list.filter((step) => !kinds.includes(kind(step))));

/** What is of this kind comes first of all. */
const first = (which: string, behind: string): Tampering =>
  steps((list) => {
    const moved = list.filter((step) => kind(step) === which);
    const rest = list.filter((step) => kind(step) !== which);
    const at = rest.findIndex((step) => kind(step) === behind) + 1;
    return [...rest.slice(0, at), ...moved, ...rest.slice(at)];
  });

const connects = (change: Partial<Extract<Step, { is: "connect" }>>): Tampering =>
  steps((list) => list.map((step) => (step.is === "connect" ? { ...step, ...change } : step)));

const subscriptions = (change: (topic: { topic: string; qos: number }) => { topic: string; qos: number }): Tampering =>
  steps((list) => list.map((step) => (step.is === "subscribe" ? { ...step, topics: step.topics.map(change) } : step)));

export const tamperings: Readonly<Record<string, Tampering>> = {
  "everything is retained": messages(() => ({ retain: true })),
  "the quality of service is the other": messages(({ qos }) => ({ qos: 1 - qos })),
  "another group": topics(([space = "", , ...rest]) => [space, "a+b", ...rest]),
  "another node": topics((levels) => levels.with(3, "no#de")),
  "the births of a group are another's": topics((levels, type) => (type === "NBIRTH" ? levels.with(1, "1") : levels)),
  "another namespace": topics((levels) => levels.with(0, "spAv1.0")),
  "no device in topics": topics((levels) => levels.slice(0, 4)),
  "a device in every topic": topics((levels) => [...levels.slice(0, 4), "vend"]),
  "a level too many": topics((levels) => [...levels, "more"]),
  "devices with a plus": topics((levels) => levels.map((level, index) => (index === 4 ? "+" : level))),
  "devices shouted in data": topics((levels, type) =>
    levels.map((level, index) => (index === 4 && isData(type) ? level.toUpperCase() : level)),
  ),
  "devices named after their node": topics((levels) =>
    levels.map((level, index) => (index === 4 ? `zp-001-${level}` : level)),
  ),
  "no payload": messages(() => ({ payload: new Uint8Array() })),
  "payloads that are none": messages(() => ({ payload: Uint8Array.of(255, 255) })),
  "no time of sending": payloads((payload) => delete payload.timestamp),
  "seconds for milliseconds": payloads((payload) => (payload.timestamp = (payload.timestamp ?? 0n) / 1000n)),
  "no number": payloads((payload) => delete payload.seq),
  "always the same number": payloads((payload) => (payload.seq = 5n)),
  "numbers without an end": payloads((payload) => (payload.seq = (payload.seq ?? 0n) + 256n)),
  "metrics backwards": payloads((payload) => void payload.metrics.reverse()),
  "births without most metrics": payloads((payload, type) => {
    if (isBirth(type)) payload.metrics.splice(3);
  }),
  "a metric twice, in capitals": payloads((payload, type) => {
    const [one] = payload.metrics;
    if (isBirth(type) && one !== undefined) payload.metrics.push({ ...one, name: one.name?.toUpperCase() ?? "" });
  }),
  "a will that tells more": payloads((payload, type) => {
    const [one] = payload.metrics;
    if (type === "NDEATH" && one !== undefined) payload.metrics.push({ ...one, name: "Sys/Uptime_s" });
  }),
  "births without names": metrics((metric, type) => {
    if (isBirth(type)) delete metric.name;
  }),
  "no aliases": metrics((metric) => delete metric.alias),
  "one alias for all": metrics((metric) => (metric.alias = 5n)),
  "names in data": metrics((metric, type) => {
    if (isData(type)) metric.name = "State";
  }),
  "no types": metrics((metric) => delete metric.datatype),
  "types in data": metrics((metric, type) => {
    if (isData(type)) metric.datatype = 3;
  }),
  "types that are none": metrics((metric) => (metric.datatype = 99)),
  "no times of values": metrics((metric) => delete metric.timestamp),
  "seconds in values": metrics((metric) => (metric.timestamp = (metric.timestamp ?? 0n) / 1000n)),
  "no values": metrics((metric) => {
    delete metric.isNull;
    metric.value = { case: undefined };
  }),
  "null and a value": metrics((metric) => {
    if (metric.isNull) metric.value = { case: "intValue", value: 3 };
  }),
  "no bdSeq": payloads((payload) => (payload.metrics = payload.metrics.filter(({ name }) => name !== "bdSeq"))),
  "always the same bdSeq": named("bdSeq", (metric) => (metric.value = { case: "longValue", value: 7n })),
  "bdSeq of another type": named("bdSeq", (metric) => (metric.datatype = 8)),
  "another bdSeq at each birth": metrics((metric, type) => {
    if (metric.name === "bdSeq" && type === "NBIRTH")
      metric.value = { case: "longValue", value: (metric.timestamp ?? 0n) % 251n };
  }),
  "no rebirth": payloads(
    (payload) => (payload.metrics = payload.metrics.filter(({ name }) => !(name ?? "").includes("Rebirth"))),
  ),
  "rebirth is true": named("Node Control/Rebirth", (metric) => (metric.value = { case: "booleanValue", value: true })),
  "rebirth is a number": named("Node Control/Rebirth", (metric) => (metric.datatype = 3)),
  "rebirth has an alias": named("Node Control/Rebirth", (metric) => (metric.alias = 9n)),
  "everything is said twice": steps((list) =>
    list.flatMap((step): readonly Step[] => (step.is === "publish" ? [step, step] : [step])),
  ),
  "data before births": first("DDATA", "subscribe"),
  "node's data before births": first("NDATA", "subscribe"),
  "devices before the node": first("DBIRTH", "subscribe"),
  "births before anybody is heard": steps((list) => {
    const births = list.filter((step) => isBirth(kind(step)));
    const rest = list.filter((step) => !isBirth(kind(step)));
    const at = rest.findIndex(({ is }) => is === "subscribe") + 1;
    return [...rest.slice(0, at), ...births, ...rest.slice(at)];
  }),
  "births before the connection": steps((list) => [...list.filter((step) => isBirth(kind(step))), ...list]),
  "no will": connects({ will: undefined }),
  "sessions that are kept": connects({ clean: false }),
  "sessions that expire late": connects({ expiry: 60 }),
  "subscriptions of quality 0": subscriptions(({ topic }) => ({ topic, qos: 0 })),
  "subscriptions to all": subscriptions(({ qos }) => ({ topic: "spBv1.0/#", qos })),
  "subscriptions to DCMD": subscriptions(({ qos }) => ({ topic: "spBv1.0/320583/DCMD/zp-001/vend", qos })),
  "no goodbye": without("disconnect", "gone"),
  "goodbye with another reason": steps((list) =>
    list.map((step) => (step.is === "disconnect" ? { ...step, reason: 0 } : step)),
  ),
  "goodbye before the last word": first("disconnect", "NBIRTH"),
  "never back": steps((list) => list.filter(({ connection }) => connection !== "1.2")),
  "always the same broker": steps((list) =>
    list.map((step) => ({ ...step, connection: step.connection.replace(/^2/, "1") })),
  ),
  "gone at any word of a host": steps((list) =>
    list.flatMap((step, index) => {
      const death = list.find((one) => kind(one) === "NDEATH");
      return step.is === "said" && index > 0 && death !== undefined ? [step, death] : [step];
    }),
  ),
  "data after any word of a host": steps((list) =>
    list.flatMap((step): readonly Step[] => {
      const data = list.find((one) => kind(one) === "DDATA");
      return step.is === "said" && data !== undefined ? [step, data] : [step];
    }),
  ),
  "never 256 messages": steps((list) => list.slice(0, 100)),
};

/** What a silent edge node leaves out. */
export const omissions: Readonly<Record<string, Tampering>> = {
  "no subscription": without("subscribe"),
  "no NBIRTH": without("NBIRTH"),
  "no DBIRTH": without("DBIRTH"),
  "no NDATA": without("NDATA"),
  "no DDATA": without("DDATA"),
  "no DDEATH": without("DDEATH"),
  "no NDEATH": without("NDEATH"),
  "a type that is none": topics((levels) => levels.with(2, "NBORN")),
};
