import { millis, seconds } from "../../devices/kit/clock.ts";
import type { Moment } from "../domain/moment.ts";
import { nextSeq, publish, stay, toldMetrics, type Edge, type EdgeSetting, type EdgeStep } from "./edge.ts";
import type { Metered } from "./metric-set.ts";
import { data, present, type Past } from "./sayings.ts";
import { firstDue, sendable, tell, type Tidings } from "./tidings.ts";

/** The heartbeat's pace. */
const heartbeatEvery = seconds(60);

const heartbeatAt = ({ heartbeat }: EdgeSetting, { told }: Tidings): number =>
  (told.get(heartbeat.alias)?.at ?? -Infinity) + heartbeatEvery;

/** When live data is next due. */
export const dataDueAt = (setting: EdgeSetting, { tidings, born }: Edge): number =>
  Math.min(firstDue(tidings, toldMetrics(setting, born)) ?? Infinity, heartbeatAt(setting, tidings));

/** The uptime goes on between two reports of it, in whole seconds. */
export function beating({ heartbeat }: EdgeSetting, tidings: Tidings, now: Moment): Tidings {
  const last = tidings.known.get(heartbeat.alias);
  if (typeof last?.value !== "number") return tidings;
  const passed = Math.floor((now.mono - last.at) / 1000);
  const value = { value: last.value + passed, at: millis(last.at + passed * 1000) };
  return { ...tidings, known: new Map(tidings.known).set(heartbeat.alias, value) };
}

/** Whatever is due, one message for the node and one for each device. */
export function tellNews(setting: EdgeSetting, before: Edge, now: Moment): EdgeStep {
  if (dataDueAt(setting, before) > now.mono) return stay(before);
  const beats = heartbeatAt(setting, before.tidings) <= now.mono;
  const edge: Edge = { ...before, tidings: beating(setting, before.tidings, now) };
  let step = tellPart(setting, edge, undefined, now, beats ? [setting.heartbeat] : []);
  for (const id of edge.born) {
    const { edge: after, effects } = tellPart(setting, step.edge, id, now);
    step = stay(after, ...step.effects, ...effects);
  }
  return stay({ ...step.edge, toldUntil: now.utc }, ...step.effects);
}

/** The news of the node or of one device, and what is told `besides`; nothing where there is none. */
export function tellPart(
  setting: EdgeSetting,
  edge: Edge,
  device: string | undefined,
  now: Moment,
  besides: readonly Metered[] = [],
): EdgeStep {
  const metrics = (device === undefined ? setting.metrics.node : setting.metrics.devices.get(device)) ?? [];
  const news = sendable(edge.tidings, metrics, now.mono).filter((metric) => metric !== setting.heartbeat);
  const told = [...news, ...besides];
  if (told.length === 0) return stay(edge);
  const values = present(told, edge.tidings, now, edge.toldUntil);
  const message = data(setting, device, edge.seq, values, now.utc);
  return stay({ ...edge, seq: nextSeq(edge.seq), tidings: tell(edge.tidings, told, now.mono) }, publish(message));
}

/** What an outage kept of one part; nothing where it may not be told now. */
export function tellPast(
  setting: EdgeSetting,
  edge: Edge,
  device: string | undefined,
  values: readonly Past[],
  now: Moment,
): EdgeStep {
  if (edge.phase.is !== "live" || values.length === 0) return stay(edge);
  if (device !== undefined && !edge.born.has(device)) return stay(edge);
  return stay({ ...edge, seq: nextSeq(edge.seq) }, publish(data(setting, device, edge.seq, values, now.utc, true)));
}

/** Without a host, what changed is told to the history instead, once a minute. Uptime says nothing there. */
export function minuteKept(setting: EdgeSetting, edge: Edge, now: Moment): EdgeStep {
  const { is } = edge.phase;
  if (is === "live" || is === "asked-again") return stay(edge);
  const { tidings } = edge;
  const news = [...setting.metrics.byAlias.values()].filter(
    (metric) => tidings.news.has(metric.alias) && metric !== setting.heartbeat,
  );
  if (news.length === 0) return stay(edge);
  const changes = news.map((metric) => {
    const known = tidings.known.get(metric.alias);
    return { metric, value: known?.value ?? null, since: known?.at ?? now.mono };
  });
  return stay({ ...edge, tidings: tell(tidings, news, now.mono) }, { kind: "keep", changes });
}
