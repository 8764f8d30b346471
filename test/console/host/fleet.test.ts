import fc from "fast-check";
import sparkplug from "sparkplug-payload";
import { expect, test } from "vitest";
import { fleet } from "../../../console/host/fleet.ts";
import type { Sighting } from "../../../console/host/sighting.ts";
import { encodePayload } from "../../../protocol/sparkplug/payload.ts";
import { manualClock } from "../../kit/clock.ts";
import { edgeNode, published, type Spoken } from "./edge.ts";

function watching({ groups = ["g"], reorderTimeout = 2000 } = {}) {
  const clock = manualClock();
  const told: Sighting[] = [];
  const asked: string[] = [];
  const nodes = fleet({
    groups,
    reorderTimeout,
    clock,
    sighted: (sighting) => told.push(sighting),
    askForBirths: ({ node }) => asked.push(node),
  });
  const say = (spoken: Spoken | readonly Spoken[] | undefined, node = "k", server = "here") => {
    for (const one of spoken === undefined ? [] : ([spoken].flat() as readonly Spoken[])) {
      const { topic, payload } = published("g", node, one);
      nodes.hear(server, topic, payload, false);
    }
  };
  const value = (name: string) => {
    const values = nodes.get("g", "k")?.values;
    return values?.known[values.set.byName.get(name) ?? -1]?.value;
  };
  return { clock, told, asked, nodes, say, value };
}

test("a gap is waited for as long as the setting says, then all births are asked for", async () => {
  const { clock, asked, nodes, say } = watching({ reorderTimeout: 3000 });
  const edge = edgeNode();
  edge.connect();
  say(edge.births());
  edge.change(0, 1);
  say(edge.change(0, 2));
  expect(clock.pending()).toEqual(["message 3 of g/k"]);
  await clock.pass(2999);
  expect(asked).toEqual([]);
  await clock.pass(1);
  expect([asked, nodes.oddities(), clock.pending()]).toEqual([["k"], { gap: 1 }, []]);
});

test("what comes in time stops the timer", async () => {
  const { clock, asked, say, value } = watching();
  const edge = edgeNode();
  edge.connect();
  say(edge.births());
  const late = edge.change(0, 1);
  say(edge.change(1, 2));
  await clock.pass(1999);
  say(late);
  expect(clock.pending()).toEqual([]);
  await clock.pass(60_000);
  expect([asked, value("m0"), value("m1")]).toEqual([[], 1, 2]);
});

test("a kiosk that goes on talking does not make the host wait longer for what is missing", async () => {
  const { clock, asked, say } = watching();
  const edge = edgeNode();
  edge.connect();
  say(edge.births());
  edge.change(0, 1);
  for (let told = 0; told < 4; told += 1) {
    say(edge.change(1, told));
    await clock.pass(500);
  }
  expect(asked).toEqual(["k"]);
});

test("a centre that lost its broker doubts what it knew through it, and says nothing against a kiosk", () => {
  const { nodes, say, told } = watching();
  const here = edgeNode();
  here.connect();
  say(here.births());
  const there = edgeNode();
  there.connect();
  say(there.births(), "l", "there");
  const before = told.length;
  expect(nodes.orphan("here")).toEqual([{ group: "g", node: "k" }]);
  expect(told.length).toBe(before);
  const known = nodes.get("g", "k");
  expect([known?.standing, known?.devices.get("vend")?.standing]).toEqual(["stale", "stale"]);
  expect(nodes.get("g", "l")?.standing).toBe("online");
});

test("after the broker is back, the first word of a kiosk makes the host ask for the rest", () => {
  const { nodes, say, asked } = watching();
  const edge = edgeNode();
  edge.connect();
  say(edge.births());
  nodes.orphan("here");
  say(edge.change(0, 5));
  expect([asked, nodes.get("g", "k")?.standing]).toEqual([["k"], "stale"]);
  say(edge.births());
  expect(nodes.get("g", "k")?.standing).toBe("online");
});

