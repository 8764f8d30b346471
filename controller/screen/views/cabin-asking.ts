import { figures } from "../../domain/health/figure.ts";
import type { CabinPage } from "../cabin-model.ts";
import { html, type Html } from "../html.ts";
import { picture } from "../pictures.ts";
import type { CabinKey, Said } from "../text-cabin.ts";
import { boxes } from "./boxes.ts";
import { lines, padded, railed, railKey } from "./cabin-frame.ts";
import { icon, type Icon } from "./icons.ts";
import { wordedKey, type Stand } from "./parts.ts";

// Pages on which the person is asked something before, between and after what is measured.

type Page<Is extends CabinPage["is"]> = Extract<CabinPage, { readonly is: Is }>;

/** Who sees what, how long, and two keys that are alike. */
export const consentView = (forgets: boolean, stand: Stand): Html => {
  const { consent } = stand.words.cabin;
  const keys = [railKey("agree", "check", "agree", stand), railKey("refuse", "unseen", "refuse", stand)];
  return railed({ of: "consent", title: consent.title, content: said(consent, "person"), keys, forgets }, stand);
};

const said = ({ lines: under }: Said, drawn: Icon): Html => html`<div class="said">${icon(drawn)}${lines(under)}</div>`;

/** A few answers, each as large as the glass has room. */
const answers = (keys: readonly (readonly [CabinKey, Icon])[], { words }: Stand): Html =>
  html`<div class="tiles n${keys.length}">
    ${keys.map(
      ([press, drawn]) =>
        html`<button class="tile" data-press="${press}">${icon(drawn)}<span>${words.cabin.key[press]}</span></button>`,
    )}
  </div>`;

export const sexView = (forgets: boolean, stand: Stand): Html => {
  const { sex } = stand.words.cabin;
  const content = html`${lines(sex.lines)}${answers(
    [
      ["female", "female"],
      ["male", "male"],
    ],
    stand,
  )}`;
  return railed(
    { of: "question", title: sex.title, content, keys: [railKey("skip", "right", "skip", stand)], forgets },
    stand,
  );
};

export const mealView = (forgets: boolean, stand: Stand): Html => {
  const { meal } = stand.words.cabin;
  const content = html`${lines(meal.lines)}${answers(
    [
      ["fasting", "no-bowl"],
      ["after-meal", "bowl"],
      ["unknown", "unsure"],
    ],
    stand,
  )}`;
  return railed({ of: "question", title: meal.title, content, keys: [], forgets }, stand);
};

export function symptomsView(page: Page<"symptoms">, forgets: boolean, stand: Stand): Html {
  const { symptoms, symptom, hotWork } = stand.words.cabin;
  const tick = (id: string, word: string, isTicked: boolean): Html =>
    html`<button class="tile tick${isTicked && " ticked"}" data-press="tick:${id}">
      ${icon(isTicked ? "used" : "stop")}<span>${word}</span>
    </button>`;
  const none = page.ticked.length === 0 && !page.hotWork;
  const content = html`<div class="tiles grid full">
    ${page.all.map((one) => tick(one, symptom[one], page.ticked.includes(one)))}${tick("hot-work", hotWork, page.hotWork)}
  </div>`;
  const keys = [railKey(none ? "nothing" : "next", none ? "clear" : "right", "next", stand, "go")];
  return railed({ of: "symptoms", title: symptoms.title, content, keys, forgets }, stand);
}

/** What is typed so far, in a field as wide as it may become. */
const field = (typed: string, unit: string): Html => html`<p class="field"><b>${typed}</b><span>${unit}</span></p>`;

const edit = ({ words }: Stand): Html => wordedKey("back", "edit", "back", words.key.back);

/** What is wrong with what was typed, in the place of the hint. */
const trouble = (drawn: Icon, words: string): Html => html`<p class="wrong">${icon(drawn)}<span>${words}</span></p>`;

export function ageView({ typed, wrong }: Page<"age">, forgets: boolean, stand: Stand): Html {
  const { age, years, adults } = stand.words.cabin;
  const content = html`${field(typed, years)}${wrong ? trouble("pencil", adults) : lines(age.lines)}`;
  const keys = [railKey("skip", "right", "skip", stand)];
  return padded({ of: "typing", title: age.title, content, keys, forgets }, edit(stand), stand);
}

export function enterView({ step, item, typed, wrong }: Page<"enter">, forgets: boolean, stand: Stand): Html {
  const { cabin, key } = stand.words;
  const hint = wrong ? trouble("pencil", cabin.wrong) : html`<p>${cabin.typing[item] ?? cabin.step[step].start}</p>`;
  const content = html`<div class="typed">${picture(step)}${field(typed, cabin.unit(figures[item].unit))}</div>
    ${hint}`;
  const keys = [wordedKey("back", "edit", "back", key.back), railKey("skip", "right", "skip", stand)];
  const dot = html`<button class="key digit" data-press="dot">.</button>`;
  return padded({ of: "typing", title: cabin.enter(item), content, keys, forgets }, dot, stand);
}

export const stillYouView = (forgets: boolean, stand: Stand): Html => {
  const { stillYou } = stand.words.cabin;
  const keys = [
    railKey("still-me", "check", "still-me", stand, "go"),
    railKey("new-person", "person", "new-person", stand),
  ];
  return railed({ of: "asked", title: stillYou.title, content: said(stillYou, "unsure"), keys, forgets }, stand);
};

/** Nobody pressed for a while. It hides whatever was on the glass. */
export const stillView = (seconds: number, forgets: boolean, stand: Stand): Html => {
  const still = stand.words.cabin.still(seconds);
  const keys = [wordedKey("go-on", "go", "check", stand.words.enter.goOn)];
  return railed({ of: "asked", title: still.title, content: said(still, "clock"), keys, forgets }, stand);
};

export const sendView = ({ to }: Page<"send">, forgets: boolean, stand: Stand): Html => {
  const asked = stand.words.cabin.sendTo(to);
  const keys = [railKey("agree", "check", "agree", stand), railKey("refuse", "clear", "refuse", stand)];
  return railed({ of: "consent", title: asked.title, content: said(asked, "letter"), keys, forgets }, stand);
};

export const byeView = (stand: Stand): Html => {
  const { bye } = stand.words.cabin;
  const content = html`<div class="shown">${picture("wipe")}${picture("sharps")}</div>
    ${lines(bye.lines)}`;
  return railed({ of: "bye", title: bye.title, content, keys: [], forgets: false }, stand);
};

export function passCodeView({ typed, said, asking }: Page<"pass-code">, forgets: boolean, stand: Stand): Html {
  const { cabin, checking } = stand.words;
  const hint = asking ? trouble("hourglass", checking) : said && trouble("look", cabin.passSaid[said]);
  const content = html`${boxes({ typed, groups: [4, 4, 4] })}${hint ?? lines(cabin.passCode.lines)}`;
  const keys = [
    ...(said === "full" ? [] : [railKey("new-pass", "card", "new-pass", stand)]),
    railKey("results", "leave", "results", stand),
  ];
  return padded({ of: "typing", title: cabin.passCode.title, content, keys, forgets }, edit(stand), stand);
}
