import { expect } from "vitest";
import { readHostWord } from "../../../../controller/link/host-word.ts";
import type { Conversations, Name } from "../conversations.ts";
import { host } from "../kiosk.ts";
import { some, talksOf, type Judge, type Talk } from "../look.ts";
import type { Step } from "../step.ts";

const state = `spBv1.0/STATE/${host}`;
const told = (all: Conversations, name: Name): readonly Talk[] => some(talksOf(name, all[name]));
const at = <T>(list: readonly T[], index: number): T => {
  const one = list[index];
  if (one === undefined) throw new Error(`nothing at ${index}`);
  return one;
};

/** Places of the words said to the kiosk on one connection, and of its first birth. */
const words = ({ steps }: Talk) =>
  steps.flatMap((step, place) =>
    step.is === "said" ? [{ place, topic: step.topic, word: readHostWord(step.payload) }] : [],
  );
const bornAt = ({ said }: Talk): number => some(said)[0]?.place ?? -1;

/** In the conversation "waits" only the last word, online and newer than the offline one, brings the births. */
const waits: Judge = (all) => {
  const talk = at(told(all, "waits"), 0);
  const heard = some(words(talk));
  expect(heard.at(-1)).toMatchObject({ topic: state, word: { online: true, timestamp: 11 } });
  expect(bornAt(talk)).toBeGreaterThan(at(heard, heard.length - 1).place);
  // Each of the others stands before the births, and was not enough.
  expect(heard.length).toBeGreaterThan(4);
  for (const { place } of heard) expect(bornAt(talk)).toBeGreaterThan(place);
};

const waitsThrough =
  (which: (word: ReturnType<typeof words>[number]) => boolean): Judge =>
  (all) => {
    waits(all);
    some(words(at(told(all, "waits"), 0)).filter(which));
  };

/** At the host's offline word: NDEATH, DISCONNECT, and a new CONNECT, on which the births wait for the host. */
const leaves: Judge = (all) => {
  const [first, second] = told(all, "hostLeaves");
  if (first === undefined || second === undefined) throw new Error("it did not come back");
  const offline = some(words(first)).at(-1);
  expect(offline?.word).toMatchObject({ online: false });
  const after = first.steps.slice((offline?.place ?? Infinity) + 1).map(kind);
  expect(after.slice(0, 2)).toEqual(["NDEATH", "disconnect"]);
  expect(bornAt(second)).toBeGreaterThan(at(words(second), 0).place);
};
const kind = (step: Step): string => (step.is === "publish" ? (step.topic.split("/")[2] ?? "") : step.is);

const stays: Judge = (all) => {
  const [talk, ...others] = told(all, "wordsOfHosts");
  if (talk === undefined) throw new Error("nobody spoke");
  expect(others).toEqual([]);
  const heard = some(words(talk));
  expect(heard.map(({ word }) => word?.online)).toEqual([false, false]);
  // Data goes on after each of them; the one goodbye is the last of all.
  for (const { place } of heard) expect(talk.said.find((one) => one.place > place)?.type).toBe("DDATA");
  expect(talk.said.filter(({ type }) => type === "NDEATH").map(({ place }) => place)).toEqual([
    talk.said.at(-1)?.place,
  ]);
};

/** First broker, second, first again where the host is offline now, second. */
const walks: Judge = (all) => {
  const brokers = told(all, "twoServers").map(({ connection }) => connection.split(".")[0]);
  expect(brokers).toEqual(["1", "2", "1", "2"]);
  const [first, , third] = told(all, "twoServers");
  expect(first?.said.at(-1)?.type).toBe("NDEATH");
  // Where the host is offline from the start nobody was born, so that nobody dies.
  expect(third?.said).toEqual([]);
  expect(third?.steps.some(({ is }) => is === "disconnect")).toBe(true);
};

const oneAtATime: Judge = (all) => {
  walks(all);
  const open = new Set<string>();
  for (const name of ["twoServers", "nextServer", "hostLeaves", "outage"] as const) {
    open.clear();
    for (const { is, connection } of some(all[name])) {
      if (is === "connect") {
        expect([...open], "connections before another CONNECT").toEqual([]);
        open.add(connection);
      }
      if (is === "disconnect" || is === "gone") open.delete(connection);
    }
  }
};

export const ofHosts = {
  "message-flow-edge-node-birth-publish-phid-wait": waits,
  "message-flow-edge-node-birth-publish-phid-wait-id": waitsThrough(({ topic }) => topic !== state),
  "message-flow-edge-node-birth-publish-phid-wait-online": waitsThrough(({ word }) => word?.online === false),
  "message-flow-edge-node-birth-publish-phid-wait-timestamp": waitsThrough(
    ({ word }) => word?.online === true && word.timestamp < 10,
  ),
  "message-flow-edge-node-birth-publish-phid-offline": leaves,
  "operational-behavior-edge-node-birth-sequence-wait": waits,
  "operational-behavior-edge-node-termination-host-offline": leaves,
  "operational-behavior-edge-node-termination-host-offline-reconnect"(all) {
    leaves(all);
    walks(all);
  },
  "operational-behavior-edge-node-termination-host-offline-timestamp": stays,
  "operational-behavior-primary-application-state-with-multiple-servers-single-server": oneAtATime,
  "operational-behavior-primary-application-state-with-multiple-servers-walk": walks,
  "operational-behavior-primary-application-state-with-multiple-servers-state-subs"(all) {
    for (const { steps } of [...told(all, "twoServers"), ...told(all, "waits")])
      expect(
        steps.some(
          (step) => step.is === "subscribe" && step.topics.some(({ topic, qos }) => topic === state && qos === 1),
        ),
      ).toBe(true);
  },
} as const satisfies Readonly<Record<string, Judge>>;
