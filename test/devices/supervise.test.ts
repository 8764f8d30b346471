import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DriverDefinition } from "../../devices/kit/driver.ts";
import { fault, type Fault } from "../../devices/kit/fault.ts";
import type { BytePort, Sink } from "../../devices/kit/port.ts";
import { err, ok } from "../../devices/kit/result.ts";
import { supervise, type Presence } from "../../devices/supervise.ts";
import peerOf from "../../devices/vending/tcn.peer.ts";
import tcn from "../../devices/vending/tcn.ts";
import { manualClock } from "../kit/clock.ts";
import { layWire } from "../kit/wire.ts";
import { crashing, places, type Place } from "./crashing.ts";

type Told = readonly [at: number, presence: Presence, why?: string];

function board() {
  const clock = manualClock();
  const options = tcn.options({ slots: ["1-12"] });
  if (!options.ok) throw new Error("options");
  const { wire, peer } = layWire(peerOf, options.value, clock);
  const told: Told[] = [];
  const supervisor = supervise({
    id: "vend",
    driver: tcn,
    options: options.value,
    clock,
    open: () => wire.open(),
    note() {},
    turned() {},
    changed: (presence, why) => told.push(why ? [clock.mono(), presence, why.kind] : [clock.mono(), presence]),
  });
  return { clock, wire, peer, told, supervisor };
}

describe("a supervised board", () => {
  test("says at each round that it lives, so that the watchdog need not ask", async () => {
    const clock = manualClock();
    let rounds = 0;
    const supervisor = supervise({
      id: "vend",
      driver: tcn,
      options: { board: 0, slots: [], lightCheck: true },
      clock,
      open: async () => err(fault("no-device", "nothing there")),
      note() {},
      turned: () => void (rounds += 1),
      changed() {},
    });
    await clock.run(60_000);
    expect(rounds).toBeGreaterThan(6);
    await clock.finish(supervisor.stop());
  });

  test("is starting, then working, and is asked for life every 10 s", async () => {
    const { clock, wire, told, supervisor } = board();
    expect([supervisor.presence(), supervisor.device()]).toEqual(["starting", undefined]);
    await clock.run(60_000);
    expect(told).toEqual([[20, "working"]]);
    expect(supervisor.identity()).toEqual({ model: "TCN drive board", firmware: "B27" });
    expect(wire.said.filter((line) => line === "> 00 FF E7 18 00 FF")).toHaveLength(6);
  });

  test("is tried at once when something is plugged in, and soon again where it was not ready yet", async () => {
    const clock = manualClock();
    const tried: number[] = [];
    const hints = new Set<() => void>();
    const supervisor = supervise({
      id: "vend",
      driver: tcn,
      options: { board: 0, slots: [], lightCheck: true },
      clock,
      async open() {
        tried.push(clock.mono());
        return err(fault("no-device", "nothing there"));
      },
      plugged(heard) {
        hints.add(heard);
        return { stop: () => void hints.delete(heard) };
      },
      note() {},
      turned() {},
      changed() {},
    });
    await clock.run(60_000);
    const before = tried.length;
    expect(hints.size).toBe(1);
    for (const hint of hints) hint();
    await clock.pass(600);
    expect(tried.slice(before)).toEqual([60_000, 60_500]);
    await clock.finish(supervisor.stop());
    expect(hints.size).toBe(0);
  });

  test("is absent as soon as it is unplugged, and works again within 10 s of being plugged in", async () => {
    for (const away of [100, 700, 3000, 9000, 60_000, 61_000, 65_000]) {
      const { clock, wire, told, supervisor } = board();
      await clock.run(15_000);
      wire.unplug();
      await clock.pass(away);
      expect(supervisor.presence()).toBe("absent");
      expect(supervisor.device()).toBeUndefined();
      wire.plug();
      await clock.pass(9_900);
      expect(told).toMatchObject([
        [20, "working"],
        [15_000, "absent", "no-device"],
        [expect.any(Number), "working"],
      ]);
      expect(supervisor.device()).toBeDefined();
    }
  });

  test("is stale after one unanswered life question, broken after two, and heals by itself", async () => {
    const { clock, peer, told } = board();
    await clock.run(5000);
    peer.turn("silent", true);
    await clock.run(120_000);
    expect(told).toEqual([
      [20, "working"],
      [11_520, "stale", "silent"],
      [15_020, "broken", "silent"],
    ]);
    peer.turn("silent", false);
    await clock.pass(10_000);
    expect(told.at(-1)?.[1]).toBe("working");
  });

  test("one lost answer costs no reopening", async () => {
    const { clock, peer, wire, told } = board();
    await clock.run(5000);
    peer.turn("lose-answer", 1);
    await clock.run(30_000);
    expect(told.map(([, presence]) => presence)).toEqual(["working", "stale", "working"]);
    expect(wire.said.filter((line) => line.startsWith(">"))).toHaveLength(4);
  });

  test("a motion longer than the life question's period is left alone", async () => {
    const { clock, peer, supervisor, told } = board();
    await clock.run(9000);
    peer.turn("no-drop", "1");
    const motion = supervisor.device()?.can.vending?.release("1", 1);
    expect(await clock.finish(motion ?? Promise.reject(new Error("not open")))).toMatchObject({
      fault: { kind: "no-drop" },
    });
    await clock.run(40_000);
    expect(told).toEqual([[20, "working"]]);
  });

  test("stop during a motion settles it as unknown and leaves nothing open", async () => {
    const { clock, wire, peer, supervisor, told } = board();
    await clock.run(5000);
    const motion = supervisor.device()?.can.vending?.release("1", 1);
    await clock.pass(500);
    await clock.finish(supervisor.stop());
    expect(await motion).toMatchObject({ kind: "unknown", fault: { kind: "interrupted" } });
    peer.stop();
    expect([supervisor.presence(), supervisor.device(), told.at(-1)?.[1]]).toEqual(["off", undefined, "off"]);
    expect([clock.pending(), wire.listeners()]).toEqual([[], 0]);
    await supervisor.stop();
  });

  test("stop while it waits to open again ends the wait", async () => {
    const { clock, wire, supervisor } = board();
    wire.unplug();
    await clock.run(30_000);
    await clock.finish(supervisor.stop(), 1);
    expect([clock.pending(), supervisor.presence()]).toEqual([[], "off"]);
  });
});

