import { html, type Html } from "../html.ts";
import type { Body } from "../model.ts";
import { tile, wordedKey, type Stand } from "./parts.ts";
import { news, notice } from "./refused.ts";

type Choose = Extract<Body, { readonly is: "choose" }>;

/** S2, and E8a where the chosen product has just run out. */
export function chooseView({ products, said }: Choose, stand: Stand): Html {
  const { words, place } = stand;
  const there = products.filter(({ left, had }) => left !== 0 && !had).map((product) => product.key);
  const heading = said
    ? notice(said, stand)
    : news("check", words.choose.title(place), [words.choose.howTo(there, place)]);
  return html`<section class="main wide choose">
    <div class="top">${heading}${wordedKey("cancel", "leave", "clear", words.key.cancel)}</div>
    <div class="tiles n${products.length}${products.length > 3 && " many"}">
      ${products.map((product) => tile(product, words))}
    </div>
  </section>`;
}
