import { afterEach, beforeEach, expect, test } from "vitest";
import { endStreets } from "../real/street.ts";
import { told } from "./agreement.ts";
import { Installation } from "./installation.ts";
import { vend } from "./worker.ts";

let place: Installation;
beforeEach(async () => (place = await Installation.start()));
afterEach(async () => {
  await place.end();
  await endStreets();
});

const patience = { timeout: 60_000, interval: 200 } as const;
const status = async (): Promise<string> => (await place.centre.status()).out;

interface Station {
  readonly state: string;
  readonly causes: readonly string[];
}
const station = async (): Promise<Station | undefined> => (await place.centre.overview()).stations[0];

test(
  "a centre that lost its broker says so on top and calls no kiosk broken; when the broker is back the states are true again",
  { timeout: 240_000 },
  async () => {
    const kiosk = await place.boot();
    await vend(place.street, kiosk, 1);
    await told(place);
    await expect.poll(async () => (await station())?.state, patience).toBe("online");

    await place.broker.kill();
    await expect.poll(async () => (await place.centre.overview()).trouble.length, patience).toBeGreaterThan(0);
    const [first = "", ...rest] = (await status()).split("\n");
    expect(first).toMatch(/^! The centre "centre" lost its broker/);
    expect(rest.join("\n")).toMatch(/^real-1 +unknown/m);
    expect(rest.join("\n")).not.toMatch(/silent for|comes and goes|was never heard/);
    // The kiosk serves on.
    await vend(place.street, kiosk, 2);

    await place.broker.restart();
    await expect.poll(async () => (await place.centre.overview()).trouble, patience).toEqual([]);
    await expect.poll(async () => (await station())?.state, patience).toBe("online");
    await told(place);
    expect(await status()).toMatch(/^real-1 +online/m);

    // What is really gone is said.
    await kiosk.kill();
    await expect.poll(async () => (await station())?.state, patience).toBe("unstable");
    expect((await station())?.causes).toContainEqual(expect.stringMatching(/comes and goes/));
  },
);

test(
  "while only the centre's own line is down the kiosk goes on at the broker; the centre, back again, knows without being told anew",
  { timeout: 240_000 },
  async () => {
    const kiosk = await place.boot();
    await told(place);
    await expect.poll(async () => (await station())?.state, patience).toBe("online");
    place.lines.centre.stall();
    place.lines.centre.drop();
    await expect.poll(async () => (await place.centre.overview()).trouble.length, patience).toBeGreaterThan(0);
    expect((await station())?.state).toBe("unknown");
    await vend(place.street, kiosk, 1);
    place.lines.centre.resume();
    await expect.poll(async () => (await place.centre.overview()).trouble, patience).toEqual([]);
    await expect.poll(async () => (await station())?.state, patience).toBe("online");
    await told(place);
    expect(kiosk.log.filter(({ msg }) => msg === "link.up")).toHaveLength(1);
  },
);
