import fc from "fast-check";
import { expect, test } from "vitest";
import { missing, unheardOf, type EdgeNode, type Step } from "../../../console/host/edge-node.ts";
import { metricSets } from "../../../console/host/metric-set.ts";
import { hear, outOfPatience } from "../../../console/host/node-table.ts";
import type { Sighting } from "../../../console/host/sighting.ts";
import { edgeNode, type Spoken, type Truth } from "./edge.ts";

/** What happens at the node, and what the way does to each message that follows from it. */
const happening = fc.record({
  what: fc.oneof(
    { weight: 8, arbitrary: fc.constant("change" as const) },
    fc.constantFrom("away" as const, "back" as const, "rebirth" as const, "reconnect" as const),
  ),
  place: fc.nat(2),
  device: fc.constantFrom(undefined, "vend", "door"),
  value: fc.nat(1000),
  // One for each message; births are three.
  fates: fc.tuple(...[0, 1, 2].map(() => fate())),
});

/** How often it arrives, and how many messages late each time. */
function fate() {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant([0]) },
    fc.constant([]),
    fc.array(fc.nat(4), { minLength: 1, maxLength: 3 }),
  );
}

type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;
type Spoilt = Omit<Happening, "fates"> & { readonly fates: readonly (readonly number[])[] };

interface Underway {
  readonly at: number;
  readonly spoken: Spoken;
}

const aMessage = 10;
const patience = 50;

/** A host's view of one node, and whether it has asked for all births since it was sure. */
function listener() {
  const sets = metricSets();
  let node: EdgeNode = unheardOf("g", "k", "here", 0);
  let asked = false;
  let gap: { readonly of: number; readonly until: number } | undefined;
  const told: Sighting[] = [];
  const take = (step: Step, now: number) => {
    node = step.node;
    if (step.rebirth !== undefined) asked = step.rebirth === "ask";
    told.push(...step.sightings);
    const of = missing(node);
    if (of !== gap?.of) gap = of === undefined ? undefined : { of, until: now + patience };
  };
  return {
    hear({ type, device, payload }: Spoken, now: number) {
      const of = device === undefined ? {} : { device };
      take(hear(node, { type, ...of, payload, server: "here", now }, sets), now);
    },
    pass(now: number) {
      if (gap !== undefined && now >= gap.until) take(outOfPatience(node, now), now);
    },
    node: () => node,
    asked: () => asked,
    waits: () => gap !== undefined,
    told: () => told,
  };
}

/** What is online of it, as the node itself would say it. */
function seen({ standing, session, values, devices }: EdgeNode): Truth {
  const valuesOf = (all: EdgeNode["values"]) =>
    Object.fromEntries(
      (all?.set.definitions ?? []).flatMap(({ name }, place) => {
        const value = all?.known[place]?.value;
        return /^m\d$/.test(name) && typeof value === "number" ? [[name, value]] : [];
      }),
    );
  return {
    alive: standing === "online",
    connection: session?.bdSeq ?? -1,
    values: valuesOf(values),
    devices: Object.fromEntries(
      [...devices]
        .filter(([, device]) => device.standing === "online")
        .map(([name, device]) => [name, valuesOf(device.values)]),
    ),
  };
}

/** What the collector would hold: the sightings folded, which must say the same as the table. */
function folded(told: readonly Sighting[]): Pick<Truth, "alive" | "values" | "devices"> {
  const owners = new Map<string, { on: boolean; values: Record<string, number> }>();
  for (const { is, device = "", metrics } of told) {
    const values = Object.fromEntries(
      metrics.flatMap(({ name, value }) => (/^m\d$/.test(name) && typeof value === "number" ? [[name, value]] : [])),
    );
    const owner = owners.get(device) ?? { on: false, values: {} };
    if (is === "born") owners.set(device, { on: true, values });
    else if (is === "data") owners.set(device, { on: owner.on, values: { ...owner.values, ...values } });
    else owners.set(device, { ...owner, on: false });
  }
  const { on = false, values = {} } = owners.get("") ?? {};
  owners.delete("");
  return {
    alive: on,
    values,
    devices: Object.fromEntries(
      [...owners].filter(([, owner]) => owner.on).map(([name, owner]) => [name, owner.values]),
    ),
  };
}

