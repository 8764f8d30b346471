import { printed } from "../../domain/health/shown.ts";
import type { StepId } from "../../domain/cabin/steps.ts";
import type { CabinPage, Live, StepTile } from "../cabin-model.ts";
import { html, type Html } from "../html.ts";
import { gauge, picture, ring, wave } from "../pictures.ts";
import { countdown } from "../when.ts";
import { lines, railed, railKey } from "./cabin-frame.ts";
import { icon, type Icon } from "./icons.ts";
import type { Stand } from "./parts.ts";

// The way through the steps: choose, prepare, rest, measure, and once more where it did not work.

type Page<Is extends CabinPage["is"]> = Extract<CabinPage, { readonly is: Is }>;

const signs: Readonly<Record<StepId, Icon>> = {
  pressure: "pulse",
  oxygen: "clip",
  temperature: "thermometer",
  body: "scale",
  composition: "person",
  glucose: "drop",
  urate: "drop",
  lipids: "tube",
  haemoglobin: "tube",
  ketone: "drop",
  lactate: "drop",
  waist: "tape",
  grip: "grip",
  vision: "eye",
};

const states: Readonly<Record<Exclude<StepTile["state"], "ready">, Icon>> = {
  done: "check",
  skipped: "right",
  absent: "plug",
  overdue: "calendar",
};

export function stepsView({ steps, any }: Page<"steps">, forgets: boolean, stand: Stand): Html {
  const { cabin } = stand.words;
  const tile = ({ step, state }: StepTile): Html => {
    const name = html`<span class="name">${cabin.step[step].name}</span>`;
    const says =
      state === "ready"
        ? html`${icon(signs[step])}${name}`
        : html`${icon(states[state])}${name}<span class="state">${cabin.state[state]}</span>`;
    return state === "absent" || state === "overdue"
      ? html`<div class="tile out">${says}</div>`
      : html`<button class="tile ${state}" data-press="step:${step}">${says}</button>`;
  };
  const isReady = steps.some(({ state }) => state === "ready");
  const keys = [
    ...(isReady ? [railKey("begin", "right", "begin", stand, "go")] : []),
    railKey("symptoms", "person", "symptoms", stand),
    ...(any ? [railKey("results", "list", "results", stand)] : []),
  ];
  const content = html`<div class="tiles grid${steps.length > 6 && " full"}">${steps.map(tile)}</div>`;
  return railed({ of: "steps", title: cabin.steps.title, content, keys, forgets }, stand);
}

/** Where a step takes several strips: for what a strip may still be put in. */
const strips = ({ step, items }: Page<"prepare">, { words: { cabin } }: Stand): string =>
  step === "lipids" || step === "haemoglobin" ? ` · ${items.map((item) => cabin.figure[item]).join(" / ")}` : "";

export function prepareView(page: Page<"prepare">, forgets: boolean, stand: Stand): Html {
  const { step, instrument, overdue } = page;
  const { cabin } = stand.words;
  const { name, how, before } = cabin.step[step];
  const content = html`<div class="shown">${picture(step)}${lines(how)}</div>
    <div class="foot">
      <p>${icon("wipe")} <b>${before}</b>${strips(page, stand)}</p>
      ${overdue ? html`<p class="wrong">${icon("calendar")} ${cabin.overdue}</p>` : html`<p class="aside">${cabin.instrument(instrument)}</p>`}
    </div>`;
  const keys = [railKey("ready", "check", "ready", stand, "go"), railKey("skip", "right", "skip", stand)];
  return railed({ of: "prepare", title: name, content, keys, forgets }, stand);
}

/** Minutes and seconds in a ring that empties. */
const timer = (left: Page<"rest">["left"], of: number): Html =>
  html`<div class="timer">${ring(left, of)}<b>${countdown(left)}</b></div>`;

export function restView({ left, of }: Page<"rest">, forgets: boolean, stand: Stand): Html {
  const { rest } = stand.words.cabin;
  const content = html`<div class="shown">${timer(left, of)}${picture("rest")}</div>
    ${lines(rest.lines)}`;
  const keys = [railKey("meanwhile", "list", "steps", stand), railKey("skip-rest", "right", "skip-rest", stand)];
  return railed({ of: "rest", title: rest.title, content, keys, forgets }, stand);
}

/** Guideline S40: readings about a minute apart. */
const minuteBetween = 60_000;

export function betweenView({ left, reading }: Page<"between">, forgets: boolean, stand: Stand): Html {
  const { cabin } = stand.words;
  const said = reading > 2 ? cabin.third : cabin.between;
  const content = html`<div class="shown">${timer(left, minuteBetween)}${picture("rest")}</div>
    ${lines([cabin.reading(reading), ...said.lines])}`;
  return railed(
    { of: "rest", title: said.title, content, keys: [railKey("stop", "stop", "stop", stand)], forgets },
    stand,
  );
}

export function measuringView(page: Page<"measuring">, forgets: boolean, stand: Stand): Html {
  const { cabin } = stand.words;
  const { step, starts, reading, live } = page;
  const words = cabin.step[step];
  const count = step === "pressure" ? ` · ${cabin.reading(reading)}` : "";
  const content = html`<p class="what">${icon(signs[step])}${words.name}${count}</p>
    ${liveView(live, step, stand)}`;
  const title = starts || live.is !== "waiting" ? words.started : words.start;
  const tells = live.is === "preview" ? { tells: true as const } : {};
  return railed(
    { of: "measuring", title, ...tells, content, keys: [railKey("stop", "stop", "stop", stand)], forgets },
    stand,
  );
}

/** A cuff that holds so much has reached its end; instruments stop before. In mmHg. */
const fullCuff = 300;
/** As much of the wave as a person follows, in seconds. */
const waveSeconds = 4;

function liveView(live: Live, step: StepId, stand: Stand): Html {
  const { cabin } = stand.words;
  switch (live.is) {
    case "waiting":
      return html`<div class="shown">${picture(step)}</div>
        <p class="caption">${cabin.waiting}</p>`;
    case "cuff":
      return html`<p class="live"><b>${Math.round(live.pressure)}</b><span>mmHg</span></p>
        ${gauge(live.pressure / fullCuff)}
        <p class="caption">${cabin.cuff}</p>`;
    case "wave":
      return html`${wave(live.samples, Math.round(live.rate * waveSeconds))}
        <p class="caption">${icon("heart")} ${cabin.wave}</p>`;
    case "preview":
      return html`<p class="live"><b>${printed(live.shown)}</b><span>${cabin.unit(live.shown.unit)}</span></p>
        <p class="caption">${cabin.preview}</p>`;
  }
}

export function againView({ step, why, instrument }: Page<"again">, forgets: boolean, stand: Stand): Html {
  const { cabin } = stand.words;
  const said = cabin.again[why];
  const content = html`<div class="shown">${picture(step)}${lines(said.lines)}</div>
    ${instrument && html`<p class="aside">${cabin.instrument(instrument)}</p>`}`;
  const keys = [
    ...(instrument ? [railKey("again", "again", "again", stand, "go")] : []),
    railKey("skip", "right", "skip", stand),
  ];
  return railed({ of: "again", title: said.title, content, keys, forgets }, stand);
}
