import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Screen } from "../../controller/screen/model.ts";
import { openScreen, type OpenScreen } from "../../controller/screen/server.ts";
import { clock, nextPainted, openBrowser, serve, watch } from "./browser.ts";
import { glasses, stationWith, water } from "./gallery.ts";
import { pressToPainted } from "./latency.ts";

const glass = glasses["10.1 inches"];
const station = stationWith(glass.widthMm);
const entering = (typed: string): Screen => ({
  language: "zh-CN",
  body: { is: "enter", typed, groups: [3, 3, 4], still: false },
});
const idle: Screen = { language: "zh-CN", body: { is: "idle", products: [water], digits: 10 } };

let browser: Browser;
let screen: OpenScreen;
let page: Page;
let pressed: string[];

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
beforeEach(async () => {
  screen = await serve({ station });
  page = await watch(browser, screen, glass);
  pressed = [];
  screen.stage.listen({ press: (key) => pressed.push(key), painted() {} });
  await show(idle, 1);
});
afterEach(async () => {
  await page.context().close();
  await screen.close();
});

async function show(next: Screen, revision: number): Promise<void> {
  const painted = nextPainted(screen, revision);
  screen.stage.show(next, revision);
  await painted;
}

async function middle(key: string): Promise<{ readonly x: number; readonly y: number }> {
  const box = await page.locator(`[data-press="${key}"]`).boundingBox();
  if (!box) throw new Error(`no key ${key}`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Presses the language key, and waits until the kiosk has heard it: all that was pressed before is then here too. */
async function heardAll(): Promise<readonly string[]> {
  const { x, y } = await middle("language");
  await page.mouse.click(x, y);
  await vi.waitFor(() => expect(pressed.at(-1)).toBe("language"), { timeout: 10_000 });
  return pressed.slice(0, -1);
}

describe("fingers", () => {
  it("press a key by going down and up on it", async () => {
    for (const key of ["4", "0", "back", "clear"]) await page.mouse.click(...xy(await middle(key)));
    expect(await heardAll()).toEqual(["4", "0", "back", "clear"]);
  });

  it("press nothing by sliding off a key, and nothing by sliding onto one", async () => {
    const [five, six, text] = [await middle("5"), await middle("6"), { x: 200, y: 60 }];
    for (const [from, to] of [
      [five, six],
      [five, text],
      [text, five],
    ] as const) {
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      await page.mouse.move(to.x, to.y, { steps: 3 });
      await page.mouse.up();
    }
    expect(await heardAll()).toEqual([]);
  });

  it("press a key whose picture was renewed while the finger was down", async () => {
    await page.mouse.move(...xy(await middle("5")));
    await page.mouse.down();
    await show(entering("4"), 2);
    await page.mouse.up();
    expect(await heardAll()).toEqual(["5"]);
  });

  it("press nothing where another key has come under the finger", async () => {
    await show({ language: "zh-CN", body: { is: "choose", products: [water] } }, 2);
    const tile = await middle("choose:1");
    await page.mouse.move(tile.x, tile.y);
    await page.mouse.down();
    await show(idle, 3);
    await page.mouse.up();
    expect(await heardAll()).toEqual([]);
  });

  it("press by touch, two in quick turns, in their order", async () => {
    for (const key of "4017283956".split("")) await page.touchscreen.tap(...xy(await middle(key)));
    expect((await heardAll()).join("")).toBe("4017283956");
  });

  it("are heard in their order, though the first request takes longer than the second", async () => {
    let requests = 0;
    await page.route("**/press", async (route) => {
      if (++requests === 1) await page.waitForTimeout(200);
      await route.continue();
    });
    for (const key of ["1", "2"]) await page.mouse.click(...xy(await middle(key)));
    expect(await heardAll()).toEqual(["1", "2"]);
  });

  it("press nothing with a palm: three touches at once, or one broader than a key", async () => {
    const at = await middle("5");
    await page.evaluate(({ x, y }) => {
      const key = document.elementFromPoint(x, y);
      const touch = (type: string, pointerId: number, width: number): void =>
        void key?.dispatchEvent(
          new PointerEvent(type, { pointerId, width, height: 20, clientX: x, clientY: y, bubbles: true, button: 0 }),
        );
      for (const id of [11, 12, 13]) touch("pointerdown", id, 20);
      for (const id of [11, 12, 13]) touch("pointerup", id, 20);
      touch("pointerdown", 14, 150);
      touch("pointerup", 14, 150);
      touch("pointerdown", 15, 20);
      touch("pointercancel", 15, 20);
      touch("pointerup", 15, 20);
    }, at);
    expect(await heardAll()).toEqual([]);
  });

  it("press nothing with a second mouse button", async () => {
    await page.mouse.click(...xy(await middle("5")), { button: "right" });
    expect(await heardAll()).toEqual([]);
  });

  it("show by the key's colours that it is down", async () => {
    await page.mouse.move(...xy(await middle("5")));
    await page.mouse.down();
    expect(await page.locator(".key.down").getAttribute("data-press")).toBe("5");
    await page.mouse.up();
    expect(await page.locator(".key.down").count()).toBe(0);
  });
});

describe("a number pad", () => {
  /** Slower than a card reader types. */
  const slowly = { delay: 45 };
  const type = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key, slowly);
  };

  it("types digits, corrects and clears, with and without Num Lock", async () => {
    await type("Numpad4", "Digit0", "1", "Backspace", "Delete", "Escape");
    expect(await heardAll()).toEqual(["4", "0", "1", "back", "clear", "clear"]);
  });

  it("is not heard with Enter, letters, function keys or modifiers", async () => {
    await type(
      "Enter",
      "NumpadEnter",
      "a",
      "F5",
      "Tab",
      "ArrowUp",
      "Control+1",
      "Alt+2",
      "Meta+3",
      "NumpadAdd",
      "Space",
    );
    expect(await heardAll()).toEqual([]);
  });

  it("does not repeat a key that is held down", async () => {
    await page.keyboard.down("7");
    for (let i = 0; i < 5; i++) {
      await page.waitForTimeout(40);
      await page.keyboard.down("7");
    }
    await page.keyboard.up("7");
    expect(await heardAll()).toEqual(["7"]);
  });

  it("is told from a card reader, which types faster than any hand", async () => {
    await page.evaluate(() => {
      // All typed before the first is heard: its click sets up the sound, which may take longer than a reader types.
      const typed = Array.from("0012345678").map(
        (digit) => new KeyboardEvent("keydown", { key: digit, code: `Digit${digit}` }),
      );
      for (const key of typed) dispatchEvent(key);
    });
    expect(await heardAll()).toEqual(["0"]);
  });
});

