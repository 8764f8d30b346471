import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { verify } from "../../../controller/store/verify.ts";
import { folderInMemory, lifeFloorSeconds, marks, removeFolder } from "../../store/folder.ts";
import { Centre } from "./centre.ts";
import { Kiosk } from "./kiosk.ts";

// The real ledger on a real file, and a centre that remembers what an older copy of the card has forgotten.

let work: string;
beforeEach(() => {
  work = folderInMemory("restored");
});
afterEach(() => removeFolder(work));

/** A card with 300 entries at the centre, a copy of it, and the card again with 100 more, also at the centre. */
async function cardAndCopy(centre: Centre): Promise<{ readonly copy: string; readonly before: readonly string[] }> {
  const [card, copy] = [join(work, "card"), join(work, "copy")];
  mkdirSync(card);
  const first = await Kiosk.on(card, centre);
  await first.write(0, 300);
  first.connect();
  await first.drained();
  await first.stop();
  cpSync(card, copy, { recursive: true });
  const second = await Kiosk.on(card, centre);
  await second.write(300, 100);
  second.connect();
  await second.drained();
  const before = await second.hashes();
  await second.stop();
  expect(centre.entries()).toEqual(before);
  return { copy, before };
}

describe("an older copy of a card that is put back", () => {
  test.each([
    ["before it wrote anything", 0, "rolled-back"],
    ["after a few entries", 20, "rolled-back"],
    ["after more entries than the centre has", 150, "forked"],
    ["after so many that they go in batches", 1500, "forked"],
  ] as const)("%s, is seen and named; a new life begins, and nothing is overwritten", async (_, wrote, why) => {
    const centre = new Centre();
    const { copy, before } = await cardAndCopy(centre);
    const kiosk = await Kiosk.on(copy, centre, centre.says(lifeFloorSeconds));
    await kiosk.write(1000, wrote);
    kiosk.connect();
    await expect.poll(() => kiosk.told, { timeout: 10_000 }).toEqual([why]);
    await kiosk.drained();
    await kiosk.write(2000, 50);
    await kiosk.drained();

    const here = await kiosk.hashes();
    const fresh = here.slice(300 + wrote);
    expect(fresh).toHaveLength(51);
    // In their places: everything the centre had, and the new life. Kept apart: what the copy wrote under taken numbers.
    expect(centre.entries()).toEqual([...before, ...fresh]);
    for (const entry of here) expect(centre.knows(entry.split(" ")[1] ?? "")).toBe(true);
    expect(kiosk.told).toEqual([why]);

    await kiosk.stop();
    expect(verify(copy)).toMatchObject({ ok: true, value: { is: "whole", lives: 2 } });
    // A restart finds nothing to send, and nothing to complain of.
    const again = await Kiosk.on(copy, centre, centre.says(lifeFloorSeconds));
    again.connect();
    await again.write(3000, 1);
    await again.drained();
    expect(again.told).toEqual([]);
    await again.stop();
  });

  test("whose entries are lost between broker and centre still gives them all, before its new life counts", async () => {
    const centre = new Centre();
    const { copy } = await cardAndCopy(centre);
    const kiosk = await Kiosk.on(copy, centre, centre.says(lifeFloorSeconds));
    await kiosk.write(1000, 30);
    let lost = 0;
    const hear = centre.hear.bind(centre);
    centre.hear = (batch) => (lost++ < 2 ? undefined : hear(batch));
    kiosk.connect();
    await kiosk.drained();
    expect(lost).toBeGreaterThan(2);
    for (const entry of await kiosk.hashes()) expect(centre.knows(entry.split(" ")[1] ?? "")).toBe(true);
    await kiosk.stop();
  });
});

test("two cards of one past that both run do not meet in one life again", async () => {
  const centre = new Centre();
  const { copy } = await cardAndCopy(centre);
  const twin = join(work, "twin");
  cpSync(copy, twin, { recursive: true });
  const lives = new Set<number>();
  for (const dir of [copy, twin]) {
    const kiosk = await Kiosk.on(dir, centre, centre.says(lifeFloorSeconds));
    await kiosk.write(5000, 5);
    kiosk.connect();
    await kiosk.drained();
    const newest = (await marks(kiosk.disk)).at(-1);
    if (newest) lives.add(newest.life);
    await kiosk.stop();
  }
  expect(lives.size).toBe(2);
});
