import { afterAll, expect, test } from "vitest";
import { broken, ledgerOf } from "./promises.ts";
import { tcn, xy } from "./station.ts";
import { endStreets, Street } from "./street.ts";

afterAll(endStreets);

/** systemd kills what has not ended after this long. */
const timeoutStopSec = 30_000;

test.each([
  ["TCN", tcn],
  ["XY", xy],
])(
  "told to stop in a vend whose board of %s never answers, a kiosk ends in time and the attempt is settled",
  { timeout: 120_000 },
  async (_, model) => {
    const street = await Street.lay(model);
    const kiosk = await street.boot();
    await kiosk.hear("device.working");
    await kiosk.type(street.freshCode());
    await kiosk.until("choose");
    await kiosk.press("choose:1");
    await kiosk.untilTrue(() => street.machine.journal().driven.length === 1, "the motor turns");
    await street.machine.turn("silent", true);
    const since = performance.now();
    expect(await kiosk.stop()).toBe(0);
    const took = performance.now() - since;
    expect(took).toBeLessThan(timeoutStopSec);
    await street.machine.turn("silent", false);
    const next = await street.boot();
    await next.hear("device.working");
    expect(await next.stop()).toBe(0);
    const items = await ledgerOf(street);
    expect(broken(street, items)).toEqual([]);
    expect(items.find(({ type }) => type === "outcome")?.data.delivery).toBe("unknown");
    await street.end();
  },
);
