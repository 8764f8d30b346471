import { expect, test } from "vitest";
import type { LoadedDevice } from "../../config/profile.ts";
import { openMachines } from "../../controller/machines.ts";
import { pulledLog } from "../../controller/pulled-log.ts";
import type { World } from "../../controller/world.ts";
import type { DriverDefinition } from "../../devices/kit/driver.ts";
import { fault } from "../../devices/kit/fault.ts";
import { err, ok } from "../../devices/kit/result.ts";
import { manualClock } from "../kit/clock.ts";
import { layWire } from "../kit/wire.ts";
import { instrument } from "./domain/cabin/seat.ts";

const cabin = { instruments: [instrument("cuff", ["systolic"])], printers: ["roll"] };

/** Lines in the form in which they stand in the journal: one JSON object each. */
function journal() {
  const lines: string[] = [];
  const log: World["log"] = {
    note: (msg, facts) => lines.push(JSON.stringify({ level: 30, time: 1, ...facts, msg })),
    fail: (msg, { kind, detail }) => lines.push(JSON.stringify({ level: 40, time: 1, fault: kind, detail, msg })),
    newest: (count) => lines.slice(-count),
  };
  return { log, lines };
}

/** A device that notes something while it is opened, works, and is lost. */
const driver: DriverDefinition<unknown, "bytes"> = {
  id: "health/any",
  provides: [],
  port: "bytes",
  remembers: false,
  options: (raw) => ok(raw),
  async open({ port, note }) {
    note("clock-not-set", { why: "silent" });
    port.listen({ heard() {}, lost() {} });
    const identify = async () => ok({ model: "any" });
    return ok({ can: {}, identify, selfTest: async () => ok([]), close: async () => {} });
  },
};

/** What stands in the log after each of these came, went, and could not be opened. */
async function used(ids: readonly string[]) {
  const clock = manualClock();
  const { log, lines } = journal();
  const nobody = { knobs: [], peer: () => ({ hear() {}, turn() {}, knobs: [], truth: () => [], stop() {} }) };
  const { wire } = layWire(nobody, {}, clock);
  let away = false;
  const open = async () => (away ? err(fault("no-device", "nothing is plugged in")) : await wire.open());
  const world = { clock, wires: { open }, log } as unknown as World;
  const devices = ids.map((id) => ({ id, driver, options: {}, wiring: { by: "path", match: id } }));
  const machines = openMachines(world, devices as unknown as readonly LoadedDevice[], {
    changed() {},
    reported() {},
    door() {},
    read() {},
    measures: () => undefined,
  });
  await clock.pass(15_000);
  away = true;
  wire.unplug();
  await clock.pass(15_000);
  await clock.finish(machines.close());
  return { log, lines };
}

test("whoever pulls the log from afar sees no line of an instrument or a printer of the cabin", async () => {
  for (const id of ["cuff", "roll"]) {
    const { log, lines } = await used([id]);
    expect(lines.length).toBeGreaterThan(3);
    expect(pulledLog(log, 100, cabin)).toEqual([]);
  }
});

test("lines of machines are pulled, and all of them where there is no cabin", async () => {
  const { log, lines } = await used(["vend"]);
  expect(lines.length).toBeGreaterThan(3);
  expect(pulledLog(log, 100, cabin)).toEqual(lines);
  expect(pulledLog(log, 2, cabin)).toEqual(lines.slice(-2));
  const alone = await used(["cuff"]);
  expect(pulledLog(alone.log, 100, undefined)).toEqual(alone.lines);
});

test("the number of lines does not show either that an instrument was used", () => {
  const { log } = journal();
  for (let n = 0; n < 10; n++) log.note("link.up", { server: `broker-${n}` });
  for (let n = 0; n < 10; n++) log.note("device.working", { device: "cuff" });
  expect(pulledLog(log, 8, cabin)).toHaveLength(8);
});
