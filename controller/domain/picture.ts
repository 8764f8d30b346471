import { millis } from "../../devices/kit/clock.ts";
import { startOf } from "../../protocol/pickup-code/calendar.ts";
import { delays } from "../delays.ts";
import type { Body, Readable, Refusal, Screen } from "../screen/model.ts";
import { today } from "./almanac.ts";
import { cabinPicture } from "./cabin/picture.ts";
import type { Credential } from "./credential.ts";
import { rest, triesOf } from "./guesses.ts";
import { reference } from "./reference.ts";
import { choices, closed, nameOf, reads, shelf } from "./shelf.ts";
import type { Scene, Setting, State } from "./state.ts";
import { left } from "./stock.ts";
import { season } from "./verdict.ts";

/** What the worker sees: a function of the state and of nothing else. */
export function picture(setting: Setting, state: State): Screen {
  const now = today(state.almanac, state.now);
  const body = bodyOf(setting, state, state.scene);
  const readable = reads(setting, state);
  return {
    language: state.language,
    ...(now.state === "floor-only" ? {} : { time: now.utc }),
    ...(setting.linked && !state.link.online ? { offline: true } : {}),
    ...(readable.length > 0 ? { reads: readable } : {}),
    ...(state.next === undefined ? {} : { waits: true }),
    ...cameBy(state),
    body,
  };
}

function bodyOf(setting: Setting, state: State, scene: Scene): Body {
  const { mono } = state.now;
  switch (scene.is) {
    case "idle":
      return idle(setting, state);
    case "enter": {
      const groups = state.knowledge.typed?.groups ?? [];
      const still = mono >= scene.at + delays.stillThere;
      return { is: "enter", typed: scene.typed, groups, still, ...(scene.said ? { said: scene.said } : {}) };
    }
    case "checking":
    case "reading":
    case "spending":
      return { is: "checking" };
    case "choose":
      return {
        is: "choose",
        products: choices(setting, state, scene.candidate).map(({ key, name, left, had }) => ({
          key,
          name,
          left,
          ...(had ? { had } : {}),
        })),
        ...(scene.said ? { said: scene.said } : {}),
      };
    case "vending": {
      const product = nameOf(setting, scene.vend.place.product);
      return { is: "dispensing", product, long: mono >= scene.vend.since + delays.stillDispensing };
    }
    case "done":
      return {
        is: "done",
        product: nameOf(setting, scene.product),
        ...(scene.rated ? { rated: scene.rated } : {}),
        ...(scene.more ? { more: scene.more } : {}),
      };
    case "refused":
      return { is: "refused", refusal: counting(state, scene.refusal) };
    case "cabin":
      return cabinPicture(setting, state, scene);
    case "after-cut": {
      const ref = reference(scene.seq);
      return { is: "refused", refusal: scene.frees ? { id: "E11", ref } : { id: "E23b", ref } };
    }
  }
}

/** After a power cut only the ledger knows how the worker came. */
function cameBy({ scene, came }: State): Pick<Screen, "came"> {
  const by = scene.is === "after-cut" ? cameWith[scene.credential.kind] : came;
  return by === undefined ? {} : { came: by };
}

const cameWith: Partial<Readonly<Record<Credential["kind"], Readable>>> = { member: "card", token: "code" };

/** E3 counts down. */
function counting(state: State, refusal: Refusal): Refusal {
  if (refusal.id !== "E3") return refusal;
  const bucket = refusal.of ?? "codes";
  return { ...refusal, left: rest(triesOf(state, bucket), state.now.mono, bucket) };
}

function idle(setting: Setting, state: State): Body {
  const ready = shelf(setting, state);
  const now = today(state.almanac, state.now);
  const offered = new Set(
    state.knowledge.offers.filter((offer) => season(offer, now) === "on").flatMap((offer) => offer.products),
  );
  const products = setting.products
    .filter(({ id }) => offered.has(id))
    .map(({ id, name }, index) => ({ key: String(index + 1), name, left: left(ready, id) }));
  // Where nothing is given, nothing can be given out.
  const why = setting.places.length === 0 && setting.cabin ? undefined : closed(setting, state);
  const digits = state.knowledge.typed?.length ?? 0;
  const cabin = setting.cabin ? { cabin: setting.places.length > 0 ? ("beside" as const) : ("alone" as const) } : {};
  return { is: "idle", products, digits, ...(why ? { closed: why } : {}), ...seasonOf(state), ...cabin };
}

/** First moment and end of all that this kiosk offers. */
function seasonOf({ knowledge: { offers } }: State): Pick<Extract<Body, { is: "idle" }>, "season"> {
  if (offers.length === 0) return {};
  const from = millis(startOf(Math.min(...offers.map((offer) => offer.from))));
  const until = millis(startOf(Math.max(...offers.map((offer) => offer.to)) + 1));
  return { season: { from, until } };
}
