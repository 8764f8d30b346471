import type { Row } from "../../domain/cabin/leaf.ts";
import type { ToldFigure } from "../../domain/cabin/results.ts";
import type { Figure } from "../../domain/health/figure.ts";
import type { Flag } from "../../domain/health/findings.ts";
import type { Place } from "../../domain/health/ranges.ts";
import { printed } from "../../domain/health/shown.ts";
import { html, type Html } from "../html.ts";
import { readingsOf, remarks } from "../remarks.ts";
import { bandBar } from "./cabin-band.ts";
import { icon, type Icon } from "./icons.ts";
import type { Stand } from "./parts.ts";

// Numbers as they are told. None stands without its unit, and no colour without its word and its shape.

const shapes: Readonly<Record<Place, Icon>> = { below: "lower", within: "inside", above: "higher", unclear: "unsure" };

const nameOf = (figure: Figure, { words: { cabin } }: Stand): Html => html`<b class="what">${cabin.figure[figure]}</b>`;

const numberOf = ({ shown }: ToldFigure, { words: { cabin } }: Stand): Html =>
  html`<p class="number"><b>${printed(shown)}</b><span>${cabin.unit(shown.unit)}</span></p>`;

const placeOf = (told: ToldFigure, { words: { cabin } }: Stand): Html | undefined =>
  told.place &&
  html`<p class="place">
    ${icon(shapes[told.place])}<b>${told.class ? cabin.class[told.class] : cabin.place[told.place]}</b>
  </p>`;

function figureRow(told: ToldFigure, stand: Stand): Html {
  const range = stand.words.cabin.range(told.bands, "");
  const small = [...(range === undefined ? [] : [range]), ...remarks(told, stand.words)];
  return html`<li class="figure">
    ${nameOf(told.shown.figure, stand)}${numberOf(told, stand)}
    <div class="stands">${placeOf(told, stand)}${bandBar(told)}</div>
    <p class="aside">${stand.words.cabin.listed(small)}</p>
  </li>`;
}

/** A picture, a headline, and what to do. */
const saidRow = (drawn: Icon, headline: string, line: string): Html =>
  html`<li class="flag">
    ${icon(drawn)}
    <div>
      <b>${headline}</b>
      <p>${line}</p>
    </div>
  </li>`;

const flagRow = (flag: Flag, { words: { cabin } }: Stand): Html =>
  saidRow("warn", cabin.flag(flag), cabin.listed(flag.steps.map((step) => cabin.does(step))));

function rowView(row: Row, stand: Stand): Html {
  const { cabin } = stand.words;
  switch (row.is) {
    case "flag":
      return flagRow(row.flag, stand);
    case "figure":
      return figureRow(row.told, stand);
    case "doubtful":
      return saidRow("again", cabin.figure[row.figure], cabin.doubtful);
  }
}

/** A few rows, each as large as the glass has room. */
export const rowsView = (rows: readonly Row[], stand: Stand): Html =>
  html`<ul class="rows n${rows.length}">
    ${rows.map((row) => rowView(row, stand))}
  </ul>`;

/** 120 is named once on a page, however many flags ask for it. */
export function ambulanceLine(flags: readonly Flag[], { words: { cabin } }: Stand): Html | undefined {
  const calls = flags.map(({ ambulance }) => ambulance).filter((one) => one !== "no");
  const [first] = calls;
  if (first === undefined) return undefined;
  return html`<p class="wrong">${icon("phone")} ${cabin.ambulance[calls.includes("now") ? "now" : first]}</p>`;
}

/** Numbers side by side, where they are too many for rows. What is to be known of them is said once: they came together. */
export function cellsView(figures: readonly ToldFigure[], doubtful: readonly Figure[], stand: Stand): Html {
  const readings = readingsOf(figures);
  const small = [...new Set(figures.flatMap((told) => remarks(told, stand.words, readings)))];
  return html`<ul class="cells">
      ${figures.map((told) => html`<li>${nameOf(told.shown.figure, stand)}${numberOf(told, stand)}${placeOf(told, stand)}</li>`)}${doubtful.map((figure) => html`<li>${nameOf(figure, stand)}${icon("again")}</li>`)}
    </ul>
    ${small.length > 0 && html`<p class="aside">${stand.words.cabin.listed(small)}</p>`}${doubtful.length > 0 && html`<p class="aside">${icon("again")} ${stand.words.cabin.doubtful}</p>`}`;
}
