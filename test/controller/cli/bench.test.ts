import { describe, expect, test } from "vitest";
import { bench, type BenchIo, type BenchRequest } from "../../../controller/cli/bench/bench.ts";
import type { Entry, Stamped } from "../../../controller/domain/entry.ts";
import { fitDevice, loadModel, type LoadedDevice } from "../../../config/profile.ts";
import { millis, seconds } from "../../../devices/kit/clock.ts";
import type { Device } from "../../../devices/kit/driver.ts";
import { fault } from "../../../devices/kit/fault.ts";
import { err, ok, type Result } from "../../../devices/kit/result.ts";
import { Secret } from "../../../devices/kit/secret.ts";
import type { Reading as Measured } from "../../../devices/health/capability.ts";
import type { Reading } from "../../../devices/reader/capability.ts";
import type { XyOptions } from "../../../devices/vending/xy-options.ts";
import machine from "../../../devices/vending/xy.peer.ts";
import { manualClock } from "../../kit/clock.ts";
import { layWire } from "../../kit/wire.ts";

async function xyCabinet(): Promise<LoadedDevice> {
  const model = await loadModel("xy-v3", { file: "test", path: "" });
  if (!model.ok) throw new Error(model.error.map(({ says }) => says).join("; "));
  const fitted = fitDevice(model.value, { id: "vend", wiring: { by: "path", match: "here" }, options: { slots: 6 } });
  if (!fitted.ok) throw new Error(fitted.error.map(({ says }) => says).join("; "));
  return fitted.value;
}

/** A bench with an XY cabinet of six slots on it, and a ledger that writes down when. */
async function laid(given: { ledger?: "kept" | "refuses" | "fills up" } = {}) {
  let written = (): void => {};
  const clock = manualClock();
  const device = await xyCabinet();
  const { wire, peer } = layWire(machine, device.options as XyOptions, clock);
  const printed: string[] = [];
  const entries: { readonly entry: Entry; readonly after: number }[] = [];
  const told = new AbortController();
  const append = async (entry: Entry): Promise<Result<Stamped>> => {
    if (given.ledger === "refuses" || (entries.length > 0 && given.ledger === "fills up"))
      return err(fault("refused", "the card is full"));
    entries.push({ entry, after: wire.said.length });
    written();
    return ok({ life: 1, seq: 40 + entries.length, at: millis(0), trusted: true, entry });
  };
  const io: BenchIo = {
    clock,
    openWire: () => wire.open(),
    print: (line) => printed.push(line),
    ...(given.ledger ? { ledger: { append } } : {}),
    stop: told.signal,
  };
  const run = (asked: Partial<BenchRequest> = {}) =>
    clock.finish(
      bench({ device, listen: seconds(10), measure: false, print: false, json: false, ...asked }, io),
      300_000,
    );
  const whenWritten = (then: () => void) => (written = then);
  return { clock, device, wire, peer, printed, entries, whenWritten, told, io, run };
}

const objects = (lines: readonly string[]) => lines.map((line): unknown => JSON.parse(line));

