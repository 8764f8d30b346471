import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, expect, test } from "vitest";
import type { ToldFigure } from "../../controller/domain/cabin/results.ts";
import { pressureOf, sugarOf } from "./led.ts";
import { Room, type Plugged } from "./room.ts";

// The whole kiosk, and simulated instruments at its wires: from the instrument to the glass, and from the glass to nowhere.

const cuff: Plugged = { id: "cuff", profile: "aandd-tm2657" };
const clip: Plugged = { id: "clip", profile: "contec-cms50" };
const strips: Plugged = { id: "strips", profile: "onetouch-ultra2" };

let room: Room | undefined;
const open = async (...plugged: readonly Plugged[]): Promise<Room> => (room = await Room.open(plugged));
afterEach(async () => {
  await room?.close();
  room = undefined;
});

/** What the page tells, as figure and native value. */
const told = (here: Room): Readonly<Record<string, number>> => {
  const { page } = here;
  const figures: readonly ToldFigure[] =
    page?.is === "told" ? page.figures : page?.is === "results" || page?.is === "qr" ? page.results.figures : [];
  return Object.fromEntries(figures.map(({ shown }) => [shown.figure, shown.native?.value ?? shown.value]));
};

test("a blood pressure goes from the cuff to the glass: two measurements and their mean", async () => {
  const here = await open(cuff);
  here.sit();
  await pressureOf(here, 124);
  expect(told(here)).toMatchObject({ systolic: 125, diastolic: 80, pulse: 70 });
});

test("a pulse wave reaches the glass while a finger is in the clip, at most ten times a second, and then its numbers", async () => {
  const here = await open(clip);
  here.sit();
  here.take("oxygen");
  await here.untilPage("measuring");
  const waves: number[] = [];
  here.shown = ({ body }) => {
    if (body.is === "cabin" && body.page.is === "measuring" && body.page.live.is === "wave")
      waves.push(here.clock.mono());
  };
  here.turn("clip", "measure", "spo2=97,pulse=64");
  await here.untilPage("told");
  expect(told(here)).toMatchObject({ spo2: 97, pulse: 64 });
  const span = ((waves.at(-1) ?? 0) - (waves[0] ?? 0)) / 1000;
  expect(span).toBeGreaterThan(4);
  expect(waves.length / span).toBeGreaterThan(8);
  expect(waves.length / span).toBeLessThanOrEqual(10.5);
});

test("two people one after the other see each their own, and none of what lay in the memory before", async () => {
  const here = await open(strips);
  here.turn("strips", "stale", true);
  const seen: number[] = [];
  for (const value of [101, 133]) {
    here.sit();
    await sugarOf(here, value);
    seen.push(told(here)["glucose"] ?? 0);
    here.turn("strips", "stale", true);
    here.press("end");
    await here.until(() => here.screen.body.is === "idle");
  }
  expect(seen).toEqual([101, 133]);
});

test("whoever measures nothing sees nothing, whatever the instrument sends of somebody else", async () => {
  const here = await open(cuff, strips);
  here.turn("cuff", "stale", true);
  here.turn("strips", "stale", true);
  here.sit();
  here.turn("cuff", "stale", true);
  await here.clock.pass(20_000);
  here.take("glucose");
  await here.untilPage("measuring");
  here.turn("cuff", "stale", true);
  await here.untilPage("again");
  expect(here.page).toMatchObject({ is: "again", why: "nothing-came" });
});

test("unplugged in the middle it says so, and measures when it is plugged in again", async () => {
  const here = await open(cuff);
  here.sit();
  here.take("pressure");
  await here.untilPage("measuring");
  here.turn("cuff", "measure", "systolic=151");
  await here.clock.pass(2000);
  here.wire("cuff").unplug();
  await here.untilPage("again");
  expect(here.page).toMatchObject({ is: "again", why: "instrument-gone" });
  // What the cuff sends meanwhile reaches nobody.
  await here.clock.pass(40_000);
  here.wire("cuff").plug();
  await here.until(() => here.kiosk.state().presence.get("cuff") === "working");
  here.press("skip");
  await pressureOf(here, 124);
  expect(told(here)["systolic"]).toBe(125);
});

