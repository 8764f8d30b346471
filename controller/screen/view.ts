import { glassOf } from "./glass.ts";
import { html, type Html } from "./html.ts";
import type { Body, Language, Screen } from "./model.ts";
import type { Place, Words } from "./text.ts";
import { english } from "./text.en.ts";
import { bilingual, chinese } from "./text.zh-CN.ts";
import { cabinView } from "./views/cabin.ts";
import { chooseView } from "./views/choose.ts";
import { dispensingView, doneView, waitView } from "./views/done.ts";
import { enterView } from "./views/enter.ts";
import { idleView } from "./views/idle.ts";
import { strip, type Face, type Stand } from "./views/parts.ts";
import { refusedView } from "./views/refused.ts";

export const catalogues: Readonly<Record<Language, Words>> = { "zh-CN": chinese, en: english };

/** The whole screen, from what is true now. It is put into the page as it is. */
export function view(screen: Screen, face: Face): Html {
  const { language } = screen;
  const stand: Stand = { language, words: catalogues[language], place: placeOf(screen, face), face };
  const { size } = glassOf(face.station);
  return html`<main class="screen ${size} ${screen.body.is}" lang="${screen.language}">
    ${face.simulated && html`<p class="simulation"><span>${bilingual.simulation}</span></p>`}${bodyView(screen.body, stand)}${strip(screen, stand)}
  </main>`;
}

function bodyView(body: Body, stand: Stand): Html {
  switch (body.is) {
    case "starting":
      return waitView("hourglass", stand.words.starting);
    case "idle":
      return idleView(body, stand);
    case "enter":
      return enterView(body, stand);
    case "checking":
      return waitView("hourglass", stand.words.checking);
    case "choose":
      return chooseView(body, stand);
    case "dispensing":
      return dispensingView(body.product, body.long, stand);
    case "done":
      return doneView(body, stand);
    case "refused":
      return refusedView(body.refusal, stand);
    case "cabin":
      return cabinView(body, stand);
  }
}

function placeOf(screen: Screen, { station }: Face): Place {
  const { phone, refillAt, channel, dispenser } = station.station;
  return {
    phone,
    reads: screen.reads ?? [],
    ...(refillAt !== undefined && { refillAt }),
    ...(channel && { channel }),
    ...(dispenser && { dispenser }),
    ...(screen.came && { came: screen.came }),
    ...(screen.time !== undefined && { now: screen.time }),
  };
}
