import type { Page } from "playwright-core";
import type { OpenScreen } from "../../controller/screen/server.ts";

/**
 * Milliseconds from the release of a digit key to the acknowledgement that the digit is painted, as the page itself
 * measures them. The caller's kiosk must show the next revision upon each press.
 */
export async function pressToPainted(page: Page, screen: OpenScreen, presses: number): Promise<readonly number[]> {
  await page.evaluate(() => {
    const times: { released: number; painted: number[] } = { released: Number.NaN, painted: [] };
    Object.assign(globalThis, { times });
    addEventListener("pointerup", (e) => (times.released = e.timeStamp), true);
    const send = globalThis.fetch;
    globalThis.fetch = (...asked) => {
      if (asked[0] === "/painted" && !Number.isNaN(times.released)) {
        times.painted.push(performance.now() - times.released);
        times.released = Number.NaN;
      }
      return send(...asked);
    };
  });
  const key = await page.locator('[data-press="5"]').boundingBox();
  if (!key) throw new Error("the page shows no keypad");
  await page.mouse.move(key.x + key.width / 2, key.y + key.height / 2);
  for (let press = 0; press < presses; press++) {
    const painted = new Promise<void>((resolve) => {
      const listening = screen.stage.listen({
        press() {},
        painted() {
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
