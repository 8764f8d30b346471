import type { CabinBody, CabinPage } from "../cabin-model.ts";
import type { Html } from "../html.ts";
import {
  ageView,
  byeView,
  consentView,
  enterView,
  mealView,
  passCodeView,
  sendView,
  sexView,
  stillView,
  stillYouView,
  symptomsView,
} from "./cabin-asking.ts";
import { letterView } from "./cabin-letter.ts";
import { passView } from "./cabin-pass.ts";
import { againView, betweenView, measuringView, prepareView, restView, stepsView } from "./cabin-steps.ts";
import { alertView, resultsView, toldView } from "./cabin-told.ts";
import type { Stand } from "./parts.ts";

/** The pages of the health cabin. */
export const cabinView = ({ page, still, forgets }: CabinBody, stand: Stand): Html =>
  still === undefined ? pageView(page, forgets, stand) : stillView(still, forgets, stand);

function pageView(page: CabinPage, forgets: boolean, stand: Stand): Html {
  switch (page.is) {
    case "consent":
      return consentView(forgets, stand);
    case "sex":
      return sexView(forgets, stand);
    case "age":
      return ageView(page, forgets, stand);
    case "symptoms":
      return symptomsView(page, forgets, stand);
    case "steps":
      return stepsView(page, forgets, stand);
    case "prepare":
      return prepareView(page, forgets, stand);
    case "rest":
      return restView(page, forgets, stand);
    case "still-you":
      return stillYouView(forgets, stand);
    case "meal":
      return mealView(forgets, stand);
    case "measuring":
      return measuringView(page, forgets, stand);
    case "between":
      return betweenView(page, forgets, stand);
    case "again":
      return againView(page, forgets, stand);
    case "told":
      return toldView(page, forgets, stand);
    case "enter":
      return enterView(page, forgets, stand);
    case "alert":
      return alertView(page, forgets, stand);
    case "results":
      return resultsView(page, forgets, stand);
    case "qr":
      return letterView(page, forgets, stand);
    case "send":
      return sendView(page, forgets, stand);
    case "pass-code":
      return passCodeView(page, forgets, stand);
    case "pass":
      return passView(page, forgets, stand);
    case "bye":
      return byeView(stand);
  }
}
