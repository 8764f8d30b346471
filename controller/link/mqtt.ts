import type { IClientOptions, IConnackPacket, IPublishPacket, MqttClient, OnPacketCallback } from "mqtt";
import type { Clock, Millis } from "../../devices/kit/clock.ts";
import type { Facts } from "../../devices/kit/driver.ts";
import { fault, type Fault } from "../../devices/kit/fault.ts";
import { err, ok, type Result } from "../../devices/kit/result.ts";
import { delays } from "../delays.ts";
import { goodbye, saidGoodbye } from "./goodbye.ts";
import { openInbox } from "./inbox.ts";
import { keepaliveTimers } from "./keepalive.ts";
import { openLine, type Line, type Tickets } from "./line.ts";
import { oversize } from "./oversize.ts";
import { refusedBy, refusedLine, whyEnded, type Trouble } from "./refusal.ts";
import type { Credentials } from "./tls.ts";
import type { Call, Limits, Message, Refused, Session, Uplink } from "./uplink.ts";
import { openWindow } from "./window.ts";

/** The largest packet this kiosk takes: a bundle of keys has some 100 KB, a list of used credentials less than that. */
const largestTaken = 1024 * 1024;
/** Messages of QoS 1 that a broker may have under way to us. */
const takenAtOnce = 20;
/** MQTT 3.1.1 has no Receive Maximum; this is what mosquitto takes at once, and other brokers more. */
const sentAtOnce = 20;
/** [MQTT5 3.2.2.3.3] Where the broker states no Receive Maximum. */
const receiveMaximum = 65_535;
/** [MQTT5 2.1.4] What the length of a packet can express. */
const maximumPacketSize = 268_435_455;
/** Bytes that a broker has not read: beyond these nothing more is taken on for it. */
const unreadMost = 4 * 1024 * 1024;
/** MQTT.js wants a callback with an error to leave the PUBACK to us. */
const acknowledgedLater = new Error("acknowledged when it was heard");

interface Own {
  readonly clock: Clock;
  /** Read anew at every call to an mqtts:// server. The error is a sentence. */
  readonly credentials: () => Result<Credentials, string>;
  readonly note?: (event: string, facts: Facts) => void;
}

/**
 * The way to brokers, over MQTT.js used as a socket: it neither reconnects nor queues nor keeps anything over
 * connections. It is loaded at the first call, when the worker's screen has long been there.
 */
export function mqttUplink(own: Own): Uplink {
  const tickets: Tickets = new Map();
  let certificateEnds: Millis | undefined;
  const credentials: Own["credentials"] = () => {
    const read = own.credentials();
    if (read.ok) certificateEnds = read.value.validUntil;
    return read;
  };
  return {
    certificateEnds: () => certificateEnds,
    async connect(call) {
      const abandoned = call.abandoned ? { abandoned: call.abandoned } : {};
      // Before the line: between an open line and its client nobody would hear what the broker says.
      const { MqttClient: Client } = await import("mqtt");
      const line = await openLine(call.server, { ...own, credentials, tickets, ...abandoned });
      if (!line.ok) return err({ ...line.error, unheard: true });
      const client = new Client(() => line.value.socket, options(call, own.clock));
      return greeted(client, line.value, call, own);
    },
  };
}

const options = ({ clientId, will, keepalive, version = 5 }: Call, clock: Clock): IClientOptions => ({
  protocolId: "MQTT",
  protocolVersion: version,
  clientId,
  clean: true,
  keepalive: Math.min(65_535, Math.max(1, Math.round(keepalive / 1000))),
  will: { topic: will.topic, payload: Buffer.from(will.payload), qos: will.qos, retain: will.retain },
  reconnectPeriod: 0,
  queueQoSZero: false,
  resubscribe: false,
  // Its own limit for CONNACK cannot take our clock; `greeted` has one that can.
  connectTimeout: 2 ** 31 - 1,
  timerVariant: keepaliveTimers(clock),
  // Else it keeps 65,536 small buffers for the numbers of packets.
  writeCache: false,
  ...(version === 5 && {
    autoAssignTopicAlias: true,
    properties: { sessionExpiryInterval: 0, receiveMaximum: takenAtOnce, maximumPacketSize: largestTaken },
  }),
});

