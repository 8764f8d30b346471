import { delays } from "./delays.ts";
import type { State } from "./domain/state.ts";
import type { World } from "./world.ts";

/** A motor that turns is waited for; a worker who only types is not. */
export function motionEnds({ clock }: Pick<World, "clock">, state: () => State): Promise<void> {
  const until = clock.mono() + delays.motionEnds;
  return new Promise((resolve) => {
    const look = (): void => {
      if (state().scene.is !== "vending" || clock.mono() >= until) resolve();
      else clock.after(delays.motionLookedAt, "kiosk: motion ends", look);
    };
    look();
  });
}
