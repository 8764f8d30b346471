import { html, type Html } from "../html.ts";
import type { Body, Name } from "../model.ts";
import { icon, type Icon } from "./icons.ts";
import { wordedKey, type Stand } from "./parts.ts";
import { news } from "./refused.ts";

type Done = Extract<Body, { readonly is: "done" }>;

/** S4 and S5, with one tap to rate. */
export function doneView({ product, rated, more }: Done, { words }: Stand): Html {
  const lines = [words.name(product), ...(more === undefined ? [] : [words.done.more(more)])];
  return html`<section class="main wide done">
    <div class="top">${news("check", html`${words.done.title}<br />${words.done.thanks}`, lines)}${icon("below")}</div>
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
