import { openCollector, type AckMessage, type Collector } from "../../../console/collector/collector.ts";
import { openStore } from "../../../console/store/open.ts";
import { register } from "../../../console/store/stations.ts";
import type { Place, Store } from "../../../console/store/store.ts";
import { readAck, type Ack } from "../../../protocol/events/ack.ts";
import { readUpTopic, topicsOf } from "../../../protocol/fleet/topics.ts";
import { manualClock, type ManualClock } from "../../kit/clock.ts";
import type { Clock } from "../../../console/host/clock.ts";

export const group = "320583";

/** A collector over a store, with a broker that only writes down. */
export interface Centre {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly collector: Collector;
  /** What was published, in order. */
  readonly acks: (Ack & { readonly kiosk: string })[];
  /** The last acknowledgement of a kiosk: what stands retained. */
  ack(kiosk: string): Ack | undefined;
  hear(kiosk: string, payload: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export interface CentreOptions {
  readonly kiosks?: readonly string[];
  readonly acceptAll?: boolean;
  readonly gapPatience?: number;
  readonly trouble?: (sentence: string | undefined) => void;
  readonly store?: (store: Store) => Store;
  /** The system's, where real time must pass; by default a clock that only moves when told. */
  readonly time?: Clock;
}

export async function openCentre(place: Place | Store, options: CentreOptions = {}): Promise<Centre> {
  const { kiosks = ["k1"], acceptAll = false, gapPatience = 0, trouble, store: dressed = (one) => one, time } = options;
  const own = "query" in place ? undefined : await openStore(place);
  const plain = own ?? (place as Store);
  const clock = manualClock();
  for (const kiosk of kiosks) await register(plain, { kiosk, district: group, at: 0 });
  const acks: (Ack & { readonly kiosk: string })[] = [];
  const collector = await openCollector({
    store: dressed(plain),
    clock: time ?? clock,
    acceptAll,
    gapPatience,
    ...(trouble === undefined ? {} : { trouble }),
    publish({ topic, payload, qos, retain }: AckMessage) {
      const kiosk = /^yz\/v1\/320583\/([^/]+)\/down\/ack$/.exec(topic)?.[1];
      const read = readAck(payload);
      if (kiosk === undefined || !read.ok || qos !== 1 || !retain) throw new Error(`No acknowledgement: ${topic}`);
      acks.push({ kiosk, ...read.value });
    },
  });
  return {
    store: plain,
    clock,
    collector,
    acks,
    ack: (kiosk) => acks.findLast((ack) => ack.kiosk === kiosk),
    hear(kiosk, payload) {
      const address = readUpTopic(topicsOf(group, kiosk).events);
      if (address === undefined) throw new Error("No topic of events.");
      return collector.heard(address, payload);
    },
    async close() {
      await collector.close();
      await own?.close();
    },
  };
}
