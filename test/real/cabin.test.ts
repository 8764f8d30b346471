import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Cable } from "./cable.ts";
import { Kiosk } from "./kiosk.ts";
import { makeStation, tcn, type Folder } from "./station.ts";
import { Machine } from "./street.ts";

// Many processes share a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

// `yizhan run` with a blood pressure monitor at a pseudo-terminal: a health cabin alone. Its simulated tunnel says at once
// what it measured of somebody when `stale` is turned: 163 over 102, pulse 91.

const systolic = 163;

let folder: Folder;
let cuff: Machine;
let cable: Cable;
let kiosk: Kiosk;

beforeAll(async () => {
  folder = await makeStation(tcn);
  const { products: _, ...station } = JSON.parse(
    readFileSync(join(folder.config, "station.json"), "utf8"),
  ) as object & {
    products: unknown;
  };
  folder.write("station.json", {
    ...station,
    devices: [{ id: "cuff", profile: "aandd-tm2657", wiring: { by: "path", match: folder.wire } }],
    products: [],
    slots: [],
    cabin: {},
  });
  cuff = await Machine.start("aandd-tm2657", {}, folder);
  cable = new Cable(folder.wire);
  await cable.plug(cuff.socket);
  kiosk = await Kiosk.start(folder);
  await kiosk.hear("device.working");
});

afterAll(async () => {
  await kiosk.kill();
  await cable.unplug();
  await cuff.end();
  folder.remove();
});

/** The page of the cabin, by its class. */
const page = (): string => /class="main cabin ([\w-]+)/.exec(kiosk.glass.html)?.[1] ?? kiosk.glass.shows;
const until = (...pages: readonly string[]) =>
  kiosk.untilTrue(() => pages.includes(page()), `the glass shows ${pages.join(" or ")}`);
const press = async (...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await kiosk.press(key);
};

/** From the first screen until the cuff is waited for. */
async function sitsDown(): Promise<void> {
  await kiosk.until("idle");
  await press("cabin", "agree", "male", "4", "5", "next", "next", "step:pressure");
  await until("prepare");
  await press("ready");
  await until("rest");
  await press("skip-rest");
  await until("measuring");
}

/** The number stands on the glass as a number, and not as a part of a picture. */
const showsIt = (): boolean => new RegExp(`>\\s*${systolic}\\b`).test(kiosk.glass.html);

async function leaves(): Promise<void> {
  await press("end");
  await kiosk.untilTrue(() => page() !== "told", "the results are gone");
  await press("end");
  await kiosk.until("idle");
}

test("what the cuff says is on the glass within a moment, and nowhere once the person has gone", async () => {
  await sitsDown();
  const said = performance.now();
  await cuff.turn("stale", true);
  await kiosk.untilTrue(() => page() !== "measuring", "the measurement has ended");
  expect(performance.now() - said).toBeLessThan(5000);
  await press("stop");
  await until("told");
  expect(showsIt()).toBe(true);
  await leaves();
  expect(showsIt()).toBe(false);
  expect(kiosk.said).not.toMatch(new RegExp(`\\b${systolic}\\b`));
});

test("unplugged in the middle of a measurement it says so, and measures when it is plugged in again", async () => {
  await sitsDown();
  await cable.unplug();
  await until("again");
  await kiosk.hear("device.absent");
  await cable.plug(cuff.socket);
  await kiosk.untilTrue(
    () => kiosk.log.findLast(({ msg }) => msg.startsWith("device."))?.msg === "device.working",
    "the cuff works",
  );
  await press("again");
  await until("measuring");
  await cuff.turn("stale", true);
  await kiosk.untilTrue(() => page() !== "measuring", "the measurement has ended");
  await press("stop");
  await until("told");
  await leaves();
});

test("what the cuff says between two people, or before the second sits down, is shown to neither", async () => {
  await cuff.turn("stale", true);
  await sitsDown();
  expect(page()).toBe("measuring");
  expect(showsIt()).toBe(false);
  await press("stop");
  await leaves();
});

test("told to stop in the middle of a measurement it lets go of the instrument and ends", async () => {
  await sitsDown();
  await cuff.turn("measure", `systolic=${systolic}`);
  const told = performance.now();
  expect(await kiosk.stop()).toBe(0);
  expect(performance.now() - told).toBeLessThan(10_000);
  expect(kiosk.complaint).toBe("");
});
