import { describe, expect, it } from "vitest";
import { delays } from "../../controller/delays.ts";
import { openReaders } from "../../controller/readers.ts";
import { Secret } from "../../devices/kit/secret.ts";
import type { Reading } from "../../devices/reader/capability.ts";
import { manualClock } from "../kit/clock.ts";

const card = (uid: string): Reading => ({ is: "card", technology: "iso14443a", uid: new Secret(uid) });
const text = (value: string): Reading => ({ is: "text", text: new Secret(value) });
const unread: Reading = { is: "unread", of: "card" };

function station() {
  const clock = manualClock();
  const passed: string[] = [];
  const readers = openReaders(clock, (device, reading) => void passed.push(`${device} ${reading.is}`));
  const held = async (reading: Reading, span: number, every: number, ...devices: readonly string[]): Promise<void> => {
    for (let at = 0; at < span; at += every) {
      for (const device of devices) readers.seen(device, reading);
      await clock.pass(every);
    }
  };
  return { clock, passed, readers, held };
}

describe("a card", () => {
  it("that is held for a minute, and read twenty times a second, is one reading", async () => {
    const { held, passed } = station();
    await held(card("04A1"), 60_000, 50, "left");
    expect(passed).toEqual(["left card"]);
  });

  it("that two readers see is one reading, whichever sees it longer", async () => {
    const { held, passed } = station();
    await held(card("04A1"), 5000, 500, "left", "right");
    await held(card("04A1"), 5000, 500, "right");
    expect(passed).toEqual(["left card"]);
  });

  it("that is taken away and held again is read again", async () => {
    const { held, clock, passed } = station();
    await held(card("04A1"), 1000, 100, "left");
    await clock.pass(delays.stillHeld);
    await held(card("04A1"), 1000, 100, "left");
    expect(passed).toEqual(["left card", "left card"]);
  });

  it("does not hide another one, nor a code, nor what could not be read", async () => {
    const { readers, passed } = station();
    for (let n = 0; n < 3; n++)
      for (const reading of [card("04A1"), card("04B2"), text("04A1"), unread]) readers.seen("left", reading);
    expect(passed).toEqual(["left card", "left card", "left text", "left unread"]);
  });

  it("whose conversation failed is tried once more while it is held, two seconds later", async () => {
    const { held, readers, passed } = station();
    await held(card("04A1"), 200, 100, "left");
    readers.tryAgain(card("04A1"));
    await held(card("04A1"), delays.stillHeld - 100, 100, "left");
    expect(passed).toHaveLength(1);
    await held(card("04A1"), 10_000, 100, "left");
    expect(passed).toHaveLength(2);
  });

  it("that was taken away meanwhile is nothing to try again", async () => {
    const { readers, clock, passed } = station();
    readers.seen("left", card("04A1"));
    readers.tryAgain(card("04A1"));
    await clock.pass(10 * delays.stillHeld);
    expect(passed).toHaveLength(1);
  });
});

describe("the technician", () => {
  it("is told what a reader saw last and when, of readings that were not passed on too", async () => {
    const { readers, clock } = station();
    expect(readers.lastOf("left")).toBeUndefined();
    readers.seen("left", card("04A1"));
    await clock.pass(700);
    readers.seen("left", card("04A1"));
    readers.seen("right", text("4000"));
    expect(readers.lastOf("left")).toEqual({ what: "card", at: clock.mono() });
    expect(readers.lastOf("right")).toMatchObject({ what: "code" });
    expect(JSON.stringify([readers.lastOf("left"), readers.lastOf("right")])).not.toMatch(/04A1|4000/);
  });
});
