import { millis } from "../../devices/kit/clock.ts";
import type { Moment } from "../domain/moment.ts";
import {
  nextSeq,
  publish,
  stay,
  toldMetrics,
  type Edge,
  type EdgeEffect,
  type EdgeSetting,
  type EdgeStep,
} from "./edge.ts";
import { beating, tellPart } from "./live.ts";
import { deviceBirth, deviceDeath, nodeBirth, nodeDeath } from "./sayings.ts";
import { tell } from "./tidings.ts";

/** Subscribed, or the host is there now: births at once, later, or when the host comes. */
export function birthsPlanned(setting: EdgeSetting, edge: Edge, chance: number, now: Moment): EdgeStep {
  if (setting.primaryHost !== undefined && edge.host?.online !== true) {
    if (edge.host !== undefined && setting.servers > 1) return leave(setting, edge, now, "host-offline");
    const since = edge.phase.is === "waiting" ? edge.phase.since : now.mono;
    return stay({ ...edge, phase: { is: "waiting", since, chance } });
  }
  const until = millis(now.mono + chance * setting.birthSpread);
  return until > now.mono ? stay({ ...edge, phase: { is: "spreading", until, chance } }) : births(setting, edge, now);
}

/** NBIRTH with seq 0, then a DBIRTH for every device that is there [Sparkplug 3.0, 5.4]. */
export function births(setting: EdgeSetting, edge: Edge, now: Moment): EdgeStep {
  const { metrics } = setting;
  const tidings = beating(setting, edge.tidings, now);
  const born = new Set([...metrics.devices.keys()].filter((id) => edge.there.has(id)));
  const sent: EdgeEffect[] = [publish(nodeBirth(setting, edge.bdSeq, metrics.node, tidings, now.utc))];
  let seq = nextSeq(0);
  for (const id of born) {
    sent.push(publish(deviceBirth(setting, id, seq, metrics.devices.get(id) ?? [], tidings, now.utc)));
    seq = nextSeq(seq);
  }
  const told = tell(tidings, toldMetrics(setting, born), now.mono);
  const live: Edge = { ...edge, phase: { is: "live" }, seq, born, tidings: told, toldUntil: now.utc };
  return stay(live, ...sent, { kind: "born" });
}

export function deviceCame(setting: EdgeSetting, before: Edge, id: string, now: Moment): EdgeStep {
  const edge: Edge = { ...before, there: new Set(before.there).add(id) };
  const own = setting.metrics.devices.get(id);
  // While births are still to come, this one comes with them.
  if (edge.phase.is !== "live" || edge.born.has(id) || own === undefined) return stay(edge);
  const message = deviceBirth(setting, id, edge.seq, own, edge.tidings, now.utc);
  const tidings = tell(edge.tidings, own, now.mono);
  return stay({ ...edge, seq: nextSeq(edge.seq), born: new Set(edge.born).add(id), tidings }, publish(message));
}

export function deviceWent(setting: EdgeSetting, before: Edge, id: string, now: Moment): EdgeStep {
  const edge: Edge = { ...before, there: except(before.there, id) };
  if (!edge.born.has(id)) return stay(edge);
  // Its last word says why: the host keeps it.
  const last = edge.phase.is === "live" ? tellPart(setting, edge, id, now) : stay(edge);
  const message = deviceDeath(setting, id, last.edge.seq, now.utc);
  const gone = { ...last.edge, seq: nextSeq(last.edge.seq), born: except(edge.born, id) };
  return stay(gone, ...last.effects, publish(message));
}

const except = (ids: ReadonlySet<string>, id: string): ReadonlySet<string> =>
  new Set([...ids].filter((other) => other !== id));

/** Ends the conversation. Who was born dies first; of anyone else the host never heard. */
export function leave(
  setting: EdgeSetting,
  edge: Edge,
  now: Moment,
  why: Extract<EdgeEffect, { kind: "leave" }>["why"],
): EdgeStep {
  const gone: Edge = { ...edge, phase: { is: "leaving" }, born: new Set() };
  switch (edge.phase.is) {
    case "away":
    case "leaving":
      return stay(edge);
    case "subscribing":
    case "waiting":
    case "spreading":
      return stay(gone, { kind: "leave", withWill: false, why });
    case "live":
    case "asked-again":
      return stay(gone, publish(nodeDeath(setting, edge.bdSeq, now.utc)), { kind: "leave", withWill: true, why });
  }
}
