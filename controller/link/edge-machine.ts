import { millis, seconds } from "../../devices/kit/clock.ts";
import { nodeTopic, stateTopic } from "../../protocol/sparkplug/topic.ts";
import type { Moment } from "../domain/moment.ts";
import { births, birthsPlanned, deviceCame, deviceWent, leave } from "./births.ts";
import { stay, type Edge, type EdgeEvent, type EdgeSetting, type EdgeStep } from "./edge.ts";
import { believed, readHostWord } from "./host-word.ts";
import { dataDueAt, minuteKept, tellNews, tellPast } from "./live.ts";
import { readNodeControl } from "./node-control.ts";
import { learn, type Reading, type Tidings } from "./tidings.ts";
import type { Heard } from "./uplink.ts";

/** Rebirths are asked for by hosts that missed something, all at once after a restart: one in so long is enough. */
const betweenRebirths = seconds(10);
/** Where there are other brokers, the primary host is awaited so long at this one. */
const hostAwaited = seconds(60);

/** The kiosk as a Sparkplug edge node: what it hears and learns goes in, what it tells comes out. */
export function stepEdge(setting: EdgeSetting, edge: Edge, now: Moment, event: EdgeEvent): EdgeStep {
  switch (event.kind) {
    case "connected": {
      const { host: _, rebornAt: __, ...rest } = edge;
      return stay({
        ...rest,
        bdSeq: event.bdSeq,
        phase: { is: "subscribing", chance: event.chance },
        born: new Set(),
      });
    }
    case "subscribed":
      return edge.phase.is === "subscribing" ? birthsPlanned(setting, edge, edge.phase.chance, now) : stay(edge);
    case "report":
      return reported(
        setting,
        { ...edge, tidings: learnt(setting, edge.tidings, event.readings, now) },
        event.there,
        now,
      );
    case "heard":
      return heard(setting, edge, event.message, now);
    case "tick":
      return tick(setting, edge, now);
    case "minute":
      return minuteKept(setting, edge, now);
    case "past":
      return tellPast(setting, edge, event.device, event.values, now);
    case "stop":
      return leave(setting, edge, now, "stop");
    case "lost":
      return stay({ ...edge, phase: { is: "away" }, born: new Set() });
  }
}

/** When a tick is next due; Infinity while there is nothing to wait for. */
export function wakesAt(setting: EdgeSetting, edge: Edge): number {
  const { phase } = edge;
  switch (phase.is) {
    case "away":
    case "subscribing":
    case "leaving":
      return Infinity;
    case "waiting":
      return setting.servers > 1 ? phase.since + hostAwaited : Infinity;
    case "spreading":
    case "asked-again":
      return phase.until;
    case "live":
      return dataDueAt(setting, edge);
  }
}

function tick(setting: EdgeSetting, edge: Edge, now: Moment): EdgeStep {
  if (wakesAt(setting, edge) > now.mono) return stay(edge);
  switch (edge.phase.is) {
    case "waiting":
      return leave(setting, edge, now, "host-offline");
    case "spreading":
      return births(setting, edge, now);
    case "asked-again":
      return births(setting, { ...edge, rebornAt: now.mono }, now);
    default:
      return tellNews(setting, edge, now);
  }
}

const learnt = ({ metrics }: EdgeSetting, tidings: Tidings, readings: readonly Reading[], now: Moment): Tidings =>
  learn(
    tidings,
    readings.map(({ name, device, value }) => ({ metric: metrics.named(name, device), value })),
    now.mono,
  );

/** Devices that are back are born, and lost ones die. */
function reported(setting: EdgeSetting, before: Edge, there: ReadonlySet<string>, now: Moment): EdgeStep {
  let step = stay(before);
  for (const id of setting.metrics.devices.keys()) {
    if (there.has(id) === step.edge.there.has(id)) continue;
    const { edge, effects } = (there.has(id) ? deviceCame : deviceWent)(setting, step.edge, id, now);
    step = stay(edge, ...step.effects, ...effects);
  }
  return step;
}

function heard(setting: EdgeSetting, edge: Edge, { topic, payload, retained }: Heard, now: Moment): EdgeStep {
  if (topic === nodeTopic("NCMD", setting.group, setting.node))
    // A command that stood on the broker was not meant for this connection.
    return retained ? ignored(edge, 1) : commanded(setting, edge, payload, now);
  const { primaryHost } = setting;
  if (primaryHost !== undefined && topic === stateTopic(primaryHost)) return hostSaid(setting, edge, payload, now);
  return ignored(edge, 1);
}

const ignored = (edge: Edge, count: number): EdgeStep => stay({ ...edge, ignored: edge.ignored + count });

function commanded(setting: EdgeSetting, before: Edge, payload: Uint8Array, now: Moment): EdgeStep {
  const asked = readNodeControl(payload);
  const { edge } = ignored(before, asked.ignored);
  if (asked.nextServer) return setting.servers > 1 ? leave(setting, edge, now, "next-server") : ignored(edge, 1);
  // In every other phase births are still to come.
  if (!asked.rebirth || edge.phase.is !== "live") return stay(edge);
  const soonest = (edge.rebornAt ?? -Infinity) + betweenRebirths;
  return soonest > now.mono
    ? stay({ ...edge, phase: { is: "asked-again", until: millis(soonest) } })
    : births(setting, { ...edge, rebornAt: now.mono }, now);
}

/** What the primary host says of itself [Sparkplug 3.0, 5.4.1 and message-flow-edge-node-birth-publish-phid-*]. */
function hostSaid(setting: EdgeSetting, before: Edge, payload: Uint8Array, now: Moment): EdgeStep {
  const host = readHostWord(payload);
  if (host === undefined || !believed(before.host, host)) return ignored(before, 1);
  const edge: Edge = { ...before, host };
  switch (edge.phase.is) {
    case "waiting":
      return birthsPlanned(setting, edge, edge.phase.chance, now);
    case "spreading":
      return host.online ? stay(edge) : birthsPlanned(setting, edge, edge.phase.chance, now);
    case "live":
    case "asked-again":
      return host.online ? stay(edge) : leave(setting, edge, now, "host-offline");
    case "away":
    case "subscribing":
    case "leaving":
      return stay(edge);
  }
}