test("who waits to be asked is forgotten with the broker", async () => {
  const { clock, nodes, say, asked } = watching();
  const edge = edgeNode();
  edge.connect();
  say(edge.change(0, 1));
  say(edge.change(0, 1));
  nodes.orphan("here");
  await clock.pass(120_000);
  expect(asked).toEqual(["k"]);
});

test("a host keeps as many nodes as it has room for, and those that it knows stay", () => {
  const { nodes } = watching();
  const birth = encodePayload({ at: 1, seq: 0, metrics: [{ name: "bdSeq", type: "Int64", value: 0 }] });
  for (let node = 0; node < 20_005; node += 1) nodes.hear("here", `spBv1.0/g/NBIRTH/k${node}`, birth, false);
  expect([...nodes.all()].length).toBe(20_000);
  expect(nodes.oddities()).toEqual({ crowded: 5 });
  nodes.hear("here", "spBv1.0/g/NDEATH/k7", birth, false);
  expect(nodes.get("g", "k7")?.standing).toBe("offline");
});

test("all births of the largest fleet of one broker are taken at once", () => {
  const { nodes, say, told, asked } = watching();
  for (let kiosk = 0; kiosk < 4072; kiosk += 1) {
    const edge = edgeNode();
    edge.connect();
    say(edge.births(), `k${kiosk}`);
  }
  expect(told.filter(({ is }) => is === "born").length).toBe(3 * 4072);
  expect([...nodes.all()].filter(({ standing }) => standing === "online").length).toBe(4072);
  expect([asked, nodes.oddities()]).toEqual([[], {}]);
});

test("an independent writer's payload is read: UInt32 and UInt64 in the wide field, names in data", () => {
  const { nodes, value } = watching();
  const say = (type: string, payload: object) =>
    nodes.hear(
      "here",
      `spBv1.0/g/${type}/k`,
      sparkplug.get("spBv1.0")?.encodePayload(payload) ?? new Uint8Array(),
      false,
    );
  say("NBIRTH", {
    timestamp: 1000,
    seq: 0,
    metrics: [
      { name: "bdSeq", type: "UInt64", value: 7 },
      { name: "Sold", type: "UInt32", value: 4_000_000_000 },
      { name: "Temp_c", type: "Float", value: 21.5 },
      { name: "Below", type: "Int32", value: -5 },
    ],
  });
  say("NDATA", { timestamp: 1001, seq: 1, metrics: [{ name: "Sold", type: "UInt32", value: 4_000_000_001 }] });
  expect(nodes.get("g", "k")?.session?.bdSeq).toBe(7);
  expect([value("Sold"), value("Temp_c"), value("Below")]).toEqual([4_000_000_001, 21.5, -5]);
  expect(nodes.oddities()).toEqual({});
});

