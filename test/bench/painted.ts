import type { Request } from "playwright-core";
import { openBrowser, type Heard } from "../screen/browser.ts";
import { pressToPainted } from "../screen/latency.ts";
import { tcn } from "../real/station.ts";
import { openBoard } from "./board.ts";
import { atMost, ms, type Figure } from "./figure.ts";
import { startKiosk } from "./kiosk.ts";
import { benchStation } from "./station.ts";
import { median, percentile } from "./statistics.ts";

const rounds = 10;
/** Fewer than a code has, so that none is ever judged. */
const digits = 10;
const limit = 50;

export async function painted(): Promise<Figure> {
  const folder = await benchStation(tcn, 930);
  const board = await openBoard(tcn, folder.wire);
  const kiosk = await startKiosk(folder);
  const browser = await openBrowser();
  const page = await (await browser.newContext({ viewport: { width: 1024, height: 600 } })).newPage();
  // The kiosk is in another process: the page's own word, on its way there, tells that it has painted.
  const screen: Heard = {
    stage: {
      listen({ painted }) {
        const heard = (request: Request): void => {
          if (request.url().endsWith("/painted")) painted((request.postDataJSON() as { revision: number }).revision);
        };
        page.on("request", heard);
        return { stop: () => void page.off("request", heard) };
      },
    },
  };
  const took: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await page.goto(kiosk.url);
    await page.locator('[data-press="5"]').waitFor();
    took.push(...(await pressToPainted(page, screen, digits)));
    await kiosk.press("clear");
  }
  await browser.close();
  await kiosk.stop();
  await board.end();
  folder.remove();
  const p95 = percentile(took, 0.95);
  return {
    title: "Press to painted digit",
    how: `In Chromium without a graphics card, at 1024x600, as the page itself measures it: from the release of a key to the frame with its digit. ${rounds * digits} presses; the kiosk is a process of its own.`,
    rows: [
      { what: "95 of 100 within", value: ms(p95), goal: atMost(p95, limit, "50 ms") },
      { what: "median", value: ms(median(took)) },
    ],
  };
}
