import type { Clock, Millis, Timer } from "../devices/kit/clock.ts";
import { millis } from "../devices/kit/clock.ts";
import type { Machine } from "./domain/machine.ts";
import type { Moment } from "./domain/moment.ts";

export interface Turning<S, E, X> {
  readonly clock: Clock;
  readonly machine: Machine<S, { readonly now: Moment; readonly event: E }, X>;
  /** The event by which the machine is told that time has passed. */
  readonly tick: E;
  wakesAt(state: S): Millis;
  /** After every event: the screen is a function of the state. */
  turned(state: S): void;
  perform(effect: X): void;
}

/**
 * Runs a machine. Events are taken one at a time, in order, without waiting: what an effect leads to, a saved entry or
 * the end of a motion, comes back as an event, so that neither a slow card nor a slow motor holds up a key.
 */
export interface Loop<E> {
  send(event: E): void;
  /** When the last event was taken, by the monotonic clock. */
  lastTurn(): Millis;
  stop(): void;
}

export function startLoop<S, E, X>(turning: Turning<S, E, X>): Loop<E> {
  const { clock, machine } = turning;
  let state = machine.start;
  let timer: Timer | undefined;
  let stopped = false;
  let draining = false;
  let last = clock.mono();
  const waiting: E[] = [];

  const moment = (): Moment => ({ mono: clock.mono(), ...clock.wall() });

  const drain = (): void => {
    if (draining) return;
    draining = true;
    for (let event = waiting.shift(); event !== undefined && !stopped; event = waiting.shift()) {
      const step = machine.step(state, { now: moment(), event });
      state = step.state;
      for (const effect of step.effects) turning.perform(effect);
    }
    draining = false;
    last = clock.mono();
    if (stopped) return;
    turning.turned(state);
    timer?.cancel();
    timer = clock.after(millis(Math.max(0, turning.wakesAt(state) - clock.mono())), "kiosk: tick", () =>
      send(turning.tick),
    );
  };

  const send = (event: E): void => {
    if (stopped) return;
    waiting.push(event);
    drain();
  };

  return {
    send,
    lastTurn: () => last,
    stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}
