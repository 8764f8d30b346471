import { readBatch } from "../protocol/events/batch.ts";
import type { Item } from "../protocol/events/chain.ts";
import { readUpTopic, type UpAddress } from "../protocol/fleet/topics.ts";
import { bad, good, type Judged } from "../protocol/pickup-code/judged.ts";
import { kids, openIssuerKeys } from "./authority/issuer-keys.ts";
import { startEmbeddedBroker, type EmbeddedBroker } from "./broker/embedded.ts";
import { reach, type Reach } from "./broker/reach.ts";
import type { Word } from "./broker/wire.ts";
import { openCollector } from "./collector/collector.ts";
import { localDesk, type Desk } from "./desk/desk.ts";
import { serveDesk } from "./desk/socket.ts";
import { placesIn } from "./folder.ts";
import { systemClock, type Clock } from "./host/clock.ts";
import { openHost } from "./host/host.ts";
import { ownNames, serverFor } from "./own-link.ts";
import type { Publish } from "./post/publish.ts";
import { shelf } from "./post/desired.ts";
import { orders } from "./post/orders.ts";
import { takenTeller } from "./post/taken-teller.ts";
import { usedTeller } from "./post/used-teller.ts";
import { openStore } from "./store/open.ts";

/** An event that came and is in the database. */
export interface Arrived extends Item {
  readonly kiosk: string;
  readonly group: string;
}

export interface CentreOptions {
  /** Keys, certificates, what kiosks shall have in force; of the embedded centre broker and database too. */
  readonly folder: string;
  /** "mqtts://…" or "mqtt://…"; a broker in this process where absent. */
  readonly broker?: string;
  /** Of the broker in this process; 0: any that is free. */
  readonly port?: number;
  /** "postgres://…"; PGlite in the folder where absent. */
  readonly database?: string;
  /** The groups that this centre answers for; all where empty. */
  readonly groups?: readonly string[];
  /** Our name among Sparkplug hosts, and in our certificates: "centre", "centre-2". */
  readonly hostId?: string;
  /** Registers kiosks that nobody added when they are first heard: for a demonstration. */
  readonly acceptAll?: boolean;
  readonly clock?: Clock;
  /** Each event once, as far as this process remembers, after it was committed. */
  readonly arrived?: (event: Arrived) => void;
  /** What the staff of the centre may want to read, in one line. */
  readonly log?: (event: string, facts: Readonly<Record<string, string | number>>) => void;
}

export interface Centre {
  /** Of the broker, for kiosks on this machine or elsewhere. */
  readonly url: string;
  /** Orders and questions, as the command line has them. */
  readonly desk: Desk;
  stop(): Promise<void>;
}

/** Of what came while the centre was away the broker keeps so much: seconds. Kiosks send again what was not confirmed. */
const keptByBroker = 7 * 86_400;
/** How long a missing Sparkplug message is waited for before all is asked for again. Milliseconds. */
const reorderTimeout = 5000;

