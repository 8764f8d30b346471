import { expect } from "vitest";
import type { Value } from "../../../../protocol/sparkplug/datatype.ts";
import type { Conversations } from "../conversations.ts";
import { metrics as set } from "../kiosk.ts";
import { everything, metrics, numbered, said, some, talks, wills, type Judge, type Said, type Type } from "../look.ts";

const each =
  (type: Type, check: (message: Said) => void): Judge =>
  (all) =>
    said(all, type).forEach(check);

const qos0 = ({ qos }: Said): void => expect(qos).toBe(0);
const notRetained = ({ retain }: Said): void => expect(retain).toBe(false);
const delivery = (message: Said): void => {
  qos0(message);
  notRetained(message);
};
const stamped = ({ wire }: Said): void => expect(wire.timestamp).toBeTypeOf("bigint");
const hasSeq = ({ wire }: Said): void => expect(wire.seq).toBeTypeOf("bigint");
const inNumber =
  (...types: readonly Type[]): Judge =>
  (all) =>
    numbered(all, ...types);

const heartbeat = set.named("Sys/Uptime_s").alias;

/** Nothing is told that was told before with the same value; but the heartbeat, and what an outage kept. */
const onlyChanges =
  (type: "NDATA" | "DDATA"): Judge =>
  (all) => {
    said(all, type);
    for (const { said: own } of talks(all)) {
      const told = new Map<string, Value>();
      for (const message of own)
        for (const { alias, value, historical } of message.sparkplug.metrics) {
          if (historical === true || alias === undefined) continue;
          const what = `${message.levels[4] ?? ""}/${alias}`;
          if (message.type === type && alias !== heartbeat) expect(told.get(what)).not.toEqual(value);
          told.set(what, value);
        }
    }
  };

/** What changed did arrive: the good that was given, the door that opened. */
const arrives =
  (type: "NDATA" | "DDATA", name: string, device?: string): Judge =>
  (all) => {
    onlyChanges(type)(all);
    const { alias } = set.named(name, device);
    some(said(all, type).filter(({ sparkplug }) => sparkplug.metrics.some((one) => one.alias === alias)));
    for (const message of said(all, type))
      for (const { alias = 0 } of message.sparkplug.metrics)
        expect(set.byAlias.get(alias)?.device).toBe(message.levels[4]);
  };

const inOrder =
  (...types: readonly Type[]): Judge =>
  (all) => {
    for (const { sparkplug } of said(all, ...types)) {
      const times = sparkplug.metrics.filter(({ historical }) => historical !== true).map(({ at }) => at ?? 0);
      expect(times).toEqual(times.toSorted((one, other) => one - other));
    }
  };

/** Between an NBIRTH and the last of its DBIRTHs nothing else is said, and nothing before it. */
const afterBirths =
  (type: "NDATA" | "DDATA"): Judge =>
  (all) => {
    said(all, type);
    for (const { said: own } of talks(all))
      own.forEach((message, index) => {
        if (message.type !== type) return;
        const birth = own.slice(0, index).findLastIndex((one) => one.type === "NBIRTH");
        expect(birth).toBeGreaterThan(-1);
        expect(index - birth).toBeGreaterThan(2);
        expect(own.slice(birth + 1, birth + 3).map((one) => one.type)).toEqual(["DBIRTH", "DBIRTH"]);
      });
  };

const data = (all: Conversations): readonly Said[] => said(all, "NDATA", "DDATA");
const begin = Date.UTC(2026, 6, 1);
const isUtc = (at: unknown): void => {
  expect(Number(at)).toBeGreaterThanOrEqual(begin);
  expect(Number(at)).toBeLessThan(begin + 3_600_000);
};

