import { grouped } from "../../domain/cabin/pass.ts";
import type { CabinPage, ToldPass } from "../cabin-model.ts";
import { html, type Html } from "../html.ts";
import { gauge } from "../pictures.ts";
import { leafKey, padded, railKey } from "./cabin-frame.ts";
import { icon } from "./icons.ts";
import { wordedKey, type Stand } from "./parts.ts";

type Page = Extract<CabinPage, { readonly is: "pass" }>;

/** The ticks of a check-up pass, and the code of an item that was done elsewhere. */
export function passView({ pass, leaf, leaves, typed, wrong }: Page, forgets: boolean, stand: Stand): Html {
  const { cabin, key } = stand.words;
  const item = ({ code, name, ticked, here }: ToldPass["items"][number]): Html =>
    html`<li class="${ticked ? "ticked" : "open"}">
      ${icon(ticked ? "check" : "inside")}<b>${code}</b
      ><span class="name">${stand.words.name(name)}</span
      >${here && !ticked && html`<span class="here">${cabin.passHere}</span>`}
    </li>`;
  const content = html`${gauge(pass.of === 0 ? 0 : pass.ticked / pass.of)}
    <ul class="ticks">
      ${pass.items.map(item)}
    </ul>
    <p class="hint">
      ${wrong ? html`${icon("pencil")}${cabin.passWrong}` : typed === "" ? cabin.passHint(grouped(pass.code)) : html`<b>${typed}</b>`}
    </p>`;
  const keys = [
    leafKey("earlier", leaf - 1, leaf > 1, stand),
    leafKey("later", leaf + 1, leaf < leaves, stand),
    railKey("results", "list", "results", stand),
  ];
  const back = wordedKey("back", "edit", "back", key.back);
  return padded({ of: "pass", title: cabin.passTicked(pass.ticked, pass.of), content, keys, forgets }, back, stand);
}