/** Waits for the broker's answer to CONNECT. */
const greeted = (client: MqttClient, line: Line, call: Call, own: Own): Promise<Result<Session, Refused>> =>
  new Promise((resolve) => {
    const { clock } = own;
    let says: string | undefined;
    const received: OnPacketCallback = (packet) => {
      if (packet?.cmd === "connack") says = packet.properties?.reasonString;
    };
    const settle = () => {
      timer.cancel();
      call.abandoned?.removeEventListener("abort", abandon);
      client.off("packetreceive", received).off("error", failed).off("close", closed).off("connect", connected);
    };
    const refuse = (refused: Refused) => {
      settle();
      client.on("error", ignored).end(true);
      resolve(err(refused));
    };
    const connected = (packet: IConnackPacket) => {
      settle();
      if (packet.properties?.maximumQoS === 0)
        refuse({
          why: "refused",
          detail: "The broker takes no messages of QoS 1, so that nothing sent to it is certain.",
        });
      else resolve(ok(converse(client, line, packet, call, own)));
    };
    const failed = (error: Trouble) =>
      refuse(
        typeof error.code === "number"
          ? refusedBy(error.code, says)
          : refusedLine(error, line.host, clock.wall().trusted),
      );
    const closed = () =>
      refuse({ why: "refused", detail: `${line.host} ended the connection without a word. Is it a broker of MQTT?` });
    const abandon = () => refuse({ why: "unreachable", detail: "The call was given up." });
    const timer = clock.after(delays.brokerGreets, "broker's greeting", () =>
      refuse({
        why: "unreachable",
        detail: `${line.host} took the connection and says nothing. Is it a broker of MQTT?`,
      }),
    );
    client.on("packetreceive", received).once("connect", connected).on("error", failed).once("close", closed);
    call.abandoned?.addEventListener("abort", abandon);
    if (call.abandoned?.aborted) abandon();
  });

const ignored = (): void => {};

function limitsOf({ properties = {} }: IConnackPacket, version: 4 | 5): Limits {
  return {
    version,
    receiveMaximum: properties.receiveMaximum ?? (version === 5 ? receiveMaximum : sentAtOnce),
    maximumPacketSize: properties.maximumPacketSize ?? maximumPacketSize,
  };
}

