import { millis, minutes, seconds, type Clock, type Timer } from "../../devices/kit/clock.ts";
import { fault } from "../../devices/kit/fault.ts";
import { err, ok, type Result } from "../../devices/kit/result.ts";
import { namespace, nodeTopic, stateTopic } from "../../protocol/sparkplug/topic.ts";
import type { Moment } from "../domain/moment.ts";
import type { Disk, World } from "../world.ts";
import { away, type Edge, type EdgeEffect, type EdgeEvent, type EdgeSetting } from "./edge.ts";
import { stepEdge, wakesAt } from "./edge-machine.ts";
import { openHistory } from "./history.ts";
import { tellHistory, type Listener } from "./past-teller.ts";
import { nodeDeath } from "./sayings.ts";
import type { Telemetry } from "./telemetry.ts";
import type { Heard, Message, Session } from "./uplink.ts";

/** The kiosk as a Sparkplug 3.0 edge node. Whoever holds the connection calls it; it says what to publish when. */
export interface EdgeNode {
  /** The will of the next CONNECT. Its number is on the disk before it is used, and never the one before. */
  will(): Promise<Message>;
  /** The last will was shown to no broker: the next may have its number. In an outage this spares the card. */
  unheard(): void;
  /** Subscribes, waits for the primary host where there is one, and tells the births. Settles when they are out, or cannot be. */
  begin(session: Session): Promise<Result<void>>;
  /** What is so now, and which devices answer. Only what changed is told. */
  report(telemetry: Telemetry): void;
  /** True where the message was Sparkplug's, and so not anybody else's. */
  heard(message: Heard): boolean;
  /** The connection ended by itself. */
  lost(): void;
  /** Says goodbye, ends the connection, and lets go of every timer. With the next will it begins anew. */
  stop(): Promise<void>;
  /** Messages, and parts of messages, that were not obeyed. */
  ignored(): number;
  /** Values of outages that found no room. */
  dropped(): number;
}

export interface EdgeNodeParts {
  readonly setting: EdgeSetting;
  readonly keep: Disk["keep"];
  readonly clock: Clock;
  readonly dice: World["dice"];
  readonly log: World["log"];
  /** The connection was ended by this node, to go on at the next broker of the list. */
  left(why: "host-offline" | "next-server"): void;
}

/** Under this name the number of the last CONNECT is kept: one byte. */
const keptAs = "link.bdseq";
/** Our own last word is waited for so long; a dead line would keep a stopping kiosk. */
const lastWord = seconds(2);
const minute = minutes(1);

/** One session, from its first subscription to its end. */
interface Conversation {
  readonly session: Session;
  over: boolean;
  /** Births were told: the past may follow. */
  began: boolean;
  settle(births: Result<void>): void;
  readonly waits: Set<() => void>;
}

