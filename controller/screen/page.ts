import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Station } from "../../config/schema.ts";
import { html } from "./html.ts";
import { view } from "./view.ts";
import { glassOf } from "./glass.ts";
import type { Face } from "./views/parts.ts";

/**
 * The empty page. `edition` names its files: a page that is older than the kiosk reloads itself.
 * The starting screen lies in it ready, for the time when the kiosk is not heard.
 */
export const pageOf = (face: Face, edition: string): string =>
  html`<!doctype html>
    <html lang="zh-CN" data-edition="${edition}">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1, maximum-scale=1, user-scalable=no" />
      <title>${face.station.station.name.zh}</title>
      <link rel="icon" href="data:," />
      <link rel="stylesheet" href="/ruler.css" />
      <link rel="stylesheet" href="/page.css" />
      <link rel="stylesheet" href="/words.css" />
      <link rel="stylesheet" href="/nearby.css" />
      <link rel="stylesheet" href="/cabin.css" />
      <link rel="stylesheet" href="/results.css" />
      <div id="screen"></div>
      ${face.simulated && drawerPart}
      <template id="starting">${view({ language: "zh-CN", body: { is: "starting" } }, face)}</template>
      <script src="/page.js"></script>
      ${face.simulated && html`<script src="/drawer.js"></script>`}
    </html> `.text;

const drawerPart = html`<link rel="stylesheet" href="/drawer.css" />
  <aside id="drawer">
    <button class="handle">⇤</button>
    <div></div>
  </aside>`;

/**
 * One rem is one centimetre of glass, whatever the resolution. (Not one millimetre: Chromium may refuse so small a font.)
 * In a window that is too low for the keypad, on somebody's desk, the centimetre shrinks.
 */
export function rulerOf(station: Station): string {
  const { widthMm, least } = glassOf(station);
  return `:root { font-size: min(calc(100vw / ${widthMm / 10}), calc(100vh / ${least.heightMm / 10})); }\n`;
}

export interface PageFile {
  readonly text: string;
  readonly type: string;
}

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");
const style = (text: string): PageFile => ({ text, type: "text/css; charset=utf-8" });
const script = (text: string): PageFile => ({ text, type: "text/javascript; charset=utf-8" });

/** All that a browser asks for, by method and path. Read once: the page must also come while the card is slow. */
export function filesOf(face: Face): { readonly edition: string; readonly files: ReadonlyMap<string, PageFile> } {
  const drawerFiles = (): readonly (readonly [string, PageFile])[] => [
    ["GET /drawer.js", script(read("drawer.js"))],
    ["GET /drawer.css", style(read("drawer.css"))],
  ];
  const beside: readonly (readonly [string, PageFile])[] = [
    ["GET /page.js", script(read("page.js"))],
    ["GET /page.css", style(read("page.css"))],
    ["GET /words.css", style(read("words.css"))],
    ["GET /nearby.css", style(read("nearby.css"))],
    ["GET /cabin.css", style(read("cabin.css"))],
    ["GET /results.css", style(read("results.css"))],
    ["GET /ruler.css", style(rulerOf(face.station))],
    ["GET /technician.css", style(read("technician.css"))],
    ...(face.simulated ? drawerFiles() : []),
  ];
  const all = [pageOf(face, ""), ...beside.map(([, file]) => file.text)].join("\0");
  const edition = createHash("sha256").update(all).digest("hex").slice(0, 16);
  const empty: PageFile = { text: pageOf(face, edition), type: "text/html; charset=utf-8" };
  return { edition, files: new Map([["GET /", empty], ...beside]) };
}
