import type { Page, Request } from "playwright-core";
import { openBrowser } from "../screen/browser.ts";
import type { BenchKiosk } from "./kiosk.ts";

/** A picture that the page has painted. */
export interface Picture {
  readonly html: string;
  /** When this process heard of it, by performance.now(): a few milliseconds after the page had painted it. */
  readonly at: number;
}

/** Chromium with the kiosk's page, at which this process looks on. */
export interface BenchGlass {
  /** All that were painted, the oldest first. */
  readonly painted: readonly Picture[];
  /** The next that is painted and of which this is true; the present one too. */
  until(what: string, shows: (html: string) => boolean): Promise<Picture>;
  /** When each picture of a pulse wave was painted, in milliseconds by the page's own clock: not of each the page says so. */
  waves(): Promise<readonly number[]>;
  end(): Promise<void>;
}

const patience = 60_000;

/** A task that is queued in a frame's callback runs when that frame has been handed to the screen. */
const watchWaves = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const waves: number[] = [];
    Object.assign(globalThis, { waves });
    let isDue = false;
    const painted = new MessageChannel();
    painted.port1.addEventListener("message", () => waves.push(performance.now()));
    painted.port1.start();
    new MutationObserver(() => {
      if (isDue || document.querySelector(".wave") === null) return;
      isDue = true;
      requestAnimationFrame(() => {
        isDue = false;
        painted.port2.postMessage(null);
      });
    }).observe(document, { childList: true, subtree: true });
  });

export async function openGlass(kiosk: BenchKiosk): Promise<BenchGlass> {
  const pictures = new Map<number, string>();
  const seen = new Map<number, number>();
  const painted: Picture[] = [];
  const waiting = new Set<() => void>();

  // Of a revision the picture may be known first, or that it is painted.
  const meet = (revision: number): void => {
    const html = pictures.get(revision);
    const at = seen.get(revision);
    if (html === undefined || at === undefined) return;
    pictures.delete(revision);
    painted.push({ html, at });
    for (const wake of waiting) wake();
  };

  const browser = await openBrowser();
  const page = await (await browser.newContext({ viewport: { width: 1024, height: 600 } })).newPage();
  page.on("request", (request: Request) => {
    const at = performance.now();
    if (!request.url().endsWith("/painted")) return;
    const { revision } = request.postDataJSON() as { revision: number };
    if (seen.has(revision)) return;
    seen.set(revision, at);
    meet(revision);
  });

  // What the page itself is sent: a second watcher would cost the kiosk as much again.
  const wire = await page.context().newCDPSession(page);
  wire.on("Network.eventSourceMessageReceived", ({ eventName, data }) => {
    if (eventName !== "screen") return;
    const { revision, html } = JSON.parse(data) as { revision: number; html: string };
    pictures.set(revision, html);
    meet(revision);
  });
  await wire.send("Network.enable");
  await watchWaves(page);
  await page.goto(kiosk.url);

  return {
    painted,
    async until(what, shows) {
      const given = performance.now() + patience;
      for (let at = Math.max(0, painted.length - 1); ;) {
        for (; at < painted.length; at++) {
          const picture = painted[at];
          if (picture && shows(picture.html)) return picture;
        }
        if (performance.now() > given) throw new Error(`the glass never showed ${what}, but ${painted.at(-1)?.html}`);
        await new Promise<void>((resolve) => {
          const timer = setTimeout(wake, 1000);
          function wake(): void {
            clearTimeout(timer);
            waiting.delete(wake);
            resolve();
          }
          waiting.add(wake);
        });
      }
    },
    waves: () => page.evaluate(() => (globalThis as unknown as { waves: readonly number[] }).waves),
    end: () => browser.close(),
  };
}
