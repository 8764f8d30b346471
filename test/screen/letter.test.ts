import { PNG } from "pngjs";
import { decodeQR } from "qr/decode.js";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Language, Screen } from "../../controller/screen/model.ts";
import { letterOf } from "../../controller/takeaway/letter.ts";
import { courier, flags } from "../controller/takeaway/home.ts";
import { nextPainted, openBrowser, serve, watch } from "./browser.ts";
import { glasses, stationWith } from "./gallery.ts";

// What a telephone sees of the letter on the glass.

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** Ours: scanners of kiosks read modules from about 0.3 mm; a telephone in a hand that shakes is given half more. */
const leastMm = 0.45;
const results = { ...courier, flags };
const settings = Object.entries(glasses).flatMap(([inches, glass]) =>
  (["zh-CN", "en"] as const).map((language: Language) => ({ inches, glass, language })),
);

describe.each(settings)("the letter of 24 figures at $inches in $language", ({ glass, language }) => {
  test("is read from the glass, word for word, and its modules are large enough for a telephone", async () => {
    const station = stationWith(glass.widthMm);
    const screen = await serve({ station, simulated: true });
    const page = await watch(browser, screen, glass);
    const picture: Screen = { language, body: { is: "cabin", page: { is: "qr", results }, forgets: false } };
    const painted = nextPainted(screen, 1);
    screen.stage.show(picture, 1);
    await painted;
    const code = page.locator("svg.qr");
    const { width = 0 } = (await code.boundingBox()) ?? {};
    const modules = Number((await code.getAttribute("viewBox"))?.split(" ")[2]);
    const shot = PNG.sync.read(await code.screenshot());
    expect(decodeQR(shot)).toBe(letterOf(results, station.station, language));
    expect(((width / glass.width) * glass.widthMm) / modules).toBeGreaterThanOrEqual(leastMm);
    await page.context().close();
    await screen.close();
  });
});
