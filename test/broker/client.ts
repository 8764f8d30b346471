import mqtt, { type IClientOptions, type MqttClient } from "mqtt";
import type { Pair } from "../../console/authority/certificate.ts";
import { eventually } from "../kit/broker.ts";
import type { ShippedBroker } from "./shipped.ts";

/** A client that keeps what it hears. */
export interface Client {
  readonly mqtt: MqttClient;
  readonly heard: readonly { readonly topic: string; readonly text: string; readonly retained: boolean }[];
  /** QoS 0, so that mosquitto 2.0.11 does not hang up on whoever says what it may not. */
  say(topic: string, text: string, retain?: boolean): Promise<void>;
  hears(text: string): Promise<void>;
  ended(): boolean;
  close(): Promise<void>;
}

type Caller = Pick<Pair, "cert" | "key"> | undefined;

/** Connects once; rejects with what TLS or the broker said. */
export async function connect(
  { authority, port }: Pick<ShippedBroker, "authority" | "port">,
  pair: Caller,
  more: IClientOptions = {},
): Promise<Client> {
  const client = mqtt.connect({
    protocol: "mqtts",
    host: "127.0.0.1",
    port,
    ca: authority.ca,
    ...pair,
    reconnectPeriod: 0,
    clean: true,
    protocolVersion: 5,
    connectTimeout: 10_000,
    ...more,
  });
  const heard: { topic: string; text: string; retained: boolean }[] = [];
  let ended = false;
  client.on("message", (topic, payload, { retain }) =>
    heard.push({ topic, text: payload.toString(), retained: retain }),
  );
  client.on("close", () => (ended = true));
  await new Promise<void>((resolve, reject) => {
    client.once("connect", () => resolve());
    client.once("error", reject);
    client.once("close", () => reject(new Error("The broker closed the connection.")));
  }).catch((refused: unknown) => {
    client.end(true);
    throw refused;
  });
  client.on("error", () => {});
  return {
    mqtt: client,
    heard,
    say: async (topic, text, retain = false) => {
      await client.publishAsync(topic, text, { qos: 0, retain });
    },
    hears: (text) => eventually(() => heard.some((one) => one.text === text), `to hear ${text}`),
    ended: () => ended,
    close: () => client.endAsync(true),
  };
}
