import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { demoStation, type Demo } from "../../../controller/cli/demo.ts";
import { errorOf, instruments, troubles } from "../../../controller/cli/demo-cabin.ts";
import { readPeople, saying, toldBy, type SimPerson } from "../../../controller/cli/demo-people.ts";
import { simWires } from "../../../controller/cli/sim-wire.ts";
import { examine } from "../../../config/examine.ts";
import { stationSchema } from "../../../config/schema.ts";
import { converted } from "../../../controller/domain/health/convert.ts";
import type { Item, Meter, Reading } from "../../../devices/health/capability.ts";
import { hexOf, publicOf } from "../../../protocol/pickup-code/sign.ts";
import { manualClock } from "../../kit/clock.ts";

// The health cabin of `npm start -- --cabin`: true drivers, true bytes, simulated instruments and people.

const people = readPeople();
const dir = mkdtempSync(join(tmpdir(), "yizhan-cabin-"));
let demo: Demo;
beforeAll(async () => {
  demo = await demoStation({
    today: 20_000,
    seed: 7,
    kiosk: hexOf(publicOf("x25519", new Uint8Array(32).fill(7))),
    dir,
    cabin: true,
  });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** The whole cabin on a clock of its own. */
function standing() {
  const clock = manualClock();
  const cables = simWires(demo.atCables, clock, () => 1);
  const measured = async (id: string, items: readonly Item[], who: SimPerson): Promise<readonly Reading[]> => {
    const device = demo.loaded.devices.find((one) => one.id === id);
    const instrument = instruments.find((one) => one.id === id);
    if (device === undefined || instrument === undefined) throw new Error(`the demonstration has no ${id}`);
    const wire = await cables.wires.open(device.driver.port, device.wiring);
    if (!wire.ok) throw new Error(wire.error.detail);
    const { options, driver } = device;
    const opened = await clock.finish(driver.open({ id, options, port: wire.value.port, clock, note() {} }), 60_000);
    const meter: Meter | undefined = opened.ok ? opened.value.can.meter : undefined;
    if (!opened.ok || meter === undefined) throw new Error(`${id} measures nothing`);
    const { height, weight } = who.has;
    const person = { ...who.person, ...(height && weight ? { heightCm: height, weightKg: weight } : {}) };
    const measuring = meter.measure({ stop: new AbortController().signal, began: clock.mono(), person, heard() {} });
    await clock.pass(1500);
    cables.peers.get(id)?.turn("measure", saying(instrument, items, who));
    const outcome = await clock.finish(measuring, 120_000);
    await clock.finish(opened.value.close(), 60_000);
    if (!outcome.ok) throw new Error(`${id}: ${outcome.error.detail}`);
    return outcome.value;
  };
  const stop = () => {
    for (const peer of cables.peers.values()) peer.stop();
  };
  return { measured, stop };
}

test.for(people.map((who) => [who.id, who] as const))(
  "the %s is measured by the demonstration's cabin: more than twenty items, each as it is true of them",
  async ([, who]) => {
    const cabin = standing();
    const seen = new Map<Item, number>();
    for (const { id, tells, strips } of instruments) {
      const items = Object.keys(tells) as Item[];
      const turns = strips ? items.map((item) => [item]) : [items];
      for (const turn of turns)
        for (const reading of await cabin.measured(id, turn, who)) seen.set(reading.item, converted(reading).value);
    }
    cabin.stop();
    expect(seen.size).toBeGreaterThanOrEqual(20);
    const { has } = who;
    expect(Object.fromEntries(seen)).toEqual(Object.fromEntries([...seen.keys()].map((item) => [item, has[item]])));
  },
);

test.for(people.map((who) => [who.id, who] as const))(
  "what the %s has is what an instrument can tell, and what the screen then shows",
  ([, { has }]) => {
    for (const instrument of instruments)
      for (const item of Object.keys(instrument.tells) as Item[]) {
        const [unit = "1"] = instrument.tells[item] ?? [];
        const value = toldBy(instrument, item, has[item] ?? Number.NaN) ?? Number.NaN;
        expect([item, converted({ item, value, unit, notes: [] }).value]).toEqual([item, has[item]]);
      }
  },
);

test("height, weight and body mass index of everybody belong together", () => {
  for (const { has } of people) {
    const { height = 0, weight = 0, bmi } = has;
    expect(Number((weight / (height / 100) ** 2).toFixed(1))).toBe(bmi);
  }
});

test("one instrument's calibration ends within the month, so that the warning is seen", () => {
  const due = demo.loaded.station.devices.flatMap(({ calibrationDue }) => calibrationDue ?? []);
  expect(due).toEqual(["2024-10-24"]);
});

test("its station file is one that the loader takes", () => {
  expect(examine(stationSchema, demo.loaded.station).findings).toEqual([]);
});

test("each trouble names an instrument that stands there, and an error that it knows", () => {
  for (const { line } of troubles) {
    const [word = "", id = ""] = line.split(" ");
    if (word !== "paper") expect(instruments.map((one) => one.id)).toContain(id);
    if (word === "error") expect(errorOf[id]).toBeGreaterThan(0);
  }
});