function converse(client: MqttClient, { socket, host }: Line, connack: IConnackPacket, call: Call, own: Own): Session {
  const limits = limitsOf(connack, call.version ?? 5);
  const window = openWindow(limits.receiveMaximum);
  const inbox = openInbox();
  const pending = new Set<(why: Fault) => void>();
  let over: Fault | undefined;
  let told: ((why: Fault) => void) | undefined;
  let gone = false;
  let leaving: Promise<void> | undefined;

  /** Nothing is taken on any more, and what was under way has failed. */
  const settle = (why: Fault) => {
    over ??= why;
    window.close();
    inbox.close();
    for (const lost of pending) lost(over);
    pending.clear();
  };
  const finish = (why: Fault) => {
    if (gone) return;
    gone = true;
    settle(why);
    client.end(true);
    if (inbox.dropped() > 0) own.note?.("link.flooded", { server: call.server, dropped: inbox.dropped() });
    told?.(over ?? why);
  };
  /** Settles with a fault when the connection ends before `work` has called back. */
  const answered = (work: (settle: (result: Result<void>) => void) => void): Promise<Result<void>> =>
    new Promise((resolve) => {
      const lost = (why: Fault) => resolve(err(why));
      pending.add(lost);
      work((result) => {
        pending.delete(lost);
        resolve(result);
      });
    });

  const tooLarge = oversize(largestTaken);
  socket.setMaxListeners(0);
  socket.prependListener("data", (chunk: Buffer) => {
    if (tooLarge(chunk)) finish(fault("garbled", `${host} sent a packet of more than ${largestTaken} bytes.`));
  });
  client.handleMessage = (packet, callback) => {
    if (over) return callback();
    const heard = { ...messageOf(packet), retained: packet.retain };
    // MQTT.js reads nothing more until it is called back, not even PUBACK; so it is called back before the message is heard.
    inbox.put(
      heard,
      () => acknowledge(packet),
      () => callback(packet.qos === 1 ? acknowledgedLater : undefined),
    );
  };
  client.on("packetreceive", (packet) => {
    // MQTT.js would keep each of them until it is released.
    if (packet?.cmd === "publish" && packet.qos === 2)
      finish(fault("garbled", `${host} sent a message of QoS 2, for which nobody asked.`));
  });
  /** [MQTT5 3.4.2.1] A PUBACK of two bytes length says success, in MQTT 3.1.1 too. */
  const acknowledge = ({ qos, messageId = 0 }: IPublishPacket) => {
    if (qos === 1 && !over && socket.writable) socket.write(Uint8Array.of(0x40, 2, messageId >> 8, messageId & 0xff));
  };
  client.on("error", (error: Trouble) => finish(whyEnded(error, host, call.keepalive)));
  client.once("close", () => finish(fault("interrupted", `The connection to ${host} was cut.`)));
  client.once("disconnect", ({ reasonCode = 0, properties }) => {
    const { detail } = refusedBy(reasonCode, properties?.reasonString);
    finish(fault("interrupted", `${host} ended the connection. ${detail}`));
  });

  const leave = async (withWill: boolean) => {
    const why = fault("interrupted", "This kiosk ended the connection.");
    settle(why);
    await saidGoodbye(socket, goodbye(limits.version, withWill), own.clock);
    finish(why);
  };
  const refusedMessage = ({ topic, payload, retain }: Message): Fault | undefined => {
    const size = payload.length + Buffer.byteLength(topic) + 16;
    if (size > limits.maximumPacketSize)
      return fault("misconfigured", `A message of ${size} bytes: the broker takes ${limits.maximumPacketSize}.`);
    if (retain && connack.properties?.retainAvailable === false)
      return fault("misconfigured", "The broker keeps no retained messages. Allow them there.");
    if (socket.writableLength + window.bytes() + size > unreadMost)
      return fault("busy", "The broker does not read as fast as there is something to send.");
    return undefined;
  };
  const send = ({ topic, payload, qos, retain }: Message, settle: (result: Result<void>) => void) =>
    client.publish(
      topic,
      Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength),
      { qos, retain },
      (error) =>
        settle(
          error
            ? err(fault("refused", `The broker did not take a message to ${topic}: ${error.message}.`))
            : ok(undefined),
        ),
    );

  return {
    limits,
    async publish(message) {
      const refused = over ?? refusedMessage(message);
      if (refused) return err(refused);
      return answered((settle) => {
        if (message.qos === 0) send(message, settle);
        else
          window.pass(message.payload.length, (leave) =>
            send(message, (result) => {
              leave();
              settle(result);
            }),
          );
      });
    },
    async subscribe(topics) {
      if (over) return err(over);
      const asked = Object.fromEntries(
        topics.map(({ topic, qos }) => [topic, { qos, nl: false, rap: false, rh: 0 as const }]),
      );
      return answered((settle) =>
        client.subscribe(asked, (error) =>
          settle(
            error
              ? err(fault("refused", `The broker does not let this kiosk hear all that it must: ${error.message}.`))
              : ok(undefined),
          ),
        ),
      );
    },
    listen({ heard, ended }) {
      told = ended;
      inbox.to(heard);
      // Not before the caller has its answer.
      if (gone) queueMicrotask(() => over && told?.(over));
      return {
        stop() {
          if (told === ended) told = undefined;
          inbox.to(undefined);
        },
      };
    },
    end(withWill) {
      if (!gone) leaving ??= leave(withWill);
      return leaving ?? Promise.resolve();
    },
  };
}

const messageOf = ({ topic, payload, qos, retain }: IPublishPacket): Message => ({
  topic,
  payload: typeof payload === "string" ? Buffer.from(payload) : payload,
  qos: qos === 0 ? 0 : 1,
  retain,
});
