import { html, type Html } from "../html.ts";
import type { Body, Product } from "../model.ts";
import { byReader, type Words } from "../text.ts";
import { icon } from "./icons.ts";
import { pad, wordedKey, type Stand } from "./parts.ts";
import { notice } from "./refused.ts";

type Idle = Extract<Body, { readonly is: "idle" }>;

/** S0: what is inside, when, and one cue. Any digit starts; there is no start key. */
export function idleView(body: Idle, stand: Stand): Html {
  const { words } = stand;
  if (body.cabin === "alone") return cabinAlone(stand);
  const many = body.products.length > 4;
  const brief = many || body.cabin === "beside";
  const hours = many && body.cabin ? undefined : times(brief ? undefined : body.season, stand);
  const welcome = html`${cue(body, stand, brief)}${body.products.length > 0 && stock(body.products, words, many)}${hours}`;
  const check = body.cabin && wordedKey("cabin", "go check-up", "heart", words.cabin.entry.title);
  return html`<section class="main${check && " beside"}">
      ${body.closed ? notice(body.closed, stand) : welcome}${check}
    </section>
    ${pad(words)}`;
}

/** A health cabin without goods: one key, and who sees what. */
function cabinAlone({ words }: Stand): Html {
  const { title, lines } = words.cabin.entry;
  return html`<section class="main wide cabin-alone">
    <h1 class="cue">${icon("heart")}<span>${title}</span></h1>
    <div class="lines">${lines.map((line) => html`<p>${line}</p>`)}</div>
    ${wordedKey("cabin", "go", "right", words.cabin.key.begin)}
  </section>`;
}

/** Where many products need the room, the cue and the hours must do. */
function cue({ digits }: Idle, { words, place }: Stand, brief: boolean): Html {
  const { free, orReader, byReader: only } = words.idle;
  const typed = digits > 0 || place.reads.length === 0;
  const cue = typed ? words.idle.cue : byReader(only, place.reads);
  const reader = typed && byReader(orReader, place.reads);
  const below = reader || (digits > 0 && words.idle.digits(digits));
  return html`<header>
    <p class="lead">${free}${brief && reader && html` <span class="aside">${reader}</span>`}</p>
    <h1 class="cue"><span>${cue}</span>${typed && icon("right")}</h1>
    ${!brief && below && html`<p>${below}</p>`}
  </header>`;
}

const stock = (products: readonly Product[], words: Words, many: boolean): Html =>
  html`<ul class="stock${many && " many"}">
    ${products.map(
      (product) =>
        html`<li>
          <span class="name">${words.name(product.name)}</span
          ><span class="left">${icon(product.left === 0 ? "clear" : "check")}<b>${words.left(product.left)}</b></span>
        </li>`,
    )}
  </ul>`;

function times(season: Idle["season"], { words, face }: Stand): Html {
  const { opens, closes } = face.station.station;
  return html`<p class="times">
    ${icon("clock")}<span
      ><span>${words.idle.hours(opens, closes)}</span
      >${season && html`<span>${words.idle.season(season.from, season.until)}</span>`}</span
    >
  </p>`;
}
