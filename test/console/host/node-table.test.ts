import { expect, test } from "vitest";
import { unheardOf, type EdgeNode, type Step } from "../../../console/host/edge-node.ts";
import { metricSets } from "../../../console/host/metric-set.ts";
import { hear, outOfPatience } from "../../../console/host/node-table.ts";
import type { Oddity } from "../../../console/host/oddity.ts";
import type { Sighting } from "../../../console/host/sighting.ts";
import { edgeNode, type Edge, type Spoken } from "./edge.ts";

/** A host's table of one node, which keeps what it said. */
function table() {
  const sets = metricSets();
  let node: EdgeNode = unheardOf("g", "k", "here", 0);
  let now = 0;
  const told: Sighting[] = [];
  const odd: Oddity[] = [];
  const asked: NonNullable<Step["rebirth"]>[] = [];
  const take = (step: Step) => {
    node = step.node;
    told.push(...step.sightings);
    odd.push(...step.oddities);
    if (step.rebirth !== undefined) asked.push(step.rebirth);
  };
  return {
    told,
    odd,
    asked,
    hear(spoken: Spoken | readonly Spoken[] | undefined, server = "here") {
      for (const { type, device, payload } of spoken === undefined ? [] : ([spoken].flat() as readonly Spoken[])) {
        now += 1;
        take(hear(node, { type, ...(device === undefined ? {} : { device }), payload, server, now }, sets));
      }
    },
    wait: () => take(outOfPatience(node, (now += 1))),
    node: () => node,
    value: (name: string) => {
      const place = node.values?.set.byName.get(name);
      return place === undefined ? undefined : node.values?.known[place]?.value;
    },
  };
}

/** A host that has heard a node's births. */
function acquainted(edge: Edge = edgeNode()) {
  const host = table();
  const will = edge.connect();
  host.hear(edge.births());
  return { edge, host, will };
}

test("a birth and its data give names, types, values and times", () => {
  const { edge, host } = acquainted();
  host.hear(edge.change(1, 7));
  expect(host.told.map(({ is, device }) => [is, device])).toEqual([
    ["born", undefined],
    ["born", "vend"],
    ["born", "door"],
    ["data", undefined],
  ]);
  expect(host.told.at(-1)?.metrics).toEqual([
    { name: "m1", type: "Int32", value: 7, at: 1_000_005, historical: false },
  ]);
  expect(host.told[0]?.metrics.map(({ name }) => name)).toEqual(["bdSeq", "Node Control/Rebirth", "m0", "m1", "m2"]);
  expect(host.asked).toEqual(["content"]);
});

test("history is told as history and leaves the current value as it is", () => {
  const { edge, host } = acquainted();
  host.hear(edge.change(1, 7));
  host.hear(edge.say("NDATA", [{ alias: 1, at: 5, value: 3, historical: true }]));
  expect(host.value("m1")).toBe(7);
  expect(host.told.at(-1)?.metrics).toEqual([{ name: "m1", type: "Int32", value: 3, at: 5, historical: true }]);
});

test("the will of an earlier connection does not end the present one", () => {
  const { edge, host, will } = acquainted();
  edge.connect();
  host.hear(edge.births());
  host.hear(will);
  expect(host.node().standing).toBe("online");
  expect(host.odd).toEqual(["stray-death"]);
});

test("a node that leaves on purpose dies once, though it says so and its will says so too", () => {
  const { edge, host, will } = acquainted();
  host.hear([edge.death(), will]);
  expect(host.told.filter(({ is }) => is === "died").map(({ device }) => device)).toEqual([undefined, "vend", "door"]);
  expect(host.odd).toEqual(["duplicate"]);
});

test("a birth of the connection that just died brings nobody back, unless it is said again when asked", () => {
  const { edge, host } = acquainted();
  const late = edge.births();
  host.hear(edge.death());
  host.hear(late[0]);
  expect([host.node().standing, host.asked.at(-1)]).toEqual(["offline", "ask"]);
  host.hear(edge.births());
  expect([host.node().standing, host.asked.at(-1)]).toEqual(["online", "content"]);
});

test("a late birth of an earlier connection does not bring its values back, however often it comes", () => {
  const { edge, host } = acquainted();
  const late = edge.births();
  edge.connect();
  host.hear(edge.births());
  for (const repeated of [late[0], late[0], late[0]]) host.hear(repeated);
  expect([host.node().standing, host.node().session?.bdSeq, host.asked.at(-1)]).toEqual(["stale", 1, "ask"]);
  expect(host.told.at(-1)).toMatchObject({ is: "stale", device: "door", why: "lost-order" });
  host.hear(edge.births());
  expect(host.node().standing).toBe("online");
});