describe("painting", () => {
  it("is acknowledged for each revision", async () => {
    const acknowledged: number[] = [];
    screen.stage.listen({ press() {}, painted: (revision) => acknowledged.push(revision) });
    for (const revision of [2, 3, 4, 5]) await show(entering("4017283956".slice(0, revision)), revision);
    expect([...new Set(acknowledged)].filter((revision) => revision > 1)).toEqual([2, 3, 4, 5]);
    expect(screen.lastPainted()).toBeGreaterThan(0);
  });

  it("ends with the last revision, however fast they come", async () => {
    const last = nextPainted(screen, 300);
    for (let revision = 2; revision <= 300; revision++) screen.stage.show(entering(String(revision)), revision);
    await last;
    expect((await page.locator(".boxes").textContent())?.replaceAll(/\s/g, "")).toBe("300");
  });

  it("is acknowledged again while nothing changes", { timeout: 20_000 }, async () => {
    expect(await nextPainted(screen)).toBe(1);
  });

  it("takes less than 200 ms from a released key to the painted digit, even on a busy machine", async () => {
    let revision = 1;
    screen.stage.listen({
      press: () => screen.stage.show(entering("5".repeat((revision % 10) + 1)), ++revision),
      painted() {},
    });
    const times = [...(await pressToPainted(page, screen, 30))].sort((a, b) => a - b);
    expect(times).toHaveLength(30);
    expect(times[15]).toBeLessThan(200);
  });
});

describe("a page that lost the kiosk", () => {
  it("gets the present screen at once when it comes anew, and so does a second page", async () => {
    await show(entering("401"), 2);
    await page.reload();
    await page.locator(".boxes").waitFor();
    const second = await watch(browser, screen, glass);
    expect((await second.locator(".boxes").textContent())?.replaceAll(/\s/g, "")).toBe("401");
    await second.mouse.click(...xy(await middle("9")));
    await second.context().close();
    expect(await heardAll()).toEqual(["9"]);
  });

  it("says that the kiosk is starting, and goes on when it is back, though revisions start over", async () => {
    await show(entering("401"), 50);
    const { port } = new URL(screen.url);
    await screen.close();
    await page.getByText("正在启动，请稍等").waitFor();
    const again = await openScreen({ station, port: Number(port), clock });
    if (!again.ok) throw new Error(again.error.detail);
    screen = again.value;
    screen.stage.show(entering("7"), 1);
    await page.locator(".boxes").waitFor();
    expect((await page.locator(".boxes").textContent())?.replaceAll(/\s/g, "")).toBe("7");
  });

  it("loads itself anew where the kiosk that comes back has other pages", async () => {
    const { port } = new URL(screen.url);
    await page.evaluate(() => Object.assign(globalThis, { old: true }));
    await screen.close();
    const again = await openScreen({ station: stationWith(250), port: Number(port), clock });
    if (!again.ok) throw new Error(again.error.detail);
    screen = again.value;
    await page.waitForFunction(() => !("old" in globalThis));
    expect(await page.locator(".screen").count()).toBe(1);
  });
});

it("sounds a rising pair of tones for good and one low tone for sorry", async () => {
  await page.evaluate(() => {
    const heard: number[] = [];
    Object.assign(globalThis, { heard });
    const Real = OscillatorNode;
    globalThis.OscillatorNode = class extends Real {
      constructor(context: BaseAudioContext, options?: OscillatorOptions) {
        super(context, options);
        heard.push(options?.frequency ?? 0);
      }
    };
  });
  const heard = (): Promise<readonly number[]> =>
    page.evaluate(() => (globalThis as unknown as { heard: number[] }).heard);
  screen.voice.chime("good");
  await vi.waitFor(async () => expect(await heard()).toHaveLength(2));
  screen.voice.chime("sorry");
  await vi.waitFor(async () => expect(await heard()).toHaveLength(3));
  const [first = 0, second = 0, low = 0] = await heard();
  expect(second).toBeGreaterThan(first);
  expect(low).toBeLessThan(first / 2);
});

const xy = ({ x, y }: { readonly x: number; readonly y: number }): [number, number] => [x, y];
