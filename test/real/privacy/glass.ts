import type { BrowserContext, Page } from "playwright-core";
import { vi } from "vitest";
import { patience } from "../children.ts";

export interface Picture {
  readonly html: string;
  /** The page of the cabin, or of the screen. */
  readonly is: string;
  /** When it came, in ms by the page's own clock. */
  readonly at: number;
}

function pageOf(html: string): string {
  const [, kind] = /class="main cabin ([\w-]+)/.exec(html) ?? [];
  return kind ?? /<main class="screen \S+ (\w+)"/.exec(html)?.[1] ?? "nothing";
}

/** The station's screen in Chromium, of which every picture is written down. */
export class Glass {
  /** What the page had in it, in order. */
  readonly seen: Picture[] = [];
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  static async open(browser: BrowserContext, url: string): Promise<Glass> {
    const page = await browser.newPage();
    const glass = new Glass(page);
    const seen = (html: string, at: number) => void glass.seen.push({ html, is: pageOf(html), at });
    await page.exposeFunction("seen", seen);
    await page.addInitScript(() => {
      const look = () => {
        const { seen } = globalThis as unknown as { seen(html: string, at: number): void };
        const screen = document.querySelector("#screen");
        if (screen) seen(screen.innerHTML, performance.now());
      };
      new MutationObserver(look).observe(document, { childList: true, subtree: true });
    });
    await page.goto(url);
    return glass;
  }

  get pictures(): readonly string[] {
    return this.seen.map(({ html }) => html);
  }

  /** The page that is shown. */
  get shows(): string {
    return this.seen.at(-1)?.is ?? "nothing";
  }

  async until(...pages: readonly string[]): Promise<void> {
    await vi
      .waitUntil(() => pages.includes(this.shows), patience)
      .catch(() => {
        throw new Error(`The glass never showed ${pages.join(" or ")}; it shows ${this.shows}`);
      });
  }

  /** A finger on these keys, one after the other. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.#page.locator(`main [data-press="${key}"]`).first().click();
  }

  async type(text: string): Promise<void> {
    for (const letter of text) await this.press(letter === "." ? "dot" : letter);
  }

  /** What is on the page now, and all that it keeps. */
  async keeps(): Promise<readonly string[]> {
    const kept = await this.#page.evaluate(async () => {
      const names = await caches.keys();
      const bases = await indexedDB.databases();
      return JSON.stringify([localStorage, sessionStorage, names, bases, document.cookie, history.state]);
    });
    return [await this.#page.content(), await this.#page.innerText("body"), kept];
  }
}