test("where track was lost, the death of a newer connection counts, and that of an older does not", () => {
  const { edge, host, will } = acquainted();
  edge.connect();
  host.hear(edge.births());
  edge.change(0, 1);
  host.hear(edge.change(0, 2));
  host.wait();
  host.hear(will);
  expect(host.node().standing).toBe("stale");
  // Its next connection was born and died; only the death was heard.
  const unheard = edge.connect();
  edge.births();
  host.hear(unheard);
  expect(host.node().standing).toBe("offline");
});

test("two late births of an earlier connection may pass for its answer, but then any death counts", () => {
  const { edge, host } = acquainted();
  const [late, later] = [edge.births()[0], edge.births()[0]];
  const will = edge.connect();
  host.hear(edge.births());
  host.hear(late);
  host.hear(later);
  expect([host.node().session?.bdSeq, host.asked.at(-1)]).toEqual([0, "ask"]);
  host.hear(will);
  expect(host.node().standing).toBe("offline");
});

test("a repetition changes nothing and asks for nothing", () => {
  const { edge, host } = acquainted();
  const births = edge.births();
  host.hear(births);
  const first = edge.change(0, 1);
  host.hear([first, edge.change(0, 2), first, births[0], births[1]].flatMap((one) => one ?? []));
  expect(host.value("m0")).toBe(2);
  expect(host.odd).toEqual(["duplicate", "duplicate", "duplicate"]);
  expect(host.asked).toEqual(["content", "content"]);
  expect(host.node().standing).toBe("online");
});

test("messages that overtook each other are heard in their order", () => {
  const { edge, host } = acquainted();
  const [one, two, three] = [edge.change(0, 1), edge.change(0, 2), edge.change(0, 3)];
  host.hear([three, two, one].flatMap((spoken) => spoken ?? []));
  expect(host.told.slice(3).map(({ metrics }) => metrics[0]?.value)).toEqual([1, 2, 3]);
  expect(host.asked).toEqual(["content"]);
});

test("what is missing beyond all patience makes everything stale until all is born again", () => {
  const { edge, host } = acquainted();
  edge.change(0, 1);
  host.hear(edge.change(0, 2));
  expect(host.value("m0")).toBe(0);
  host.wait();
  expect(host.told.slice(3).map(({ is, device, why }) => [is, device, why])).toEqual([
    ["stale", undefined, "lost-order"],
    ["stale", "vend", "lost-order"],
    ["stale", "door", "lost-order"],
  ]);
  host.hear(edge.change(0, 3));
  expect([host.node().standing, host.asked.at(-1)]).toEqual(["stale", "ask"]);
  host.hear(edge.births());
  expect([host.node().standing, host.value("m0"), host.asked.at(-1)]).toEqual(["online", 3, "content"]);
});

test("two hundred lost messages are a gap, not two hundred that come late", () => {
  const { edge, host } = acquainted();
  for (let lost = 0; lost < 200; lost += 1) edge.change(0, lost);
  host.hear(edge.change(0, 1000));
  host.wait();
  expect(host.asked.at(-1)).toBe("ask");
});

test("numbers begin again at 0 after 255", () => {
  const { edge, host } = acquainted();
  for (let told = 0; told < 600; told += 1) host.hear(edge.change(0, told));
  expect(host.value("m0")).toBe(599);
  expect(host.asked).toEqual(["content"]);
});

test.each([
  ["NDATA", undefined],
  ["DDATA", "vend"],
  ["DBIRTH", "vend"],
  ["DDEATH", "vend"],
] as const)("%s of a node that was never born makes the host ask for all births", (type, device) => {
  const edge = edgeNode();
  edge.connect();
  const host = table();
  host.hear(edge.say(type, [], device));
  expect(host.asked).toEqual(["ask"]);
  expect(host.told).toEqual([]);
});

test("an alias that no birth named makes the host ask, and the rest of the message counts", () => {
  const { edge, host } = acquainted();
  host.hear(
    edge.say("NDATA", [
      { alias: 99, value: 1 },
      { alias: 2, value: 8 },
    ]),
  );
  expect(host.value("m2")).toBe(8);
  expect([host.odd, host.asked.at(-1)]).toEqual([["unknown-metric"], "ask"]);
});

test("data of a device that is away make the host ask", () => {
  const { edge, host } = acquainted();
  host.hear(edge.away("vend"));
  expect(host.told.at(-1)).toMatchObject({ is: "died", device: "vend", at: 1_000_005 });
  host.hear(edge.say("DDATA", [{ alias: 1000, value: 1 }], "vend"));
  expect([host.odd, host.asked.at(-1)]).toEqual([["no-birth"], "ask"]);
});

test("a device that is not told of again when its node is born anew is stale", () => {
  const { edge, host } = acquainted();
  edge.away("door");
  host.hear(edge.births());
  expect(host.node().devices.get("door")?.standing).toBe("stale");
  expect(host.node().devices.get("vend")?.standing).toBe("online");
  expect(host.told.filter(({ why }) => why === "reborn").map(({ device }) => device)).toEqual(["vend", "door"]);
});

