import { bad, type Judged } from "../../protocol/pickup-code/judged.ts";
import { namespace, stateTopic } from "../../protocol/sparkplug/topic.ts";
import type { Clock } from "./clock.ts";
import type { Dial, Line, Server } from "./line.ts";
import { encodeState, readState } from "./state-message.ts";
import { waitBefore } from "./waits.ts";

export interface PresenceOptions {
  readonly server: Server;
  readonly hostId: string;
  /** Empty: all groups. */
  readonly groups: readonly string[];
  readonly clock: Clock;
  /** From 0 up to, not including, 1. */
  readonly dice: () => number;
  readonly dial: Dial;
  heard(topic: string, bytes: Uint8Array, retained: boolean): void;
  /** Told once until `found`, and again where the reason is another. */
  lost(reason: string): void;
  found(): void;
  /** Somebody else says that he is this host. */
  namesake(): void;
}

/** This host at one broker: there, saying so, and coming back by itself [Sparkplug 3.0, 5.2]. */
export interface Presence {
  /** QoS 0, not retained; only while we are there. */
  publish(topic: string, payload: Uint8Array): Promise<Judged<void>>;
  /** Says that we leave, and leaves. */
  close(): Promise<void>;
}

/** So long does a goodbye wait for the broker's answer. Milliseconds. */
const goodbye = 5000;
/** "Unacceptable protocol version" [MQTT 3.1.1, 3.2.2.3] and "Unsupported Protocol Version" [MQTT5 3.2.2.2]. */
const versionRefused = [1, 0x84];

export function presence(options: PresenceOptions): Presence {
  const { server, hostId, groups, clock, dice, dial } = options;
  const ownTopic = stateTopic(hostId);
  const topics = [
    ownTopic,
    ...(groups.length === 0 ? [`${namespace}/#`] : groups.map((group) => `${namespace}/${group}/#`)),
  ];
  let line: Line | undefined;
  /** Of this connection, in its will and its birth, by this server [..-multi-server-timestamp]. It never goes back. */
  let timestamp = 0;
  /** Our birth is on its way: from now on others may follow it. */
  let isBorn = false;
  let isClosing = false;
  let version: 4 | 5 = 5;
  let failures = 0;
  let told: string | undefined;
  let timer: { cancel(): void } | undefined;
  /** Each connection has its number: what a former one still says is not heard. */
  let connection = 0;
  let early: (readonly [topic: string, bytes: Uint8Array, retained: boolean])[] = [];

  const later = (): number => (timestamp = Math.max(timestamp, clock.wall().utc));
  const state = (online: boolean) => encodeState({ online, timestamp });

  const call = async () => {
    connection += 1;
    const mine = connection;
    later();
    const came = await dial(
      { server, clientId: hostId, will: { topic: ownTopic, payload: state(false) }, version },
      {
        heard: (topic, bytes, retained) => mine === connection && heard(topic, bytes, retained),
        ended: (reason, code) => mine === connection && gone(reason, code),
      },
    );
    if (came === undefined || mine !== connection) return came?.end();
    line = came;
    const subscribed = await came.subscribe(topics);
    if (mine !== connection) return;
    if (!subscribed.ok) return leave(came, subscribed.error.join(" "));
    const said = came.publish(ownTopic, state(true), 1, true);
    isBorn = true;
    for (const message of early.splice(0)) heard(...message);
    const judged = await said;
    if (mine !== connection) return;
    if (!judged.ok) return leave(came, judged.error.join(" "));
    failures = 0;
    told = undefined;
    options.found();
  };

  const leave = async (from: Line, reason: string) => {
    gone(reason);
    await from.end();
  };

  const gone = (reason: string, code?: number) => {
    connection += 1;
    line = undefined;
    isBorn = false;
    early = [];
    if (isClosing) return;
    const isVersion = version === 5 && code !== undefined && versionRefused.includes(code);
    if (isVersion) version = 4;
    else if (told !== reason) options.lost((told = reason));
    timer = clock.after(
      isVersion ? 0 : waitBefore(failures, code, dice),
      "the next call to a broker",
      () => void call(),
    );
    failures += 1;
  };

  const heard = (topic: string, bytes: Uint8Array, retained: boolean) => {
    if (!isBorn) early.push([topic, bytes, retained]);
    else if (topic !== ownTopic) options.heard(topic, bytes, retained);
    // What stood there before this connection's birth is answered by the birth.
    else if (!retained) ownState(bytes);
  };

  let isRepeating = false;
  let repeatAgain = false;
  /** The broker says that we are gone: the will of an earlier connection came late, or somebody wrote it. */
  const ownState = (bytes: Uint8Array) => {
    const said = readState(bytes);
    if (said === undefined || isClosing) return;
    if (!said.online) repeat();
    else if (said.timestamp !== timestamp) options.namesake();
  };
  /** One at a time, so that a flood of them does not become ours. */
  const repeat = () => {
    repeatAgain = isRepeating;
    if (isRepeating || line === undefined) return;
    isRepeating = true;
    void line.publish(ownTopic, state(true), 1, true).then(() => {
      isRepeating = false;
      if (repeatAgain && !isClosing) repeat();
    });
  };

  void call();
  return {
    publish: (topic, payload) =>
      line !== undefined && isBorn && !isClosing
        ? line.publish(topic, payload, 0, false)
        : Promise.resolve(bad("The centre has no connection to the broker of this kiosk now.")),
    async close() {
      isClosing = true;
      timer?.cancel();
      const open = line;
      const wasBorn = isBorn;
      if (open === undefined) connection += 1;
      if (open === undefined) return;
      if (wasBorn) {
        later();
        await answered(open.publish(ownTopic, state(false), 1, true));
      }
      connection += 1;
      await open.end();
    },
  };

  function answered(work: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const limit = clock.after(goodbye, "the broker's answer to our goodbye", resolve);
      void work.then(() => {
        limit.cancel();
        resolve();
      });
    });
  }
}