export function openEdgeNode({ setting, keep, clock, dice, log, left }: EdgeNodeParts): EdgeNode {
  const history = openHistory({ keep, metrics: setting.metrics, run: chance32(dice) });
  const ncmd = { topic: nodeTopic("NCMD", setting.group, setting.node), qos: 1 } as const;
  const underWay = new Set<Promise<void>>();
  let edge: Edge = away;
  let bdSeq = keep.get(keptAs)?.[0];
  let reusable = false;
  let talk: Conversation | undefined;
  let next: Timer | undefined;
  let everyMinute: Timer | undefined;
  let goodbye: Promise<void> = Promise.resolve();

  // Monotonic clocks count fractions; on the wire a millisecond is whole.
  const now = (): Moment => {
    const { utc, trusted } = clock.wall();
    return { mono: clock.mono(), utc: millis(Math.floor(utc)), trusted };
  };

  /** Says whether anything was published. */
  const step = (event: EdgeEvent): boolean => {
    const stepped = stepEdge(setting, edge, now(), event);
    edge = stepped.edge;
    stepped.effects.forEach(perform);
    arrange();
    return stepped.effects.some(({ kind }) => kind === "publish");
  };

  /** The next tick, once what was said is on its way: a line that stands still gets no queue. */
  const arrange = (): void => {
    next?.cancel();
    const at = underWay.size > 0 ? Infinity : wakesAt(setting, edge);
    if (at === Infinity) return;
    next = clock.after(millis(Math.max(0, at - clock.mono())), "link: next news", () => step({ kind: "tick" }));
  };

  const perform = (effect: EdgeEffect): void => {
    switch (effect.kind) {
      case "publish":
        return publish(effect.message);
      case "born":
        return born();
      case "keep":
        return void history.keep(effect.changes, now());
      case "leave":
        goodbye = leave(effect.withWill, effect.why);
    }
  };

  const publish = (message: Message): void => {
    if (talk === undefined) return;
    const sent = talk.session.publish(message).then((done) => {
      underWay.delete(sent);
      if (!done.ok) log.fail("link.not-sent", done.error);
      arrange();
    });
    underWay.add(sent);
  };

  const born = (): void => {
    if (talk === undefined || talk.began) return;
    talk.began = true;
    talk.settle(ok(undefined));
    void tellHistory(history, listenerTo(talk));
  };

  const listenerTo = (conversation: Conversation): Listener => ({
    now,
    over: () => conversation.over,
    quiet: () => edge.phase.is === "live" && underWay.size === 0 && wakesAt(setting, edge) > clock.mono(),
    tellable: (device) => device === undefined || edge.born.has(device),
    say: (device, values) => step({ kind: "past", ...(device === undefined ? {} : { device }), values }),
    rest: (span) =>
      new Promise((resolve) => {
        if (conversation.over) return resolve();
        const done = (): void => {
          timer.cancel();
          conversation.waits.delete(done);
          resolve();
        };
        const timer = clock.after(span, "link: the past", done);
        conversation.waits.add(done);
      }),
    // A broker takes a client's packets in order [MQTT5 4.6]: when it answers this, it has what came before.
    has: async () => !conversation.over && (await conversation.session.subscribe([ncmd])).ok,
  });

  const ended = (conversation: Conversation): void => {
    conversation.over = true;
    conversation.waits.forEach((done) => done());
    conversation.settle(err(fault("interrupted", "The connection to the broker ended before the births.")));
    if (talk === conversation) talk = undefined;
  };

  const leave = async (withWill: boolean, why: Extract<EdgeEffect, { kind: "leave" }>["why"]): Promise<void> => {
    const conversation = talk;
    if (conversation === undefined) return;
    ended(conversation);
    await patient(clock, Promise.all(underWay));
    await conversation.session.end(withWill);
    step({ kind: "lost" });
    if (why !== "stop") left(why);
  };

  const wind = (): void => {
    everyMinute = clock.after(minute, "link: a minute of an outage", () => {
      wind();
      step({ kind: "minute" });
    });
  };
  wind();

  return {
    async will() {
      if (everyMinute === undefined) wind();
      if (reusable && bdSeq !== undefined) {
        reusable = false;
        return nodeDeath(setting, bdSeq, now().utc);
      }
      bdSeq = bdSeq === undefined ? 0 : (bdSeq + 1) % 256;
      const kept = await keep.put(keptAs, Uint8Array.of(bdSeq));
      // A kiosk whose disk fails has something to tell: it goes on with the number it has in mind.
      if (!kept.ok) log.fail("link.number-not-kept", kept.error);
      return nodeDeath(setting, bdSeq, now().utc);
    },
    unheard() {
      reusable = true;
    },
    async begin(session) {
      if (talk !== undefined) ended(talk);
      let settle: (births: Result<void>) => void = () => {};
      const births = new Promise<Result<void>>((resolve) => (settle = resolve));
      const conversation: Conversation = { session, over: false, began: false, settle, waits: new Set() };
      talk = conversation;
      step({ kind: "connected", bdSeq: bdSeq ?? 0, chance: chance32(dice) / 2 ** 32 });
      const state =
        setting.primaryHost === undefined ? [] : [{ topic: stateTopic(setting.primaryHost), qos: 1 as const }];
      const subscribed = await session.subscribe([ncmd, ...state]);
      if (!conversation.over) {
        if (subscribed.ok) step({ kind: "subscribed" });
        else conversation.settle(subscribed);
      }
      return births;
    },
    report: ({ readings, there }) => void step({ kind: "report", readings, there }),
    heard(message) {
      if (!message.topic.startsWith(`${namespace}/`)) return false;
      step({ kind: "heard", message });
      return true;
    },
    lost() {
      if (talk !== undefined) ended(talk);
      step({ kind: "lost" });
    },
    async stop() {
      everyMinute?.cancel();
      everyMinute = undefined;
      step({ kind: "stop" });
      await goodbye;
      next?.cancel();
    },
    ignored: () => edge.ignored,
    dropped: () => history.dropped(),
  };
}

const chance32 = (dice: World["dice"]): number => new DataView(Uint8Array.from(dice.bytes(4)).buffer).getUint32(0);

/** Waits for the last word to arrive, but not for ever. */
function patient(clock: Clock, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.after(lastWord, "link: last word", resolve);
    void work.then(() => {
      timer.cancel();
      resolve();
    });
  });
}
