import { millis, type Millis } from "../../../devices/kit/clock.ts";
import { delays } from "../../delays.ts";
import { stay, type Event, type Scene, type Setting, type State, type Stepped } from "../state.ts";

// The conversation with the person in the health cabin.

type Cabin = Extract<Scene, { is: "cabin" }>;

/** Somebody wants to be measured: first the consent. */
export function cabinBegins({ cabin }: Setting, state: State): Stepped {
  if (cabin === undefined) return stay(state);
  const { mono } = state.now;
  return stay({
    ...state,
    scene: {
      is: "cabin",
      at: mono,
      visit: { consent: "asked", person: {}, pressed: mono, page: { is: "consent" } },
    },
  });
}

export function cabinPressed(_setting: Setting, state: State, _scene: Cabin, key: string): Stepped {
  return key === "end" ? stay({ ...state, scene: { is: "idle" }, language: "zh-CN" }) : stay(state);
}

/** An instrument, a printer or the disk has answered. */
export function cabinAnswered(
  _setting: Setting,
  state: State,
  _event: Extract<Event, { kind: "progress" | "measured" | "printed" | "sealed" | "pass" }>,
): Stepped {
  return stay(state);
}

/** When the page changes by itself. */
export const cabinEnds = ({ visit }: Cabin, _now: Millis): Millis => millis(visit.pressed + delays.visitForgotten);

export function cabinWaited(_setting: Setting, state: State, { visit }: Cabin): Stepped {
  return state.now.mono >= visit.pressed + delays.visitForgotten
    ? stay({ ...state, scene: { is: "idle" }, language: "zh-CN" })
    : stay(state);
}
