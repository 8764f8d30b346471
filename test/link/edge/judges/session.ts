import { expect } from "vitest";
import type { Conversations } from "../conversations.ts";
import { group, node } from "../kiosk.ts";
import { metric, said, some, talks, wills, type Judge, type Talk } from "../look.ts";

const will =
  (check: (will: ReturnType<typeof wills>[number]) => void): Judge =>
  (all) =>
    wills(all).forEach(check);

const ofVersion = (all: Conversations, version: number): readonly Talk[] =>
  some(talks(all).filter(({ connect }) => connect.version === version));

const qos1 = will(({ will }) => expect(will.qos).toBe(1));
const notRetained = will(({ will }) => expect(will.retain).toBe(false));
const isDeath = will(({ will }) => expect(will.topic).toBe(`spBv1.0/${group}/NDEATH/${node}`));

const numberOf = ({ will }: { readonly will: Parameters<typeof metric>[0] }): number => {
  const { type, value } = metric(will, "bdSeq");
  expect(type).toBe("Int64");
  return Number(value);
};

/** From 0 at a kiosk's first CONNECT, one more at each, whatever the broker and however it was started again. */
const counted: Judge = (all) => {
  const several = some(
    [...new Set(talks(all).map(({ name }) => name))].filter(
      (name) => wills({ ...all }).filter(({ talk }) => talk.name === name).length > 1,
    ),
  );
  expect(several).toContain("restart");
  for (const name of new Set(talks(all).map(({ name }) => name))) {
    const numbers = wills(all)
      .filter(({ talk }) => talk.name === name)
      .map(numberOf);
    expect(numbers).toEqual(numbers.map((_, index) => index % 256));
  }
};

const matching: Judge = (all) => {
  for (const birth of said(all, "NBIRTH")) {
    const own = wills(all).find(({ talk }) => talk.connection === birth.in.connection && talk.name === birth.in.name);
    if (own === undefined) throw new Error("a birth without a connection");
    expect(metric(birth, "bdSeq")).toMatchObject({ type: "Int64", value: numberOf(own) });
  }
};

const bornFirst: Judge = (all) => {
  for (const { said: own } of some(talks(all).filter(({ said }) => said.length > 0)))
    expect(own[0]?.type).toBe("NBIRTH");
};

export const ofSessions = {
  "principles-persistence-clean-session-311"(all) {
    for (const { connect } of ofVersion(all, 4)) expect(connect.clean).toBe(true);
  },
  "principles-persistence-clean-session-50"(all) {
    for (const { connect } of ofVersion(all, 5)) expect(connect).toMatchObject({ clean: true, expiry: 0 });
  },
  "principles-birth-certificates-order": bornFirst,
  "message-flow-edge-node-ncmd-subscribe"(all) {
    for (const { steps } of talks(all)) {
      const asked = steps.findIndex(
        (step) =>
          step.is === "subscribe" &&
          step.topics.some(({ topic, qos }) => topic === `spBv1.0/${group}/NCMD/${node}` && qos === 1),
      );
      const born = steps.findIndex((step) => step.is === "publish");
      expect(asked).toBeGreaterThan(-1);
      if (born >= 0) expect(asked).toBeLessThan(born);
    }
  },
  // No device of a kiosk is writable by an unsigned message, so that there is nothing to subscribe to.
  "message-flow-device-dcmd-subscribe"(all) {
    said(all, "DBIRTH");
    const asked = talks(all).flatMap(({ steps }) =>
      steps.flatMap((step) => (step.is === "subscribe" ? step.topics : [])),
    );
    expect(some(asked).filter(({ topic, qos }) => topic.includes("DCMD") || qos !== 1)).toEqual([]);
  },
  "message-flow-edge-node-birth-publish-connect"(all) {
    for (const { place, in: talk } of said(all, "NBIRTH", "DBIRTH")) {
      expect(talk.steps[0]?.is).toBe("connect");
      expect(place).toBeGreaterThan(0);
    }
  },
  "message-flow-edge-node-birth-publish-will-message": will(({ will }) =>
    expect(will.payload.length).toBeGreaterThan(0),
  ),
  "message-flow-edge-node-birth-publish-will-message-topic": isDeath,
  "message-flow-edge-node-birth-publish-will-message-payload": will(({ will }) =>
    expect(will.sparkplug.metrics.length).toBeGreaterThan(0),
  ),
  "message-flow-edge-node-birth-publish-will-message-payload-bdSeq": counted,
  "message-flow-edge-node-birth-publish-will-message-qos": qos1,
  "message-flow-edge-node-birth-publish-will-message-will-retained": notRetained,
  "payloads-ndeath-will-message": isDeath,
  "payloads-ndeath-will-message-qos": qos1,
  "payloads-ndeath-will-message-retain": notRetained,
  "payloads-ndeath-bdseq": matching,
  "topics-nbirth-bdseq-increment": counted,
  "topics-nbirth-bdseq-matching": matching,
  "payloads-nbirth-bdseq-repeat": matching,
  "message-flow-edge-node-birth-publish-nbirth-payload-bdSeq": matching,
} as const satisfies Readonly<Record<string, Judge>>;
