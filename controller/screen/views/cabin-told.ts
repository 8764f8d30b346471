import { rowsALeaf, rowsOf, type Row } from "../../domain/cabin/leaf.ts";
import type { ToldFigure } from "../../domain/cabin/results.ts";
import type { Flag } from "../../domain/health/findings.ts";
import type { CabinPage } from "../cabin-model.ts";
import { html, type Html } from "../html.ts";
import { ambulanceLine, cellsView, rowsView } from "./cabin-figures.ts";
import { leafKey, lines, railed, railKey } from "./cabin-frame.ts";
import { icon } from "./icons.ts";
import type { Stand } from "./parts.ts";

// Pages with results.

type Page<Is extends CabinPage["is"]> = Extract<CabinPage, { readonly is: Is }>;

/** Beside what is to be done the single readings have no room: they stand on the page of results. */
function bare(told: ToldFigure): ToldFigure {
  const { each: _, ...rest } = told;
  return rest;
}

/**
 * One thing to do at a time, and beside it the numbers that ask for it; all else stands on the page of results. Where
 * nothing is to be done, every number of the step has room.
 */
function numbersView({ figures, doubtful, flags }: Page<"told">, stand: Stand): Html {
  const [worst] = flags;
  const all = { figures, doubtful, flags: worst === undefined ? [] : [worst] };
  const isOutside = ({ place }: ToldFigure): boolean => place !== undefined && place !== "within";
  const some = { ...all, figures: figures.filter(isOutside) };
  const fitting = worst !== undefined && rowsOf(all).length > rowsALeaf ? some : all;
  const left = flags.length > 1 || fitting.figures.length < figures.length;
  const rows = rowsOf(fitting);
  const cells = worst === undefined ? figures : fitting.figures.map(bare);
  const numbers =
    rows.length <= rowsALeaf
      ? rowsView(rows, stand)
      : html`${worst && rowsView(rows.slice(0, 1), stand)}${cellsView(cells, doubtful, stand)}`;
  return html`${numbers}${ambulanceLine(flags, stand)}${left && html`<p class="aside">${stand.words.cabin.more}</p>`}`;
}

export function toldView(page: Page<"told">, forgets: boolean, stand: Stand): Html {
  const { cabin } = stand.words;
  const { name, after, mind } = cabin.step[page.step];
  const content = html`${numbersView(page, stand)}
    <div class="foot">
      ${mind && html`<p>${mind}</p>`}
      <p>${icon("wipe")} ${after}</p>
    </div>`;
  const keys = [
    railKey(page.more ? "next" : "results", page.more ? "right" : "list", "next", stand, "go"),
    railKey("again", "again", "again", stand),
    railKey("all-steps", "list", "steps", stand),
  ];
  return railed({ of: "told", title: html`${icon("check")}${name}`, tells: true, content, keys, forgets }, stand);
}

/** The whole glass: 120, and what to do until somebody comes. */
export function alertView({ flags }: Page<"alert">, forgets: boolean, stand: Stand): Html {
  const { cabin } = stand.words;
  const urgent = flags.filter(({ level }) => level === "emergency");
  const steps = urgent.flatMap((flag) => flag.steps).filter((step) => step.do !== "call-120");
  const said = [...new Set(steps.map((step) => cabin.does(step)))];
  const content = html`<p class="call120"><span>${icon("phone")}${cabin.alert}</span><b>120</b></p>
    ${lines(said)}`;
  const [worst] = urgent;
  const title = worst === undefined ? cabin.ambulance.now : cabin.flag(worst);
  const keys = [railKey("understood", "check", "understood", stand)];
  return railed({ of: "alert", title, content, keys, forgets }, stand);
}

const takeable = new Set(["ready", "failed", "no-paper"]);

const flagsIn = (rows: readonly Row[]): readonly Flag[] => rows.flatMap((row) => (row.is === "flag" ? [row.flag] : []));

/** What became of the slip and of the letter. */
function news({ print, send }: Page<"results">, { words: { cabin } }: Stand): readonly string[] {
  return [
    ...(print && print !== "ready" ? [cabin.print[print]] : []),
    ...(send && send !== "ready" ? [cabin.send[send]] : []),
  ];
}

export function resultsView(page: Page<"results">, forgets: boolean, stand: Stand): Html {
  const { cabin } = stand.words;
  const { results, leaf, leaves, print, send, pass } = page;
  const rows = rowsOf(results).slice((leaf - 1) * rowsALeaf, leaf * rowsALeaf);
  const told = news(page, stand);
  const content = html`${rows.length === 0 ? html`<p>${cabin.nothing}</p>` : rowsView(rows, stand)}
    <div class="foot">
      ${ambulanceLine(flagsIn(rows), stand)}${told.length > 0 && html`<p><b>${cabin.listed(told)}</b></p>`}
    </div>`;
  const keys = [
    ...(leaves > 1
      ? [leafKey("earlier", leaf - 1, leaf > 1, stand), leafKey("later", leaf + 1, leaf < leaves, stand)]
      : []),
    ...(print && takeable.has(print) ? [railKey("print", "printer", "print", stand)] : []),
    ...(results.figures.length > 0 ? [railKey("qr", "code", "qr", stand)] : []),
    ...(send && takeable.has(send) ? [railKey("send", "letter", "send", stand)] : []),
    ...(pass ? [railKey("pass", "card", "pass", stand)] : []),
    railKey("steps", "again", "steps", stand),
  ];
  const title = leaves > 1 ? html`${cabin.results} <small>${cabin.leaf(leaf, leaves)}</small>` : cabin.results;
  return railed({ of: "results", title, tells: true, content, keys, forgets }, stand);
}
