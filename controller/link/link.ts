import type { LoadedStation } from "../../config/load.ts";
import { days, seconds, type Timer } from "../../devices/kit/clock.ts";
import { fault } from "../../devices/kit/fault.ts";
import { writeResult, type CommandResult } from "../../protocol/commands/result.ts";
import { kioskName, topicsOf } from "../../protocol/fleet/topics.ts";
import { nodeMetrics } from "../../protocol/sparkplug/metrics.ts";
import { ownStock } from "../domain/announce.ts";
import type { Stamped } from "../domain/entry.ts";
import type { Answer, Event, Setting, State } from "../domain/state.ts";
import type { Release } from "../release.ts";
import type { LinkReport } from "../screen/report.ts";
import type { Vitals, World } from "../world.ts";
import { startCalling, type Calling } from "./calling.ts";
import { openCommands, resultOf } from "./commands.ts";
import { openEdgeNode } from "./edge-node.ts";
import { openOutbox } from "./events.ts";
import { logMessages } from "./log-message.ts";
import { metricSet } from "./metric-set.ts";
import { openNeighbours, type FromElsewhere } from "./neighbours.ts";
import { standingOf } from "./standing.ts";
import { partsOf, telemetry, type Cabinet } from "./telemetry.ts";
import type { Heard, Message, Session } from "./uplink.ts";

/** The way to the centre. The kiosk tells it what happened; it never keeps the kiosk waiting. */
export interface Link {
  /** The kiosk is so now. Looked at once a second at most. */
  turned(state: State): void;
  /** An entry is in the ledger. */
  saved(stamped: Stamped): void;
  answer(answer: Answer): void;
  sendLog(id: string, lines: readonly string[]): void;
  cabinet(device: string, cabinet: Cabinet): void;
  /** What is in force has changed: the centre shall know. */
  reported(payload: Uint8Array): void;
  report(): LinkReport;
  stop(): Promise<void>;
}

export interface LinkParts {
  readonly world: World;
  readonly loaded: LoadedStation;
  readonly setting: Setting;
  readonly release: Release;
  /** The station's link, of the station file or of the command line. */
  readonly link: NonNullable<LoadedStation["station"]["link"]>;
  readonly configuration?: { readonly version: string; readonly hash: string };
  send(event: Event): void;
  /** What other stations gave is known from now on. */
  given(known: FromElsewhere): void;
  /** A signed configuration, campaign, list or key bundle has come. `about`: what of the desired topics. */
  desired(about: string, payload: Uint8Array): void;
}

/** How often the kiosk's state is looked at for news, at most. */
const looked = seconds(1);
const vitalsEvery = seconds(60);

