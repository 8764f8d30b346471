import { seconds } from "../../../devices/kit/clock.ts";
import { nextServer, rebirth } from "../../../protocol/sparkplug/metrics.ts";
import { stateTopic } from "../../../protocol/sparkplug/topic.ts";
import { host, Kiosk } from "./kiosk.ts";
import type { Step } from "./step.ts";

/** Whole conversations of a kiosk with real brokers, each recorded once. */
export type Conversations = Readonly<Record<Name, readonly Step[]>>;
export type Name = (typeof names)[number];
export const names = [
  "day",
  "old",
  "outage",
  "rebirth",
  "restart",
  "waits",
  "hostLeaves",
  "wordsOfHosts",
  "twoServers",
  "nextServer",
] as const;

const ask = { name: rebirth.name, type: "Boolean", value: true } as const;
const onlineAt = (timestamp: number) => ({
  topic: stateTopic(host),
  payload: JSON.stringify({ online: true, timestamp }),
});
const offlineAt = (timestamp: number) => ({
  topic: stateTopic(host),
  payload: JSON.stringify({ online: false, timestamp }),
});

/** A kiosk's life, from its first connection to the end of its last. */
const lives: Readonly<Record<Name, (kiosk: Kiosk) => Promise<void>>> = {
  /** Goods, doors, temperatures, a device lost and found, more than 256 messages, and a proper stop. */
  async day(kiosk) {
    await kiosk.connect(await kiosk.broker());
    await kiosk.now(() => kiosk.vend());
    await kiosk.now(() => {
      kiosk.vitals = { ...kiosk.vitals, temperatureC: 55.5, cpuPercent: 80, underVoltage: true };
      kiosk.cabinets.set("cold", { temperatureC: 4.5, open: false, moved: 1_780_000_000_000 });
    }, 70);
    await kiosk.now(() => kiosk.vend());
    await kiosk.now(() => kiosk.paper.device("broken", undefined, "cold"));
    await kiosk.now(() => kiosk.cabinets.set("vend", { open: true }), 1);
    await kiosk.now(() => kiosk.paper.device("stale"), 5);
    await kiosk.now(() => kiosk.paper.device("working"), 5);
    await kiosk.now(() => kiosk.paper.device("working", undefined, "cold"));
    for (let door = 0; door < 260; door += 1)
      await kiosk.now(() => kiosk.cabinets.set("vend", { open: door % 2 === 1 }));
    await kiosk.now(() => kiosk.cabinets.set("cold", {}), 130);
  },

  /** The same with MQTT 3.1.1. */
  async old(kiosk) {
    await kiosk.connect(await kiosk.broker(), 4);
    await kiosk.now(() => kiosk.vend());
    await kiosk.now(() => kiosk.paper.device("absent", undefined, "cold"), 70);
  },

  /** The line is cut; what changes meanwhile is told as history. */
  async outage(kiosk) {
    const broker = await kiosk.broker();
    await kiosk.connect(broker);
    await kiosk.now(() => kiosk.vend());
    await kiosk.cut();
    for (let minute = 0; minute < 20; minute += 1)
      await kiosk.now(() => {
        kiosk.vitals = { ...kiosk.vitals, temperatureC: 40 + minute * 3 };
        kiosk.cabinets.set("cold", { temperatureC: minute, open: minute % 2 === 1 });
      }, 60);
    await kiosk.connect(broker);
    await kiosk.now(() => kiosk.cabinets.set("cold", { temperatureC: -5 }), 70);
    await kiosk.cut();
    await kiosk.connect(broker);
    await kiosk.now(() => kiosk.vend());
  },

  /** Rebirths, once and too often, and commands that are none. */
  async rebirth(kiosk) {
    await kiosk.connect(await kiosk.broker());
    await kiosk.now(() => kiosk.vend());
    await kiosk.now(() => kiosk.cabinets.set("vend", { open: true }), 1);
    await kiosk.command(ask);
    await kiosk.now(() => kiosk.cabinets.set("vend", { open: false }));
    await kiosk.command(ask);
    await kiosk.command(ask);
    await kiosk.now(() => kiosk.cabinets.set("vend", { open: true }), 3);
    await kiosk.now(() => {}, 10);
    await kiosk.command({ ...ask, value: false }, { name: "Door/Open", type: "Boolean", value: true });
    await kiosk.now(() => kiosk.vend());
  },

  /** The process ends and starts again. */
  async restart(kiosk) {
    const broker = await kiosk.broker();
    await kiosk.connect(broker);
    await kiosk.now(() => kiosk.vend());
    await kiosk.restart();
    await kiosk.connect(broker);
    await kiosk.now(() => kiosk.vend());
  },

  /** A primary host that comes late: words of others, and its own offline word, are not enough. */
  async waits(kiosk) {
    await kiosk.connect(await kiosk.broker());
    await kiosk.now(() => kiosk.vend(), 30);
    await kiosk.says(stateTopic("another"), onlineAt(5).payload);
    await kiosk.says(onlineAt(5).topic, "ONLINE");
    await kiosk.hostIs(false, 10);
    await kiosk.now(() => kiosk.vend(), 30);
    await kiosk.hostIs(true, 9);
    await kiosk.hostIs(true, 11);
    await kiosk.now(() => kiosk.vend());
  },

  /** The primary host goes; the kiosk says goodbye, comes back, and waits. */
  async hostLeaves(kiosk) {
    const broker = await kiosk.broker();
    broker.behave({ retained: [onlineAt(100)] });
    await kiosk.connect(broker);
    await kiosk.now(() => kiosk.vend());
    await kiosk.hostIs(false, 100);
    await kiosk.hasLeft();
    broker.behave({ retained: [offlineAt(100)] });
    await kiosk.connect(broker);
    await kiosk.now(() => kiosk.cabinets.set("vend", { open: true }), 30);
    await kiosk.hostIs(true, 200);
    await kiosk.now(() => kiosk.cabinets.set("vend", { open: false }));
  },

  /** Old and foreign words of hosts, which change nothing. */
  async wordsOfHosts(kiosk) {
    const broker = await kiosk.broker();
    broker.behave({ retained: [onlineAt(100)] });
    await kiosk.connect(broker);
    await kiosk.hostIs(false, 99);
    await kiosk.now(() => kiosk.cabinets.set("vend", { open: true }));
    await kiosk.says(stateTopic("another"), offlineAt(500).payload);
    await kiosk.now(() => kiosk.cabinets.set("vend", { open: false }));
  },

  /** The host is at the second broker. */
  async twoServers(kiosk) {
    const first = await kiosk.broker();
    const second = await kiosk.broker();
    first.behave({ retained: [onlineAt(100)] });
    second.behave({ retained: [onlineAt(300)] });
    await kiosk.connect(first);
    await kiosk.now(() => kiosk.vend());
    await kiosk.hostIs(false, 200);
    await kiosk.hasLeft();
    first.behave({ retained: [offlineAt(200)] });
    await kiosk.connect(second);
    await kiosk.now(() => kiosk.vend());
    await kiosk.cut();
    await kiosk.connect(first);
    await kiosk.hasLeft();
    await kiosk.connect(second);
    await kiosk.now(() => kiosk.cabinets.set("vend", { open: true }));
  },

  /** Asked to go to the next broker, by the alias of the command. */
  async nextServer(kiosk) {
    const first = await kiosk.broker();
    const second = await kiosk.broker();
    await kiosk.connect(first);
    await kiosk.command({ alias: nextServer.alias ?? 0, type: "Boolean", value: true });
    await kiosk.hasLeft();
    await kiosk.connect(second);
    await kiosk.now(() => kiosk.vend());
  },
};

const settings: Partial<Readonly<Record<Name, ConstructorParameters<typeof Kiosk>[0]>>> = {
  outage: { birthSpread: seconds(3) },
  waits: { primaryHost: host },
  hostLeaves: { primaryHost: host },
  wordsOfHosts: { primaryHost: host },
  twoServers: { primaryHost: host, servers: 2 },
  nextServer: { servers: 2 },
};

/** What kept a conversation from going on, by name: each goes on to its end at a kiosk that does as it should. */
export const interrupted = new Map<Name, unknown>();

async function recorded(name: Name): Promise<readonly Step[]> {
  const kiosk = new Kiosk(settings[name]);
  try {
    await lives[name](kiosk);
  } catch (error) {
    // What was said so far is judged all the same.
    interrupted.set(name, error);
  } finally {
    await kiosk.close();
  }
  return kiosk.steps();
}

export async function recordedAll(): Promise<Conversations> {
  const all = await Promise.all(names.map(async (name) => [name, await recorded(name)] as const));
  return Object.fromEntries(all) as Conversations;
}

/** Where nothing was ever said: no judgement may be content with that. */
export const silence = Object.fromEntries(names.map((name) => [name, []])) as unknown as Conversations;
