import { millis, type Millis } from "../../devices/kit/clock.ts";
import { delays } from "../delays.ts";
import { cabinEnds, cabinWaited } from "./cabin/cabin.ts";
import { check, leave } from "./session.ts";
import { stay, type Scene, type Setting, type State, type Stepped } from "./state.ts";

// What ends by itself when nobody goes on with it.

/** When the scene ends or changes by itself, on the monotonic clock. */
export function sceneEnds(scene: Scene, now: Millis): Millis | undefined {
  const after = (at: Millis, span: Millis): Millis => millis(at + span);
  switch (scene.is) {
    case "idle":
      return scene.at === undefined ? undefined : after(scene.at, delays.languageForgotten);
    case "spending":
    case "reading":
      return undefined;
    case "enter":
      return now < scene.at + delays.stillThere
        ? after(scene.at, delays.stillThere)
        : after(scene.at, delays.entryForgotten);
    case "checking":
      return scene.at;
    case "choose":
      return after(scene.at, delays.choiceForgotten);
    case "vending":
      return now < scene.vend.since + delays.stillDispensing
        ? after(scene.vend.since, delays.stillDispensing)
        : undefined;
    case "done":
      return after(scene.at, delays.doneShown);
    case "refused":
      // The pause counts down before the worker's eyes.
      if (scene.refusal.id === "E3")
        return millis(Math.min(after(scene.at, delays.refusalShown), now - ((now - scene.at) % 1000) + 1000));
      return after(scene.at, delays.refusalShown);
    case "after-cut":
      return after(scene.at, delays.powerCutShown);
    case "cabin":
      return cabinEnds(scene, now);
  }
}

/** Ends what nobody goes on with. */
export function waited(setting: Setting, state: State): Stepped {
  const { scene, now } = state;
  const over = (at: Millis, span: Millis): boolean => now.mono >= at + span;
  switch (scene.is) {
    case "enter":
      return over(scene.at, delays.entryForgotten) ? leave(state) : stay(state);
    case "checking":
      return check(state);
    case "choose":
      return over(scene.at, delays.choiceForgotten) ? leave(state) : stay(state);
    case "done":
      return over(scene.at, delays.doneShown) ? leave(state) : stay(state);
    case "refused":
      return over(scene.at, delays.refusalShown) ? leave(state) : stay(state);
    case "after-cut":
      return over(scene.at, delays.powerCutShown) ? leave(state) : stay(state);
    case "cabin":
      return cabinWaited(setting, state, scene);
    case "idle":
      return scene.at !== undefined && over(scene.at, delays.languageForgotten) ? leave(state) : stay(state);
    case "spending":
    case "reading":
    case "vending":
      return stay(state);
  }
}
