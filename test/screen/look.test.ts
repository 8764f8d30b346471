import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OpenScreen } from "../../controller/screen/server.ts";
import { nextPainted, openBrowser, serve, watch } from "./browser.ts";
import { digitHeight, look, type Findings } from "./eye.ts";
import { cabinGallery } from "./cabin-gallery.ts";
import { gallery, glasses, stationWith } from "./gallery.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const settings = Object.entries(glasses).flatMap(([inches, glass]) =>
  (["zh-CN", "en"] as const).flatMap((language) =>
    [false, true].map((simulated) => ({
      inches,
      glass,
      language,
      simulated,
      banner: simulated ? "with the banner" : "",
    })),
  ),
);

describe.each(settings)("at $inches in $language $banner", ({ glass, language, simulated }) => {
  const seen = new Map<string, Findings>();
  const tiles = new Map<string, readonly { readonly width: number; readonly height: number }[]>();
  let heights: readonly number[] = [];
  let screen: OpenScreen;
  let page: Page;

  beforeAll(async () => {
    screen = await serve({ station: stationWith(glass.widthMm), simulated });
    page = await watch(browser, screen, glass);
    const pxPerMm = glass.width / glass.widthMm;
    for (const [index, [name, picture]] of [...gallery(language), ...cabinGallery(language)].entries()) {
      const painted = nextPainted(screen, index + 1);
      screen.stage.show(picture, index + 1);
      await painted;
      seen.set(name, await page.evaluate(look, glass));
      const boxes = await page.locator(".tiles .tile").evaluateAll((all) =>
        all.map((tile) => ({
          width: tile.getBoundingClientRect().width,
          height: tile.getBoundingClientRect().height,
        })),
      );
      tiles.set(
        name,
        boxes.map(({ width, height }) => ({ width: width / pxPerMm, height: height / pxPerMm })),
      );
      if (name.startsWith("enter")) heights = [...heights, await page.evaluate(digitHeight, glass.widthMm)];
    }
  });
  afterAll(async () => {
    await page.context().close();
    await screen.close();
  });

  const faults = (of: "cut" | "overlapping" | "faint" | "keys"): readonly string[] =>
    [...seen].flatMap(([name, findings]) => findings[of].map((fault) => `${name}: ${fault}`));

  it("shows every screen whole: nothing is cut off, scrolled, or off the glass", () => {
    expect(seen.size).toBeGreaterThan(160);
    expect(faults("cut")).toEqual([]);
  });

  it("lets no text lie over another text or over a key", () => expect(faults("overlapping")).toEqual([]));

  it("writes everything with a contrast of 7:1, at least 4 mm high, in no thin type", () =>
    expect(faults("faint")).toEqual([]));

  it("makes every key as large as a glove needs, and keeps keys apart", () => expect(faults("keys")).toEqual([]));

  it("draws the code's digits as high as promised", () => {
    expect(heights.length).toBeGreaterThan(5);
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(glass.digitMm);
  });

  it("draws tiles of a choice of two or three as large as promised", () => {
    const few = ["choose", "choose one out", "choose of three", "choose E8a"].flatMap((name) => tiles.get(name) ?? []);
    expect(few).toHaveLength(9);
    const side = glass.keyMm === 26 ? 60 : 44;
    expect(few.filter(({ width, height }) => width < side || height < side)).toEqual([]);
  });

  it("keeps headlines within 24 Chinese characters", () => {
    const most = language === "zh-CN" ? 24 : 52;
    expect([...seen.values()].map(({ headline }) => headline.trim()).filter((text) => text.length > most)).toEqual([]);
  });
});
