import { expect, test } from "vitest";
import type { LoadedDevice } from "../../config/profile.ts";
import { openMachines } from "../../controller/machines.ts";
import type { Presence } from "../../controller/domain/state.ts";
import type { World } from "../../controller/world.ts";
import type { Meter } from "../../devices/health/capability.ts";
import type { DriverDefinition } from "../../devices/kit/driver.ts";
import { ok } from "../../devices/kit/result.ts";
import { manualClock } from "../kit/clock.ts";
import { layWire } from "../kit/wire.ts";

/** A station with one instrument, whose driver neither answers a measurement nor lets go of it, not even when it is closed. */
async function deaf() {
  const clock = manualClock();
  const nobody = { knobs: [], peer: () => ({ hear() {}, turn() {}, knobs: [], truth: () => [], stop() {} }) };
  const { wire } = layWire(nobody, {}, clock);
  const stops: AbortSignal[] = [];
  const meter: Meter = {
    items: ["weight"],
    starts: false,
    measure: ({ stop }) => {
      stops.push(stop);
      return new Promise(() => {});
    },
  };
  const driver: DriverDefinition<unknown, "bytes"> = {
    id: "health/deaf",
    provides: ["meter"],
    port: "bytes",
    remembers: false,
    options: (raw) => ok(raw),
    async open({ port }) {
      port.listen({ heard() {}, lost() {} });
      const identify = async () => ok({ model: "deaf" });
      return ok({ can: { meter }, identify, selfTest: async () => ok([]), close: async () => {} });
    },
  };
  const device = { id: "scale", driver, options: {}, wiring: { by: "path", match: "here" } } as unknown as LoadedDevice;
  const world = { clock, wires: { open: () => wire.open() }, log: { note() {}, fail() {} } } as unknown as World;
  const presence: Presence[] = [];
  const machines = openMachines(world, [device], {
    changed: (_, now) => presence.push(now),
    reported() {},
    door() {},
    read() {},
    measures: () => undefined,
  });
  const told: string[] = [];
  const measure = () =>
    machines.meters.measure("scale", {
      number: 1,
      began: clock.mono(),
      person: {},
      heard() {},
      ended: (outcome) => told.push(outcome.ok ? "ok" : outcome.error.kind),
    });
  await clock.until(() => presence.includes("working"));
  return { clock, wire, machines, measure, told, stops };
}

test("an instrument whose wire is lost ends its measurement, whatever its driver does", async () => {
  const { clock, wire, machines, measure, told, stops } = await deaf();
  measure();
  await clock.pass(1000);
  expect(told).toEqual([]);
  wire.unplug();
  await clock.pass(10_000);
  expect(told).toEqual(["no-device"]);
  expect(stops[0]?.aborted).toBe(true);
  measure();
  expect(told).toEqual(["no-device", "no-device"]);
  await clock.finish(machines.close());
});

test("when the machines are closed a measurement is told to stop, and nobody waits for its driver", async () => {
  const { clock, machines, measure, told, stops } = await deaf();
  measure();
  await clock.finish(machines.close(), 10_000);
  expect(stops[0]?.aborted).toBe(true);
  expect(told).toEqual([]);
});
