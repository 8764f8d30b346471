import { html, type Html } from "../html.ts";
import type { Body } from "../model.ts";
import { icon } from "./icons.ts";
import { key, pad, type Stand } from "./parts.ts";
import { notice } from "./refused.ts";

type Enter = Extract<Body, { readonly is: "enter" }>;

/** S1, and E1 above the digits that stay. */
export function enterView(body: Enter, stand: Stand): Html {
  return html`<section class="main enter">
      ${heading(body.said, stand)}${boxes(body)}${(body.still || !body.said) && foot(body, stand)}
    </section>
    ${pad(stand.words)}`;
}

const heading = (said: Enter["said"], stand: Stand): Html =>
  said ? notice(said, stand) : html`<header><h1>${stand.words.enter.title}</h1></header>`;

/** Grouped as the message groups them. The box that waits is marked; after a slip it is the last digit. */
function boxes({ typed, groups, said }: Enter): Html {
  const next = said ? typed.length - 1 : typed.length;
  const starts = groups.map((_, i) => groups.slice(0, i).reduce((sum, size) => sum + size, 0));
  const box = (at: number): Html => html`<b class="box${at === next && " next"}">${typed[at]}</b>`;
  return html`<div class="boxes">
    ${groups.map(
      (size, i) =>
        html`<span class="group">${Array.from({ length: size }, (_, n) => box((starts[i] ?? 0) + n))}</span>`,
    )}
  </div>`;
}

const foot = ({ still }: Enter, { words }: Stand): Html =>
  still
    ? html`<div class="still">
        <p class="ask">${icon("clock")}${words.enter.still}</p>
        ${key("go-on", "go", words.enter.goOn)}
      </div>`
    : html`<p class="hint">${words.enter.hint}</p>`;
