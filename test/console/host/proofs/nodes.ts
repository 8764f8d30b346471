import { expect } from "vitest";
import { group, kiosk, raw, reorderTimeout, type aDay } from "../conversations.ts";
import type { Proofs } from "./proof.ts";

type Day = Awaited<ReturnType<typeof aDay>>;

/** What a host makes of what nodes say: deaths, and messages that are missing. Metrics are stale with their owner. */
export function nodeProofs(day: Day): Proofs {
  const { afterDeath, afterDeviceDeath, inTime, request } = day;
  const died = day.told.filter(({ is }) => is === "died");
  const [doorDied, ...withNode] = died;
  const waiting = (number: number) => `message ${number} of ${group}/${kiosk}`;

  return {
    "operational-behavior-edge-node-termination-host-action-ndeath-node-offline": () => {
      expect([afterDeath.standing, afterDeath.since]).toEqual(["offline", day.diedAt]);
      expect(withNode[0]).toEqual({
        is: "died",
        group,
        node: kiosk,
        at: day.diedAt,
        heard: day.diedAt,
        metrics: [],
      });
    },
    "operational-behavior-edge-node-termination-host-action-ndeath-node-tags-stale": () => {
      expect(afterDeath.values?.set.definitions.length).toBeGreaterThan(3);
      expect([afterDeath.standing, afterDeath.since]).toEqual(["offline", day.diedAt]);
    },
    "operational-behavior-edge-node-termination-host-action-ndeath-devices-offline": () => {
      expect(afterDeviceDeath.devices.get("vend")?.standing).toBe("online");
      expect(afterDeath.devices.get("vend")?.standing).toBe("offline");
      // The door was away already, and is not said to die again.
      expect(withNode.slice(1).map(({ device, at }) => [device, at])).toEqual([["vend", day.diedAt]]);
    },
    "operational-behavior-edge-node-termination-host-action-ndeath-devices-tags-stale": () => {
      const vend = afterDeath.devices.get("vend");
      expect(vend?.values.set.definitions.length).toBe(3);
      expect([vend?.standing, vend?.since]).toEqual(["offline", day.diedAt]);
    },
    "operational-behavior-edge-node-termination-host-action-ddeath-devices-offline": () => {
      expect(doorDied).toMatchObject({ device: "door", at: day.deviceDiedAt });
      expect([afterDeviceDeath.standing, afterDeviceDeath.devices.get("door")?.standing]).toEqual([
        "online",
        "offline",
      ]);
    },
    "operational-behavior-edge-node-termination-host-action-ddeath-devices-tags-stale": () => {
      const door = afterDeviceDeath.devices.get("door");
      expect(door?.values.set.definitions.length).toBe(3);
      expect([door?.standing, door?.since]).toEqual(["offline", day.deviceDiedAt]);
    },
    // The setting itself: the host waited for exactly as long as it says.
    "operational-behavior-host-reordering-param": () => {
      expect(day.patientUntilThen).toBe(inTime.published);
      expect(reorderTimeout).toBe(2000);
      expect(request).toBeDefined();
    },
    "operational-behavior-host-reordering-start": () => expect(inTime.whileMissing).toContain(waiting(3)),
    "operational-behavior-host-reordering-rebirth": () => {
      expect(request?.topic).toBe(`spBv1.0/${group}/NCMD/${kiosk}`);
      expect(raw(request?.payload ?? "").metrics.map(({ name }) => name)).toEqual(["Node Control/Rebirth"]);
      expect(Number(raw(request?.payload ?? "").timestamp)).toBe(day.askedAt);
    },
    "operational-behavior-host-reordering-success": () => {
      expect(inTime.after).not.toContain(waiting(3));
      // A birth, four commands and the repeated birth, but no request, though a minute went by.
      expect(inTime.published).toBe(6);
      const values = inTime.node.values;
      expect(["m0", "m1"].map((name) => values?.known[values.set.byName.get(name) ?? -1]?.value)).toEqual([1, 2]);
    },
  };
}
