import { html, type Html } from "../html.ts";
import type { Body, Name } from "../model.ts";
import { icon, type Icon } from "./icons.ts";
import { wordedKey, type Stand } from "./parts.ts";

type Done = Extract<Body, { readonly is: "done" }>;

/** S4 and S5, with one tap to rate. */
export function doneView({ product, rated, more }: Done, { words }: Stand): Html {
  return html`<section class="main wide done">
    <header class="notice good">
      ${icon("check")}
      <div>
        <h1>${words.done.title}<br />${words.done.thanks}</h1>
        <p class="product">${words.name(product)}</p>
        ${more !== undefined && html`<p>${words.done.more(more)}</p>`}
      </div>
      ${icon("below")}
    </header>
    <div class="faces">
      <p>${rated ? words.done.rated : words.done.rate}</p>
      ${(["good", "fair", "poor"] as const).map((face) => wordedKey(`face:${face}`, rated === face ? "face chosen" : "face", face, words.face[face]))}
    </div>
  </section>`;
}

/** S3. The second line comes when it takes long, so that nobody walks off. */
export const dispensingView = (product: Name, long: boolean, { words }: Stand): Html =>
  waitView("bottle", words.dispensing.wait, long ? words.dispensing.long : words.name(product));

export const waitView = (picture: Icon, headline: string, line?: string): Html =>
  html`<section class="main wide wait">
    ${icon(picture)}
    <h1>${headline}</h1>
    ${line !== undefined && html`<p>${line}</p>`}
  </section>`;