describe("the technician's bench", () => {
  test("tells who it is, the self-test, the cold and the slots, and leaves nothing behind", async () => {
    const { run, printed, clock, wire, peer } = await laid();
    expect(await run()).toBe(0);
    expect(printed).toEqual(
      expect.arrayContaining([
        "This is: XY V3, firmware XY-V3.2.11-SIM.",
        "Self-test: The drop curtain sees.",
        "Self-test: 6 of 6 slots reported, none paused.",
        "Temperature: 6 °C.",
        "Slot 1 sells, 10 of 10 goods.",
      ]),
    );
    expect(clock.mono()).toBeGreaterThanOrEqual(10_000);
    expect(peer.truth()).toEqual([]);
    expect(wire.listeners()).toBe(0);
    peer.stop();
    expect(clock.pending().filter((label) => !label.startsWith("wire"))).toEqual([]);
  });

  test("with --json each line is one object with its kind", async () => {
    const { run, printed } = await laid();
    expect(await run({ json: true, release: "3" })).toBe(0);
    const found = objects(printed);
    expect(found[0]).toEqual({ kind: "note", event: "xy.board-started", facts: {} });
    expect(found).toContainEqual({ kind: "identity", model: "XY V3", firmware: "XY-V3.2.11-SIM" });
    expect(found).toContainEqual({ kind: "self-test", says: "The drop curtain sees." });
    expect(found).toContainEqual({ kind: "temperature", celsius: 6 });
    expect(found).toContainEqual({ kind: "slot", slot: "3", sells: true, stock: 9, capacity: 10 });
    expect(found).toContainEqual({
      kind: "delivery",
      slot: "3",
      delivery: "delivered",
      evidence: "drop-sensor",
      seconds: expect.closeTo(2.2, 0),
    });
  });

  test("a test vend stands in the ledger before the motor is told, and its outcome after", async () => {
    const { run, entries, wire, peer, printed } = await laid({ ledger: "kept" });
    expect(await run({ release: "3", json: true })).toBe(0);
    expect(entries.map(({ entry }) => entry)).toEqual([
      { kind: "test-vend", device: "vend", slot: "3" },
      { kind: "test-outcome", of: 41, delivery: "delivered", why: "drop-sensor" },
    ]);
    const drive = wire.said.findIndex((line) => line.startsWith("> FA FB 06"));
    expect(drive).toBeGreaterThanOrEqual(entries[0]?.after ?? Infinity);
    expect(drive).toBeLessThan(entries[1]?.after ?? 0);
    expect(peer.truth()).toEqual(["3"]);
    expect(objects(printed)).toContainEqual(expect.objectContaining({ kind: "delivery", seq: 41 }));
  });

  test("where the ledger refuses, nothing moves", async () => {
    const { run, wire, peer, printed } = await laid({ ledger: "refuses" });
    expect(await run({ release: "3" })).toBe(1);
    expect(wire.said.filter((line) => line.startsWith("> FA FB 06"))).toEqual([]);
    expect(peer.truth()).toEqual([]);
    expect(printed).toContain("Fault during writing the ledger, so nothing was moved: refused. the card is full");
  });

  test("an outcome that could not be written is a fault, and the delivery is still told", async () => {
    const { run, printed } = await laid({ ledger: "fills up" });
    expect(await run({ release: "3" })).toBe(1);
    expect(printed).toContainEqual(expect.stringMatching(/^Slot 3: delivered, proven by drop-sensor/));
    expect(printed).toContain("Fault during writing the outcome: refused. the card is full");
  });

  test.each([
    ["jam", "3", { delivery: "not-delivered", started: true, fault: "jammed" }],
    ["lose-answer", 1, { delivery: "unknown", fault: "silent" }],
  ] as const)("a test vend with %s is told as it is, and is not well", async (knob, to, outcome) => {
    const { run, peer, printed, entries, whenWritten } = await laid({ ledger: "kept" });
    // After the self-test, so that it is the motor's result that is lost.
    whenWritten(() => entries.length === 1 && peer.turn(knob, to));
    expect(await run({ release: "3", json: true, listen: seconds(1) })).toBe(1);
    expect(objects(printed)).toContainEqual(expect.objectContaining({ kind: "delivery", slot: "3", ...outcome }));
    expect(entries[1]?.entry).toMatchObject({ delivery: outcome.delivery, why: outcome.fault });
  });

  test("a broken part is a fault", async () => {
    const { run, peer, printed } = await laid();
    peer.turn("curtain", "dead");
    expect(await run({ json: true, listen: seconds(0) })).toBe(1);
    expect(objects(printed)).toContainEqual(
      expect.objectContaining({ kind: "fault", during: "self-test", fault: "self-test" }),
    );
  });

  test("a board that is off is a fault in a sentence, and is not asked for more", async () => {
    const { run, peer, printed, clock } = await laid();
    peer.turn("power", false);
    await clock.pass(100);
    expect(await run({ release: "1" })).toBe(1);
    expect(printed).toEqual(["Fault during identify: silent. no poll in 2000 ms: is the board on, and its cable in?"]);
  });

  test("a cable that is not there is a fault", async () => {
    const { run, wire, printed } = await laid();
    wire.unplug();
    expect(await run()).toBe(1);
    expect(printed).toEqual(["Fault during opening: no-device. unplugged"]);
  });

  test("a cable that is pulled out while listening is a fault", async () => {
    const { run, wire, clock, printed } = await laid();
    clock.after(seconds(8), "somebody pulls the cable", () => wire.unplug());
    expect(await run()).toBe(1);
    expect(printed.at(-1)).toBe("Fault during listening: no-device. unplugged");
  });

  test("what the device cannot do is said in a sentence, before anything is asked", async () => {
    const { run, printed, wire } = await laid();
    expect(await run({ measure: true })).toBe(1);
    expect(printed).toEqual([
      "Fault during reading the command: misconfigured. Xingyuan XY vending controller V3 measures nothing: leave out --measure.",
    ]);
    expect(await run({ print: true })).toBe(1);
    expect(printed.at(-1)).toMatch(/prints nothing: leave out --print\.$/);
    expect(wire.said.filter((line) => line.startsWith(">"))).toEqual([]);
  });

  test("told to stop, it listens no longer", async () => {
    const { run, clock, told } = await laid();
    clock.after(seconds(20), "Ctrl-C", () => told.abort());
    expect(await run({ listen: seconds(3600) })).toBe(0);
    expect(clock.mono()).toBeLessThan(25_000);
  });
});

