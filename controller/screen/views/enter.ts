import { html, type Html } from "../html.ts";
import type { Body } from "../model.ts";
import { told, type Words } from "../text.ts";
import { boxes } from "./boxes.ts";
import { icon } from "./icons.ts";
import { key, pad, type Stand } from "./parts.ts";

type Enter = Extract<Body, { readonly is: "enter" }>;

/** S1, and E1 around the digits that stay. The boxes never change their place. */
export function enterView(body: Enter, stand: Stand): Html {
  const { words, place } = stand;
  const { headline, lines } = body.said
    ? told(words, body.said, place)
    : { headline: words.enter.title, lines: [words.enter.hint] };
  return html`<section class="main enter">
      <h1>${body.said && icon("pencil")}${headline}</h1>
      ${boxes(body, body.said ? body.typed.length - 1 : undefined)}${body.still ? stillThere(words) : html`<div class="lines">${lines.map((line) => html`<p>${line}</p>`)}</div>`}
    </section>
    ${pad(words)}`;
}

const stillThere = ({ enter }: Words): Html =>
  html`<div class="still">
    <p class="ask">${icon("clock")}<span>${enter.still}</span></p>
    ${key("go-on", "go", enter.goOn)}
  </div>`;
