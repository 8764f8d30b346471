import mqtt, { type MqttClient } from "mqtt";
import { readReported, type Reported } from "../../protocol/commands/reported.ts";
import { readResult, type CommandResult } from "../../protocol/commands/result.ts";
import { writeAck } from "../../protocol/events/ack.ts";
import { hashesOf, readBatch } from "../../protocol/events/batch.ts";
import type { Item } from "../../protocol/events/chain.ts";
import { eventually } from "../kit/broker.ts";

/** Somebody at the broker who hears what kiosks say, and may acknowledge it as a centre does. */
export interface Witness {
  readonly client: MqttClient;
  readonly heard: readonly { readonly topic: string; readonly payload: Buffer }[];
  /** How often a node was born: from then on it hears what is said to it. */
  births(): number;
  results(): readonly CommandResult[];
  reports(): readonly Reported[];
  items(): readonly Item[];
  /** What became of a command, in order: "accepted", "refused: expired". */
  statesOf(id: string): readonly string[];
  /** Waits until a command has this state. */
  until(id: string, state: string): Promise<void>;
  say(topic: string, payload: Uint8Array | object | string, more?: { readonly retain?: boolean }): Promise<void>;
  close(): Promise<void>;
}

const limit = 60_000;

/** It acknowledges each batch: a kiosk that hears no answer waits with more. */
export async function witnessAt(url: string): Promise<Witness> {
  const client = await mqtt.connectAsync(url, { reconnectPeriod: 0, protocolVersion: 5 });
  const heard: { readonly topic: string; readonly payload: Buffer }[] = [];
  const of = (what: string): readonly Buffer[] =>
    heard.flatMap(({ topic, payload }) => (topic.endsWith(`/up/${what}`) ? [payload] : []));
  client.on("message", (topic, payload) => {
    heard.push({ topic, payload });
    const batch = topic.endsWith("/up/ev") ? readBatch(payload) : undefined;
    if (!batch?.ok) return;
    const { life, from, items } = batch.value;
    const ack = writeAck({ life, upTo: from + items.length - 1, hash: hashesOf(batch.value).at(-1) ?? "" });
    client.publish(topic.replace("/up/ev", "/down/ack"), Buffer.from(ack), { qos: 1, retain: true });
  });
  await client.subscribeAsync(["spBv1.0/+/NBIRTH/#", "spBv1.0/+/NDEATH/#", "yz/v1/+/+/up/#"], { qos: 1 });
  const results = (): readonly CommandResult[] =>
    of("res").flatMap((payload) => {
      const read = readResult(payload);
      return read.ok ? [read.value] : [];
    });
  const statesOf = (id: string): readonly string[] =>
    results().flatMap((result) =>
      result.id === id ? [result.why === undefined ? result.state : `${result.state}: ${result.why}`] : [],
    );
  return {
    client,
    heard,
    births: () => heard.filter(({ topic }) => topic.includes("/NBIRTH/")).length,
    results,
    statesOf,
    reports: () =>
      of("reported").flatMap((payload) => {
        const read = readReported(payload);
        return read.ok ? [read.value] : [];
      }),
    items: () =>
      of("ev").flatMap((payload) => {
        const read = readBatch(payload);
        return read.ok ? read.value.items : [];
      }),
    until: (id, state) =>
      eventually(
        () => statesOf(id).includes(state),
        `command ${id} ${state}; it was ${statesOf(id).join(", ") || "not answered"}`,
        limit,
      ),
    async say(topic, payload, { retain = false } = {}) {
      const text = typeof payload === "string" || payload instanceof Uint8Array ? payload : JSON.stringify(payload);
      await client.publishAsync(topic, typeof text === "string" ? text : Buffer.from(text), { qos: 1, retain });
    },
    close: () => client.endAsync(true),
  };
}
