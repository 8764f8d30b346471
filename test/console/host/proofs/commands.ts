import { expect } from "vitest";
import { dataTypes } from "../../../../protocol/sparkplug/datatype.ts";
import { group, kiosk, raw, stateTopic, type aDay } from "../conversations.ts";
import type { Proofs } from "./proof.ts";

type Day = Awaited<ReturnType<typeof aDay>>;

/** What a host publishes besides its state: NCMD and DCMD. */
export function commandProofs(day: Day): Proofs {
  const { refused, request } = day;
  const [toNode, toDevice, toForeign, toForeignDevice, rebirth] = day.commands.map((packet) => ({
    ...packet,
    content: raw(packet.payload),
  }));
  const nodeCommands = [toNode, toForeign, rebirth];
  const deviceCommands = [toDevice, toForeignDevice];
  const all = [...nodeCommands, ...deviceCommands];
  const asked = raw(request?.payload ?? "");
  type Sent = typeof toNode;

  const goesTo = (sent: readonly Sent[], topics: readonly string[]) =>
    expect(sent.map((one) => one?.topic)).toEqual(topics);
  const isQos0 = (sent: readonly Sent[]) => expect(sent.map((one) => one?.qos)).toEqual(sent.map(() => 0));
  const isNotRetained = (sent: readonly Sent[]) =>
    expect(sent.map((one) => one?.retain)).toEqual(sent.map(() => false));
  const saysWhen = (sent: readonly Sent[]) =>
    expect(sent.map((one) => Number(one?.content.timestamp))).toEqual(
      sent.map((one) => (one === rebirth ? day.askedAt : day.commandedAt)),
    );
  const hasNoNumber = (sent: readonly Sent[]) =>
    expect(sent.map((one) => one?.content.seq)).toEqual(sent.map(() => undefined));
  const writes = (sent: Sent) =>
    sent?.content.metrics.map(({ name, alias, value }) => ({ name, alias, [value.case ?? "none"]: value.value }));
  const metrics = all.flatMap((one) => one?.content.metrics ?? []);

  return {
    "topics-ncmd-topic": () =>
      goesTo(nodeCommands, [
        `spBv1.0/${group}/NCMD/${kiosk}`,
        `spBv1.0/${group}/NCMD/foreign`,
        `spBv1.0/${group}/NCMD/${kiosk}`,
      ]),
    "topics-ncmd-mqtt": () => {
      isQos0(nodeCommands);
      isNotRetained(nodeCommands);
    },
    "topics-ncmd-timestamp": () => saysWhen(nodeCommands),
    "topics-ncmd-payload": () => {
      expect(writes(toNode)).toEqual([{ name: undefined, alias: 1n, intValue: 41 }]);
      // Two's complement of -3.
      expect(writes(toForeign)).toEqual([{ name: "m0", alias: undefined, intValue: 2 ** 32 - 3 }]);
    },
    "topics-dcmd-topic": () =>
      goesTo(deviceCommands, [`spBv1.0/${group}/DCMD/${kiosk}/vend`, `spBv1.0/${group}/DCMD/foreign/pump`]),
    "topics-dcmd-mqtt": () => {
      isQos0(deviceCommands);
      isNotRetained(deviceCommands);
    },
    "topics-dcmd-timestamp": () => saysWhen(deviceCommands),
    "topics-dcmd-payload": () => {
      expect(writes(toDevice)).toEqual([{ name: undefined, alias: 1002n, intValue: 42 }]);
      expect(writes(toForeignDevice)).toEqual([{ name: "m0", alias: undefined, intValue: 4 }]);
    },
    "operational-behavior-data-commands-ncmd-rebirth-verb": () =>
      expect(request?.topic).toBe(`spBv1.0/${group}/NCMD/${kiosk}`),
    "operational-behavior-data-commands-ncmd-rebirth-name": () =>
      expect(asked.metrics.map(({ name, alias }) => [name, alias])).toEqual([["Node Control/Rebirth", undefined]]),
    "operational-behavior-data-commands-ncmd-rebirth-value": () =>
      expect(asked.metrics.map(({ value }) => value)).toEqual([{ case: "booleanValue", value: true }]),
    "operational-behavior-data-commands-ncmd-verb": () => {
      expect(day.given).toEqual([true, true, true, true]);
      expect(toNode?.topic.split("/")[2]).toBe("NCMD");
    },
    // By its alias where the birth gave one [payloads-alias-data-cmd-requirement].
    "operational-behavior-data-commands-ncmd-metric-name": () => {
      expect(writes(toNode)?.[0]?.alias).toBe(1n);
      expect(writes(toForeign)?.[0]?.name).toBe("m0");
      expect(refused.noMetric).toEqual({ ok: false, error: ['"m9" is no metric of its birth that can be written.'] });
    },
    "operational-behavior-data-commands-ncmd-metric-value": () => {
      expect(refused.noType).toEqual({ ok: false, error: ['"m1" is a Int32: 41 is none.'] });
      expect(refused.tooLarge.ok).toBe(false);
    },
    "operational-behavior-data-commands-dcmd-verb": () => expect(toDevice?.topic.split("/")[2]).toBe("DCMD"),
    "operational-behavior-data-commands-dcmd-metric-name": () => {
      expect(writes(toDevice)?.[0]?.alias).toBe(1002n);
      expect(writes(toForeignDevice)?.[0]?.name).toBe("m0");
      expect(refused.noDeviceMetric.ok).toBe(false);
    },
    "operational-behavior-data-commands-dcmd-metric-value": () =>
      expect(refused.noDeviceType).toEqual({ ok: false, error: ['"m2" is a Int32: 4.2 is none.'] }),
    "payloads-name-cmd-requirement": () =>
      expect(metrics.map(({ timestamp }) => typeof timestamp)).toEqual(metrics.map(() => "bigint")),
    "payloads-ncmd-timestamp": () => saysWhen(nodeCommands),
    "payloads-ncmd-seq": () => hasNoNumber(nodeCommands),
    "payloads-ncmd-qos": () => isQos0(nodeCommands),
    "payloads-ncmd-retain": () => isNotRetained(nodeCommands),
    "payloads-dcmd-timestamp": () => saysWhen(deviceCommands),
    "payloads-dcmd-seq": () => hasNoNumber(deviceCommands),
    "payloads-dcmd-qos": () => isQos0(deviceCommands),
    "payloads-dcmd-retain": () => isNotRetained(deviceCommands),
    "topic-structure": () =>
      expect(day.published.map(({ topic }) => topic).filter((topic) => topic !== stateTopic)).toEqual([
        `spBv1.0/${group}/NCMD/${kiosk}`,
        `spBv1.0/${group}/DCMD/${kiosk}/vend`,
        `spBv1.0/${group}/NCMD/foreign`,
        `spBv1.0/${group}/DCMD/foreign/pump`,
        `spBv1.0/${group}/NCMD/${kiosk}`,
      ]),
    "topic-structure-namespace-a": () =>
      expect(new Set(day.published.map(({ topic }) => topic.split("/")[0]))).toEqual(new Set(["spBv1.0"])),
    "topic-structure-namespace-device-id-associated-message-types": () =>
      expect(deviceCommands.map((one) => one?.topic.split("/").slice(3))).toEqual([
        [kiosk, "vend"],
        ["foreign", "pump"],
      ]),
    "topic-structure-namespace-device-id-non-associated-message-types": () => {
      expect(nodeCommands.map((one) => one?.topic.split("/").length)).toEqual([4, 4, 4]);
      expect(day.states.map(({ topic }) => topic.split("/").length)).toEqual([3, 3, 3]);
    },
    // The test's clock gives UTC milliseconds; a local time would be hours off.
    "payloads-timestamp-in-UTC": () => saysWhen(all),
    "payloads-metric-timestamp-in-UTC": () =>
      expect(all.map((one) => one?.content.metrics.map(({ timestamp }) => Number(timestamp)))).toEqual(
        all.map((one) => [one === rebirth ? day.askedAt : day.commandedAt]),
      ),
    "payloads-name-requirement": () =>
      expect(metrics.filter(({ name, alias }) => name === undefined && alias === undefined)).toEqual([]),
    "payloads-alias-data-cmd-requirement": () =>
      expect([toNode, toDevice].map((one) => one?.content.metrics.map(({ name }) => name))).toEqual([
        [undefined],
        [undefined],
      ]),
    "payloads-metric-datatype-value-type": () =>
      expect(metrics.filter(({ datatype }) => datatype !== undefined && !isUint32(datatype))).toEqual([]),
    "payloads-metric-datatype-value": () =>
      expect(metrics.filter(({ datatype }) => datatype !== undefined && !numbers.has(datatype))).toEqual([]),
    "payloads-metric-datatype-not-req": () =>
      expect(metrics.map(({ datatype }) => datatype)).toEqual(metrics.map(() => undefined)),
  };
}

const isUint32 = (number: number): boolean => Number.isInteger(number) && number >= 0 && number < 2 ** 32;
const numbers: ReadonlySet<number> = new Set(Object.values(dataTypes));
