import type { Page } from "playwright-core";
import { nextPainted, type Heard } from "./browser.ts";

/**
 * Milliseconds from the release of a digit key to the acknowledgement that the digit is painted, as the page itself
 * measures them. The caller's kiosk must show the next revision upon each press.
 */
export async function pressToPainted(page: Page, screen: Heard, presses: number): Promise<readonly number[]> {
  await page.evaluate(() => {
    const times: { released: number; newest: number; painted: number[] } = { released: 0, newest: 0, painted: [] };
    Object.assign(globalThis, { times });
    addEventListener("pointerup", (e) => (times.released = e.timeStamp), true);
    const send = globalThis.fetch;
    globalThis.fetch = (...asked) => {
      const body = asked[1]?.body;
      if (asked[0] === "/painted" && typeof body === "string") {
        const { revision } = JSON.parse(body) as { revision: number };
        // The page also says every 5 s that it still shows what it shows.
        if (revision > times.newest && times.released > 0) times.painted.push(performance.now() - times.released);
        times.newest = revision;
      }
      return send(...asked);
    };
  });
  const key = await page.locator('[data-press="5"]').boundingBox();
  if (!key) throw new Error("the page shows no keypad");
  await page.mouse.move(key.x + key.width / 2, key.y + key.height / 2);
  // Within 5 s the page tells the revision that it shows before the first press.
  let newest = await nextPainted(screen);
  for (let press = 0; press < presses; press++) {
    const painted = new Promise<void>((resolve) => {
      const listening = screen.stage.listen({
        press() {},
        painted(revision) {
          if (revision <= newest) return;
          newest = revision;
          listening.stop();
          resolve();
        },
      });
    });
    await page.mouse.down();
    await page.mouse.up();
    await painted;
  }
  return page.evaluate(() => (globalThis as unknown as { times: { painted: number[] } }).times.painted);
}