describe("a capability that comes later", () => {
  const number = "04A1B2C3";
  /** A device of another kind: reads cards, measures, knows a door. */
  async function other(can: object, over: Partial<Device> = {}) {
    const one = await laid();
    const device: LoadedDevice = {
      ...one.device,
      driver: {
        ...one.device.driver,
        open: async () =>
          ok({
            can,
            identify: async () => ok({ model: "Other", serial: "7" }),
            selfTest: async () => ok([]),
            close: async () => {},
            ...over,
          }),
      },
    };
    return { ...one, run: (asked: Partial<BenchRequest> = {}) => one.run({ device, json: true, ...asked }) };
  }
  const reads = (...readings: readonly Reading[]) => ({
    seen(heard: (reading: Reading) => void) {
      for (const reading of readings) heard(reading);
      return { stop() {} };
    },
  });
  const card: Reading = { is: "card", technology: "iso14443a", uid: new Secret(number) };

  test("what a reader reads is told by its kind and its last two characters, never whole", async () => {
    const code: Reading = { is: "text", text: new Secret("9787300000017"), symbology: "ean" };
    const { run, printed } = await other({ reader: reads(card, code, { is: "unread", of: "card" }) });
    expect(await run()).toBe(0);
    expect(objects(printed)).toEqual([
      { kind: "identity", model: "Other", serial: "7" },
      { kind: "read", what: "card", technology: "iso14443a", talks: false, ends: "C3" },
      { kind: "read", what: "code", symbology: "ean", ends: "17" },
      { kind: "read", what: "unread-card" },
    ]);
    const told = await other({ reader: reads(card, code, { is: "unread", of: "code" }) });
    expect(await told.run({ json: false })).toBe(0);
    expect(told.printed.slice(1)).toEqual([
      'Read: a card (iso14443a) whose number ends in "C3".',
      'Read: a code (ean) that ends in "17".',
      "Read: a code that could not be read.",
    ]);
  });

  test("a card that is held is told once", async () => {
    const { run, printed } = await other({ reader: reads(...Array.from({ length: 40 }, () => card)) });
    expect(await run()).toBe(0);
    expect(printed).toHaveLength(2);
  });

  test("--measure prints each reading, and a measurement that fails is a fault", async () => {
    const readings: readonly Measured[] = [
      { item: "systolic", value: 120, unit: "mm[Hg]", notes: [] },
      { item: "irregular-beats", value: 2, unit: "1", notes: ["moved", "irregular-pulse"] },
      { item: "glucose", comparator: ">", value: 33.3, unit: "mmol/L", notes: ["fasting"] },
      { item: "ketone", comparator: "<", value: 0.1, unit: "mmol/L", notes: [] },
    ];
    const good = await other({ meter: { measure: async () => ok(readings) } });
    expect(await good.run({ measure: true })).toBe(0);
    expect(objects(good.printed)).toContainEqual({ kind: "reading", ...readings[0] });
    expect(await good.run({ measure: true, json: false })).toBe(0);
    expect(good.printed.filter((line) => line.startsWith("Reading:"))).toEqual([
      "Reading: systolic 120 mm[Hg].",
      "Reading: irregular-beats 2 (moved, irregular-pulse).",
      "Reading: glucose above 33.3 mmol/L (fasting).",
      "Reading: ketone below 0.1 mmol/L.",
    ]);
    const bad = await other({ meter: { measure: async () => err(fault("interrupted", "the cuff was opened")) } });
    expect(await bad.run({ measure: true })).toBe(1);
    expect(objects(bad.printed)).toContainEqual(expect.objectContaining({ kind: "fault", during: "measure" }));
  });

  test("a door is heard", async () => {
    const { run, printed } = await other({
      board: {
        door(changed: (open: boolean) => void) {
          changed(true);
          return { stop() {} };
        },
      },
    });
    expect(await run()).toBe(0);
    expect(objects(printed)).toContainEqual({ kind: "door", open: true });
  });

  test("a device that gives no goods makes no test vend", async () => {
    const { run, printed } = await other({ reader: reads(card) });
    expect(await run({ release: "1" })).toBe(1);
    expect(objects(printed)).toEqual([expect.objectContaining({ kind: "fault", fault: "misconfigured" })]);
  });

  test("a driver that throws is a fault, and everything is closed", async () => {
    const closed: string[] = [];
    const { run, printed, wire } = await other(
      {},
      {
        selfTest: async () => {
          throw new Error("off by one");
        },
        close: async () => void closed.push("device"),
      },
    );
    expect(await run()).toBe(1);
    expect(objects(printed)).toContainEqual(
      expect.objectContaining({ kind: "fault", during: "self-test", detail: expect.stringContaining("off by one") }),
    );
    expect(closed).toEqual(["device"]);
    expect((await wire.open()).ok).toBe(true);
  });
});