export function startLink(parts: LinkParts): Link {
  const { world, loaded, setting, release, link, send } = parts;
  const { clock, dice, disk, log, uplink } = world;
  const { station } = loaded;
  const kiosk = kioskName(station.station.id);
  const topics = topicsOf(link.group, kiosk);
  const standing = standingOf(loaded, release);
  const metrics = metricSet(nodeMetrics, partsOf(standing.devices));
  const cabinets = new Map<string, Cabinet>();

  let session: Session | undefined;
  let present: State | undefined;
  let vitals: Vitals | undefined;
  let report: Uint8Array | undefined;

  const node = openEdgeNode({
    setting: {
      group: link.group,
      node: kiosk,
      metrics,
      heartbeat: metrics.named("Sys/Uptime_s"),
      ...(link.primaryHost === undefined ? {} : { primaryHost: link.primaryHost }),
      servers: link.servers.length,
      birthSpread: seconds(link.birthSpread),
    },
    keep: disk.keep,
    clock,
    dice,
    log,
    left: () => calling.next(),
  });
  const outbox = openOutbox({
    disk,
    clock,
    log,
    mode: link.acknowledged,
    topic: topics.events,
    disagreed: (why) => send({ kind: "disagreed", why }),
  });
  const neighbours = openNeighbours({
    station,
    group: link.group,
    keep: disk.keep,
    clock,
    log,
    given: (known) => parts.given(known),
    nearby: (who, stock) => send({ kind: "nearby", kiosk: who, stock }),
  });
  const commands = openCommands({
    clock,
    kiosk,
    trust: station.trust,
    send,
    answer: (result) => tellResult(result),
  });

  const publish = async (message: Message) =>
    (await session?.publish(message)) ?? { ok: false as const, error: fault("interrupted", "There is no connection.") };
  const tellResult = (result: CommandResult): void =>
    void publish({ topic: topics.results, payload: writeResult(result), qos: 1, retain: false });

  const certificateDays = (): { readonly certificateDays?: number } => {
    const ends = uplink.certificateEnds?.();
    return ends === undefined ? {} : { certificateDays: Math.floor((ends - clock.wall().utc) / days(1)) };
  };

  // What the kiosk is ------------------------------------------------------------------------------------------------

  let looking: Timer | undefined;
  const look = (): void => {
    looking = undefined;
    if (present === undefined) return;
    const { count, oldestAt } = outbox.depth();
    const { utc } = clock.wall();
    node.report(
      telemetry({
        standing,
        setting,
        state: present,
        cabinets,
        ...(vitals ? { vitals } : {}),
        outbox: {
          depth: count,
          oldestSeconds: oldestAt === undefined ? 0 : Math.max(0, Math.round((utc - oldestAt) / 1000)),
          dropped: node.dropped(),
        },
        ...(parts.configuration ? { configuration: parts.configuration } : {}),
        ...certificateDays(),
      }),
    );
    neighbours.has(ownStock(setting, present));
  };
  const lookSoon = (): void => {
    looking ??= clock.after(looked, "link: look at the kiosk", look);
  };

  let asking: Timer | undefined;
  const askVitals = async (): Promise<void> => {
    vitals = await world.host.vitals();
    if (stopped) return;
    lookSoon();
    asking = clock.after(vitalsEvery, "link: vitals", () => void askVitals());
  };

  // The conversation -------------------------------------------------------------------------------------------------

  const hear = async (message: Heard): Promise<void> => {
    if (node.heard(message) || neighbours.heard(message)) return;
    const { topic, payload } = message;
    if (topic === topics.ack) outbox.heard(payload);
    else if (topic === topics.commands) commands.heard(message);
    else if (topic.startsWith(desired) && payload.length > 0) parts.desired(topic.slice(desired.length), payload);
  };
  const desired = topics.desired("config").slice(0, -"config".length);

  const talk = async (open: Session, _server: string, order: AbortSignal): Promise<void> => {
    const { promise: over, resolve: isOver } = Promise.withResolvers<void>();
    const listening = open.listen({ heard: hear, ended: () => isOver() });
    session = open;
    const leave = (): void => void node.stop();
    order.addEventListener("abort", leave);
    await begin(open, over);
    await over;
    order.removeEventListener("abort", leave);
    listening.stop();
    session = undefined;
    outbox.ended();
    neighbours.connected(undefined);
    node.lost();
    send({ kind: "link", online: false });
  };

  /** Subscriptions, births, and only then everything else. */
  const begin = async (open: Session, over: Promise<void>): Promise<void> => {
    const subscribed = await open.subscribe([{ topic: topics.down, qos: 1 }, ...neighbours.topics]);
    if (!subscribed.ok) log.fail("link.not-subscribed", subscribed.error);
    look();
    const born = await Promise.race([node.begin(open), over]);
    if (born === undefined || !born.ok || session !== open) return;
    send({ kind: "link", online: true });
    outbox.begin(open);
    neighbours.connected(publish);
    if (report) void publish({ topic: topics.reported, payload: report, qos: 1, retain: false });
  };

  let stopped = false;
  const calling: Calling = startCalling({
    uplink: {
      async connect(call) {
        const reached = await uplink.connect(call);
        if (!reached.ok && reached.error.unheard) node.unheard();
        return reached;
      },
    },
    clock,
    dice,
    log,
    servers: link.servers,
    call: async () => ({ clientId: kiosk, will: await node.will(), keepalive: seconds(link.keepalive) }),
    talk,
    changed: () => {},
  });
  void askVitals();

  return {
    turned(state) {
      present = state;
      lookSoon();
    },
    saved: (stamped) => outbox.appended(stamped),
    answer: (answer) => tellResult(resultOf(answer, clock)),
    sendLog(id, lines) {
      const messages = logMessages(topics.log, id, lines, clock.wall().utc);
      void Promise.all(messages.map(publish)).then(() => send({ kind: "log-pulled", id }));
    },
    cabinet(device, cabinet) {
      cabinets.set(device, { ...cabinets.get(device), ...cabinet });
      lookSoon();
    },
    reported(payload) {
      report = payload;
      if (session) void publish({ topic: topics.reported, payload, qos: 1, retain: false });
    },
    report() {
      const { online, server, since, refused } = calling.state();
      const { utc } = clock.wall();
      return {
        is: online ? "online" : "offline",
        server,
        since: Math.max(0, (utc - since) / 1000),
        ...(refused ? { refused } : {}),
        waiting: outbox.depth().count,
        ...certificateDays(),
      };
    },
    async stop() {
      stopped = true;
      looking?.cancel();
      asking?.cancel();
      commands.stop();
      await neighbours.close();
      await outbox.stop();
      const ended = calling.stop();
      await node.stop();
      await ended;
    },
  };
}
