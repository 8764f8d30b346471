import type { Page } from "playwright-core";
import jsQR from "jsqr";
import { PNG } from "pngjs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { slipChinese } from "../../controller/screen/text-slip.zh-CN.ts";
import { allOf, goesOn, presses, readsResults, sitsDown, somebody } from "./check-up.ts";
import { patience } from "./children.ts";
import { beforeTheGlass, type Simulated } from "./simulated.ts";

// `npm start -- --cabin`: a whole check-up by what is on the glass, with simulated people at simulated instruments.

vi.setConfig({ testTimeout: 420_000, hookTimeout: 240_000 });

let sim: Simulated;
let page: Page;
let end: () => Promise<void>;

beforeAll(async () => ({ sim, page, end } = await beforeTheGlass("--cabin")));
afterAll(() => end());

/** Of a figure by its name: "1.11 mmol/L". */
type Read = ReadonlyMap<string, string>;

/** Each figure of `read` is this person's, number and unit. */
const belongsTo = (read: Read, whose: Read): void =>
  expect(Object.fromEntries(read)).toEqual(Object.fromEntries([...read.keys()].map((name) => [name, whose.get(name)])));

/** Numbers that stand nowhere by chance: of three digits, or with a decimal. */
const tellingOf = (read: Read): readonly string[] =>
  [...read.values()].map((text) => text.split(" ")[0] ?? "").filter((number) => /\d\.?\d\.?\d/.test(number));
const holds = (text: string, number: string): boolean =>
  new RegExp(`(?<![\\d.])${number.replace(".", "\\.")}(?![\\d.])`).test(text);
const foundIn = (text: string, numbers: readonly string[]) => numbers.filter((number) => holds(text, number));

/** The slip that is printed now, torn off in pieces; its last line is the machine's number. */
async function prints(): Promise<string> {
  const before = sim.printed().length;
  await presses(page, "print");
  const slip = (): string => {
    sim.types("paper");
    return sim.printed().slice(before);
  };
  await expect.poll(slip, { ...patience, interval: 1000 }).toContain(slipChinese.machine("01"));
  return sim.printed().slice(before);
}

const ends = async (): Promise<void> => {
  await presses(page, "end");
  await expect.poll(() => page.locator('[data-press="cabin"]').count(), patience).toBe(1);
};

test("the courier is led through all steps, reads more than twenty true figures, takes them home, and leaves nothing", async () => {
  const who = somebody("courier");
  const steps = new Set<string>();
  await sitsDown(page);
  await goesOn(page, { who }, "results", ({ kind, title }) => kind === "told" && steps.add(title));
  expect(steps.size).toBe(14);
  const read = await readsResults(page);
  expect(read.size).toBeGreaterThanOrEqual(20);
  belongsTo(read, allOf(who));
  const numbers = tellingOf(read);
  expect(numbers.length).toBeGreaterThan(15);

  expect(foundIn(await prints(), numbers)).toEqual(numbers);

  await presses(page, "qr");
  const { data, width, height } = PNG.sync.read(await page.locator("svg.qr").screenshot());
  const letter = jsQR.default(Uint8ClampedArray.from(data), width, height)?.data ?? "";
  expect(foundIn(letter, numbers)).toEqual(numbers);

  await ends();
  expect(foundIn(await page.content(), numbers)).toEqual([]);
});

test("the cook who sits there next sees her own figures and nobody else's, on the glass and on paper", async () => {
  const who = somebody("cook");
  sim.types("sit cook");
  await sitsDown(page);
  await goesOn(page, { who, steps: ["temperature", "glucose", "body"] }, "results", () => {});
  const read = await readsResults(page);
  expect(read.size).toBe(5);
  belongsTo(read, allOf(who));
  const [theirs, hers] = [tellingOf(allOf(somebody("courier"))), tellingOf(read)];
  expect(foundIn(await page.content(), theirs)).toEqual([]);
  const slip = await prints();
  expect([foundIn(slip, hers), foundIn(slip, theirs)]).toEqual([hers, []]);
  await ends();
  expect(foundIn(await page.content(), hers)).toEqual([]);
});
