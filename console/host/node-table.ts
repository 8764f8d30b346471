import type { Metric } from "../../protocol/sparkplug/payload.ts";
import type { MetricSets } from "./metric-set.ts";
import { orderAfter } from "./order.ts";
import { andThen, forgetAhead, inSequence, isStale, loseTrack, still } from "./sequence.ts";
import { valuesFrom } from "./values.ts";
import { doubted, noOrder, sighting, withDevices, type EdgeNode, type Heard, type Step } from "./edge-node.ts";

/** A node one message later [Sparkplug 3.0, chapter 5]. What is not of the newest birth heard is not online. */
export function hear(node: EdgeNode, heard: Heard, sets: MetricSets): Step {
  if (heard.type === "NBIRTH") return born(node, heard, sets);
  return heard.type === "NDEATH" ? died(node, heard) : inSequence(node, heard, sets);
}

/** The reorder timeout ran out while messages were missing. */
export const outOfPatience = (node: EdgeNode, now: number): Step => loseTrack(forgetAhead(node), now, "gap");

/** We lost the broker through which it was known: nothing is said of the kiosk. */
export const orphaned = (node: EdgeNode, now: number): EdgeNode => doubted(forgetAhead(node), now);

function born(node: EdgeNode, { payload, server, now }: Heard, sets: MetricSets): Step {
  // A host takes any first number, since the specification says both "0" and "0 to 255".
  const { at, seq = 0, metrics } = payload;
  const bdSeq = bdSeqOf(metrics);
  const { session } = node;
  if (at !== undefined && at === session?.bornAt && bdSeq === session.bdSeq && seq === session.seq)
    return still(node, "duplicate");
  const change = valuesFrom(metrics, at ?? now, sets);
  if (change === undefined) return still(node, "bad-birth");
  // Late, or of a session whose death was heard: only the answer to a request shows that it lives.
  const isLate = at !== undefined && at < node.floor;
  if (isLate || (bdSeq !== undefined && bdSeq === node.ended)) {
    const waiting = forgetAhead(node);
    // The answer is younger than what made us ask; a repetition of that is not.
    const asked = { ...waiting, server, ended: undefined, floor: at === undefined ? waiting.floor : at + 1 };
    return loseTrack(asked, now, isLate ? "late" : "stray-death");
  }
  const isSure = at === undefined || at >= node.newest;
  const early = at === undefined ? [] : node.order.ahead.filter((one) => one.at !== undefined && one.at >= at);
  const anew: EdgeNode = {
    ...node,
    standing: "online",
    since: now,
    server,
    session: { bdSeq, bornAt: at, seq, isSure },
    order: orderAfter(seq),
    newest: at ?? node.newest,
    floor: at ?? node.floor,
    values: change.values,
    // Those that were told of last time are waited for; what was missing then is gone.
    devices: new Map(
      [...node.devices]
        .filter(([, device]) => device.standing === "online")
        .map(([name, device]) => [name, { ...device, standing: "stale", since: now }]),
    ),
  };
  const step: Step = {
    node: anew,
    sightings: [
      sighting(anew, "born", { at: at ?? now, heard: now, metrics: change.observed }),
      ...[...anew.devices.keys()].map((device) => isStale(anew, device, now, "reborn")),
    ],
    oddities: change.oddities,
    rebirth: isSure ? "content" : "ask",
  };
  return early.reduce((before, { message }) => andThen(before, (later) => inSequence(later, message, sets)), step);
}

/**
 * A death ends the session that it names and no other: a node that left on purpose dies twice, by its own message and
 * by its will. Times are ours [operational-behavior-edge-node-termination-host-action-ndeath-node-offline].
 */
function died(node: EdgeNode, { payload, server, now }: Heard): Step {
  const bdSeq = bdSeqOf(payload.metrics);
  const ended = bdSeq ?? node.ended;
  if (node.standing === "offline") return still({ ...node, ended }, "duplicate");
  if (!isItsDeath(node, bdSeq, server)) return still({ ...node, ended }, "stray-death");
  const isSure = node.session === undefined || bdSeq === node.session.bdSeq;
  const gone = [...node.devices].filter(([, device]) => device.standing !== "offline").map(([name]) => name);
  const dead: EdgeNode = {
    ...withDevices(forgetAhead(node), (device) =>
      device.standing === "offline" ? device : { ...device, standing: "offline", since: now },
    ),
    standing: "offline",
    since: now,
    ended,
    order: noOrder,
  };
  return {
    node: dead,
    sightings: [
      sighting(dead, "died", { at: now, heard: now }),
      ...gone.map((device) => sighting(dead, "died", { device, at: now, heard: now })),
    ],
    oddities: [],
    ...(isSure ? { rebirth: "content" } : {}),
  };
}

/** Numbers are compared by equality. Where track was lost, a birth may have been missed: a newer one counts then, too. */
function isItsDeath({ standing, server, session }: EdgeNode, bdSeq: number | undefined, through: string): boolean {
  if (session?.bdSeq === undefined || !session.isSure) return true;
  if (bdSeq === undefined) return false;
  if (bdSeq === session.bdSeq) return standing !== "online" || through === server;
  return standing === "stale" && ((bdSeq - session.bdSeq) & 0xff) < 128;
}

/** Int64 as the specification says, or UInt64 as others send it. */
function bdSeqOf(metrics: readonly Metric[]): number | undefined {
  const value = metrics.find(({ name }) => name === "bdSeq")?.value;
  return typeof value === "number" || typeof value === "bigint" ? Number(value) : undefined;
}