test("a key is heard at once, whatever an instrument is doing: stop, and nothing of it comes any more", async () => {
  const here = await open(cuff);
  here.sit();
  here.take("pressure");
  await here.untilPage("measuring");
  here.turn("cuff", "measure", "systolic=151");
  await here.clock.pass(34_000);
  here.press("stop");
  expect(here.page?.is).toBe("steps");
  const seen = new Set<string>();
  here.shown = ({ body }) => seen.add(JSON.stringify(body));
  await here.clock.pass(5000);
  expect([...seen].join()).not.toContain("151");
  await pressureOf(here, 118);
  expect(told(here)["systolic"]).toBe(119);
});

test("a cuff that somebody left inflating tells its number to nobody: not to them, and not to whoever sits down next", async () => {
  const here = await open(cuff);
  const seen = new Set<string>();
  here.sit();
  here.take("pressure");
  await here.untilPage("measuring");
  here.turn("cuff", "measure", "systolic=151");
  await here.clock.pass(30_000);
  here.press("end");
  here.press("end");
  here.shown = ({ body }) => seen.add(JSON.stringify(body));
  here.sit();
  here.take("pressure");
  await here.untilPage("again");
  expect(here.page).toMatchObject({ is: "again", why: "doubtful" });
  here.press("skip", "results");
  expect([...seen].join()).not.toContain("151");
});

test("a kiosk that is told to stop lets go of every instrument, and no timer is left", async () => {
  const here = await Room.open([cuff, clip]);
  here.sit();
  here.take("oxygen");
  await here.untilPage("measuring");
  here.turn("clip", "measure", "spo2=97,pulse=64");
  await here.clock.pass(3000);
  await here.close();
  expect(here.clock.pending().filter((label) => !/peer|wire/.test(label))).toEqual([]);
  expect(here.wire("clip").listeners()).toBe(0);
});

test("an instrument that measures something else than the station says is told to the technician", async () => {
  const told = async (...measures: string[]) => {
    const here = await open(cuff, { ...strips, ...(measures.length > 0 && { measures }) });
    const lines = here.log.filter((line) => line.startsWith("device.measures"));
    await here.close();
    return lines;
  };
  expect(await told()).toEqual([]);
  expect(await told("urate", "glucose")).toEqual([
    expect.stringContaining(
      'strips: with its options it measures glucose: write that under \\"measures\\" of this device in station.json',
    ),
  ]);
  room = undefined;
});

/** Collects what nobody refers to any more. */
async function collect(): Promise<void> {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  for (let round = 0; round < 5; round++) {
    await new Promise((resolve) => setImmediate(resolve));
    gc();
  }
}

test("after the end of a visit nobody refers to anything of it: neither state nor screen nor instrument", async () => {
  const here = await open(cuff, clip);
  here.sit("refuse");
  await pressureOf(here, 124);
  here.press("results");
  const of = (): readonly WeakRef<object>[] => {
    const { scene } = here.kiosk.state();
    if (scene.is !== "cabin") throw new Error("expected a visit");
    const figures = here.page?.is === "results" ? here.page.results.figures : [];
    const things = [scene, scene.visit, scene.visit.person, ...scene.visit.taken, here.screen, ...figures];
    return things.map((thing) => new WeakRef<object>(thing));
  };
  here.press("steps", "results");
  const things = of();
  expect(things.length).toBeGreaterThan(8);
  expect(things.every((thing) => thing.deref() !== undefined)).toBe(true);
  here.press("end");
  await here.until(() => here.screen.body.is === "idle");
  await here.clock.pass(1000);
  await collect();
  expect(things.filter((thing) => thing.deref() !== undefined)).toEqual([]);
});

test("no value stands in the log, the ledger or what is kept, after two people who agreed", async () => {
  const here = await open(cuff, strips);
  for (const [systolic, glucose] of [
    [167, 113],
    [173, 117],
  ] as const) {
    here.sit();
    await sugarOf(here, glucose);
    here.press("steps");
    await pressureOf(here, systolic);
    here.press("end");
    await here.until(() => here.screen.body.is === "idle");
  }
  await here.clock.pass(60_000);
  const text = here.everything();
  expect(text).toContain("cabin-counts");
  for (const value of [167, 168, 169, 173, 174, 175, 113, 117]) expect(text).not.toMatch(new RegExp(`\\b${value}\\b`));
});
