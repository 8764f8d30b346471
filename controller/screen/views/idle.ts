import { html, type Html } from "../html.ts";
import type { Body, Product } from "../model.ts";
import type { Words } from "../text.ts";
import { icon } from "./icons.ts";
import { pad, type Stand } from "./parts.ts";
import { notice } from "./refused.ts";

type Idle = Extract<Body, { readonly is: "idle" }>;

/** S0: what is inside, when, and one cue. Any digit starts; there is no start key. */
export function idleView(body: Idle, stand: Stand): Html {
  return html`<section class="main">
      ${body.closed ? notice(body.closed, stand) : cue(body, stand)}${body.products.length > 0 && stock(body.products, stand.words)}${times(body, stand)}
    </section>
    ${pad(stand.words)}`;
}

function cue({ digits }: Idle, { words, place }: Stand): Html {
  const { free, cue, orReader } = words.idle;
  return html`<header>
    <p class="lead">${free}</p>
    <h1 class="cue">${cue}${icon("right")}</h1>
    <p>${digits > 0 && words.idle.digits(digits)}${place.readers && html` ${orReader}`}</p>
  </header>`;
}

const stock = (products: readonly Product[], words: Words): Html =>
  html`<ul class="stock n${products.length}">
    ${products.map(
      (product) =>
        html`<li>
          <span class="name">${words.name(product.name)}</span
          ><span class="left">${icon(product.left === 0 ? "clear" : "check")}<b>${words.left(product.left)}</b></span>
        </li>`,
    )}
  </ul>`;

function times({ season }: Idle, { words, face }: Stand): Html {
  const { opens, closes } = face.station.station;
  return html`<p class="times">
    ${icon("clock")}<span
      >${words.idle.hours(opens, closes)}${season && html`<span class="season">${words.idle.season(season.from, season.until)}</span>`}</span
    >
  </p>`;
}
