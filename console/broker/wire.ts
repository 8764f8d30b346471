import { connect, type IClientOptions, type IPublishPacket, type MqttClient } from "mqtt";
import { bad, good, type Judged } from "../../protocol/pickup-code/judged.ts";
import type { Server } from "../host/line.ts";

export interface Word {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** Stood on the broker before we subscribed. */
  readonly retained: boolean;
}

/** What is heard on a wire. After `ended` there is nothing more. */
export interface Listener {
  /** The broker is told that we have it when this has settled; where it rejects, it gives it to us again. */
  heard(word: Word): Promise<void>;
  /** A sentence. `code`: the broker's reason, where it gave one. */
  ended(reason: string, code?: number): void;
}

export interface Call {
  readonly server: Server;
  readonly clientId: string;
  readonly version: 4 | 5;
  /** The broker keeps for so long what came while we were away. Seconds; 0: it forgets us at once. */
  readonly kept: number;
}

/** One connection of the collector. It ends once and never comes back by itself. */
export interface Wire {
  /** QoS 1, in the order given. */
  subscribe(topics: readonly string[]): Promise<Judged<void>>;
  /** QoS 1: resolves when the broker has it. */
  publish(topic: string, payload: Uint8Array, retain: boolean): Promise<Judged<void>>;
  end(): Promise<void>;
}

const keepaliveSeconds = 30;
const connectTimeout = 20_000;
/** Messages that may be in hand at once: enough to commit many with one turn of the disk. */
const inHand = 200;
const largestPacket = 2 * 1024 * 1024;
/** MQTT.js wants an error to leave the PUBACK to us. */
const acknowledgedLater = new Error("acknowledged when it is stored");

/** MQTT.js as a socket: nothing is kept for later, nothing comes back by itself. Undefined where `ended` says why. */
export const openWire = (call: Call, listener: Listener): Promise<Wire | undefined> =>
  new Promise((resolve) => {
    let reason = "The connection ended.";
    let code: number | undefined;
    let isOver = false;
    const unsettled = new Set<(judged: Judged<void>) => void>();
    const over = (client?: MqttClient) => {
      if (isOver) return;
      isOver = true;
      client?.end(true);
      for (const settle of unsettled) settle(bad(reason));
      resolve(undefined);
      listener.ended(reason, code);
    };
    const client = opened(call, (mistake) => {
      reason = mistake;
      over();
    });
    if (client === undefined) return;
    takeWords(client, listener, () => isOver);
    client.on("disconnect", ({ reasonCode = 0 }) => {
      reason = `The broker ended the connection, reason ${reasonCode}.`;
      code = reasonCode;
    });
    client.on("error", (error) => {
      reason = `${error.message || "The broker cannot be reached"}.`;
      if ("code" in error && typeof error.code === "number") code = error.code;
      over(client);
    });
    client.on("close", () => over(client));
    client.on("connect", () => resolve(wireOver(client, unsettled, () => (isOver = true))));
  });

/** MQTT.js throws where the address is none. */
function opened({ server, clientId, version, kept }: Call, failed: (mistake: string) => void): MqttClient | undefined {
  const options: IClientOptions = {
    clientId,
    protocolVersion: version,
    clean: kept === 0,
    ...(version === 5
      ? { properties: { sessionExpiryInterval: kept, receiveMaximum: inHand, maximumPacketSize: largestPacket } }
      : {}),
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
    failed(`${server.url} is no broker's address: ${thrown instanceof Error ? thrown.message : String(thrown)}.`);
    return undefined;
  }
}

/**
 * MQTT.js reads nothing more, not even a PUBACK, until it is called back: so it is called back at once while there is
 * room, and the PUBACK goes out when the word is stored.
 */
function takeWords(client: MqttClient, listener: Listener, isOver: () => boolean): void {
  let held = 0;
  let resume: (() => void) | undefined;
  client.handleMessage = (packet, callback) => {
    if (isOver()) return callback();
    held += 1;
    void listener.heard(wordOf(packet)).then(
      () => {
        if (!isOver()) acknowledge(client, packet);
        free();
      },
      // Without a PUBACK the broker gives it to us at the next connection.
      () => free(),
    );
    const goOn = () => callback(packet.qos === 1 ? acknowledgedLater : undefined);
    if (held < inHand) goOn();
    else resume = goOn;
  };
  const free = () => {
    held -= 1;
    const goOn = resume;
    resume = undefined;
    goOn?.();
  };
}

/** [MQTT5 3.4.2.1] Two bytes say success, in MQTT 3.1.1 too. */
function acknowledge(client: MqttClient, { qos, messageId = 0 }: IPublishPacket): void {
  if (qos === 1 && client.stream.writable)
    client.stream.write(Uint8Array.of(0x40, 2, messageId >> 8, messageId & 0xff));
}

const wordOf = ({ topic, payload, retain }: IPublishPacket): Word => ({
  topic,
  payload: typeof payload === "string" ? Buffer.from(payload) : payload,
  retained: retain,
});

function wireOver(client: MqttClient, unsettled: Set<(judged: Judged<void>) => void>, leaving: () => void): Wire {
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
    publish: (topic, payload, retain) =>
      asked((done) => {
        client.publish(topic, Buffer.from(payload), { qos: 1, retain }, (error) => done(judged(error)));
      }),
    end: () =>
      new Promise((resolve) => {
        leaving();
        for (const settle of unsettled) settle(bad("The centre ended the connection."));
        // It would wait for ever for a broker that does not confirm.
        for (const id of Object.keys(client.outgoing)) client.removeOutgoingMessage(Number(id));
        client.on("error", () => {}).end(false, { reasonCode: 0 }, () => resolve());
      }),
  };
}
