import { expect } from "vitest";
import { isId } from "../../../../protocol/sparkplug/topic.ts";
import { kioskName } from "../../../../protocol/fleet/topics.ts";
import { group, node, standing } from "../kiosk.ts";
import { everything, isKnownType, metrics, said, some, talks, wills, type Judge } from "../look.ts";

const level =
  (index: number, is: string): Judge =>
  (all) => {
    for (const { levels } of everything(all)) expect(levels[index]).toBe(is);
    for (const { will } of wills(all)) expect(will.levels[index]).toBe(is);
  };

/** The group, the node and the devices, as they stand in topics. */
const ids =
  (index: number): Judge =>
  (all) => {
    const found = everything(all).flatMap(({ levels }) => levels.slice(index, index + 1));
    for (const id of some([...new Set(found)])) {
      expect(isId(id), id).toBe(true);
      expect(Buffer.from(id).toString(), "UTF-8").toBe(id);
    }
  };

const devices: Judge = (all) => {
  ids(4)(all);
  const told = new Set(everything(all).flatMap(({ levels }) => levels.slice(4)));
  expect([...told].toSorted()).toEqual(standing.devices.map(({ id }) => id).toSorted());
};

/** Of a type of message: five levels for a device's, four for a node's. */
const topic =
  (type: "NBIRTH" | "NDATA" | "NDEATH" | "DBIRTH" | "DDATA" | "DDEATH"): Judge =>
  (all) => {
    const known = standing.devices.map(({ id }) => id);
    for (const { topic, levels } of said(all, type)) {
      const device = levels[4] ?? "";
      expect(topic).toBe(`spBv1.0/${group}/${type}/${node}${type.startsWith("D") ? `/${device}` : ""}`);
      if (type.startsWith("D")) expect(known).toContain(device);
    }
  };

/**
 * What nobody can see from within one kiosk is seen as far as its own names go: the node is the station's id, of which
 * a centre makes one certificate, and the broker lets it write in no other name.
 */
const descriptor: Judge = (all) => {
  const pairs = new Set(everything(all).map(({ levels }) => `${levels[1]}/${levels[3]}`));
  expect([...pairs]).toEqual([`${group}/${kioskName(standing.code)}`]);
};

const spelledOnce = (names: readonly string[]): void =>
  expect(new Set(some(names).map((name) => name.toLowerCase())).size).toBe(new Set(names).size);

export const ofNames = {
  "intro-group-id-string": level(1, group),
  "intro-group-id-chars": ids(1),
  "intro-edge-node-id-string": level(3, node),
  "intro-edge-node-id-chars": ids(3),
  "intro-device-id-string": devices,
  "intro-device-id-chars": devices,
  "intro-edge-node-id-uniqueness": descriptor,
  "topic-structure-namespace-valid-group-id": ids(1),
  "topic-structure-namespace-unique-edge-node-descriptor": descriptor,
  "topic-structure-namespace-valid-edge-node-id": ids(3),
  "topic-structure-namespace-valid-device-id": devices,
  "topic-structure-namespace-unique-device-id"(all) {
    devices(all);
    expect(new Set(standing.devices.map(({ id }) => id)).size).toBe(standing.devices.length);
  },
  // A permission: the device's id says nothing of its node, so that any other kiosk may have the same.
  "topic-structure-namespace-duplicate-device-id-across-edge-node"(all) {
    for (const { levels } of said(all, "DBIRTH")) expect(levels[4]).not.toContain(node);
  },
  "payloads-nbirth-edge-node-descriptor": descriptor,
  "case-sensitivity-sparkplug-ids"(all) {
    spelledOnce(everything(all).flatMap(({ levels }) => [levels[1] ?? "", levels[3] ?? "", ...levels.slice(4)]));
  },
  "case-sensitivity-metric-names"(all) {
    for (const birth of said(all, "NBIRTH", "DBIRTH"))
      spelledOnce(metrics([birth]).map(({ metric }) => metric.name ?? ""));
  },
  "topics-nbirth-topic": topic("NBIRTH"),
  "topics-ndata-topic": topic("NDATA"),
  "topics-ndeath-topic": topic("NDEATH"),
  "topics-dbirth-topic": topic("DBIRTH"),
  "topics-ddata-topic": topic("DDATA"),
  "topics-ddeath-topic": topic("DDEATH"),
  "message-flow-edge-node-birth-publish-nbirth-topic": topic("NBIRTH"),
  "message-flow-device-birth-publish-dbirth-topic": topic("DBIRTH"),
  "message-flow-device-birth-publish-dbirth-match-edge-node-topic"(all) {
    for (const { levels, in: talk } of said(all, "DBIRTH")) {
      const birth = talk.said.find(({ type }) => type === "NBIRTH");
      expect([levels[1], levels[3]]).toEqual([birth?.levels[1], birth?.levels[3]]);
    }
  },
  "topic-structure"(all) {
    for (const { levels, type } of [...everything(all), ...wills(all).map(({ will }) => will)]) {
      expect(isKnownType(type), type).toBe(true);
      expect(levels).toHaveLength(type.startsWith("D") ? 5 : 4);
    }
  },
  "topic-structure-namespace-a": level(0, "spBv1.0"),
  "topic-structure-namespace-device-id-associated-message-types"(all) {
    for (const { levels } of said(all, "DBIRTH", "DDATA", "DDEATH")) expect(levels).toHaveLength(5);
  },
  "topic-structure-namespace-device-id-non-associated-message-types"(all) {
    for (const { levels } of said(all, "NBIRTH", "NDATA", "NDEATH")) expect(levels).toHaveLength(4);
    const asked = talks(all).flatMap(({ steps }) =>
      steps.flatMap((step) => (step.is === "subscribe" ? step.topics : [])),
    );
    for (const { topic } of some(asked))
      expect(topic.split("/")).toHaveLength(topic.startsWith("spBv1.0/STATE/") ? 3 : 4);
  },
} as const satisfies Readonly<Record<string, Judge>>;
