import { html, type Html } from "../html.ts";
import type { Body } from "../model.ts";
import { icon } from "./icons.ts";
import { tile, wordedKey, type Stand } from "./parts.ts";
import { notice } from "./refused.ts";

type Choose = Extract<Body, { readonly is: "choose" }>;

/** S2, and E8a where the chosen product has just run out. */
export function chooseView({ products, said }: Choose, stand: Stand): Html {
  const { words } = stand;
  const there = products.filter((product) => product.left !== 0).map((product) => product.key);
  const heading = said
    ? notice(said, stand)
    : html`<header class="notice">
        ${icon("check")}
        <div>
          <h1>${words.choose.title}</h1>
          <p>${words.choose.howTo(there)}</p>
        </div>
      </header>`;
  return html`<section class="main wide choose">
    <div class="top">${heading}${wordedKey("cancel", "leave", "clear", words.key.cancel)}</div>
    <div class="tiles n${products.length}">${products.map((product) => tile(product, words))}</div>
  </section>`;
}