/** Everything that the node says, and when each copy arrives. */
function spokenBy(happenings: readonly Spoilt[]) {
  const edge = edgeNode();
  const underway: Underway[] = [];
  let now = 0;
  const send = (spoken: Spoken | undefined, late: readonly number[]) => {
    if (spoken === undefined) return;
    now += aMessage;
    for (const messages of late) underway.push({ at: now + messages * aMessage + (messages > 0 ? 5 : 0), spoken });
  };
  const births = (fates: readonly (readonly number[])[]) =>
    edge.births().forEach((spoken, place) => send(spoken, fates[place] ?? [0]));
  edge.connect();
  births([[0], [0], [0]]);
  for (const { what, place, device, value, fates } of happenings) {
    if (what === "change") send(edge.change(place, value, device), fates[0] ?? [0]);
    if (what === "away") send(edge.away(device ?? "vend"), fates[0] ?? [0]);
    if (what === "back") send(edge.back(device ?? "vend"), fates[0] ?? [0]);
    // Unasked and wholly lost, a rebirth leaves no trace where the numbers after it happen to fit: nobody could know.
    if (what === "rebirth") births(fates.map((fate, place) => (place === 0 && fate.length === 0 ? [4] : fate)));
    if (what === "reconnect") {
      // A death is published at QoS 1: it may come late and twice, but it comes.
      const [late = []] = fates;
      send(edge.death(), late.length === 0 ? [0] : late);
      edge.disconnect();
      edge.connect();
      births(fates);
    }
  }
  underway.sort((a, b) => a.at - b.at);
  return { edge, underway, end: now + 10 * aMessage };
}

const runs = { numRuns: 3000 };

test("whatever the way does, the host knows what the node knows once it hears its heartbeat, or has asked for all births", () => {
  let different = 0;
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 30 }), (happenings) => {
      const { edge, underway, end } = spokenBy(happenings);
      const host = listener();
      for (const { at, spoken } of underway) {
        host.pass(at);
        host.hear(spoken, at);
      }
      const heartbeat = edge.change(0, 4711);
      if (heartbeat !== undefined) host.hear(heartbeat, end);
      host.pass(end + patience);
      if (host.asked()) {
        different += 1;
        edge.births().forEach((spoken, place) => host.hear(spoken, end + patience + place));
        host.pass(end + 3 * patience);
        if (host.asked()) edge.births().forEach((spoken, place) => host.hear(spoken, end + 4 * patience + place));
      }
      expect(seen(host.node())).toEqual(edge.truth());
      const { connection: _, ...told } = edge.truth();
      expect(folded(host.told())).toEqual(told);
    }),
    runs,
  );
  expect(different).toBeGreaterThan(runs.numRuns / 20);
});

test("a way that keeps all in order leaves nothing to ask for", () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
      const { edge, underway } = spokenBy(happenings.map((one) => ({ ...one, fates: [[0], [0], [0]] })));
      const host = listener();
      for (const { at, spoken } of underway) host.hear(spoken, at);
      expect(host.asked()).toBe(false);
      expect(seen(host.node())).toEqual(edge.truth());
    }),
    { numRuns: 500 },
  );
});

test("a node is never online with the values of an older connection, once a newer one was born and nothing is waited for", () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 30 }), (happenings) => {
      const { underway } = spokenBy(happenings);
      const host = listener();
      let newest = -1;
      for (const { at, spoken } of underway) {
        host.pass(at);
        host.hear(spoken, at);
        if (spoken.type === "NBIRTH") newest = Math.max(newest, spoken.connection);
        const { alive, connection } = seen(host.node());
        if (alive && !host.waits() && !host.asked()) expect(connection).toBe(newest);
      }
    }),
    runs,
  );
});

test("a node whose death was heard after all else is not online", () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 30 }), (happenings) => {
      const { edge, underway, end } = spokenBy(happenings);
      const host = listener();
      for (const { at, spoken } of underway) {
        host.pass(at);
        host.hear(spoken, at);
      }
      host.hear(edge.death(), end);
      host.pass(end + patience);
      const { alive, devices } = seen(host.node());
      expect({ alive, devices }).toEqual({ alive: false, devices: {} });
    }),
    runs,
  );
});
