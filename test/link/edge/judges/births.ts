import { expect } from "vitest";
import { dataTypes } from "../../../../protocol/sparkplug/datatype.ts";
import { bdSeq, rebirth } from "../../../../protocol/sparkplug/metrics.ts";
import type { Conversations } from "../conversations.ts";
import { metric, metrics, said, some, talks, type Judge, type Said, type Type } from "../look.ts";

const each =
  (type: Type, check: (message: Said) => void): Judge =>
  (all) =>
    said(all, type).forEach(check);

const births = (all: Conversations): readonly Said[] => said(all, "NBIRTH", "DBIRTH");
const qos0 = ({ qos }: Said): void => expect(qos).toBe(0);
const notRetained = ({ retain }: Said): void => expect(retain).toBe(false);
const delivery = (message: Said): void => {
  qos0(message);
  notRetained(message);
};
const stamped = ({ wire }: Said): void => expect(wire.timestamp).toBeTypeOf("bigint");
const readable = ({ sparkplug, wire }: Said): void => {
  expect(sparkplug.metrics.length).toBeGreaterThan(0);
  expect(wire.$typeName).toMatch(/Payload$/);
};
const inRange = ({ wire }: Said): void => {
  expect(wire.seq).toBeTypeOf("bigint");
  expect(Number(wire.seq)).toBeLessThan(256);
};

/** The metrics by alias that a birth announces; later messages tell no other. */
const announced =
  (birth: "NBIRTH" | "DBIRTH", data: "NDATA" | "DDATA"): Judge =>
  (all) => {
    said(all, birth);
    for (const message of said(all, data)) {
      const own = message.in.said.filter(
        ({ type, levels, place }) => type === birth && levels[4] === message.levels[4] && place < message.place,
      );
      const aliases = new Set(metrics(own.slice(-1)).map(({ metric }) => metric.alias));
      for (const { metric } of metrics([message])) expect(aliases).toContain(metric.alias);
    }
    // All births of one part announce the same.
    for (const part of new Set(said(all, birth).map(({ topic }) => topic))) {
      const lists = said(all, birth)
        .filter(({ topic }) => topic === part)
        .map((one) => one.sparkplug.metrics.map(({ name }) => name).join("\n"));
      expect(new Set(lists).size).toBe(1);
    }
  };

const described =
  (type: "NBIRTH" | "DBIRTH"): Judge =>
  (all) => {
    for (const { metric, wire } of metrics(said(all, type))) {
      expect(metric.name).toMatch(/\S/);
      expect(metric.type).toBeDefined();
      expect(wire.isNull === true || wire.value.case !== undefined, metric.name).toBe(true);
    }
  };

/** null is said as is_null and without a value; there are nulls and values in these births. */
const valued =
  (type: "NBIRTH" | "DBIRTH"): Judge =>
  (all) => {
    const both = metrics(said(all, type));
    some(both.filter(({ wire }) => wire.isNull === true));
    some(both.filter(({ wire }) => wire.isNull !== true));
    for (const { metric, wire } of both) expect(wire.value.case === undefined, metric.name).toBe(wire.isNull === true);
  };

const rebirthIs = (check: (metric: ReturnType<typeof bare>) => void): Judge =>
  each("NBIRTH", (birth) => check(bare(birth)));
const bare = (birth: Said) => metric(birth, rebirth.name);
const isFalse = rebirthIs(({ type, value }) => expect({ type, value }).toEqual({ type: "Boolean", value: false }));

/** What was asked by NCMD, and what this connection published afterwards. */
const asked = (all: Conversations): readonly (readonly Said[])[] => {
  const [talk] = talks(all).filter(({ name }) => name === "rebirth");
  const commands = talk?.steps.flatMap(({ is }, place) => (is === "said" ? [place] : [])) ?? [];
  // The last command asked for something else.
  return some(commands.slice(0, -1)).map((command) => talk?.said.filter(({ place }) => place > command) ?? []);
};

const allBirthsAtOnce: Judge = (all) => {
  for (const { said: own } of some(talks(all).filter(({ said }) => said.length > 0))) {
    own.forEach(({ type }, index) => {
      if (type === "NBIRTH")
        expect(own.slice(index, index + 3).map((one) => one.levels.slice(2).filter((_, at) => at !== 1))).toEqual([
          ["NBIRTH"],
          ["DBIRTH", "vend"],
          ["DBIRTH", "cold"],
        ]);
    });
  }
};

const hasNumber = each("NBIRTH", (birth) => void metric(birth, bdSeq.name));