/** A wire on which nothing happens but what the test does. */
function bareWire() {
  let sink: Sink<Uint8Array> | undefined;
  let open = 0;
  const port: BytePort = {
    label: "bare wire",
    send: () => Promise.resolve(ok(undefined)),
    listen(ear) {
      sink = ear;
      return { stop: () => (sink = undefined) };
    },
  };
  return {
    says: () => sink?.heard(Uint8Array.of(1)),
    lost: () => sink?.lost(fault("no-device", "unplugged")),
    opened: () => open,
    async open() {
      open += 1;
      return ok({ port, async close() {} });
    },
  };
}

describe("a driver that fails", () => {
  const escaped: unknown[] = [];
  const escape = (mistake: unknown) => escaped.push(mistake);
  beforeEach(() => {
    process.on("unhandledRejection", escape);
    process.on("uncaughtException", escape);
  });
  afterEach(() => {
    process.off("unhandledRejection", escape);
    process.off("uncaughtException", escape);
  });

  const inCharge = (driver: DriverDefinition<ReadonlySet<Place>>, bad: readonly Place[]) => {
    const clock = manualClock();
    const wire = bareWire();
    const told: [Presence, Fault?][] = [];
    const notes: string[] = [];
    const supervisor = supervise({
      id: "bad",
      driver,
      options: new Set(bad),
      clock,
      open: () => wire.open(),
      note: (event, facts) => notes.push(event, JSON.stringify(facts)),
      turned() {},
      changed: (presence, why) => told.push(why ? [presence, why] : [presence]),
    });
    return { clock, wire, told, notes, supervisor };
  };

  test.each(places)("in %s lets nothing pass, and does not keep the supervisor from stopping", async (place) => {
    escaped.length = 0;
    const { clock, wire, told, notes, supervisor } = inCharge(crashing, [place]);
    await clock.run(500);
    const can = supervisor.device()?.can;
    const answers = [
      can?.vending ? await clock.finish(can.vending.release("1", 1)) : undefined,
      can?.board?.door?.(() => {}).stop(),
    ];
    wire.says();
    await clock.run(2000);
    wire.lost();
    await clock.run(400_000);
    await clock.finish(supervisor.stop(), 20_000);
    await new Promise((resolve) => setImmediate(resolve));

    expect(escaped).toEqual([]);
    expect(supervisor.presence()).toBe("off");
    expect(clock.pending().filter((label) => label.startsWith("bad"))).toEqual([]);
    const faults = told.flatMap(([, why]) => (why ? [why.detail] : []));
    if (place.startsWith("release"))
      expect(answers[0]).toMatchObject({ kind: "unknown", fault: { kind: "interrupted" } });
    if (place === "close") expect(notes).toContain("device-close-failed");
    else if (place === "hang-open" || place === "hang-identify") expect(faults.join()).toContain("nothing came back");
    else if (place !== "hang-close") expect(faults.join("; ")).toContain(`crashed in ${place}`);
    // It was opened again after the fault, with growing waits: not once, not all the time.
    expect(wire.opened()).toBeGreaterThan(1);
    expect(wire.opened()).toBeLessThan(420);
  });

  test.each(["meter", "printer", "reader"] as const)(
    "of a %s is told of by kind and place: its words may hold what somebody has",
    async (capability) => {
      escaped.length = 0;
      for (const place of places.filter((one) => !one.startsWith("hang"))) {
        const { clock, wire, told, notes, supervisor } = inCharge({ ...crashing, provides: [capability] }, [place]);
        await clock.run(500);
        const can = supervisor.device()?.can;
        if (can?.vending) await clock.finish(can.vending.release("1", 1));
        can?.board?.door?.(() => {}).stop();
        wire.says();
        await clock.run(2000);
        wire.lost();
        await clock.run(20_000);
        await clock.finish(supervisor.stop(), 20_000);
        expect(JSON.stringify([told, notes])).not.toContain("crashed in");
        const faults = told.flatMap(([, why]) => (why ? [why.detail] : [])).join("; ");
        if (place !== "close") expect(faults).toMatch(/mistake in the driver: TypeError at crashing\.ts:\d+:\d+/);
      }
      expect(escaped).toEqual([]);
    },
  );

  test("a wire that cannot be opened is told once, not at every attempt", async () => {
    const clock = manualClock();
    const told: unknown[] = [];
    const attempts: number[] = [];
    const supervisor = supervise({
      id: "vend",
      driver: crashing,
      options: new Set<Place>(),
      clock,
      open: async () => {
        attempts.push(clock.mono());
        return err(fault("no-device", "nobody there"));
      },
      note() {},
      turned() {},
      changed: (presence, why) => told.push([presence, why?.detail]),
    });
    await clock.run(40_000);
    expect(told).toEqual([["absent", "nobody there"]]);
    expect(attempts).toEqual([0, 500, 1500, 3500, 7500, 15_500, 23_500, 31_500, 39_500]);
    await clock.finish(supervisor.stop());
  });

  test("a wire that opens after the supervisor has stopped is closed again", async () => {
    const clock = manualClock();
    const opening = Promise.withResolvers<void>();
    let closed = 0;
    const supervisor = supervise({
      id: "vend",
      driver: crashing,
      options: new Set<Place>(),
      clock,
      async open() {
        await opening.promise;
        const { value } = await bareWire().open();
        return ok({ ...value, close: async () => void closed++ });
      },
      note() {},
      turned() {},
      changed() {},
    });
    await clock.run(1000);
    await clock.finish(supervisor.stop(), 1);
    opening.resolve();
    await clock.pass(1);
    expect([closed, clock.pending()]).toEqual([1, []]);
  });
});
