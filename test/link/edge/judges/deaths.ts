import { expect } from "vitest";
import type { Conversations } from "../conversations.ts";
import { metric, said, some, talks, wills, type Judge, type Said, type Talk } from "../look.ts";

const deaths = (all: Conversations): readonly Said[] => [...said(all, "NDEATH"), ...wills(all).map(({ will }) => will)];
const noSeq: Judge = (all) => deaths(all).forEach(({ wire }) => expect(wire.seq).toBeUndefined());

/** Connections that the kiosk ended on purpose after it was born, with that MQTT version. */
const ended = (all: Conversations, ...versions: readonly number[]): readonly Talk[] =>
  some(
    talks(all).filter(
      ({ connect, steps, said }) =>
        versions.includes(connect.version) && said.length > 0 && steps.some(({ is }) => is === "disconnect"),
    ),
  );

const ndeathThenDisconnect = ({ steps, said: own }: Talk): void => {
  const last = own.at(-1);
  expect(last?.type).toBe("NDEATH");
  const goodbye = steps.findIndex(({ is }) => is === "disconnect");
  expect(goodbye).toBeGreaterThan(last?.place ?? Infinity);
  expect(own.filter(({ type }) => type === "NDEATH")).toHaveLength(1);
  if (last !== undefined) expect(metric(last, "bdSeq").value).toBe(metric(own[0] ?? last, "bdSeq").value);
};
const goodbye =
  (...versions: readonly number[]): Judge =>
  (all) =>
    ended(all, ...versions).forEach(ndeathThenDisconnect);

const dead =
  (check: (message: Said) => void): Judge =>
  (all) =>
    said(all, "DDEATH").forEach(check);

export const ofDeaths = {
  "topics-ndeath-payload"(all) {
    for (const { sparkplug } of deaths(all)) expect(sparkplug.metrics.map(({ name }) => name)).toEqual(["bdSeq"]);
  },
  "topics-ndeath-seq": noSeq,
  "payloads-ndeath-seq": noSeq,
  "operational-behavior-edge-node-intentional-disconnect-ndeath": goodbye(4, 5),
  "operational-behavior-edge-node-intentional-disconnect-packet": goodbye(4, 5),
  "payloads-ndeath-will-message-publisher": goodbye(4, 5),
  "payloads-ndeath-will-message-publisher-disconnect-mqtt311": goodbye(4),
  "payloads-ndeath-will-message-publisher-disconnect-mqtt50"(all) {
    for (const { steps } of ended(all, 5))
      // [MQTT5 3.14.2.1] Disconnect with Will Message.
      expect(steps.find((step) => step.is === "disconnect")).toMatchObject({ reason: 4 });
  },

  "operational-behavior-device-ddeath"(all) {
    const [talk] = talks(all).filter(({ name }) => name === "day");
    const cold = talk?.said.filter(({ levels }) => levels[4] === "cold").map(({ type }) => type) ?? [];
    const death = cold.indexOf("DDEATH");
    expect(death).toBeGreaterThan(0);
    // Between its death and its next birth nothing is said of it.
    expect(cold[death + 1]).toBe("DBIRTH");
    said(all, "DDEATH");
  },
  "topics-ddeath-mqtt": dead(({ qos, retain }) => expect({ qos, retain }).toEqual({ qos: 0, retain: false })),
  "payloads-ddeath-timestamp": dead(({ wire }) => expect(wire.timestamp).toBeTypeOf("bigint")),
  "payloads-ddeath-seq": dead(({ wire }) => expect(wire.seq).toBeTypeOf("bigint")),
} as const satisfies Readonly<Record<string, Judge>>;
