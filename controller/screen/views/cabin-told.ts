import { rowsALeaf, rowsOf, type Row } from "../../domain/cabin/leaf.ts";
import type { ToldFigure } from "../../domain/cabin/results.ts";
import type { Figure } from "../../domain/health/figure.ts";
import type { Flag } from "../../domain/health/findings.ts";
import type { Place } from "../../domain/health/ranges.ts";
import { printed } from "../../domain/health/shown.ts";
import type { CabinPage } from "../cabin-model.ts";
import { html, type Html } from "../html.ts";
import { bandBar } from "./cabin-band.ts";
import { railed, railKey, reference } from "./cabin-frame.ts";
import { icon, type Icon } from "./icons.ts";
import type { Stand } from "./parts.ts";

// Pages with results. A number never stands without its unit, nor a class without its word and its shape.

type Page<Is extends CabinPage["is"]> = Extract<CabinPage, { readonly is: Is }>;

const shapes: Readonly<Record<Place, Icon>> = { below: "lower", within: "inside", above: "higher", unclear: "unsure" };

/** What is to be known of a number before anything is made of it. */
function smallWords(told: ToldFigure, { words: { cabin } }: Stand): readonly string[] {
  const { shown, mean, unrested, overdue, entered } = told;
  return [
    ...(mean === undefined ? [] : [cabin.mean(mean)]),
    ...(unrested ? [cabin.unrested] : []),
    ...(overdue ? [cabin.overdueFigure] : []),
    ...(entered ? [cabin.entered] : []),
    ...shown.notes.filter((note) => note !== "entered").map((note) => cabin.note[note]),
  ];
}

function figureRow(told: ToldFigure, stand: Stand): Html {
  const { cabin } = stand.words;
  const { shown, place } = told;
  const unit = cabin.unit(shown.unit);
  const range = cabin.range(told.bands, "");
  const small = smallWords(told, stand);
  return html`<li class="figure ${place}">
    <div class="what">
      <b>${cabin.figure[shown.figure]}</b>${small.length > 0 && html`<p class="aside">${small.join(" · ")}</p>`}
    </div>
    <p class="number"><b>${printed(shown)}</b><span>${unit}</span></p>
    <div class="stands">
      ${place && html`<p class="place">${icon(shapes[place])}<b>${told.class ? cabin.class[told.class] : cabin.place[place]}</b></p>`}${bandBar(told)}${range && html`<p class="aside">${range}</p>`}
    </div>
  </li>`;
}

const flagRow = (flag: Flag, { words: { cabin } }: Stand): Html =>
  html`<li class="flag ${flag.level}">
    ${icon("warn")}
    <div>
      <b>${cabin.flag(flag)}</b>
      <p>${flag.steps.map((step) => cabin.does(step)).join(" · ")}</p>
      ${flag.ambulance !== "no" && html`<p class="ambulance">${cabin.ambulance[flag.ambulance]}</p>`}
    </div>
  </li>`;

const doubtfulRow = (figure: Figure, { words: { cabin } }: Stand): Html =>
  html`<li class="flag doubtful">
    ${icon("again")}
    <div>
      <b>${cabin.figure[figure]}</b>
      <p>${cabin.doubtful}</p>
    </div>
  </li>`;

function rowView(row: Row, stand: Stand): Html {
  switch (row.is) {
    case "flag":
      return flagRow(row.flag, stand);
    case "figure":
      return figureRow(row.told, stand);
    case "doubtful":
      return doubtfulRow(row.figure, stand);
  }
}

const rowsView = (rows: readonly Row[], stand: Stand): Html =>
  html`<ul class="rows${rows.length > rowsALeaf && " dense"}">
    ${rows.map((row) => rowView(row, stand))}
  </ul>`;

/** More do not fit beside the numbers of a step; they stand first on the page of results. */
const mostFlags = 2;

export function toldView(page: Page<"told">, forgets: boolean, stand: Stand): Html {
  const { cabin } = stand.words;
  const { step, figures, doubtful, flags, more } = page;
  const { name, after, mind } = cabin.step[step];
  const hidden = flags.length - mostFlags;
  const content = html`${rowsView(rowsOf({ figures, doubtful, flags: flags.slice(0, mostFlags) }), stand)}
    <div class="lines foot">
      ${hidden > 0 && html`<p class="wrong">${cabin.moreFlags(hidden)}</p>`}${mind && html`<p>${mind}</p>`}
      <p>${icon("drop")} ${after}</p>
      ${reference(stand)}
    </div>`;
  const keys = [
    railKey(more ? "next" : "results", more ? "right" : "list", "next", stand, "go"),
    railKey("again", "again", "again", stand),
    railKey("all-steps", "list", "steps", stand),
  ];
  return railed({ of: "told", title: html`${icon("check")}${name}`, content, keys, forgets }, stand);
}

/** The whole glass: 120, and what to do until somebody comes. */
export function alertView({ flags }: Page<"alert">, forgets: boolean, stand: Stand): Html {
  const { cabin } = stand.words;
  const steps = [...new Set(flags.flatMap((flag) => flag.steps.filter((step) => step.do !== "call-120")))];
  const said = [...new Set(steps.map((step) => cabin.does(step)))];
  const content = html`<p class="call120">${icon("phone")}<span>${cabin.alert}</span><b>120</b></p>
    <div class="lines">${said.map((line) => html`<p>${icon("right")} ${line}</p>`)}</div>`;
  const [worst] = flags;
  const keys = [railKey("understood", "check", "understood", stand)];
  return railed(
    { of: "alert", title: worst === undefined ? cabin.ambulance.now : cabin.flag(worst), content, keys, forgets },
    stand,
  );
}

const takeable = new Set(["ready", "failed", "no-paper"]);

export function resultsView(page: Page<"results">, forgets: boolean, stand: Stand): Html {
  const { cabin } = stand.words;
  const { results, leaf, leaves, print, send, pass } = page;
  const rows = rowsOf(results).slice((leaf - 1) * rowsALeaf, leaf * rowsALeaf);
  const told = [
    ...(print && print !== "ready" ? [cabin.print[print]] : []),
    ...(send && send !== "ready" ? [cabin.send[send]] : []),
  ];
  const content = html`${rows.length === 0 ? html`<p>${cabin.nothing}</p>` : rowsView(rows, stand)}
    <div class="lines foot">
      ${told.length > 0 && html`<p class="news">${told.join(" · ")}</p>`}${reference(stand)}
    </div>`;
  const some = results.figures.length > 0;
  const keys = [
    ...(leaves > 1
      ? [
          leafKey("earlier", "leave", leaf - 1, leaf > 1, stand),
          leafKey("later", "right", leaf + 1, leaf < leaves, stand),
        ]
      : []),
    ...(print && takeable.has(print) ? [railKey("print", "printer", "print", stand)] : []),
    ...(some ? [railKey("qr", "code", "qr", stand)] : []),
    ...(send && takeable.has(send) ? [railKey("send", "letter", "send", stand)] : []),
    ...(pass ? [railKey("pass", "card", "pass", stand)] : []),
    railKey("steps", "again", "steps", stand),
  ];
  const title = leaves > 1 ? html`${cabin.results} <small>${cabin.leaf(leaf, leaves)}</small>` : cabin.results;
  return railed({ of: "results", title, content, keys, forgets }, stand);
}

/** At the first and the last leaf the place of the key stays, so that the others do not wander. */
export const leafKey = (word: "earlier" | "later", drawn: Icon, leaf: number, there: boolean, stand: Stand): Html =>
  there ? railKey(word, drawn, `leaf:${leaf}`, stand) : html`<span class="hole"></span>`;
