import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { openScreen, type OpenScreen, type ScreenOptions } from "../../controller/screen/server.ts";
import { millis } from "../../devices/kit/clock.ts";

/** Debian's Chromium, and nothing of it that calls home. */
const quiet = {
  executablePath: "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

export const openBrowser = (): Promise<Browser> => chromium.launch(quiet);

/** One that keeps in `folder` whatever it keeps, as the station's own does. */
export const openKeeping = (folder: string): Promise<BrowserContext> =>
  chromium.launchPersistentContext(folder, { ...quiet, viewport: { width: 1280, height: 800 } });

export const clock = { mono: () => millis(performance.now()) };

export async function serve(options: Omit<ScreenOptions, "port" | "clock">): Promise<OpenScreen> {
  const opened = await openScreen({ ...options, port: 0, clock });
  if (!opened.ok) throw new Error(opened.error.detail);
  return opened.value;
}

/** A page on a glass of so many pixels, with the first picture painted. */
export async function watch(
  browser: Browser,
  screen: OpenScreen,
  size: { readonly width: number; readonly height: number },
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: size.width, height: size.height }, hasTouch: true });
  const page = await context.newPage();
  const first = nextPainted(screen);
  await page.goto(screen.url);
  await first;
  return page;
}

/** What a page says can be heard of it, in this process or on its way to another. */
export interface Heard {
  readonly stage: Pick<OpenScreen["stage"], "listen">;
}

/** Resolves at the next acknowledgement, or at that of `revision`. */
export const nextPainted = (screen: Heard, revision?: number): Promise<number> =>
  new Promise((resolve) => {
    const listening = screen.stage.listen({
      press() {},
      painted(said) {
        if (revision !== undefined && said !== revision) return;
        listening.stop();
        resolve(said);
      },
    });
  });
