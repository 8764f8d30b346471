import type { BrowserContext, Page } from "playwright-core";
import { vi } from "vitest";
import { patience } from "../children.ts";

/** The station's screen in Chromium, of which every picture is written down. */
export class Glass {
  /** What the page had in it, in order. */
  readonly pictures: string[] = [];
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  static async open(browser: BrowserContext, url: string): Promise<Glass> {
    const page = await browser.newPage();
    const glass = new Glass(page);
    await page.exposeFunction("seen", (picture: string) => void glass.pictures.push(picture));
    await page.addInitScript(() => {
      const look = () => {
        const { seen } = globalThis as unknown as { seen(picture: string): void };
        const screen = document.querySelector("#screen");
        if (screen) seen(screen.innerHTML);
      };
      new MutationObserver(look).observe(document, { childList: true, subtree: true });
    });
    await page.goto(url);
    return glass;
  }

  /** The page of the cabin, or of the screen, that is shown. */
  get shows(): string {
    const picture = this.pictures.at(-1) ?? "";
    const [, kind] = /class="main cabin ([\w-]+)/.exec(picture) ?? [];
    return kind ?? /<main class="screen \S+ (\w+)"/.exec(picture)?.[1] ?? "nothing";
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
