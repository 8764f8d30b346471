import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { patience } from "./children.ts";
import { beforeTheGlass, type Simulated } from "./simulated.ts";

// Whoever tries `npm start` can tap cards and scan codes, in the page's drawer and at the terminal.

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let sim: Simulated;
let page: Page;
let end: () => Promise<void>;

beforeAll(async () => ({ sim, page, end } = await beforeTheGlass()));
afterAll(() => end());

const headline = async (): Promise<string> => (await page.locator("h1").allInnerTexts()).join(" ");
const shows = (text: string | RegExp) => expect.poll(headline, patience).toMatch(text);

/** Shown until it is answered so: a reader may still be starting, and what is shown again within two seconds never went away. */
const untilItShows = (show: () => unknown, text: RegExp) =>
  expect
    .poll(
      async () => {
        const before = await headline();
        if (!text.test(before)) await show();
        return before;
      },
      { ...patience, interval: 4500 },
    )
    .toMatch(text);

const pressed = (key: string): Promise<unknown> =>
  page.evaluate((name) => fetch("/press", { method: "POST", body: JSON.stringify({ key: name }) }), key);

/** Leaves a screen by a digit and its deletion, as a hand that does not wait. */
async function leaves(): Promise<void> {
  await pressed("5");
  await pressed("clear");
  await expect.poll(() => page.locator("main.screen").getAttribute("class"), patience).toContain("idle");
}

const plays = (item: string) => page.click(`[data-play="${item}"]`);
const says = (line: string) => sim.types(line);

test("a member's card is tapped in the drawer and gives a drink; soon after, the same card is told how long to wait", async () => {
  await page.click("#drawer .handle");
  await untilItShows(() => plays("member"), /请选一种/);
  await page.keyboard.press("1");
  await shows("好了");
  await expect.poll(() => page.locator("main").innerText(), patience).toMatch(/今天还可领 ?1 ?次/);
  await leaves();
  await untilItShows(() => plays("member"), /请过.*再领/);
  await leaves();
});

test("a card that nobody registered is told so, and so is a QR code of somebody else's", async () => {
  await untilItShows(() => plays("stranger"), /卡还没登记/);
  await leaves();
  await untilItShows(() => plays("foreign"), /没有查到这个码/);
  await leaves();
});

test("a token is scanned at the terminal: once it gives a drink, then it is told when that was", async () => {
  await untilItShows(() => says("scan token"), /请选一种/);
  await page.keyboard.press("2");
  await shows("好了");
  await leaves();
  await untilItShows(() => says("scan token"), /这个码已领过了/);
  await leaves();
});

test("any text can be typed into the drawer and is scanned", async () => {
  await page.fill("#drawer input", "6228480012345678");
  await untilItShows(() => page.press("#drawer input", "Enter"), /请选一种/);
});