export const ofData = {
  "principles-rbe-recommended"(all) {
    onlyChanges("NDATA")(all);
    onlyChanges("DDATA")(all);
  },
  "topics-ndata-mqtt": each("NDATA", delivery),
  "topics-ndata-seq-num": inNumber("NDATA"),
  "topics-ndata-timestamp": each("NDATA", stamped),
  "topics-ndata-payload": arrives("NDATA", "Sys/Undervoltage"),
  "payloads-ndata-timestamp": each("NDATA", stamped),
  "payloads-ndata-seq": each("NDATA", hasSeq),
  "payloads-ndata-seq-inc": inNumber("NDATA"),
  "payloads-ndata-order": afterBirths("NDATA"),
  "payloads-ndata-qos": each("NDATA", qos0),
  "payloads-ndata-retain": each("NDATA", notRetained),
  "operational-behavior-data-publish-nbirth-change": onlyChanges("NDATA"),
  "operational-behavior-data-publish-nbirth-order": inOrder("NBIRTH", "NDATA"),

  "topics-ddata-mqtt": each("DDATA", delivery),
  "topics-ddata-seq-num": inNumber("DDATA"),
  "topics-ddata-timestamp": each("DDATA", stamped),
  "topics-ddata-payload": arrives("DDATA", "Sales/Count", "vend"),
  "payloads-ddata-timestamp": each("DDATA", stamped),
  "payloads-ddata-seq": each("DDATA", hasSeq),
  "payloads-ddata-seq-inc": inNumber("DDATA"),
  "payloads-ddata-order": afterBirths("DDATA"),
  "payloads-ddata-qos": each("DDATA", qos0),
  "payloads-ddata-retain": each("DDATA", notRetained),
  "operational-behavior-data-publish-dbirth-change": onlyChanges("DDATA"),
  "operational-behavior-data-publish-dbirth-order": inOrder("DBIRTH", "DDATA"),

  "topics-dbirth-seq": inNumber("DBIRTH"),
  "payloads-dbirth-seq-inc": inNumber("DBIRTH"),
  "message-flow-device-birth-publish-dbirth-payload-seq": inNumber("DBIRTH"),
  "topics-ddeath-seq-num": inNumber("DDEATH"),
  "payloads-ddeath-seq-inc": inNumber("DDEATH"),
  "payloads-ddeath-seq-number": inNumber("DDEATH"),
  "payloads-sequence-num-always-included"(all) {
    for (const message of everything(all)) if (message.type !== "NDEATH") hasSeq(message);
  },
  "payloads-sequence-num-incrementing"(all) {
    numbered(all, "DBIRTH", "NDATA", "DDATA", "DDEATH");
    const wrapped =
      all.day.length > 256 && everything(all).some(({ type, sparkplug }) => type !== "NBIRTH" && sparkplug.seq === 0);
    expect(wrapped, "one conversation is long enough to come round to 0").toBe(true);
  },

  "payloads-name-requirement"(all) {
    for (const { metric } of metrics(everything(all))) expect(metric.name ?? metric.alias).toBeDefined();
  },
  "payloads-alias-data-cmd-requirement"(all) {
    for (const { metric } of metrics(data(all))) {
      expect(metric.alias).toBeTypeOf("number");
      expect(metric.name).toBeUndefined();
    }
  },
  "payloads-metric-datatype-not-req"(all) {
    for (const { wire } of metrics(data(all))) expect(wire.datatype).toBeUndefined();
  },
  "payloads-name-birth-data-requirement"(all) {
    for (const { wire } of metrics(said(all, "NBIRTH", "DBIRTH", "NDATA", "DDATA")))
      expect(wire.timestamp).toBeTypeOf("bigint");
  },
  "payloads-timestamp-in-UTC"(all) {
    for (const { wire } of [...everything(all), ...wills(all).map(({ will }) => will)]) isUtc(wire.timestamp);
  },
  "payloads-metric-timestamp-in-UTC"(all) {
    for (const { wire } of metrics(everything(all))) isUtc(wire.timestamp);
  },
} as const satisfies Readonly<Record<string, Judge>>;
