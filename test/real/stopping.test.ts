import { afterAll, describe, test, vi } from "vitest";
import type { Kiosk } from "./kiosk.ts";
import { broken, ledgerOf } from "./promises.ts";
import { tcn, xy } from "./station.ts";
import { endStreets, Street } from "./street.ts";

// Many processes share a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

afterAll(endStreets);

async function choosing(street: Street): Promise<Kiosk> {
  const kiosk = await street.boot();
  await kiosk.hear("device.working");
  await kiosk.type(street.freshCode());
  await kiosk.until("choose");
  return kiosk;
}

describe.concurrent("told to stop", () => {
  for (const [name, model] of [
    ["TCN", tcn],
    ["XY", xy],
  ] as const) {
    test(`while a motor of ${name} turns, a kiosk waits for it, writes down what fell, and takes no more codes`, async ({
      expect,
    }) => {
      const street = await Street.lay(model);
      const kiosk = await choosing(street);
      await kiosk.press("choose:1");
      await kiosk.untilTrue(() => street.machine.journal().driven.length === 1, "the motor turns");
      const ended = kiosk.stop();
      await kiosk.type(street.freshCode());
      expect(await ended).toBe(0);
      const items = await ledgerOf(street);
      expect(broken(street, items)).toEqual([]);
      expect(items.slice(-3).map(({ type, data }) => [type, data.delivery ?? data["why"]])).toEqual([
        ["attempt", undefined],
        ["outcome", "delivered"],
        ["stopped", "SIGTERM"],
      ]);
      await street.end();
    });
  }

  test("while a worker chooses, a kiosk stops at once and the code stays unused", async ({ expect }) => {
    const street = await Street.lay(tcn);
    const kiosk = await choosing(street);
    const since = performance.now();
    expect(await kiosk.stop("SIGINT")).toBe(0);
    expect(performance.now() - since).toBeLessThan(5000);
    const items = await ledgerOf(street);
    expect(items.at(-1)).toMatchObject({ type: "stopped", data: { why: "SIGINT" } });
    expect(items.filter(({ type }) => type === "attempt")).toEqual([]);
    await street.end();
  });

  test("while it starts, at any moment, a kiosk ends and its ledger is whole", async ({ expect }) => {
    const street = await Street.lay(tcn);
    for (const moment of [0, 100, 200, 300, 400]) {
      const kiosk = await street.boot();
      await new Promise((resolve) => setTimeout(resolve, moment));
      // Before it can listen to the order the system ends it: nothing is open yet.
      expect([0, -1]).toContain(await kiosk.stop());
    }
    const last = await choosing(street);
    expect(await last.stop()).toBe(0);
    expect(broken(street, await ledgerOf(street))).toEqual([]);
    await street.end();
  });
});
