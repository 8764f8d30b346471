import type { IPublishPacket } from "mqtt-packet";
import { expect } from "vitest";
import {
  cutOff,
  group,
  hostId,
  namesakes,
  onOldMqtt,
  said,
  stateTopic,
  twoServers,
  type aDay,
  type Session,
} from "../conversations.ts";
import { openHost } from "../../../../console/host/host.ts";
import type { Proofs } from "./proof.ts";

type Day = Awaited<ReturnType<typeof aDay>>;

/** What a host says of itself: its will, its birth, its death. */
export async function presenceProofs(day: Day): Promise<Proofs> {
  const old = await onOldMqtt();
  const cut = await cutOff();
  const [first, second] = await twoServers();
  const { before, after } = await namesakes();

  const { will, birth, death, connect } = day;
  const sessions: readonly Session[] = [day, old, ...cut.sessions, first, second];
  const timestampOf = ({ will }: Session) => said(will.payload).timestamp;
  const isState = (packet: IPublishPacket | undefined, online: boolean, timestamp: unknown) => {
    expect(Object.keys(said(packet?.payload ?? "{}")).sort()).toEqual(["online", "timestamp"]);
    expect(said(packet?.payload ?? "{}")).toEqual({ online, timestamp });
  };
  const hasWill = () => expect(sessions.map(({ will }) => will.topic)).toEqual(sessions.map(() => stateTopic));
  const willSaysOffline = () => {
    expect(said(will.payload)).toEqual({ online: false, timestamp: day.connectedAt });
    expect(Number.isSafeInteger(said(will.payload).timestamp)).toBe(true);
  };
  const willIsQos1 = () => expect(sessions.map(({ will }) => will.qos)).toEqual(sessions.map(() => 1));
  const willIsRetained = () => expect(sessions.map(({ will }) => will.retain)).toEqual(sessions.map(() => true));
  const birthTopic = () => expect(birth?.topic).toBe(`spBv1.0/STATE/${hostId}`);
  const birthQos = () => expect(day.states.slice(0, -1).map(({ qos }) => qos)).toEqual([1, 1]);
  const birthRetained = () => expect(day.states.slice(0, -1).map(({ retain }) => retain)).toEqual([true, true]);
  const birthSaysOnline = () => isState(birth, true, day.connectedAt);
  const birthRepeatsWill = () =>
    expect(sessions.map(({ states }) => said(states[0]?.payload ?? "{}").timestamp)).toEqual(sessions.map(timestampOf));
  const birthIsFirst = () =>
    expect(sessions.map(({ published }) => [published[0]?.topic, said(published[0]?.payload ?? "{}").online])).toEqual(
      sessions.map(() => [stateTopic, true]),
    );
  /** Nothing else comes between. */
  const comesAtOnce = () =>
    expect(sessions.map(({ order }) => order.slice(0, 3))).toEqual(
      sessions.map(() => ["connect", "subscribe", "publish"]),
    );
  const subscribesToItself = () =>
    expect(sessions.map(({ subscribed }) => subscribed[0])).toEqual(
      sessions.map(() => ({ topic: stateTopic, qos: 1 })),
    );
  const deathTopic = () => expect(death?.topic).toBe(`spBv1.0/STATE/${hostId}`);
  const deathQos = () => expect(death?.qos).toBe(1);
  const deathRetained = () => expect(death?.retain).toBe(true);
  const deathSaysOffline = () => isState(death, false, day.leftAt);
  const leaves = () => expect(day.order.slice(-3)).toEqual(["publish", "disconnect", "gone"]);

  return {
    "intro-sparkplug-host-state": () => {
      birthSaysOnline();
      deathSaysOffline();
    },
    "components-ph-state": () =>
      expect(day.states.map(({ payload }) => said(payload).online)).toEqual([true, true, false]),
    "conformance-primary-host": () => {
      birthSaysOnline();
      deathSaysOffline();
    },
    "principles-birth-certificates-order": birthIsFirst,
    "host-topic-phid-birth-message": birthIsFirst,
    "host-topic-phid-birth-qos": birthQos,
    "host-topic-phid-birth-retain": birthRetained,
    "host-topic-phid-birth-topic": birthTopic,
    "host-topic-phid-birth-sub-required": () => {
      comesAtOnce();
      expect(day.subscribed).toEqual([
        { topic: stateTopic, qos: 1 },
        { topic: `spBv1.0/${group}/#`, qos: 1 },
      ]);
    },
    "host-topic-phid-birth-required": comesAtOnce,
    "host-topic-phid-birth-payload": birthSaysOnline,
    "host-topic-phid-birth-payload-timestamp": birthRepeatsWill,
    "host-topic-phid-death-qos": () => (willIsQos1(), deathQos()),
    "host-topic-phid-death-retain": () => (willIsRetained(), deathRetained()),
    "host-topic-phid-death-topic": () => (hasWill(), deathTopic()),
    "host-topic-phid-death-required": hasWill,
    "host-topic-phid-death-payload": () => (willSaysOffline(), deathSaysOffline()),
    "host-topic-phid-death-payload-timestamp-connect": willSaysOffline,
    "host-topic-phid-death-payload-timestamp-disconnect-clean": () => {
      deathSaysOffline();
      leaves();
    },
    "host-topic-phid-death-payload-timestamp-disconnect-with-no-disconnect-packet": () => {
      const [, last] = cut.sessions;
      expect(last.order).toEqual(["connect", "subscribe", "publish", "publish", "gone"]);
      isState(last.states[1], false, cut.leftAt);
    },
    "message-flow-phid-sparkplug-clean-session-311": () => {
      expect([old.connect.protocolVersion, old.connect.clean]).toEqual([4, true]);
    },
    "message-flow-phid-sparkplug-clean-session-50": () => {
      expect([connect.protocolVersion, connect.clean]).toEqual([5, true]);
      // Absent is 0, too [MQTT5 3.1.2.11.2].
      expect(connect.properties?.sessionExpiryInterval ?? 0).toBe(0);
    },
    "message-flow-phid-sparkplug-subscription": comesAtOnce,
    "message-flow-phid-sparkplug-state-publish": () => {
      comesAtOnce();
      birthTopic();
    },
    "message-flow-phid-sparkplug-state-publish-payload": birthSaysOnline,
    "message-flow-phid-sparkplug-state-publish-payload-timestamp": () => {
      birthRepeatsWill();
      const [before, later] = cut.sessions;
      expect(Number(timestampOf(later))).toBeGreaterThan(Number(timestampOf(before)));
    },
    "message-flow-hid-sparkplug-state-message-delivered": () => {
      expect(day.repeated?.topic).toBe(stateTopic);
      isState(day.repeated, true, day.connectedAt);
      expect([day.repeated?.qos, day.repeated?.retain]).toEqual([1, true]);
    },
    "operational-behavior-primary-application-state-with-multiple-servers-state": () =>
      expect([first, second].map(({ published }) => published[0]?.topic)).toEqual([stateTopic, stateTopic]),
    // That edge nodes subscribe to it is theirs to prove.
    "operational-behavior-primary-application-state-with-multiple-servers-state-subs": () =>
      expect([first, second].map(({ states }) => said(states[0]?.payload ?? "{}").online)).toEqual([true, true]),
    "operational-behavior-host-application-multi-server-timestamp": () => {
      expect(timestampOf(first)).not.toBe(timestampOf(second));
      for (const session of [first, second])
        expect(session.states.slice(0, 2).map(({ payload }) => said(payload))).toEqual([
          { online: true, timestamp: timestampOf(session) },
          { online: true, timestamp: timestampOf(session) },
        ]);
    },
    // That nobody else uses a name can only be agreed; a host sees it when it is not so, and takes no name that is none.
    "operational-behavior-host-application-host-id": () => {
      expect([before.namesake, after.namesake]).toEqual([undefined, 1]);
      const nothing = () => {};
      const open = (hostId: string) => () =>
        openHost({
          servers: [],
          hostId,
          groups: [],
          reorderTimeout: 1,
          sighted: nothing,
          lost: nothing,
          found: nothing,
        });
      expect(open("a/b")).toThrow('"a/b" cannot be a level of a topic');
      expect(open("")).toThrow("cannot be a level of a topic");
    },
    "operational-behavior-host-application-connect-will": hasWill,
    "operational-behavior-host-application-connect-will-topic": hasWill,
    "operational-behavior-host-application-connect-will-payload": willSaysOffline,
    "operational-behavior-host-application-connect-will-qos": willIsQos1,
    "operational-behavior-host-application-connect-will-retained": willIsRetained,
    "operational-behavior-host-application-connect-birth": comesAtOnce,
    "operational-behavior-host-application-connect-birth-topic": birthTopic,
    "operational-behavior-host-application-connect-birth-payload": birthSaysOnline,
    "operational-behavior-host-application-connect-birth-qos": birthQos,
    "operational-behavior-host-application-connect-birth-retained": birthRetained,
    "operational-behavior-host-application-termination": deathSaysOffline,
    "operational-behavior-host-application-death-topic": deathTopic,
    "operational-behavior-host-application-death-payload": deathSaysOffline,
    "operational-behavior-host-application-death-qos": deathQos,
    "operational-behavior-host-application-death-retained": deathRetained,
    "operational-behavior-host-application-disconnect-intentional": leaves,
    "payloads-state-will-message": hasWill,
    "payloads-state-will-message-qos": willIsQos1,
    "payloads-state-will-message-retain": willIsRetained,
    "payloads-state-will-message-payload": willSaysOffline,
    "payloads-state-subscribe": subscribesToItself,
    "payloads-state-birth": () => {
      comesAtOnce();
      birthQos();
      birthRetained();
    },
    "payloads-state-birth-payload": () => {
      birthSaysOnline();
      birthRepeatsWill();
    },
  };
}
