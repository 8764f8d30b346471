import { html, type Html } from "../html.ts";
import type { Body } from "../model.ts";
import { told, type Words } from "../text.ts";
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
      ${boxes(body)}${body.still ? stillThere(words) : html`<div class="lines">${lines.map((line) => html`<p>${line}</p>`)}</div>`}
    </section>
    ${pad(words)}`;
}

/** Grouped as the message groups them. The box that waits is marked; after a slip it is the last digit. */
function boxes({ typed, groups, said }: Enter): Html {
  const next = said ? typed.length - 1 : typed.length;
  const starts = groups.map((_, i) => groups.slice(0, i).reduce((sum, size) => sum + size, 0));
  const box = (at: number): Html => html`<b class="box${at === next && " next"}">${typed[at]}</b>`;
  return html`<div class="boxes d${groups.reduce((sum, size) => sum + size, 0)}">
    ${groups.map(
      (size, i) =>
        html`<span class="group">${Array.from({ length: size }, (_, n) => box((starts[i] ?? 0) + n))}</span>`,
    )}
  </div>`;
}

const stillThere = ({ enter }: Words): Html =>
  html`<div class="still">
    <p class="ask">${icon("clock")}<span>${enter.still}</span></p>
    ${key("go-on", "go", enter.goOn)}
  </div>`;
