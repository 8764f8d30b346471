import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, CDPSession, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { CabinPage, Live } from "../../controller/screen/cabin-model.ts";
import type { OpenScreen } from "../../controller/screen/server.ts";
import { nextPainted, openBrowser, serve, watch } from "./browser.ts";
import { cabin, told } from "./cabin-gallery.ts";
import { glasses, stationWith } from "./gallery.ts";

const glass = glasses["7 inches"];
let browser: Browser;
let screen: OpenScreen;
let page: Page;
let touch: CDPSession;
let pressed: string[];
let revision: number;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  screen = await serve({ station: stationWith(glass.widthMm) });
  page = await watch(browser, screen, glass);
  touch = await page.context().newCDPSession(page);
  pressed = [];
  revision = 0;
  screen.stage.listen({ press: (key) => pressed.push(key), painted() {} });
});
afterEach(async () => {
  await page.context().close();
  await screen.close();
});

async function show(next: CabinPage): Promise<void> {
  const painted = nextPainted(screen, ++revision);
  screen.stage.show({ language: "zh-CN", body: cabin(next) }, revision);
  await painted;
}

const measuring = (live: Live): CabinPage => ({ is: "measuring", step: "oxygen", starts: true, reading: 1, live });
/** A pulse that moves on by a few samples with each picture. */
const waveAt = (n: number): CabinPage =>
  measuring({
    is: "wave",
    rate: 60,
    samples: Array.from({ length: 240 }, (_, i) => 50 + 45 * Math.sin((i + n * 6) / 8)),
  });

async function middle(key: string): Promise<{ readonly x: number; readonly y: number }> {
  const box = await page.locator(`[data-press="${key}"]`).boundingBox();
  if (!box) throw new Error(`no key ${key}`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

describe("a finger on “stop” while the pulse is drawn anew", () => {
  const downs = (): Promise<readonly (string | null)[]> =>
    page.locator(".down").evaluateAll((keys) => keys.map((key) => key.getAttribute("data-press")));

  it("counts, by touch, when it is lifted ten pictures later, and the key looks pressed all the while", async () => {
    await show(waveAt(0));
    const at = await middle("stop");
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [at] });
    const looks: (readonly (string | null)[])[] = [];
    for (let n = 1; n <= 10; n++) {
      await show(waveAt(n));
      looks.push(await downs());
    }
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await vi.waitFor(() => expect(pressed).toEqual(["stop"]), { timeout: 10_000 });
    expect(looks).toEqual(Array.from({ length: 10 }, () => ["stop"]));
    await show(waveAt(11));
    expect(await downs()).toEqual([]);
  });

  it("counts again and again, one press for each tap", async () => {
    await show(waveAt(0));
    const { x, y } = await middle("stop");
    for (let n = 1; n <= 5; n++) {
      await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [{ x, y }] });
      await show(waveAt(n));
      await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    }
    await vi.waitFor(() => expect(pressed).toEqual(["stop", "stop", "stop", "stop", "stop"]), { timeout: 10_000 });
  });

  it("counts for nothing where the page has become another meanwhile", async () => {
    await show(waveAt(0));
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [await middle("stop")] });
    await show({ is: "told", step: "oxygen", figures: [told("spo2", 97)], doubtful: [], flags: [], more: true });
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await page.locator('[data-press="again"]').tap();
    await vi.waitFor(() => expect(pressed).toEqual(["again"]), { timeout: 10_000 });
  });
});

describe("a pulse wave, drawn anew many times a second", () => {
  it("is acknowledged at most twice a second, and the last of it always", async () => {
    // What the page says every 5 s is left out.
    await page.addInitScript(() => Object.assign(globalThis, { setInterval: () => 0 }));
    await page.reload();
    await show(waveAt(0));
    const acknowledged: number[] = [];
    screen.stage.listen({ press() {}, painted: (said) => acknowledged.push(said) });
    const began = performance.now();
    for (let n = 1; n <= 20; n++) {
      await sleep(50);
      screen.stage.show({ language: "zh-CN", body: cabin(waveAt(n)) }, ++revision);
    }
    await vi.waitFor(() => expect(acknowledged.at(-1)).toBe(revision), { timeout: 10_000 });
    expect(acknowledged.length).toBeLessThanOrEqual((performance.now() - began) / 500 + 1);
  });
});

describe("after the last page", () => {
  /** A value that nobody has, and that no measure of the page is. */
  const marker = 173.4;

  it("nothing that was measured is left in the page: not in what is shown, nor in what is not", async () => {
    const figures = [told("weight", marker)];
    const results = { figures, doubtful: [], flags: [] };
    await show({ is: "told", step: "body", figures, doubtful: [], flags: [], more: false });
    await show({ is: "qr", results });
    await show({ is: "results", results, leaf: 1, leaves: 1, print: "ready" });
    const everything = (): Promise<string> =>
      page.evaluate(() => {
        const globals = Object.values(globalThis).filter((one) => typeof one === "string");
        const kept = [...Object.values(localStorage), ...Object.values(sessionStorage), document.cookie, location.href];
        return [document.documentElement.outerHTML, ...globals, ...kept].join("\n");
      });
    expect(await everything()).toContain(String(marker));
    await show({ is: "bye" });
    expect(await everything()).not.toContain(String(marker));
    await page.reload();
    await page.locator(".main.bye").waitFor();
    expect(await everything()).not.toContain(String(marker));
  });
});
