import { html, type Html, type Piece } from "../html.ts";
import type { Key } from "../model.ts";
import type { CabinKey } from "../text-cabin.ts";
import { icon, type Icon } from "./icons.ts";
import { key, pad, wordedKey, type Stand } from "./parts.ts";

/** A page of the cabin: what is said, and the keys at the right edge or, with a keypad, under it. */
export interface Frame {
  /** Its class. */
  readonly of: string;
  readonly title: Piece;
  /** Numbers of the person stand on it: for reference, and no diagnosis. */
  readonly tells?: true;
  readonly content: Piece;
  readonly keys: readonly Html[];
  /** Nothing is kept of this visit: a mark says so. */
  readonly forgets: boolean;
}

/** Always in the same place, whatever else there is: everything is forgotten at once. */
const endKey = (stand: Stand): Html => railKey("end", "shut", "end", stand, "end");

/** A key in the rail: the press bears the name of its word unless it says otherwise. */
export const railKey = (word: CabinKey, picture: Icon, press: Key, { words }: Stand, kind = ""): Html =>
  wordedKey(press, kind, picture, words.cabin.key[word]);

/** At the first and the last leaf the place of the key stays, so that the others do not wander. */
export const leafKey = (word: "earlier" | "later", leaf: number, isThere: boolean, stand: Stand): Html =>
  isThere
    ? railKey(word, word === "earlier" ? "leave" : "right", `leaf:${leaf}`, stand)
    : html`<span class="hole"></span>`;

const header = ({ title, tells, forgets }: Frame, { words }: Stand): Html =>
  html`<header>
    <h1>${title}</h1>
    <div class="marks">
      ${tells && html`<p>${words.cabin.reference}</p>`}${forgets && html`<p>${icon("unseen")}<span>${words.cabin.forgets}</span></p>`}
    </div>
  </header>`;

export const railed = (frame: Frame, stand: Stand): Html =>
  html`<section class="main cabin ${frame.of}">${header(frame, stand)}${frame.content}</section>
    <nav class="rail k${frame.keys.length > 3 ? 8 : 4}">${frame.keys}${endKey(stand)}</nav>`;

/** A page where numbers are typed. */
export const padded = (frame: Frame, left: Html, stand: Stand): Html =>
  html`<section class="main cabin ${frame.of}">
      ${header(frame, stand)}${frame.content}
      <div class="row">${frame.keys}${endKey(stand)}</div>
    </section>
    ${pad(stand.words, left, key("next", "go", icon("check")))}`;

/** A number stays with its unit. */
const unbroken = (line: string): string => line.replaceAll(/(?<=\d) | (?=\d)/g, "\u00a0");

export const lines = (said: readonly string[]): Html =>
  html`<div class="lines">${said.map((line) => html`<p>${unbroken(line)}</p>`)}</div>`;
