import { connect, type IClientOptions, type MqttClient } from "mqtt";
import { bad, good, type Judged } from "../../protocol/pickup-code/judged.ts";

/** A broker, and what it wants to see of us. */
export interface Server {
  /** "mqtt://host:1883" or "mqtts://host:8883". */
  readonly url: string;
  /** Certificates, PEM, for mqtts. */
  readonly tls?: { readonly ca: string; readonly cert: string; readonly key: string };
}

export interface Will {
  readonly topic: string;
  readonly payload: string;
}

export interface Call {
  readonly server: Server;
  readonly clientId: string;
  /** QoS 1, retained. */
  readonly will: Will;
  readonly version: 4 | 5;
}

/** What is heard on a line. After `ended` there is nothing more. */
export interface Ears {
  heard(topic: string, bytes: Uint8Array, retained: boolean): void;
  /** A sentence. `code`: the broker's reason, where it gave one. */
  ended(reason: string, code?: number): void;
}

/** One connection to a broker. It ends once and never comes back by itself. */
export interface Line {
  /** QoS 1 on all; in the order given. */
  subscribe(topics: readonly string[]): Promise<Judged<void>>;
  /** QoS 0: when it is on its way. QoS 1: when the broker has it. */
  publish(topic: string, payload: Uint8Array | string, qos: 0 | 1, retain: boolean): Promise<Judged<void>>;
  /** DISCONNECT, by which the will is not published. */
  end(): Promise<void>;
}

/** Resolves when the broker has taken us; if not, `ended` says why, and the line is undefined. */
export type Dial = (call: Call, ears: Ears) => Promise<Line | undefined>;

const keepaliveSeconds = 30;
const connectTimeout = 20_000;

/**
 * MQTT.js as a socket, never as a queue: a fresh client for each connection, no reconnecting of its own (it is silent for
 * ever after a refused CONNACK), nothing kept for later.
 */
export const dial: Dial = (call, ears) =>
  new Promise((resolve) => {
    let reason = "The connection ended.";
    let code: number | undefined;
    let isOver = false;
    /** Of what the broker has not confirmed: MQTT.js would leave them waiting. */
    const unsettled = new Set<(judged: Judged<void>) => void>();
    const over = (client?: MqttClient) => {
      if (isOver) return;
      isOver = true;
      client?.end(true);
      for (const settle of unsettled) settle(bad(reason));
      resolve(undefined);
      ears.ended(reason, code);
    };
    const client = opened(call, (mistake) => ((reason = mistake), over()));
    if (client === undefined) return;
    client.on("message", (topic, bytes, packet) => ears.heard(topic, bytes, packet.retain));
    client.on("disconnect", ({ reasonCode = 0 }) => {
      reason = `The broker ended the connection, reason ${reasonCode}.`;
      code = reasonCode;
      // MQTT.js leaves it to the broker to close; one that does not would keep us waiting.
      over(client);
    });
    client.on("error", (error) => {
      reason = `${error.message || "The broker cannot be reached"}.`;
      if ("code" in error && typeof error.code === "number") code = error.code;
      // "close" does not follow every error.
      over(client);
    });
    client.on("close", () => over(client));
    client.on("connect", () => resolve(lineOver(client, unsettled)));
  });

/** OpenSSL throws where it does not take a key or a certificate. */
function opened({ server, clientId, will, version }: Call, failed: (mistake: string) => void): MqttClient | undefined {
  const options: IClientOptions = {
    clientId,
    protocolVersion: version,
    // Nothing is left on the broker [principles-persistence-clean-session-311, -50].
    clean: true,
    ...(version === 5 ? { properties: { sessionExpiryInterval: 0 } } : {}),
    will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true },
    keepalive: keepaliveSeconds,
    connectTimeout,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    ...(server.tls === undefined ? {} : { ...server.tls, rejectUnauthorized: true }),
  };
  try {
    return connect(server.url, options);
  } catch (thrown) {
    failed(`${server.url} cannot be called: ${thrown instanceof Error ? thrown.message : String(thrown)}.`);
    return undefined;
  }
}

const lineOver = (client: MqttClient, unsettled: Set<(judged: Judged<void>) => void>): Line => {
  const asked = (ask: (done: (judged: Judged<void>) => void) => void) =>
    new Promise<Judged<void>>((resolve) => {
      const settle = (judged: Judged<void>) => {
        unsettled.delete(settle);
        resolve(judged);
      };
      if (!client.connected) return settle(bad("The connection is gone."));
      unsettled.add(settle);
      ask(settle);
    });
  const judged = (error: Error | null | undefined): Judged<void> =>
    error === null || error === undefined ? good(undefined) : bad(`${error.message}.`);
  return {
    subscribe: (topics) =>
      asked((done) =>
        client.subscribe([...topics], { qos: 1 }, (error, granted = []) => {
          const refused = granted.filter(({ qos }) => qos >= 128).map(({ topic }) => topic);
          done(refused.length > 0 ? bad(`The broker does not give us ${refused.join(", ")}.`) : judged(error));
        }),
      ),
    publish: (topic, payload, qos, retain) =>
      asked((done) => {
        const content = typeof payload === "string" ? payload : Buffer.from(payload);
        client.publish(topic, content, { qos, retain }, (error) => done(judged(error)));
      }),
    end: () =>
      new Promise((resolve) => {
        // It would wait for ever for a broker that does not confirm.
        for (const id of Object.keys(client.outgoing)) client.removeOutgoingMessage(Number(id));
        client.end(false, { reasonCode: 0 }, () => resolve());
      }),
  };
};
