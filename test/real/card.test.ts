import { afterAll, describe, test, vi } from "vitest";
import { Card, removeCards } from "./card.ts";
import type { Kiosk } from "./kiosk.ts";
import { broken, ledgerOf } from "./promises.ts";
import { tcn } from "./station.ts";
import { endStreets, Street } from "./street.ts";

// Many processes share a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

// What can be wrong with the card under the ledger: a sentence for the technician, words for the worker whose code is
// kept, and no restart when it is mended.

afterAll(async () => {
  await endStreets();
  removeCards();
});

async function street(): Promise<{ readonly card: Card; readonly street: Street }> {
  const card = new Card();
  return { card, street: await Street.lay(tcn, card.path) };
}

/** The next worker is served, with a code that was typed in vain before. */
async function gives(kiosk: Kiosk, code: string): Promise<void> {
  await kiosk.hear("device.working");
  await kiosk.until("idle");
  await kiosk.type(code);
  await kiosk.until("choose");
  await kiosk.press("choose:1");
  await kiosk.until("done");
}

describe.concurrent("on a card that is", () => {
  test("full at the start a kiosk waits, and starts when there is room", async ({ expect }) => {
    const { card, street: here } = await street();
    card.fill();
    const kiosk = await here.boot();
    const { detail } = await kiosk.hear("data.unusable");
    expect(detail).toContain(`The disk of the data folder ${card.path} is full. Free some space there`);
    await kiosk.until("E10");
    card.free();
    await gives(kiosk, here.freshCode());
    expect(broken(here, await ledgerOf(here))).toEqual([]);
    await here.end();
    card.remove();
  });

  test("full in the middle of the day a kiosk gives nothing and keeps the codes", async ({ expect }) => {
    const { card, street: here } = await street();
    const kiosk = await here.boot();
    const code = here.freshCode();
    await kiosk.hear("device.working");
    await kiosk.type(code);
    await kiosk.until("choose");
    card.fill();
    await kiosk.press("choose:1");
    const { detail } = await kiosk.hear("ledger.refused");
    expect(detail).toContain(`The disk of the data folder ${card.path} is full. Free some space there`);
    await kiosk.untilTrue(() => kiosk.glass.html.includes('data-refusal="E10"'), "E10 refuses");
    expect(here.machine.journal().driven).toEqual([]);
    card.free();
    await kiosk.hear("ledger.fault");
    await kiosk.press("cancel");
    await gives(kiosk, code);
    expect(broken(here, await ledgerOf(here))).toEqual([]);
    await here.end();
    card.remove();
  });

  test("full while a motor turns a kiosk writes down later what it gave", async ({ expect }) => {
    const { card, street: here } = await street();
    const kiosk = await here.boot();
    await kiosk.hear("device.working");
    await kiosk.type(here.freshCode());
    await kiosk.until("choose");
    await kiosk.press("choose:1");
    await kiosk.untilTrue(() => here.machine.journal().driven.length === 1, "the motor turns");
    card.fill();
    await kiosk.until("done");
    await kiosk.hear("ledger.refused");
    await kiosk.type("1");
    await kiosk.press("clear");
    await kiosk.until("E10");
    card.free();
    await kiosk.hear("ledger.outcome");
    await kiosk.until("idle");
    const items = await ledgerOf(here);
    expect(broken(here, items)).toEqual([]);
    expect(items.find(({ type }) => type === "outcome")?.data.delivery).toBe("delivered");
    await here.end();
    card.remove();
  });

  test("write-protected a kiosk waits, and starts when it may write", async ({ expect }) => {
    const { card, street: here } = await street();
    card.protect(true);
    const kiosk = await here.boot();
    const { detail } = await kiosk.hear("data.unusable");
    expect(detail).toMatch(/^The data folder \S+ cannot be written \(.*\)\. Mount it for writing/);
    await kiosk.until("E10");
    card.protect(false);
    await gives(kiosk, here.freshCode());
    expect(broken(here, await ledgerOf(here))).toEqual([]);
    await here.end();
    card.remove();
  });
});
