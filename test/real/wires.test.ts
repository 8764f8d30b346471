import { afterAll, describe, test, vi } from "vitest";
import type { Kiosk } from "./kiosk.ts";
import { broken, ledgerOf } from "./promises.ts";
import { tcn, xy, type Model } from "./station.ts";
import { endStreets, Street } from "./street.ts";

// Many processes share a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

// What can be wrong with a cable: each a sentence for the technician, words for the worker whose code is kept, and no
// restart when it is mended.

afterAll(endStreets);

/** A replugged device works again within this many milliseconds. */
const backAgain = 10_000;

const working = (kiosk: Kiosk): boolean =>
  kiosk.log.findLast(({ msg }) => msg.startsWith("device."))?.msg === "device.working";

/** The machine cannot give, and whoever types a good code hears that it is kept. */
async function keepsTheCode(kiosk: Kiosk, code: string): Promise<void> {
  await kiosk.until("E10");
  await kiosk.type(code);
  await kiosk.untilTrue(() => kiosk.glass.html.includes('data-refusal="E10"'), "the code is refused with E10");
}

/** The code that was kept gives a bottle now. */
async function givesFor(kiosk: Kiosk, code: string): Promise<void> {
  await kiosk.untilTrue(() => working(kiosk), "the machine works again", backAgain);
  await kiosk.type(code);
  await kiosk.until("choose");
  await kiosk.press("choose:1");
  await kiosk.until("done");
}

const models: readonly (readonly [string, Model, Model])[] = [
  ["TCN", tcn, xy],
  ["XY", xy, tcn],
];

describe.concurrent.each(models)("a kiosk with the board of %s", (_, model, other) => {
  test("without its cable asks whether it is plugged in, and works when it is", async ({ expect }) => {
    const street = await Street.unplugged(model);
    const kiosk = await street.boot();
    const code = street.freshCode();
    const { detail } = await kiosk.hear("device.absent");
    expect(detail).toBe(`vend: nobody at ${street.folder.wire}: is the cable plugged in?`);
    await keepsTheCode(kiosk, code);
    await street.cable.plug(street.machine.socket);
    await givesFor(kiosk, code);
    expect(broken(street, await ledgerOf(street))).toEqual([]);
    await street.end();
  });

  test("hears noise on its line and says so, and works when that is over", async ({ expect }) => {
    const street = await Street.unplugged(model);
    await street.cable.plug((await street.another("noise", {})).socket);
    const kiosk = await street.boot();
    const code = street.freshCode();
    const { detail } = await kiosk.hear("device.broken");
    expect(detail).toMatch(/^vend: bytes came, but no .*: is this the right board, /);
    await keepsTheCode(kiosk, code);
    await street.cable.unplug();
    await street.cable.plug(street.machine.socket);
    await givesFor(kiosk, code);
    expect(broken(street, await ledgerOf(street))).toEqual([]);
    await street.end();
  });

  test("with another board at the other end of its line says so", async ({ expect }) => {
    const street = await Street.unplugged(model);
    await street.cable.plug((await street.another(other.profile, other.options)).socket);
    const kiosk = await street.boot();
    const code = street.freshCode();
    const { detail } = await kiosk.hear("device.broken");
    // A host of its line talks to any kiosk; a board that is only asked does not talk to one that waits for it.
    expect(detail).toMatch(
      /^vend: (bytes came, but no answer .*: is this the right board|no poll .*: is the board on)/,
    );
    await keepsTheCode(kiosk, code);
    await street.cable.unplug();
    await street.cable.plug(street.machine.socket);
    await givesFor(kiosk, code);
    expect(broken(street, await ledgerOf(street))).toEqual([]);
    await street.end();
  });

  test("unplugged in the middle of a vend does not know, frees the code, and works when it is plugged in", async ({
    expect,
  }) => {
    const street = await Street.lay(model);
    const kiosk = await street.boot();
    const code = street.freshCode();
    await kiosk.untilTrue(() => working(kiosk), "the machine works");
    await kiosk.type(code);
    await kiosk.until("choose");
    await kiosk.press("choose:1");
    await kiosk.untilTrue(() => street.machine.journal().driven.length === 1, "the motor turns");
    await street.cable.unplug();
    await kiosk.until("E23");
    const { detail } = await kiosk.hear("device.absent");
    expect(detail).toContain(street.folder.wire);
    await street.cable.plug(street.machine.socket);
    await givesFor(kiosk, code);
    const items = await ledgerOf(street);
    expect(broken(street, items)).toEqual([]);
    expect(items.filter(({ type }) => type === "outcome").map(({ data }) => data.delivery)).toEqual([
      "unknown",
      "delivered",
    ]);
    await street.end();
  });
});
