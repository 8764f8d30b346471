import { devicesPerNode, metricsPerNode } from "./limits.ts";
import type { MetricSets } from "./metric-set.ts";
import type { Oddity } from "./oddity.ts";
import { arrive } from "./order.ts";
import type { Doubt, Sighting } from "./sighting.ts";
import { changed, valuesFrom } from "./values.ts";
import { doubted, metricsOf, noOrder, online, sighting, type EdgeNode, type Heard, type Step } from "./edge-node.ts";

export const still = (node: EdgeNode, ...oddities: readonly Oddity[]): Step => ({ node, sightings: [], oddities });

/** One step, then another. A request for all births stands until a birth makes it needless. */
export function andThen(step: Step, next: (node: EdgeNode) => Step): Step {
  const { node, sightings, oddities, rebirth = step.rebirth } = next(step.node);
  return {
    node,
    sightings: [...step.sightings, ...sightings],
    oddities: [...step.oddities, ...oddities],
    ...(rebirth === undefined ? {} : { rebirth }),
  };
}

export const isStale = (node: EdgeNode, device: string, now: number, why: Doubt): Sighting =>
  sighting(node, "stale", { at: now, heard: now, why, ...(device === "" ? {} : { device }) });

/** What is known is not to be relied on until all births were told again. */
export function loseTrack(node: EdgeNode, now: number, oddity: Oddity): Step {
  const sightings = online(node).map((device) => isStale(node, device, now, "lost-order"));
  return { node: doubted(node, now), sightings, oddities: [oddity], rebirth: "ask" };
}

const heardAt = (node: EdgeNode, at = -Infinity): EdgeNode => ({
  ...node,
  newest: Math.max(node.newest, at),
  floor: Math.max(node.floor, at),
});

/** Messages that came too early are thrown away, so that no birth from before them counts as new. */
export const forgetAhead = (node: EdgeNode): EdgeNode =>
  node.order.ahead.reduce((later, { at }) => heardAt(later, at), { ...node, order: noOrder });

/** A message that has its place after the birth: everything but NBIRTH and NDEATH. */
export function inSequence(node: EdgeNode, heard: Heard, sets: MetricSets): Step {
  const { payload, server, now } = heard;
  const { at, seq, metrics } = payload;
  if (node.standing !== "online") return { ...still({ ...heardAt(node, at), server }, "no-birth"), rebirth: "ask" };
  const isOlder = at !== undefined && at < (node.session?.bornAt ?? -Infinity);
  if (server !== node.server) {
    if (isOlder) return still(node, "late");
    return loseTrack({ ...heardAt(forgetAhead(node), at), server }, now, "no-birth");
  }
  if (seq === undefined) return still(node, "no-seq");
  // A leftover of an earlier session, or the kiosk's clock was set back: a birth as old as this may be the next one.
  if (isOlder) return loseTrack({ ...forgetAhead(node), floor: at }, now, "late");
  const arrival = arrive(node.order, { seq, at, weight: metrics.length, message: heard });
  switch (arrival.is) {
    case "duplicate":
      return still(node, "duplicate");
    case "ahead":
      return still({ ...node, order: arrival.order });
    case "crowded":
      return loseTrack(heardAt(forgetAhead(node), at), now, "crowded");
    case "next":
      return arrival.ready.reduce<Step>(
        (step, ready) => andThen(step, (later) => told(later, ready, sets)),
        still({ ...node, order: arrival.order }),
      );
  }
}

/** The next message in order. */
function told(node: EdgeNode, heard: Heard, sets: MetricSets): Step {
  const known = heardAt(node, heard.payload.at);
  switch (heard.type) {
    case "NDATA":
      return nodeData(known, heard);
    case "DBIRTH":
      return deviceBorn(known, heard, sets);
    case "DDATA":
      return deviceData(known, heard);
    case "DDEATH":
      return deviceDied(known, heard);
    case "NBIRTH":
    case "NDEATH":
      return still(known);
  }
}

/** A metric that no birth named means that a birth was missed. */
const lacks = (oddities: readonly Oddity[]): Pick<Step, "rebirth"> =>
  oddities.includes("unknown-metric") ? { rebirth: "ask" } : {};

function nodeData(node: EdgeNode, { payload, now }: Heard): Step {
  if (node.values === undefined) return { ...still(node, "no-birth"), rebirth: "ask" };
  const at = payload.at ?? now;
  const { values, observed, oddities } = changed(node.values, payload.metrics, at);
  const sightings = [sighting(node, "data", { at, heard: now, metrics: observed })];
  return { node: { ...node, values }, sightings, oddities, ...lacks(oddities) };
}

function deviceBorn(node: EdgeNode, { payload, device = "", now }: Heard, sets: MetricSets): Step {
  const at = payload.at ?? now;
  const isCrowded =
    (!node.devices.has(device) && node.devices.size >= devicesPerNode) ||
    metricsOf(node, device) + payload.metrics.length > metricsPerNode;
  if (isCrowded) return still(node, "crowded");
  const change = valuesFrom(payload.metrics, at, sets);
  if (change === undefined) return still(node, "bad-birth");
  const { values, observed, oddities } = change;
  const devices = new Map(node.devices).set(device, { standing: "online", since: now, values });
  const sightings = [sighting(node, "born", { device, at, heard: now, metrics: observed })];
  return { node: { ...node, devices }, sightings, oddities };
}

function deviceData(node: EdgeNode, { payload, device = "", now }: Heard): Step {
  const known = node.devices.get(device);
  if (known?.standing !== "online") return { ...still(node, "no-birth"), rebirth: "ask" };
  const at = payload.at ?? now;
  const { values, observed, oddities } = changed(known.values, payload.metrics, at);
  const devices = new Map(node.devices).set(device, { ...known, values });
  const sightings = [sighting(node, "data", { device, at, heard: now, metrics: observed })];
  return { node: { ...node, devices }, sightings, oddities, ...lacks(oddities) };
}

/** Its time is the kiosk's [operational-behavior-edge-node-termination-host-action-ddeath-devices-offline]. */
function deviceDied(node: EdgeNode, { payload, device = "", now }: Heard): Step {
  const known = node.devices.get(device);
  if (known === undefined) return still(node, "no-birth");
  if (known.standing === "offline") return still(node, "duplicate");
  const at = payload.at ?? now;
  const devices = new Map(node.devices).set(device, { ...known, standing: "offline", since: at });
  return { node: { ...node, devices }, sightings: [sighting(node, "died", { device, at, heard: now })], oddities: [] };
}