export const ofBirths = {
  "topics-nbirth-mqtt": each("NBIRTH", delivery),
  "topics-nbirth-seq-num": each("NBIRTH", ({ wire }) => expect(wire.seq).toBe(0n)),
  "topics-nbirth-timestamp": each("NBIRTH", stamped),
  "topics-nbirth-metric-reqs": announced("NBIRTH", "NDATA"),
  "topics-nbirth-metrics": described("NBIRTH"),
  "topics-nbirth-bdseq-included": hasNumber,
  "topics-nbirth-rebirth-metric": isFalse,
  "message-flow-edge-node-birth-publish-nbirth-payload": each("NBIRTH", readable),
  "message-flow-edge-node-birth-publish-nbirth-qos": each("NBIRTH", qos0),
  "message-flow-edge-node-birth-publish-nbirth-retained": each("NBIRTH", notRetained),
  "message-flow-edge-node-birth-publish-nbirth-payload-seq": each("NBIRTH", inRange),
  "payloads-nbirth-timestamp": each("NBIRTH", stamped),
  "payloads-nbirth-seq": each("NBIRTH", inRange),
  "payloads-nbirth-bdseq": hasNumber,
  "payloads-nbirth-rebirth-req": isFalse,
  "payloads-nbirth-qos": each("NBIRTH", qos0),
  "payloads-nbirth-retain": each("NBIRTH", notRetained),
  "payloads-sequence-num-req-nbirth": each("NBIRTH", inRange),
  "operational-behavior-data-publish-nbirth": announced("NBIRTH", "NDATA"),
  "operational-behavior-data-publish-nbirth-values": valued("NBIRTH"),
  "operational-behavior-data-commands-rebirth-name": rebirthIs(({ name }) => expect(name).toBe(rebirth.name)),
  "operational-behavior-data-commands-rebirth-name-aliases": rebirthIs(({ alias }) => expect(alias).toBeUndefined()),
  "operational-behavior-data-commands-rebirth-datatype": rebirthIs(({ type }) => expect(type).toBe("Boolean")),
  "operational-behavior-data-commands-rebirth-value": rebirthIs(({ value }) => expect(value).toBe(false)),
  "operational-behavior-data-commands-rebirth-action-1"(all) {
    for (const after of asked(all)) expect(after[0]?.type).toBe("NBIRTH");
  },
  "operational-behavior-data-commands-rebirth-action-2"(all) {
    for (const after of asked(all))
      expect(after.slice(0, 3).map(({ type }) => type)).toEqual(["NBIRTH", "DBIRTH", "DBIRTH"]);
    allBirthsAtOnce(all);
  },
  "operational-behavior-data-commands-rebirth-action-3"(all) {
    for (const [birth] of asked(all)) {
      const first = birth?.in.said[0];
      if (birth === undefined || first === undefined) throw new Error("there was no rebirth");
      expect(birth.place).toBeGreaterThan(first.place);
      expect(metric(birth, bdSeq.name).value).toBe(metric(first, bdSeq.name).value);
    }
  },

  "topics-dbirth-mqtt": each("DBIRTH", delivery),
  "topics-dbirth-timestamp": each("DBIRTH", stamped),
  "topics-dbirth-metric-reqs": announced("DBIRTH", "DDATA"),
  "topics-dbirth-metrics": described("DBIRTH"),
  "message-flow-device-birth-publish-nbirth-wait"(all) {
    for (const { place, in: talk } of said(all, "DBIRTH"))
      expect(talk.said.some((one) => one.type === "NBIRTH" && one.place < place)).toBe(true);
  },
  "message-flow-device-birth-publish-dbirth-payload": each("DBIRTH", readable),
  "message-flow-device-birth-publish-dbirth-qos": each("DBIRTH", qos0),
  "message-flow-device-birth-publish-dbirth-retained": each("DBIRTH", notRetained),
  "payloads-dbirth-timestamp": each("DBIRTH", stamped),
  "payloads-dbirth-seq": each("DBIRTH", inRange),
  "payloads-dbirth-order": allBirthsAtOnce,
  "payloads-dbirth-qos": each("DBIRTH", qos0),
  "payloads-dbirth-retain": each("DBIRTH", notRetained),
  "operational-behavior-data-publish-dbirth": announced("DBIRTH", "DDATA"),
  "operational-behavior-data-publish-dbirth-values": valued("DBIRTH"),

  "payloads-alias-uniqueness"(all) {
    for (const { said: own } of some(talks(all).filter(({ said }) => said.length > 0))) {
      const meant = new Map<number, string>();
      for (const birth of own.filter(({ type }) => type.endsWith("BIRTH")))
        for (const { name, alias } of birth.sparkplug.metrics) {
          if (alias === undefined) continue;
          const what = `${birth.levels[4] ?? ""}/${name}`;
          expect(meant.get(alias) ?? what).toBe(what);
          meant.set(alias, what);
        }
      expect(meant.size).toBeGreaterThan(0);
    }
  },
  "payloads-alias-birth-requirement"(all) {
    for (const { metric } of metrics(births(all))) {
      expect(metric.name).toBeDefined();
      // Sparkplug's own two are told by name, always.
      if (metric.name !== bdSeq.name && metric.name !== rebirth.name) expect(metric.alias, metric.name).toBeDefined();
    }
  },
  "payloads-metric-datatype-req"(all) {
    for (const { wire } of metrics(births(all))) expect(wire.datatype).toBeTypeOf("number");
  },
  "payloads-metric-datatype-value-type"(all) {
    for (const { wire } of metrics(births(all)))
      expect(Number.isInteger(wire.datatype) && Number(wire.datatype) >= 0 && Number(wire.datatype) < 2 ** 32).toBe(
        true,
      );
  },
  "payloads-metric-datatype-value"(all) {
    const known: readonly number[] = Object.values(dataTypes);
    for (const { wire } of metrics(births(all))) expect(known).toContain(wire.datatype);
  },
} as const satisfies Readonly<Record<string, Judge>>;
