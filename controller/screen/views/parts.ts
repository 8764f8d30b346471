import type { Station } from "../../../config/schema.ts";
import { html, type Html } from "../html.ts";
import type { Key, Language, Product, Screen } from "../model.ts";
import type { Place, Words } from "../text.ts";
import { bilingual } from "../text.zh-CN.ts";
import { clockFace, whenAt } from "../when.ts";
import { icon, type Icon } from "./icons.ts";

/** What does not change while the kiosk runs. */
export interface Face {
  readonly station: Station;
  /** Nothing real is behind the page: a banner says so, lest somebody deploys it. */
  readonly simulated: boolean;
}

/** Everything that a view needs besides its own body. */
export interface Stand {
  readonly language: Language;
  readonly words: Words;
  readonly place: Place;
  readonly face: Face;
}

export const key = (press: Key, kind: string, label: Html | string): Html =>
  html`<button class="key ${kind}" data-press="${press}">${label}</button>`;

export const wordedKey = (press: Key, kind: string, picture: Icon, word: string): Html =>
  key(press, `worded ${kind}`, html`${icon(picture)}<span>${word}</span>`);

/** The page's own keypad: no on-screen keyboard of the system is to be trusted. Of a code the last digit submits: no OK. */
export const pad = (
  { key: words }: Words,
  left: Html = wordedKey("back", "edit", "back", words.back),
  right: Html = wordedKey("clear", "edit", "clear", words.clear),
): Html =>
  html`<nav class="pad">
    ${["1", "2", "3", "4", "5", "6", "7", "8", "9"].map((digit) => key(digit, "digit", digit))}
    ${left}${key("0", "digit", "0")}${right}
  </nav>`;

/** One product to choose, by touch or by its number. */
export const tile = (product: Product, words: Words): Html =>
  product.left === 0 || product.had
    ? html`<div class="tile out">${tileWords(product, words)}</div>`
    : html`<button class="tile" data-press="choose:${product.key}">${tileWords(product, words)}</button>`;

const tileWords = (product: Product, words: Words): Html =>
  html`<b class="number">${product.key}</b><span class="name">${words.name(product.name)}</span
    ><span class="left"
      >${icon(stateOf(product))}<span>${product.had ? words.had : words.left(product.left)}</span></span
    >`;

const stateOf = ({ left, had }: Product): Icon => (had ? "check" : left === 0 ? "clear" : "bottle");

/**
 * Always there: where am I, which machine, whom to call, what time it is, and the other language. Whoever tapped while
 * another is served reads that the turn comes.
 */
export function strip(screen: Screen, { words, face: { station } }: Stand): Html {
  const { name, machine, phone } = station.station;
  return html`<footer class="strip">
    ${key("language", "language", bilingual.language)}
    <p class="where">
      <span class="site"><span>${words.name(name)}</span>${screen.offline && icon("unlinked")}</span
      >${screen.waits && html`<span class="waits">${icon("hourglass")}<b>${words.waits}</b></span>`}<span class="facts"
        ><span>${words.machine(machine)}</span
        ><span class="call" aria-label="${words.phone}">${icon("phone")}<b>${phone}</b></span
        >${screen.time !== undefined && html`<time>${clockFace(whenAt(screen.time).minute)}</time>`}</span
      >
    </p>
  </footer>`;
}
