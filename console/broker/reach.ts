import { bad, type Judged } from "../../protocol/pickup-code/judged.ts";
import { waitBefore } from "../host/waits.ts";
import type { Server } from "../host/line.ts";
import { openWire, type Wire, type Word } from "./wire.ts";

export interface ReachOptions {
  readonly server: Server;
  readonly clientId: string;
  /** Seconds; see Call. */
  readonly kept: number;
  /** What is listened to. A broker of MQTT 5 shares among collectors what comes from kiosks. */
  readonly topics: (version: 4 | 5) => readonly string[];
  readonly heard: (word: Word) => Promise<void>;
  /** Subscribed, and whatever stood there is on its way. */
  readonly found: () => void;
  /** Told once until `found`, and again where the reason is another. A sentence. */
  readonly lost: (reason: string) => void;
}

/** The collector at its broker: there, and coming back by itself. */
export interface Reach {
  /** QoS 1; only while it is there: nothing waits in memory. */
  publish(topic: string, payload: Uint8Array, retain: boolean): Promise<Judged<void>>;
  close(): Promise<void>;
}

/** "Unacceptable protocol version" [MQTT 3.1.1, 3.2.2.3] and "Unsupported Protocol Version" [MQTT5 3.2.2.2]. */
const versionRefused: ReadonlySet<number | undefined> = new Set([1, 0x84]);

/** A fleet must spread its calls over minutes; a centre that waits for long lets the whole fleet wait: 5 s at most. */
const doublings = 2;

export function reach(options: ReachOptions): Reach {
  const { server, clientId, kept, topics, heard, found, lost } = options;
  let wire: Wire | undefined;
  let version: 4 | 5 = 5;
  let failures = 0;
  let told: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosing = false;
  let calling: Promise<void> = Promise.resolve();
  /** Each connection has its number: what a former one still says is not heard. */
  let connection = 0;

  const call = async (): Promise<void> => {
    connection += 1;
    const mine = connection;
    const came = await openWire(
      { server, clientId, version, kept },
      { heard, ended: (reason, code) => mine === connection && gone(reason, code) },
    );
    if (came === undefined) return;
    if (isClosing || mine !== connection) return came.end();
    // At once: what the broker kept for us comes before it answers our subscription, and is acknowledged.
    wire = came;
    const subscribed = await came.subscribe(topics(version));
    if (mine !== connection) return;
    if (!subscribed.ok) {
      gone(subscribed.error.join(" "));
      return came.end();
    }
    failures = 0;
    told = undefined;
    found();
  };

  const gone = (reason: string, code?: number) => {
    connection += 1;
    wire = undefined;
    if (isClosing) return;
    const isVersion = version === 5 && versionRefused.has(code);
    if (isVersion) version = 4;
    else if (told !== reason) lost((told = reason));
    const wait = isVersion ? 0 : waitBefore(Math.min(failures, doublings), code, Math.random);
    timer = setTimeout(() => {
      calling = call();
    }, wait);
    failures += 1;
  };

  calling = call();
  return {
    publish: (topic, payload, retain) =>
      wire?.publish(topic, payload, retain) ?? Promise.resolve(bad("The centre has no connection to its broker now.")),
    async close() {
      isClosing = true;
      clearTimeout(timer);
      const open = wire;
      wire = undefined;
      connection += 1;
      await open?.end();
      await calling;
    },
  };
}