const bytes = (of: Parameters<typeof encodePayload>[0]) => encodePayload(of);
const long = "x".repeat(2000);
test.each([
  ["garbage", "spBv1.0/g/NBIRTH/k", new Uint8Array([255, 1, 2, 3]), false, "unreadable"],
  ["two megabytes", "spBv1.0/g/NBIRTH/k", new Uint8Array(2 << 20), false, "unreadable"],
  ["a foreign topic", "spAv1.0/g/NBIRTH/k", bytes({ metrics: [] }), false, "strange-topic"],
  ["a level too many", "spBv1.0/g/NBIRTH/k/d", bytes({ metrics: [] }), false, "strange-topic"],
  ["another's group", "spBv1.0/h/NBIRTH/k", bytes({ metrics: [] }), false, "not-ours"],
  ["a kept birth", "spBv1.0/g/NBIRTH/k", bytes({ seq: 0, metrics: [] }), true, "retained"],
  [
    "a text too long",
    "spBv1.0/g/NBIRTH/k",
    bytes({ seq: 0, metrics: [{ name: "a", type: "String", value: long }] }),
    false,
    "out-of-bounds",
  ],
  [
    "a name too long",
    "spBv1.0/g/NBIRTH/k",
    bytes({ seq: 0, metrics: [{ name: long, type: "Int32", value: 1 }] }),
    false,
    "out-of-bounds",
  ],
  [
    "a text no database takes",
    "spBv1.0/g/NBIRTH/k",
    bytes({ seq: 0, metrics: [{ name: "a", type: "String", value: "\0" }] }),
    false,
    "out-of-bounds",
  ],
  [
    "the year 2400",
    "spBv1.0/g/NBIRTH/k",
    bytes({ at: 13_569_465_600_000, seq: 0, metrics: [] }),
    false,
    "out-of-bounds",
  ],
  ["number 256", "spBv1.0/g/NBIRTH/k", bytes({ at: 1, seq: 256, metrics: [] }), false, "out-of-bounds"],
  [
    "9,000 metrics",
    "spBv1.0/g/NBIRTH/k",
    bytes({ seq: 0, metrics: Array.from({ length: 9000 }, () => ({ name: "a", value: 1 })) }),
    false,
    "out-of-bounds",
  ],
  [
    "a metric without a name",
    "spBv1.0/g/NBIRTH/k",
    bytes({ seq: 0, metrics: [{ alias: 1, type: "Int32", value: 1 }] }),
    false,
    "bad-birth",
  ],
] as const)("%s is counted and does nothing", (_, topic, payload, retained, oddity) => {
  const { nodes, told, asked } = watching();
  nodes.hear("here", topic, payload, retained);
  expect(nodes.oddities()).toEqual({ [oddity]: 1 });
  expect([told, asked, [...nodes.all()].filter(({ standing }) => standing === "online")]).toEqual([[], [], []]);
});

test("no bytes on any topic make the host fail, or bring a kiosk down that is well", () => {
  const { nodes, say } = watching();
  const edge = edgeNode();
  edge.connect();
  say(edge.births());
  const topic = fc.oneof(
    fc.string(),
    fc.constantFrom("NBIRTH", "NDATA", "NDEATH", "NCMD").map((type) => `spBv1.0/g/${type}/other`),
    fc.constantFrom("DBIRTH", "DDATA", "DDEATH", "DCMD").map((type) => `spBv1.0/g/${type}/other/vend`),
  );
  const metric = fc.record(
    {
      name: fc.string(),
      alias: fc.nat(),
      at: fc.nat(),
      type: fc.constantFrom("Int32", "Int64", "Boolean", "String", "DateTime", "Float"),
      historical: fc.boolean(),
      value: fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.uint8Array(), fc.constant(null)),
    },
    { requiredKeys: ["value"] },
  );
  const payload = fc.oneof(
    fc.uint8Array(),
    fc
      .record(
        { at: fc.nat(), seq: fc.nat(300), metrics: fc.array(metric, { maxLength: 5 }) },
        { requiredKeys: ["metrics"] },
      )
      .map((of) => encodePayload(of as Parameters<typeof encodePayload>[0])),
  );
  fc.assert(
    fc.property(topic, payload, fc.boolean(), (topic, payload, retained) => {
      nodes.hear("here", topic, payload, retained);
      expect(nodes.get("g", "k")?.standing).toBe("online");
    }),
    { numRuns: 2000 },
  );
});

test("equal kiosks share what is said of their metrics", () => {
  const { nodes, say } = watching();
  for (const node of ["a", "b"]) {
    const edge = edgeNode();
    edge.connect();
    say(edge.births(), node);
  }
  expect(nodes.get("g", "a")?.values?.set).toBe(nodes.get("g", "b")?.values?.set);
});

test("commands that others send are not ours to hear", () => {
  const { nodes, told } = watching();
  nodes.hear("here", "spBv1.0/g/NCMD/k", encodePayload({ at: 1, metrics: [] }), false);
  nodes.hear("here", "spBv1.0/g/DCMD/k/vend", encodePayload({ at: 1, metrics: [] }), false);
  nodes.hear("here", "spBv1.0/STATE/another", new TextEncoder().encode("{}"), true);
  expect([told, nodes.oddities()]).toEqual([[], {}]);
});