test("names serve as well as aliases, and UInt32 in the wide field is read", () => {
  const host = table();
  const edge = edgeNode({ aliased: false, devices: [] });
  edge.connect();
  const [birth] = edge.births();
  if (birth === undefined) throw new Error("A node has a birth.");
  const metrics = [...birth.payload.metrics, { name: "Sold", type: "UInt32" as const, value: 4_000_000_000 }];
  host.hear({ ...birth, payload: { ...birth.payload, metrics } });
  host.hear(edge.change(0, 5));
  host.hear(edge.say("NDATA", [{ name: "Sold", value: 4_000_000_001 }]));
  expect([host.value("m0"), host.value("Sold"), host.odd]).toEqual([5, 4_000_000_001, []]);
});

test.each([
  ["Int64", 3],
  ["UInt64", 3],
  ["UInt64", 3n],
] as const)("bdSeq is read as %s %s", (type, value) => {
  const host = table();
  const birth: Spoken = {
    type: "NBIRTH",
    connection: 0,
    payload: { at: 1, seq: 0, metrics: [{ name: "bdSeq", type, value }] },
  };
  host.hear(birth);
  expect(host.node().session?.bdSeq).toBe(3);
});

test("any first number is taken, and the next must follow it", () => {
  const host = table();
  const say = (type: Spoken["type"], seq: number, value: number): Spoken => ({
    type,
    connection: 0,
    payload: { at: 1 + seq, seq, metrics: [{ name: "m", type: "Int32", value }] },
  });
  host.hear([say("NBIRTH", 41, 1), say("NDATA", 42, 2)]);
  expect([host.value("m"), host.odd]).toEqual([2, []]);
});

test("a value that is not of the type of its birth is left out", () => {
  const { edge, host } = acquainted();
  host.hear(
    edge.say("NDATA", [
      { alias: 0, value: "seven" },
      { alias: 1, value: 7 },
    ]),
  );
  expect([host.value("m0"), host.value("m1"), host.odd]).toEqual([0, 7, ["wrong-type"]]);
});

test("a birth with one alias for two metrics is none", () => {
  const host = table();
  const metrics = [
    { name: "a", alias: 1, type: "Int32" as const, value: 1 },
    { name: "b", alias: 1, type: "Int32" as const, value: 2 },
  ];
  host.hear({ type: "NBIRTH", connection: 0, payload: { at: 1, seq: 0, metrics } });
  expect([host.node().standing, host.odd, host.told]).toEqual(["stale", ["bad-birth"], []]);
});

test("a node that moved to another broker is believed there, and its old will is not", () => {
  const { edge, host, will } = acquainted();
  edge.connect();
  host.hear(edge.births(), "there");
  host.hear(will, "here");
  expect([host.node().standing, host.node().server]).toEqual(["online", "there"]);
});

test("data through a broker where the node was not born make the host ask, there", () => {
  const { edge, host } = acquainted();
  host.hear(edge.change(0, 1), "there");
  expect([host.node().standing, host.node().server, host.asked.at(-1)]).toEqual(["stale", "there", "ask"]);
});

test("a kiosk whose clock was set back is believed after one request", () => {
  const { host } = acquainted();
  const slow = edgeNode({ start: 500_000 });
  slow.connect();
  host.hear(slow.births());
  expect([host.node().standing, host.asked.at(-1)]).toEqual(["stale", "ask"]);
  host.hear(slow.births());
  expect(host.node().standing).toBe("online");
});

test("the buffer of early messages is bounded: then all is asked for", () => {
  const { edge, host } = acquainted();
  edge.change(0, 1);
  for (let early = 0; early < 65; early += 1) host.hear(edge.change(0, early));
  expect([host.node().order.ahead.length, host.node().standing, host.asked.at(-1)]).toEqual([0, "stale", "ask"]);
  expect(host.odd).toEqual(["crowded"]);
});

test("a node cannot have more devices or metrics than there is room for", () => {
  const { edge, host } = acquainted();
  for (let device = 0; device < 100; device += 1) host.hear(edge.say("DBIRTH", [], `d${device}`));
  expect(host.node().devices.size).toBe(64);
  const many = Array.from({ length: 8000 }, (_, place) => ({ name: `x${place}`, type: "Int32" as const, value: 0 }));
  host.hear(edge.say("DBIRTH", many, "d1"));
  host.hear(edge.say("DBIRTH", many, "d2"));
  expect(host.node().devices.get("d1")?.values.set.definitions.length).toBe(8000);
  expect(host.node().devices.get("d2")?.values.set.definitions.length).toBe(0);
});