/** Starts collector, Sparkplug host and issuer. The error is a sentence that says what to do. */
export async function startCentre(options: CentreOptions): Promise<Judged<Centre>> {
  const { folder, groups = [], hostId = "centre", clock = systemClock, log = () => {}, acceptAll = false } = options;
  const places = placesIn(folder);
  const closing: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  };
  const failed = async (error: readonly string[]) => {
    await stop();
    return { ok: false, error } as const;
  };

  const keys = openIssuerKeys(places.keys);
  if (!keys.ok) return keys;
  const opened = await opening(() =>
    openStore(options.database === undefined ? { folder: places.database } : { url: options.database }),
  );
  if (!opened.ok) return opened;
  const store = opened.value;
  closing.push(() => store.close());

  const found = await brokerOf(options, places.broker);
  if (!found.ok) return failed(found.error);
  const { url, embedded } = found.value;
  if (embedded !== undefined) closing.push(() => embedded.close());
  const now = clock.wall().utc;
  const names = ownNames(hostId);
  const atCollector = await serverFor(url, names.collector, places, now);
  const atHost = await serverFor(url, names.host, places, now);
  if (!atCollector.ok) return failed(atCollector.error);
  if (!atHost.ok) return failed(atHost.error);

  const our: { line?: Reach } = {};
  const publish: Publish = async (topic, payload, retain) =>
    (await our.line?.publish(topic, payload, retain)) ?? bad("The centre has no connection to its broker yet.");
  const collector = await openCollector({
    name: hostId,
    store,
    clock,
    acceptAll,
    // Not waited for: a commit must not stand behind the broker's answer to the acknowledgement of the one before.
    publish: ({ topic, payload, retain }) => void publish(topic, payload, retain),
    trouble: (sentence) =>
      log(sentence === undefined ? "database.back" : "database.lost", sentence ? { sentence } : {}),
  });
  const complaint = (event: string) => (sentence: string) => log(event, { sentence });
  const commands = orders({ store, clock, publish, groups, failed: complaint("commands.failed") });
  const telling = { store, clock, publish, groups, release: keys.value.release, kid: kids.release };
  const used = usedTeller({ ...telling, failed: complaint("used.failed") });
  const taken = takenTeller({ ...telling, failed: complaint("taken.failed") });
  const lists = [used, taken];
  const wanted = shelf({ folder: places.desired, store, clock, publish, failed: complaint("desired.failed") });

  const news = options.arrived && onlyNew(options.arrived);
  const hear = async (address: UpAddress, payload: Uint8Array) => {
    await collector.heard(address, payload);
    if (address.what !== "ev") return;
    if (mayConcernOthers(payload)) for (const list of lists) list.changed();
    news?.(address, payload);
  };
  const heard = async ({ topic, payload }: Word): Promise<void> => {
    const address = readUpTopic(topic);
    if (address !== undefined) await hear(address, payload);
    else if (isOfTakings(topic)) taken.stands(topic, payload);
    else used.stands(topic, payload);
  };
  const line = reach({
    server: atCollector.value,
    // Another than the host's, where the broker does not take it from the certificate.
    clientId: `${hostId}-collector`,
    // The broker in this process forgets with it.
    kept: embedded === undefined ? keptByBroker : 0,
    topics: (version) => [...upTopicsOf(groups, version), ...lists.flatMap((list) => list.topics)],
    heard,
    found() {
      log("broker.found", { broker: url });
      wanted.again();
      for (const list of lists) list.changed();
      commands.written();
    },
    lost: complaint("broker.lost"),
  });
  our.line = line;
  const host = openHost({
    servers: [atHost.value],
    hostId,
    groups,
    reorderTimeout,
    clock,
    sighted(sighting) {
      collector.sighted(sighting);
      if (sighting.is === "born" && sighting.device === undefined) commands.isThere(sighting.node);
    },
    lost: (loss) => collector.lost(loss),
    found: (server) => collector.regained(server),
  });
  closing.push(
    () => collector.close(),
    () => line.close(),
    () => wanted.close(),
    () => used.close(),
    () => taken.close(),
    () => commands.close(),
    () => host.close(),
  );

  const desk = localDesk({ store, clock, written: () => commands.written() });
  if (options.database === undefined) {
    const served = await serveDesk(places.socket, desk);
    if (!served.ok) return failed(served.error);
    closing.push(() => served.value.close());
  }
  log("centre.runs", { broker: url, database: options.database === undefined ? "embedded" : "PostgreSQL" });
  return good({ url, desk, stop });
}

async function brokerOf(
  { broker, port = 1883 }: CentreOptions,
  folder: string,
): Promise<Judged<{ readonly url: string; readonly embedded?: EmbeddedBroker }>> {
  if (broker !== undefined) return good({ url: broker });
  const started = await startEmbeddedBroker({ folder, port });
  return started.ok ? good({ url: started.value.url, embedded: started.value }) : started;
}

/** The store rejects with sentences. */
async function opening<T>(open: () => Promise<T>): Promise<Judged<T>> {
  try {
    return good(await open());
  } catch (error) {
    return { ok: false, error: [error instanceof Error ? error.message : String(error)] };
  }
}

/** A broker of MQTT 5 gives each message to one of the collectors. */
function upTopicsOf(groups: readonly string[], version: 4 | 5): readonly string[] {
  const share = version === 5 ? "$share/yizhan/" : "";
  return (groups.length === 0 ? ["+"] : groups).map((group) => `${share}yz/v1/${group}/+/up/#`);
}

const isOfTakings = (topic: string): boolean => topic.split("/")[3] === "taken";

/** Cheap and never wrong in the other direction: only some entries speak of what is valid at several stations. */
const mayConcernOthers = (payload: Uint8Array): boolean =>
  /"area"|"frees"|"taken"/.test(Buffer.from(payload).toString());

function onlyNew(arrived: (event: Arrived) => void): (address: UpAddress, payload: Uint8Array) => void {
  const newest = new Map<string, number>();
  return ({ kiosk, group }, payload) => {
    const batch = readBatch(payload);
    if (!batch.ok) return;
    for (const item of batch.value.items) {
      const key = `${kiosk} ${item.life}`;
      if (item.seq <= (newest.get(key) ?? 0)) continue;
      newest.set(key, item.seq);
      arrived({ ...item, kiosk, group });
    }
  };
}
