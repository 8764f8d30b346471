import { html, type Html } from "../html.ts";
import type { Nearby, Refusal } from "../model.ts";
import { told, type Words } from "../text.ts";
import { icon, type Icon } from "./icons.ts";
import { pad, tile, wordedKey, type Stand } from "./parts.ts";

const pictures: Readonly<Record<Refusal["id"], Icon>> = {
  E1: "pencil",
  E2: "look",
  E3: "clock",
  E4: "used",
  E5: "used",
  E6: "pin",
  E7a: "clock",
  E7b: "calendar",
  E7c: "clock",
  E8a: "box",
  E8b: "box",
  E9: "wrench",
  E10: "wrench",
  E11: "plug",
  E12b: "offline",
  E13: "check",
  E14: "hourglass",
  E15: "card",
  E16: "card",
  E20: "sun",
  E21: "pause",
  E23: "unseen",
  E23b: "unseen",
};

const pictureOf = (refusal: Refusal): Icon =>
  (refusal.id === "E15" || refusal.id === "E16") && refusal.of === "code" ? "scan" : pictures[refusal.id];

/** Where the next step is to type again, the keypad stands beside the words. */
const typedAgain: ReadonlySet<Refusal["id"]> = new Set(["E1", "E2", "E11", "E23", "E23b"]);

/** One reason, one next step, and the keys for it. */
export function refusedView(refusal: Refusal, stand: Stand): Html {
  const { words } = stand;
  if (typedAgain.has(refusal.id)) {
    const taken = refusal.id === "E11" && wordedKey("taken", "go", "check", words.key.taken);
    return html`<section class="main told" data-refusal="${refusal.id}">
        ${notice(refusal, stand)}${taken && html`<div class="keys">${taken}</div>`}
      </section>
      ${pad(words)}`;
  }
  const instead = "instead" in refusal && refusal.instead && tile(refusal.instead, words);
  const nearby = "nearby" in refusal && refusal.nearby;
  const room = nearby && ` elsewhere n${nearby.stations.length}`;
  return html`<section class="main wide told${room}" data-refusal="${refusal.id}">
    ${notice(refusal, stand)}${nearby && stations(nearby, Boolean(instead), words)}
    <div class="keys">
      ${nearby && html`<p class="as-of">${words.nearby.asOf(nearby.asOf)}</p>`}${instead}${wordedKey("cancel", "leave", "leave", words.key.leave)}
    </div>
  </section>`;
}

/** Where else the code is good. Beside a tile with a number the stations have none: a number is a key to press. */
const stations = ({ stations }: Nearby, tiled: boolean, words: Words): Html =>
  html`<ol class="nearby">
    ${stations.map(
      ({ name, metres, minutes, left }, index) =>
        html`<li>
          <span class="name">${tiled ? icon("pin") : html`<b>${"①②③"[index]}</b>`} ${words.name(name)}</span
          ><span class="way">${words.nearby.way(metres, minutes)}</span><b class="left">${words.left(left)}</b>
        </li>`,
    )}
  </ol>`;

/** Picture, headline and lines of a refusal, as they stand on every screen that tells one. */
export function notice(refusal: Refusal, { words, place }: Stand): Html {
  const { headline, lines } = told(words, refusal, place);
  return news(pictureOf(refusal), headline, lines);
}

export const news = (picture: Icon, headline: Html | string, lines: readonly (Html | string)[]): Html =>
  html`<header class="notice">
    ${icon(picture)}
    <h1>${headline}</h1>
    <div class="lines">${lines.map((line) => html`<p>${line}</p>`)}</div>
  </header>`;
